"""One book under one law: a batch of lines in; answers, totals and rejects out.

This is the kernel that runs the same on threads, on Dask and under Spark: a function of one
Arrow batch and of a job, which is sent to every worker once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from klartecken.book.amounts import SCALE, Amounts, Units, amounts, money
from klartecken.book.coder import Column, Days, Reader, Refusal
from klartecken.book.key.engine import Engine
from klartecken.book.key.grid import Codes
from klartecken.book.table.columns import Layout
from klartecken.book.table.sinks import Reject
from klartecken.book.totals import Totals, count
from klartecken.decide.ask import World, read_day
from klartecken.decide.verdict import Verdict
from klartecken.facts.items import Item

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
    """

    view: str = "practice"
    strict: bool = False
    on: date | None = None
    items: Mapping[str, Item] = field(default_factory=dict)
    tf32_bits: int = 32


@dataclass(frozen=True, slots=True)
class Coded:
    """Some lines as codes.

    Attributes:
        first, lines, batch, places, days, rejects, rejected: as of :class:`Answered`.
        codes: for each block of the engine.
        currencies: an index into ``Job.currencies``.
        units, money, priced: quantity, value in ten-thousandths, and whether both are given.
    """

    first: int
    lines: int
    batch: pa.RecordBatch
    places: npt.NDArray[np.intp] | None
    days: npt.NDArray[np.int32]
    codes: list[Codes]
    currencies: Codes
    units: Units
    money: Units
    priced: npt.NDArray[np.bool_]
    rejects: tuple[Reject, ...]
    rejected: int


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of some lines.

    Attributes:
        first: number of the first of the lines that came in (from 1).
        lines: how many came in.
        batch: those that were answered.
        places: where they stood among those that came in, or None for all of them.
        days: their days, in days since 1970-01-01.
        numbers: the number of the verdict of each.
        totals: by number of verdict.
        rejects: one row for each cell that cannot be read.
        rejected: lines with a reject.
    """

    first: int
    lines: int
    batch: pa.RecordBatch
    places: npt.NDArray[np.intp] | None
    days: npt.NDArray[np.int32]
    numbers: Codes
    totals: Totals
    rejects: tuple[Reject, ...]
    rejected: int


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
        names = [*layout.names, *layout.constants]
        stated = {fact for item in settings.items.values() for fact in item.facts}
        self.engine = Engine(
            (world, *worlds), [name for name in names if name not in PLAIN], view=settings.view,
            strict=settings.strict, own_facts=frozenset(stated), fine=fine,
        )  # fmt: skip
        held = {name.lower(): item for name, item in settings.items.items()}
        self.readers = [
            Reader(self.engine, place, layout.constants, held, settings.tf32_bits)
            for place in range(len(self.engine.blocks))
        ]
        held_day = layout.constants.get("ship_date")
        self.on = settings.on if held_day is None else read_day(held_day)
        self._days = Days(world.law.covers_from, self.on)
        self._currencies = Column()

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
        days, bad = self._days.codes(batch)
        codes = [reader.codes(batch) for reader in self.readers]
        quantity = self._amounts(batch, "quantity", 1)
        price = self._amounts(batch, "unit_price", SCALE)
        masks = [m for m in (bad, quantity.bad, price.bad) if m is not None]
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
            rejects = tuple(self._rejects(batch, first, refused, quantity, price, value))
            batch = batch.take(pa.array(places))
            days, codes = days[places], [code[places] for code in codes]
            currencies, priced, value = currencies[places], priced[places], value[places]
            units = units[places]
        return Coded(
            first, came, batch, places, days, [code - np.int32(1) for code in codes], currencies,
            units, value, priced, rejects, came - batch.num_rows,
        )  # fmt: skip

    def answer(self, batch: pa.RecordBatch, first: int) -> Answered:
        """Answer the lines of one batch (see :meth:`code`)."""
        coded = self.code(batch, first)
        numbers = self.engine.answer(coded.days, coded.codes)
        totals = count(
            numbers, coded.currencies, self.currencies, coded.units, coded.money, coded.priced
        )
        return Answered(
            first, coded.lines, coded.batch, coded.places, coded.days, numbers, totals,
            coded.rejects, coded.rejected,
        )  # fmt: skip

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
        rows = batch.take(pa.array(refused)).to_pylist()
        for place, row in zip(refused.tolist(), rows, strict=True):
            line_id = str(row.get("line_id", first + place))
            for refusal in self._refusals(row, place, quantity, price, value):
                yield Reject(first + place, line_id, refusal.column, refusal.value, refusal.reason)

    def _refusals(
        self, row: Mapping[str, Any], place: int, quantity: Amounts, price: Amounts,
        value: npt.NDArray[np.int64],
    ) -> Iterator[Refusal]:  # fmt: skip
        day = row.get("ship_date")
        if (refusal := self._days.refusal(None if day is None else str(day))) is not None:
            yield refusal
        for reader in self.readers:
            texts = tuple(row[name] for name in reader.varying)
            if texts in reader.refusals:
                yield reader.refusals[texts]
        for name, held, what in (
            ("quantity", quantity, "is no whole number from 0 to 10^12"),
            ("unit_price", price, "is no price from 0 to 10^12"),
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
