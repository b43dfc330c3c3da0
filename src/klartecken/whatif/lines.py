"""The lines that change, one by one: a second reading of the book."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from klartecken.book.check import Progress
from klartecken.book.coded import Coded
from klartecken.book.key.engine import EPOCH
from klartecken.book.key.grid import Codes
from klartecken.book.table.canonical import TEXT
from klartecken.book.table.sinks import open_sink
from klartecken.book.table.sources import numbered
from klartecken.decide.verdict import Verdict
from klartecken.errors import KlarteckenError
from klartecken.whatif.book import Asked, Book, Scenario, scenario
from klartecken.whatif.compare import changed_policies, direction, kind_of, provisions

COPIED = ("item", "destination", "quantity", "unit_price", "currency")
TOLD = (
    "change", "direction", "outcome_before", "outcome_after", "possible_before",
    "possible_after", "review_policy_before", "review_policy_after", "provisions",
)  # fmt: skip


@dataclass(frozen=True)
class Changed:
    """Some lines that change.

    Attributes:
        batch: the lines, in canonical form.
        line_ids: their own numbers, or their places in the book (from 1).
        days: their days of shipment, in days since 1970-01-01.
        before, after: the number of the verdict of each.
    """

    batch: pa.RecordBatch
    line_ids: pa.Array
    days: np.ndarray[tuple[int], np.dtype[np.int32]]
    before: Codes
    after: Codes


def changed_lines(
    book: Book, a: Asked, b: Asked, *, progress: Progress | None = None
) -> Iterator[Changed]:
    """The lines whose answer is another, batch by batch in order.

    Args:
        book: from :func:`klartecken.read_book`; its table is read again.
        a, b: as for :func:`klartecken.compare`.
        progress: takes the number of lines done since its last call.

    Raises:
        KlarteckenError: the book is no longer the one that was read first.
    """
    one, other = scenario(a, book.world), scenario(b, book.world)
    for asked in (one, other):
        book.number(asked.world)
    lines = rejected = 0
    schema = book.source.schema
    columns = [n for n in schema.names if n == "line_id" or n in book.job.columns]
    for part in book.source.partitions():
        for first, batch in numbered(part, columns):
            coded = book.job.code(batch, first)
            old, new = (_answers(book, coded, asked) for asked in (one, other))
            yield _changed(coded, old, new)
            lines, rejected = lines + coded.lines, rejected + coded.rejected
            if progress is not None:
                progress(batch.num_rows)
    if (lines, rejected) != (book.lines, book.rejected):
        raise KlarteckenError(
            f"it had {book.lines} lines, {book.rejected} of them unreadable; now it has {lines} "
            f"and {rejected}",
            where=book.source.name, next_step="Leave the file alone and run it again",
        )  # fmt: skip


def _answers(book: Book, coded: Coded, asked: Scenario) -> Codes:
    days = coded.days
    if asked.on is not None:
        days = np.full_like(days, asked.on.toordinal() - EPOCH)
    return book.job.engine.answer(days, coded.codes, book.number(asked.world))


def _changed(coded: Coded, old: Codes, new: Codes) -> Changed:
    mine = np.flatnonzero(old != new)
    batch = coded.batch.take(pa.array(mine))
    if "line_id" in batch.schema.names:
        line_ids = batch.column("line_id")
    else:
        where = coded.places if coded.places is not None else np.arange(coded.lines)
        line_ids = pa.array(where[mine].astype(np.int64) + coded.first)
    return Changed(batch, line_ids, coded.days[mine], old[mine], new[mine])


def write_changes(
    book: Book, a: Asked, b: Asked, out: str | Path, *,
    kinds: Sequence[str] = ("outcome", "review policy"), progress: Progress | None = None,
) -> int:  # fmt: skip
    """Write every line that changes, with its answers before and after; all or nothing.

    Args:
        book, a, b, progress: as for :func:`changed_lines`.
        out: .csv, .parquet or .jsonl.
        kinds: which changes: see :attr:`~klartecken.whatif.compare.Move.kind`.

    Returns:
        The number of lines written.

    Raises:
        InputError: the file cannot be written.
        KlarteckenError: the book is no longer the one that was read first.
    """
    schema = book.source.schema
    copied = [name for name in COPIED if name in schema.names]
    line_id = schema.field("line_id").type if "line_id" in schema.names else pa.int64()
    fields = [pa.field("line_id", line_id), pa.field("ship_date", pa.date32())]
    fields += [pa.field(name, schema.field(name).type) for name in copied]
    target = pa.schema([*fields, *(pa.field(name, TEXT) for name in TOLD)])
    one, other = scenario(a, book.world), scenario(b, book.world)
    policies = changed_policies(one, other, book.job.engine.view)
    count = 0
    with open_sink(out, target) as sink:
        for held in changed_lines(book, one, other, progress=progress):
            texts = _Texts(book.verdicts, policies, held)
            keep = pa.array(np.flatnonzero(np.isin(texts.kinds[texts.pair], kinds)))
            arrays = [held.line_ids, pa.array(held.days).cast(pa.date32())]
            arrays += [held.batch.column(name) for name in copied]
            arrays += [texts.column(name) for name in TOLD]
            batch = pa.RecordBatch.from_arrays(arrays, schema=target).take(keep)
            sink.write(batch)
            count += batch.num_rows
    return count


class _Texts:
    """What is told of each pair of verdicts, worded once per pair."""

    def __init__(
        self, verdicts: Sequence[Verdict], policies: tuple[str, ...], held: Changed
    ) -> None:
        pairs = held.before.astype(np.int64) << 32 | held.after
        kept, self.pair = np.unique(pairs, return_inverse=True)
        self._policies = policies
        self._pairs = [(verdicts[p >> 32], verdicts[p & 0xFFFFFFFF]) for p in kept.tolist()]
        self.kinds = np.array([kind_of(*pair) for pair in self._pairs], object)

    def column(self, name: str) -> pa.DictionaryArray:
        """One column of the lines; an empty text is null."""
        texts = [self._text(name, *pair) for pair in self._pairs]
        told = np.array([bool(text) for text in texts], bool)
        # the null stands with the line: dictionaries that hold one cannot be put together
        codes = pa.array(self.pair.astype(np.int32), mask=~told[self.pair])
        return pa.DictionaryArray.from_arrays(codes, pa.array(texts, pa.string()))

    def _text(self, name: str, before: Verdict, after: Verdict) -> str:
        if name == "change":
            return kind_of(before, after)
        if name == "direction":
            return direction(before, after)
        if name == "provisions":
            return "; ".join(provisions(before, after) or self._policies)
        verdict = before if name.endswith("_before") else after
        return _VERDICT[name.rpartition("_")[0]](verdict)


_VERDICT: dict[str, Callable[[Verdict], str]] = {
    "outcome": lambda verdict: verdict.outcome,
    "possible": lambda verdict: "; ".join(
        verdict.possible_outcomes if len(verdict.possible_outcomes) > 1 else ()
    ),
    "review_policy": lambda verdict: "; ".join(verdict.review_policies_possible),
}
