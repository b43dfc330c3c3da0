"""One book under one law: a batch of lines in; answers, totals and rejects out.

This is the kernel that runs the same on threads, on Dask and under Spark: a function of one
Arrow batch and of a job, which is sent to every worker once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from klartecken.book.amounts import SCALE, Amounts, amounts, money
from klartecken.book.answers import AnswerColumns, case_id
from klartecken.book.coder import Column, Days, Reader, Refusal
from klartecken.book.key.engine import Engine
from klartecken.book.key.grid import Codes
from klartecken.book.table.canonical import TEXT
from klartecken.book.table.columns import Layout
from klartecken.book.table.sinks import Reject
from klartecken.book.totals import Total, Totals, count
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
    """

    def __init__(
        self, world: World, layout: Layout, settings: Settings, worlds: Sequence[World] = ()
    ) -> None:
        self.world, self.layout, self.settings = world, layout, settings
        names = [*layout.names, *layout.constants]
        stated = {fact for item in settings.items.values() for fact in item.facts}
        self.engine = Engine(
            (world, *worlds), [name for name in names if name not in PLAIN], view=settings.view,
            strict=settings.strict, own_facts=frozenset(stated),
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
        self._cases: list[str] = []
        self.texts = AnswerColumns(self.verdicts)  # under the engine's lock

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
    def answer(self, batch: pa.RecordBatch, first: int) -> Answered:
        """Answer the lines of one batch.

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
        currencies = self._currency(batch)
        priced = _both(quantity, price, batch.num_rows)
        places = None
        rejects: tuple[Reject, ...] = ()
        if masks:
            places = np.flatnonzero(~np.logical_or.reduce(masks))
            refused = np.setdiff1d(np.arange(batch.num_rows), places, assume_unique=True)
            rejects = tuple(self._rejects(batch, first, refused, quantity, price, value))
            batch = batch.take(pa.array(places))
            days, codes = days[places], [code[places] for code in codes]
            currencies, priced, value = currencies[places], priced[places], value[places]
        units = quantity.units if places is None else quantity.units[places]
        numbers = self.engine.answer(days, [code - np.int32(1) for code in codes])
        names = [text or "" for text in self._currencies.texts]
        totals = count(numbers, currencies, names, units, value, priced)
        taken = batch.num_rows
        came = taken if places is None else taken + len(refused)
        return Answered(first, came, batch, places, days, numbers, totals, rejects, came - taken)

    def _amounts(self, batch: pa.RecordBatch, name: str, scale: int) -> Amounts:
        if name in batch.schema.names:
            return amounts(batch.column(name), scale)
        text = self.layout.constants.get(name)
        index = pa.array(np.zeros(batch.num_rows, np.int32))
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


class OutColumns:
    """The table of answers: the lines as read, then the answer's columns.

    Args:
        job: gives layout and verdicts.
        schema: canonical columns of the source.
    """

    def __init__(self, job: Job, schema: pa.Schema) -> None:
        self._job = job
        self._names = [n for n in schema.names if n not in ("line_id", "ship_date")]
        line_id = schema.field("line_id").type if "line_id" in schema.names else pa.int64()
        fields = [pa.field("line_id", line_id), pa.field("ship_date", pa.date32())]
        fields += [pa.field(name, schema.field(name).type) for name in self._names]
        fields += [pa.field(name, TEXT) for name in job.layout.constants if name != "ship_date"]
        self.schema = pa.schema([*fields, *AnswerColumns.schema()])

    def batch(self, answered: Answered) -> pa.RecordBatch:
        """The rows for some lines."""
        batch, count = answered.batch, answered.batch.num_rows
        if "line_id" in batch.schema.names:
            line_id = batch.column("line_id")
        else:
            where = answered.places if answered.places is not None else np.arange(count)
            line_id = pa.array(where.astype(np.int64) + answered.first)
        arrays = [line_id, pa.array(answered.days).cast(pa.date32())]
        arrays += [batch.column(name) for name in self._names]
        for name, text in self._job.layout.constants.items():
            if name != "ship_date":
                index = pa.array(np.zeros(count, np.int32))
                arrays.append(pa.DictionaryArray.from_arrays(index, pa.array([text], pa.string())))
        with self._job.engine.lock:
            arrays += self._job.texts.arrays(answered.numbers)
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)


@dataclass(frozen=True)
class Report:
    """What one partition says of itself; a lost or doubled one is an error.

    ``totals`` are by case id, so that reports of different workers add up.
    """

    id: str
    lines: int
    answered: int
    rejected: int
    totals: Totals
    rejects: tuple[Reject, ...] = ()
    cases: Mapping[str, Verdict] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 over counts and totals."""
        rows = [[*map(str, key), *_numbers(total)] for key, total in self.totals.by.items()]
        body = [self.id, self.lines, self.answered, self.rejected, sorted(rows)]
        return hashlib.sha256(json.dumps(body, default=str).encode()).hexdigest()


def _numbers(total: Total) -> list[int]:
    return [total.lines, total.units, total.priced, total.money]


def report(job: Job, ident: str, parts: Sequence[Answered]) -> Report:
    """The report of a partition that was answered in some parts."""
    totals = Totals()
    for part in parts:
        totals.add(part.totals)
    numbers = [int(str(number)) for number, _ in totals.by]
    cases = {job.case(number): job.verdicts[number] for number in numbers}
    named = totals.renamed(lambda number: job.case(int(str(number))))
    lines = sum(part.lines for part in parts)
    rejected = sum(part.rejected for part in parts)
    rejects = tuple(reject for part in parts for reject in part.rejects)
    return Report(ident, lines, lines - rejected, rejected, named, rejects, cases)
