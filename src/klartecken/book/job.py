"""One book under one law: a batch of lines in; answers, totals and rejects out.

This is the kernel that runs the same on threads, on Dask and under Spark: a function of one
Arrow batch and of a job, which is sent to every worker once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from klartecken.book.amounts import SCALE, Amounts, amounts, money
from klartecken.book.cells import Column, Refusal
from klartecken.book.coded import Answered, Coded, left, together
from klartecken.book.coder import Reader
from klartecken.book.days import Days, day_texts
from klartecken.book.key.engine import CHUNK, Engine
from klartecken.book.key.grid import Codes
from klartecken.book.partycolumns import PartyColumns, party_columns
from klartecken.book.table.columns import Layout
from klartecken.book.table.sinks import Reject
from klartecken.book.totals import Counter
from klartecken.decide.ask import World, read_day
from klartecken.decide.verdict import Verdict, case_id
from klartecken.facts.items import Item

if TYPE_CHECKING:
    from klartecken.parties.resolve.context import Context

PLAIN = ("line_id", "quantity", "unit_price", "currency", "ship_date")  # no part of a question


@dataclass(frozen=True)
class Settings:
    """How the lines of a book are asked.

    Attributes:
        view: ``practice`` or ``text``.
        strict: treat assumed facts as unknown.
        on: the day of lines that have none.
        items: items of the asker's own, by name.
        tf32_bits: the bit length that TF32 counts with.
        parties: lists, decisions and register that the named parties are resolved with.
    """

    view: str = "practice"
    strict: bool = False
    on: date | None = None
    items: Mapping[str, Item] = field(default_factory=dict)
    tf32_bits: int = 32
    parties: Context | None = None


class Job:
    """Reads and answers batches of one layout.

    Args:
        world: the law and its data.
        layout: which columns the book has.
        settings: how its lines are asked.
        worlds: further laws of the same family, to be asked later of the same codes.
        fine: number items one by one, so that any further threshold can be asked.
    """

    def __init__(
        self, world: World, layout: Layout, settings: Settings, worlds: Sequence[World] = (),
        fine: bool = False,
    ) -> None:  # fmt: skip
        self.world, self.layout, self.settings = world, layout, settings
        self.parties: PartyColumns | None = party_columns(world, layout, settings.parties)
        constants = dict(layout.constants)
        names = [name for name in (*layout.names, *constants) if name not in PLAIN]
        if self.parties is not None:
            names = [*self.parties.instead_of(names)]
            constants = {name: text for name, text in constants.items() if name in names}
        stated = {fact for item in settings.items.values() for fact in item.facts}
        self.engine = Engine(
            (world, *worlds), names, view=settings.view,
            strict=settings.strict, own_facts=frozenset(stated), fine=fine,
        )  # fmt: skip
        held = {name.lower(): item for name, item in settings.items.items()}
        self.readers = [
            Reader(self.engine, place, constants, held, settings.tf32_bits)
            for place in range(len(self.engine.blocks))
        ]
        held_day = layout.constants.get("ship_date")
        self.on = settings.on if held_day is None else read_day(held_day)
        self._days = Days(world.law.covers_from, self.on)
        self._currencies = Column()
        self._cases: list[str] = []

    def case(self, number: int) -> str:
        """The case id of a verdict, by its number; each is worked out once."""
        if number >= len(self._cases):
            with self.engine.lock:
                for verdict in self.verdicts[len(self._cases) :]:
                    self._cases.append(case_id(verdict))
        return self._cases[number]

    @property
    def verdicts(self) -> list[Verdict]:
        """All verdicts so far."""
        return self.engine.verdicts

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that totals need: all but the lines' own numbers."""
        return tuple(name for name in self.layout.names if name != "line_id")

    # -- one batch ---------------------------------------------------------------------------
    def code(self, batch: pa.RecordBatch, first: int) -> Coded:
        """Read the lines of one batch.

        Args:
            batch: in canonical form.
            first: the number of its first line (from 1).
        """
        return together(batch, list(self._parts(batch, first)))

    def _code(self, batch: pa.RecordBatch, first: int) -> Coded:
        days, bad = self._days.codes(batch)
        asked, masks = batch, [] if bad is None else [bad]
        if self.parties is not None:
            with self.engine.lock:
                asked, unread = self.parties.widen(batch, days, bad)
            masks.append(unread)
        codes = [reader.codes(asked) for reader in self.readers]
        quantity = self._amounts(batch, "quantity", 1)
        price = self._amounts(batch, "unit_price", SCALE)
        masks += [m for m in (quantity.bad, price.bad) if m is not None]
        masks += [code == 0 for code in codes if code.size and code.min() == 0]
        value = money(quantity.units, price.units)
        if value.size and value.min() < 0:
            masks.append(value < 0)
        currencies, units = self._currency(batch), quantity.units
        priced = _both(quantity, price, batch.num_rows)
        came, places = batch.num_rows, None
        rejects: tuple[Reject, ...] = ()
        if masks:
            places = np.flatnonzero(~np.logical_or.reduce(masks))
            refused = np.setdiff1d(np.arange(came), places, assume_unique=True)
            rejects = tuple(self._rejects(asked, first, refused, quantity, price, value))
            days, codes = days[places], [code[places] for code in codes]
            currencies, priced, value = currencies[places], priced[places], value[places]
            units = units[places]
        return Coded(
            first, came, batch, places, days, [code - np.int32(1) for code in codes], currencies,
            units, value, priced, rejects, 0 if places is None else came - places.size,
        )  # fmt: skip

    def answer(self, batch: pa.RecordBatch, first: int) -> Answered:
        """Answer the lines of one batch (see :meth:`code`)."""
        counter = Counter()
        parts = []
        numbers = []
        for coded in self._parts(batch, first):
            numbers.append(self.engine.answer(coded.days, coded.codes))
            counter.add(numbers[-1], coded.currencies, coded.units, coded.money, coded.priced)
            parts.append(coded)
        places, batch = left(batch, parts)
        return Answered(
            first, sum(part.lines for part in parts), batch, places,
            np.concatenate([part.days for part in parts]), np.concatenate(numbers),
            counter.totals(self.currencies),
            tuple(reject for part in parts for reject in part.rejects),
            sum(part.rejected for part in parts),
        )  # fmt: skip

    def _parts(self, batch: pa.RecordBatch, first: int) -> Iterator[Coded]:
        """A batch in parts that stay in the cache."""
        for place in range(0, max(batch.num_rows, 1), CHUNK):
            yield self._code(batch.slice(place, CHUNK), first + place)

    @property
    def currencies(self) -> list[str]:
        """The currencies so far; empty where none is given."""
        return [text or "" for text in self._currencies.texts]

    def _amounts(self, batch: pa.RecordBatch, name: str, scale: int) -> Amounts:
        if name in batch.schema.names:
            return amounts(batch.column(name), scale)
        text, rows = self.layout.constants.get(name), batch.num_rows
        index = pa.nulls(rows, pa.int32()) if text is None else pa.array(np.zeros(rows, np.int32))
        return amounts(pa.DictionaryArray.from_arrays(index, pa.array([text], pa.string())), scale)

    def _currency(self, batch: pa.RecordBatch) -> Codes:
        with self.engine.lock:
            if "currency" in batch.schema.names:
                return self._currencies.codes(batch.column("currency"))
            text = self.layout.constants.get("currency")
            one = pa.DictionaryArray.from_arrays(
                pa.array([0], pa.int32()), pa.array([text], pa.string())
            )
            return np.full(batch.num_rows, self._currencies.codes(one)[0], np.int32)

    # -- rejects -----------------------------------------------------------------------------
    def _rejects(
        self, batch: pa.RecordBatch, first: int, refused: npt.NDArray[np.intp],
        quantity: Amounts, price: Amounts, value: npt.NDArray[np.int64],
    ) -> Iterator[Reject]:  # fmt: skip
        batch = batch.take(pa.array(refused))
        if "ship_date" in batch.schema.names:
            place = batch.schema.get_field_index("ship_date")
            told = pa.array(day_texts(batch.column(place)), pa.string())
            batch = batch.set_column(place, "ship_date", told)
        rows = batch.to_pylist()
        for place, row in zip(refused.tolist(), rows, strict=True):
            own = row.get("line_id", first + place)
            line_id = "" if own is None else str(own)
            for refusal in self._refusals(row, place, quantity, price, value):
                yield Reject(first + place, line_id, refusal.column, refusal.value, refusal.reason)

    def _refusals(
        self, row: Mapping[str, Any], place: int, quantity: Amounts, price: Amounts,
        value: npt.NDArray[np.int64],
    ) -> Iterator[Refusal]:  # fmt: skip
        if (refusal := self._days.refusal(row.get("ship_date"))) is not None:
            yield refusal
        if self.parties is not None:
            yield from self.parties.refusals(row)
        for reader in self.readers:
            texts = tuple(row[name] for name in reader.varying)
            if texts in reader.refusals:
                yield reader.refusals[texts]
        for name, held, what in (
            ("quantity", quantity, "is no whole number from 0 to 10^12"),
            ("unit_price", price, "is no price from 0 to 10^12. Write it like 9900.50"),
        ):
            if held.bad is not None and held.bad[place]:
                told = str(row.get(name, self.layout.constants.get(name)))
                yield Refusal(name, told, f"{told} {what}")
        if value[place] < 0:
            told = f"{row.get('quantity')} x {row.get('unit_price')}"
            yield Refusal("quantity, unit_price", told, "quantity times price is too large")


def _both(quantity: Amounts, price: Amounts, rows: int) -> npt.NDArray[np.bool_]:
    given = [a.given for a in (quantity, price) if a.given is not None]
    return np.logical_and.reduce(given) if given else np.ones(rows, np.bool_)
