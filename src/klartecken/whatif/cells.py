"""A book in short: its distinct lines, as far as the laws can tell, with their totals.

The lines are read once. After that a further law costs what it changes: a line whose law and
item leave the same rules standing as before has the same answer as before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from klartecken.book.coded import Coded
from klartecken.book.job import Job
from klartecken.book.key.grid import Codes
from klartecken.book.totals import LIMIT, Total, Totals, sums
from klartecken.errors import KlarteckenError

Days = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.int64]


@dataclass
class Gathering:
    """Lines put together, batch by batch."""

    job: Job
    turns: Days
    tables: list[pa.Table] = field(default_factory=list)
    rejected: int = 0
    lines: int = 0
    _sums: dict[str, float] = field(default_factory=lambda: {"units": 0.0, "money": 0.0})

    def add(self, coded: Coded) -> None:
        """Put the lines of a batch to the rest.

        Raises:
            KlarteckenError: the sums are more than 64 bits can hold.
        """
        for name, part in (("units", coded.units), ("money", coded.money)):
            self._sums[name] += float(part.sum(dtype=np.float64))
            if self._sums[name] > LIMIT:  # Arrow's own sums would silently turn over
                raise KlarteckenError(f"the {name} of the book are too much to add up")
        self.lines += coded.lines
        self.rejected += coded.rejected
        columns: dict[str, Any] = {f"code{i}": codes for i, codes in enumerate(coded.codes)}
        columns["stretch"] = np.searchsorted(self.turns, coded.days, side="right").astype(np.int32)
        columns["currency"] = coded.currencies
        columns["lines"] = np.ones(coded.days.size, np.int64)
        columns["units"], columns["money"] = coded.units, coded.money
        columns["priced"] = coded.priced.astype(np.int64)
        self.tables.append(_grouped(pa.table(columns)))
        if len(self.tables) > 16:
            self.tables = [_grouped(pa.concat_tables(self.tables))]

    def cells(self) -> Cells:
        """What was gathered, sorted by stretch and first block."""
        table = _grouped(pa.concat_tables(self.tables)) if self.tables else pa.table({})
        if not table.num_rows:
            raise KlarteckenError(
                "the book has no line that can be read", where="order book",
                next_step="See why: klartecken book check",
            )  # fmt: skip
        table = table.sort_by([("stretch", "ascending"), ("code0", "ascending")])
        columns = {name: np.asarray(table.column(name)) for name in table.column_names}
        blocks = len(self.job.engine.blocks)
        starts = np.concatenate(([self.turns[0] - 1], self.turns)).astype(np.int32)
        return Cells(
            self.job, frozenset(self.turns.tolist()), starts[columns["stretch"]],
            tuple(columns[f"code{i}"].astype(np.int32) for i in range(blocks)),
            columns["currency"].astype(np.int32), columns["lines"], columns["units"],
            columns["priced"], columns["money"],
        )  # fmt: skip


def _grouped(table: pa.Table) -> pa.Table:
    sums = ("lines", "units", "priced", "money")
    keys = [name for name in table.column_names if name not in sums]
    grouped = table.group_by(keys).aggregate([(name, "sum") for name in sums])
    return grouped.rename_columns([n.removesuffix("_sum") for n in grouped.column_names])


@dataclass(frozen=True)
class Cells:
    """Distinct lines with their totals, one row each.

    Attributes:
        turns: the days (since 1970-01-01) between which lines were put together.
        days: a day of the stretch that the lines lie in.
        codes: by block.
        currencies: an index into the job's currencies.
        lines, units, priced, money: totals, as in :class:`~klartecken.book.totals.Total`.
    """

    job: Job = field(repr=False)
    turns: frozenset[int]
    days: Days
    codes: tuple[Codes, ...]
    currencies: Codes
    lines: Numbers
    units: Numbers
    priced: Numbers
    money: Numbers

    def answer(self, world: int, on: int | None = None) -> Codes:
        """The number of the verdict of each cell.

        Args:
            world: which law of the engine.
            on: answer as if all were shipped on this day (days since 1970-01-01).
        """
        days = self.days if on is None else np.full_like(self.days, on)
        return self.job.engine.answer(days, self.codes, world)

    def after(self, world: int, base: Codes) -> tuple[npt.NDArray[np.intp], Codes]:
        """The cells that another law moves, and their verdicts under it.

        Args:
            world: which law of the engine.
            base: the verdicts under the first law.

        Returns:
            Places of cells, and the number of the verdict of each; all others stay.
        """
        engine = self.job.engine
        first, sizes, days, codes = self._heads
        moved = engine.heads(days, codes, world) != engine.heads(days, codes, 0)
        places = _ranges(first[moved], sizes[moved])
        numbers = engine.answer(self.days[places], [c[places] for c in self.codes], world)
        changed = numbers != base[places]
        return places[changed], numbers[changed]

    @cached_property
    def _heads(self) -> tuple[Numbers, Numbers, Days, Codes]:
        """The first cell of each pair of day and first block, how many follow, and the pair."""
        pair = (self.days.astype(np.int64) << 32) | self.codes[0]
        first = np.flatnonzero(np.diff(pair, prepend=pair[0] - 1)).astype(np.int64)
        sizes = np.diff(np.append(first, pair.size))
        return first, sizes, self.days[first], self.codes[0][first]

    def totals(self, numbers: Codes, places: npt.NDArray[np.intp] | slice = slice(None)) -> Totals:
        """Totals of some cells by the number of their verdict."""
        names = self.job.currencies
        keys = numbers.astype(np.int64) * len(names) + self.currencies[places]
        size = int(keys.max(initial=-1)) + 1
        held = [sums(keys, part[places], size) for part in self._sums]
        found = Totals()
        for key in np.flatnonzero(held[0]).tolist():
            verdict, currency = divmod(key, len(names))
            found.by[verdict, names[currency]] = Total(*(int(part[key]) for part in held))
        return found

    @property
    def _sums(self) -> tuple[Numbers, ...]:
        return self.lines, self.units, self.priced, self.money


def _ranges(first: Numbers, sizes: Numbers) -> npt.NDArray[np.intp]:
    """All places of some stretches of rows."""
    if not first.size:
        return np.empty(0, np.intp)
    ends = np.cumsum(sizes)
    jumps = np.ones(int(ends[-1]), np.intp)
    jumps[0] = first[0]
    jumps[ends[:-1]] = first[1:] - (first[:-1] + sizes[:-1]) + 1
    return np.cumsum(jumps)
