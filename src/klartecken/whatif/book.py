"""A book that was read once and can be asked again: other laws, other days, other thresholds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from klartecken.book.api import open_book, settings_of
from klartecken.book.check import Progress
from klartecken.book.job import Job, Settings
from klartecken.book.key.engine import EPOCH
from klartecken.book.key.grid import Codes
from klartecken.book.table.mapping import ColumnMapping
from klartecken.book.table.sources import Source, numbered
from klartecken.book.totals import Totals
from klartecken.decide.ask import World, read_day, shipped_world
from klartecken.decide.verdict import Verdict
from klartecken.errors import InputError
from klartecken.facts.items import Item
from klartecken.law.overlay import Reform, read_reform
from klartecken.whatif.cells import Cells, Gathering

if TYPE_CHECKING:
    from klartecken.parties.resolve.context import Context


@dataclass(frozen=True)
class Scenario:
    """A law, and a day if all lines are to be asked as if shipped on it."""

    name: str
    world: World
    on: date | None = None


Asked = Scenario | World | Reform | date | str | None


def scenario(asked: Asked, world: World) -> Scenario:
    """A scenario from what a person gives: a law, a reform (or its name or file), a day."""
    if asked is None:
        return Scenario("the law as it is", world)
    if isinstance(asked, Scenario):
        return asked
    if isinstance(asked, World):
        names = " + ".join(reform.id for reform in asked.reforms)
        return Scenario(names or "the law as it is", asked)
    if isinstance(asked, str) and not asked[:4].isdigit():
        asked = read_reform(asked)
    if isinstance(asked, Reform):
        return Scenario(asked.id, world.under(asked))
    day = read_day(asked)
    if day < world.law.covers_from:
        raise InputError(
            f"{day} is before {world.law.covers_from}, the first day that the law is encoded for"
        )
    return Scenario(f"shipped on {day}", world, day)


@dataclass
class Book:
    """An order book in short, under a family of laws. Make it with :func:`read_book`.

    Attributes:
        job: what read it.
        cells: its distinct lines with their totals.
        lines, rejected: how many lines came in, and how many could not be read.
    """

    job: Job = field(repr=False)
    cells: Cells = field(repr=False)
    lines: int
    rejected: int
    _source: Source = field(repr=False)
    _answers: dict[tuple[int, date | None], Codes] = field(default_factory=dict, repr=False)

    @property
    def world(self) -> World:
        """The law that scenarios start from."""
        return self.job.world

    @property
    def source(self) -> Source:
        """Where its lines are, to be read again."""
        return self._source

    @property
    def verdicts(self) -> Sequence[Verdict]:
        """Every verdict so far."""
        return self.job.verdicts

    def number(self, world: World) -> int:
        """The engine's number of a law; a new one is taken in, if need be by reading anew."""
        engine = self.job.engine
        for place, known in enumerate(engine.worlds):
            if known is world or known.hash == world.hash:
                return place
        if _turns([world], engine.view) <= self.cells.turns:
            found = engine.add(world)
            if found is not None:
                return found
        again = _read(self._source, [*engine.worlds, world], self.job.settings)
        self.job, self.cells, self._answers = again.job, again.cells, {}
        return len(self.job.engine.worlds) - 1

    def answer(self, asked: Scenario) -> Codes:
        """The number of the verdict of each cell under a scenario."""
        place = self.number(asked.world)
        if asked.on is not None and self.job.parties is not None:
            raise InputError(
                "names parties, who are resolved as of each line's own day: it cannot be asked "
                "as if shipped on another", where="order book",
                next_step="Put the columns of parties under `ignore`, or change the days",
            )  # fmt: skip
        key = (place, asked.on)
        if key not in self._answers:
            if asked.on is not None or place == 0:
                on = None if asked.on is None else asked.on.toordinal() - EPOCH
                self._answers[key] = self.cells.answer(place, on)
            else:
                numbers = self.answer(Scenario("", self.job.engine.worlds[0])).copy()
                places, new = self.cells.after(place, numbers)
                numbers[places] = new
                self._answers[key] = numbers
        return self._answers[key]

    def answer_of(self, asked: Asked = None) -> Codes:
        """The number of the verdict of each cell under a law, reform or day."""
        return self.answer(scenario(asked, self.world))

    def totals(self, asked: Asked = None) -> Totals:
        """Totals by number of verdict under a scenario."""
        return self.cells.totals(self.answer_of(asked))


def read_book(
    table: object, *, laws: Iterable[Asked] = (), on: date | str | None = None,
    law: World | None = None, view: str = "practice", strict: bool = False, tf32_bits: int = 32,
    mapping: ColumnMapping | str | Path | None = None,
    constants: Mapping[str, str] | None = None, items: Sequence[Item] = (),
    sheet: str | None = None, parties: Context | None = None, progress: Progress | None = None,
) -> Book:  # fmt: skip
    """Read a book once, to ask what would change.

    Args:
        table, on, law, view, strict, tf32_bits, mapping, constants, items: as for
            :func:`klartecken.check_book`.
        laws: reforms or laws that will be asked: lines are told apart finely enough for all
            of them. Others can follow; what they tell apart may need a second reading.
        sheet: sheet of a spreadsheet.
        parties: as for :func:`klartecken.check_book`.
        progress: takes the number of lines done since its last call.

    Raises:
        InputError: as for :func:`klartecken.check_book`.
    """
    world = law or shipped_world()
    settings = settings_of(on, view, strict, tf32_bits, items, parties)
    source = open_book(table, world, mapping, constants, settings, sheet)
    others = [held.world for held in (scenario(asked, world) for asked in laws)]
    return _read(source, [world, *(w for w in others if w is not world)], settings, progress)


def _read(
    source: Source, worlds: Sequence[World], settings: Settings, progress: Progress | None = None
) -> Book:
    job = Job(worlds[0], source.layout, settings, worlds[1:], fine=True)
    turns = _turns(worlds, settings.view)
    gathering = Gathering(job, np.array(sorted(turns), np.int32))
    for part in source.partitions():
        for first, batch in numbered(part, job.columns):
            gathering.add(job.code(batch, first))
            if progress is not None:
                progress(batch.num_rows)
    return Book(job, gathering.cells(), gathering.lines, gathering.rejected, source)


def _turns(worlds: Iterable[World], view: str) -> frozenset[int]:
    """The days on which an answer could turn under any of the laws."""
    days: Iterator[date] = (day for world in worlds for day in world.timeline.days)
    return frozenset(day.toordinal() - EPOCH for day in days)
