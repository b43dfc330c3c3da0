"""Lines, quantity and money of a table of answers, by any of its columns.

Money is added up in whole ten-thousandths, so that it is exact and the same in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from klartecken.book.amounts import SCALE, Amounts, amounts, money
from klartecken.book.cells import Column, indices
from klartecken.book.outfile import OutFile
from klartecken.book.table.canonical import TEXT, convert
from klartecken.book.totals import Total, Totals, count
from klartecken.decide.verdict import Verdict
from klartecken.errors import InputError, UnknownName

Key = tuple[str | None, ...]
Places = npt.NDArray[np.intp]
BASIS, MONTH = "basis", "month"
SEVERITY = (
    "prohibited", "licence_required", "undetermined", "exception_available",
    "no_licence_required",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """What the lines of one kind amount to.

    Attributes:
        key: what they have in common, one text for each column asked for; None: a blank cell.
        lines: how many they are.
        units: their quantities together.
        priced: how many of them have both a quantity and a price.
        money: quantity times price, by currency (empty text: the line names none).
    """

    key: Key
    lines: int
    units: int
    priced: int
    money: Mapping[str, Decimal]


@dataclass(frozen=True)
class Summary:
    """A table of answers, summed up.

    Attributes:
        by: the columns asked for.
        rows: one for each combination that occurs.
        whole: all lines, each counted once.
    """

    by: tuple[str, ...]
    rows: tuple[Row, ...]
    whole: Row

    @property
    def repeated(self) -> bool:
        """Does a line count in more than one row?"""
        return sum(row.lines for row in self.rows) != self.whole.lines


def by_outcome(totals: Totals, cases: Mapping[str, Verdict]) -> Summary:
    """The summary by outcome of a run's own totals."""
    return _summary(("outcome",), totals.renamed(lambda case: (cases[str(case)].outcome,)), totals)


def summarise(out: OutFile, by: Sequence[str] = ("outcome",)) -> Summary:
    """Sum up a table of answers, batch by batch.

    Args:
        out: the table.
        by: columns of it; ``month`` of shipment; ``basis`` of the requirements, where a line
            with two bases counts under each, and ``letter?`` is one that only may hold.

    Raises:
        InputError: a column that the table has not, or an amount that cannot be read.
    """
    dimensions = [_dimension(name, out.columns) for name in dict.fromkeys(by)]
    read = {held.column for held in dimensions} | {"quantity", "unit_price", "currency"}
    columns = [name for name in out.columns if name in read or name == "outcome"]
    found, whole, currencies = Totals(), Totals(), Column()
    for batch in out.batches(columns):
        lines = _Lines(batch, currencies)
        rows, codes, keys = _keys(dimensions, batch)
        whole.add(lines.total(np.zeros(batch.num_rows, np.int32), None))
        found.add(lines.total(codes, rows).renamed(_naming(keys)))
    return _summary(tuple(dict.fromkeys(by)), found, whole)


class _Lines:
    """Quantities and money of the lines of a batch."""

    def __init__(self, batch: pa.RecordBatch, currencies: Column) -> None:
        quantity, price = _amounts(batch, "quantity", 1), _amounts(batch, "unit_price", SCALE)
        self._units, self._money = quantity.units, money(quantity.units, price.units)
        if self._money.size and self._money.min() < 0:
            raise InputError("quantity times price is too large", where="quantity, unit_price")
        self._priced = np.ones(batch.num_rows, np.bool_)
        for held in (quantity, price):
            if held.given is not None:
                self._priced &= held.given
        self._codes = np.zeros(batch.num_rows, np.int32)
        if "currency" in batch.schema.names:
            self._codes = currencies.codes(batch.column("currency"))
        self._names = [text or "" for text in currencies.texts]

    def total(self, keys: npt.NDArray[np.int32], rows: Places | None) -> Totals:
        """The totals by key; ``rows`` are the lines that the keys are of, None for all."""
        if rows is None:
            rows = np.arange(len(self._codes))
        return count(
            keys, self._codes[rows], self._names, self._units[rows], self._money[rows],
            self._priced[rows],
        )  # fmt: skip


def _amounts(batch: pa.RecordBatch, name: str, scale: int) -> Amounts:
    if name not in batch.schema.names:
        none = np.zeros(batch.num_rows, np.int64)
        return Amounts(none, none.astype(np.bool_), None)
    found = amounts(batch.column(name), scale)
    if found.bad is not None:
        place = int(np.flatnonzero(found.bad)[0])
        told = batch.column(name)[place].as_py()
        raise InputError(f"{told!r} cannot be read as an amount", where=f"column {name}")
    return found


class _Dimension:
    """One column: the text of each line, or the texts."""

    def __init__(self, column: str) -> None:
        self.column, self._held = column, Column()

    def codes(self, batch: pa.RecordBatch) -> tuple[Places | None, npt.NDArray[np.int32]]:
        """Which lines (None: all, once), and the number of the text of each."""
        return None, self._held.codes(self.array(batch))

    def array(self, batch: pa.RecordBatch) -> pa.DictionaryArray:
        """The column as a dictionary of texts."""
        return convert(batch.column(self.column), TEXT)

    def text(self, code: int) -> str | None:
        """What a number stands for."""
        return self._held.texts[code]


class _Month(_Dimension):
    def array(self, batch: pa.RecordBatch) -> pa.DictionaryArray:
        days = super().array(batch)
        months = [None if day is None else day[:7] for day in days.dictionary.to_pylist()]
        return pa.DictionaryArray.from_arrays(days.indices, pa.array(months, pa.string()))


class _Basis(_Dimension):
    """The bases of the requirements: none, one or several for each line."""

    def __init__(self) -> None:
        super().__init__("requirements")
        self._texts: list[str | None] = [None]

    def codes(self, batch: pa.RecordBatch) -> tuple[Places, npt.NDArray[np.int32]]:
        """See :class:`_Dimension`."""
        array = self.array(batch)
        each = [self._numbers(text) for text in [*array.dictionary.to_pylist(), None]]
        wide = np.full((len(each), max(map(len, each))), -1, np.int32)
        for place, numbers in enumerate(each):
            wide[place, : len(numbers)] = numbers
        held = wide.take(indices(array), axis=0)
        rows, _ = there = np.nonzero(held >= 0)
        return rows, held[there]

    def _numbers(self, text: str | None) -> list[int]:
        found = []
        for basis in bases(text) or (None,):
            if basis not in self._texts:
                self._texts.append(basis)
            found.append(self._texts.index(basis))
        return found

    def text(self, code: int) -> str | None:
        """See :class:`_Dimension`."""
        return self._texts[code]


def bases(requirements: str | None) -> tuple[str, ...]:
    """The bases in a cell of ``requirements``, each once.

    >>> bases("ccl: ccl.3a090; letter: letter.a?; letter: letter.b; embargo: e?")
    ('ccl', 'letter', 'embargo?')
    """
    found: dict[str, bool] = {}
    for part in (requirements or "").split("; "):
        basis, mark, _ = part.partition(": ")
        if mark:
            found[basis] = found.get(basis, False) or not part.endswith("?")
    return tuple(name if certain else f"{name}?" for name, certain in found.items())


def _dimension(name: str, columns: Sequence[str]) -> _Dimension:
    if name == BASIS:
        return _Basis()
    if name == MONTH:
        return _Month("ship_date")
    if name not in columns:
        import difflib

        known = [MONTH, BASIS, *columns]
        raise UnknownName(
            f"these answers have no column {name!r}", where="--by",
            nearest=tuple(difflib.get_close_matches(name, known, n=3)),
            next_step=f"Use {', '.join(known)}",
        )  # fmt: skip
    return _Dimension(name)


def _keys(
    dimensions: Sequence[_Dimension], batch: pa.RecordBatch
) -> tuple[Places, npt.NDArray[np.int32], list[Key]]:
    """The lines that count, the number of the key of each, and the keys."""
    rows: Places = np.arange(batch.num_rows)
    held: list[Any] = []
    for dimension in dimensions:
        mine, codes = dimension.codes(batch)
        if mine is None:
            held.append(codes.take(rows))
        else:  # the only one that repeats lines; it repeats what was read before
            held = [taken.take(mine) for taken in held]
            rows = mine
            held.append(codes)
    wide = [int(codes.max(initial=0)) + 1 for codes in held]
    joint = np.zeros(len(rows), np.int64)
    for codes, size in zip(held, wide, strict=True):
        joint = joint * size + codes
    distinct, numbers = np.unique(joint, return_inverse=True)
    parts = [part.tolist() for part in np.unravel_index(distinct, wide)]
    texts = [[d.text(n) for n in part] for d, part in zip(dimensions, parts, strict=True)]
    return rows, numbers.reshape(-1).astype(np.int32), list(zip(*texts, strict=True))


def _naming(keys: list[Key]) -> Callable[[object], object]:
    return lambda number: keys[int(str(number))]


def _summary(by: tuple[str, ...], found: Totals, whole: Totals) -> Summary:
    rows = sorted(_rows(found).values(), key=lambda row: _order(by, row))
    everything = _rows(whole.renamed(lambda _: ()))
    return Summary(by, tuple(rows), everything.get((), Row((), 0, 0, 0, {})))


def _rows(totals: Totals) -> dict[Key, Row]:
    held: dict[Any, dict[str, Total]] = {}
    for (key, currency), total in totals.by.items():
        held.setdefault(key, {})[currency] = total
    return {
        key: Row(
            key, sum(t.lines for t in each.values()), sum(t.units for t in each.values()),
            sum(t.priced for t in each.values()),
            {name: t.amount for name, t in sorted(each.items()) if t.priced},
        )
        for key, each in held.items()
    }  # fmt: skip


def _order(by: tuple[str, ...], row: Row) -> Any:
    """Leading months in their order, leading outcomes by severity; then most lines first."""
    sure = []
    for name, text in zip(by, row.key, strict=True):
        if name == MONTH:
            sure.append(text or "")
        elif name == "outcome":
            sure.append(str(SEVERITY.index(text)) if text in SEVERITY else str(text))
        else:
            break
    return (*sure, -row.lines, [text or "" for text in row.key])


__all__ = ["BASIS", "MONTH", "Row", "Summary", "bases", "by_outcome", "summarise"]
