"""The case key: codes of a line's blocks in, the number of its verdict out.

Each block of a line is a small number (its signature). A line goes through a few stages: the
state so far and the numbers of one or more blocks make one place in a table, which holds
the next state; the last table holds the verdict. The tables fill themselves where they are
looked up (``machine``, ``grid``), so that a line costs a look-up for each stage.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from klartecken.book.key.grid import Codes, Grid
from klartecken.book.key.machine import Machine
from klartecken.decide.ask import World
from klartecken.decide.verdict import Verdict
from klartecken.errors import KlarteckenError

Days = npt.NDArray[np.int32]
EPOCH = date(1970, 1, 1).toordinal()
CHUNK = 1 << 16  # lines at a time: what a stage needs stays in the cache
CELLS = 1 << 21  # of a stage's table, to begin with
CALM = 64  # parts of lines without a new number


@dataclass(frozen=True)
class Stage:
    """Blocks that are looked up together.

    Attributes:
        first, last: the blocks, the last one not included.
        sizes: how many numbers of each block there is room for: the mixed radix.
    """

    first: int
    last: int
    sizes: tuple[int, ...]
    grid: Grid
    machine: Machine

    @property
    def width(self) -> int:
        """How many columns the table has."""
        return math.prod(self.sizes)

    def look(self, states: Codes, codes: Sequence[Codes]) -> Codes:
        """The states that some states and numbers lead to."""
        held = codes[self.first : self.last]
        columns = held[0]
        if len(held) > 1:
            factor = self.sizes[0]
            columns = held[1] * np.int32(factor)
            columns += held[0]
            for code, size in zip(held[2:], self.sizes[1:], strict=False):
                factor *= size
                columns += code * np.int32(factor)
        return self.grid.look(states, columns, (self.height, self.width))

    @property
    def crowded(self) -> bool:
        """Have the states become so many that the blocks had better be looked up apart?"""
        return self.last - self.first > 1 and self.height * self.width > 4 * CELLS

    @property
    def height(self) -> int:
        """How many states there are by now."""
        return len(self.machine.levels[self.first].states)


@dataclass(frozen=True)
class Fill:
    """Works out one cell of a stage's table (a class, so that engines can be pickled)."""

    machine: Machine
    first: int
    sizes: tuple[int, ...]

    def __call__(self, row: int, column: int) -> int:
        """The state or verdict that a row and a column lead to."""
        state = row
        for place, size in enumerate(self.sizes, self.first):
            column, code = divmod(column, size)
            state = self.machine.move(place, state, code)
        return state


class Engine:
    """Answers coded lines, under one law or a family of laws.

    Args:
        worlds: the laws; they must share vocabulary, countries and letters' addressees.
        columns: the question and fact columns of the book.
        view: ``practice`` or ``text``.
        strict: treat assumed facts as unknown.
        own_facts: facts that items of the asker's own state.
        fine: number items one by one, so that any further threshold can be asked.
    """

    def __init__(
        self, worlds: Sequence[World], columns: Sequence[str], *, view: str = "practice",
        strict: bool = False, own_facts: frozenset[str] = frozenset(), fine: bool = False,
    ) -> None:  # fmt: skip
        self.machine = Machine(
            worlds, columns, view=view, strict=strict, own_facts=own_facts, fine=fine
        )
        self.view, self.strict = view, strict
        self.vocabulary, self.lock = self.machine.vocabulary, self.machine.lock
        self.blocks, self.levels = self.machine.blocks, self.machine.levels
        self._stages: tuple[Stage, ...] = ()
        self._counts: tuple[int, ...] = ()
        self._calm = 0  # parts of lines since the last new number
        self._heads: dict[int, Stage] = {}
        self._calendars: dict[int, tuple[int, Codes]] = {}

    @property
    def worlds(self) -> Sequence[World]:
        """The laws."""
        return self.machine.worlds

    @property
    def verdicts(self) -> list[Verdict]:
        """Every verdict so far."""
        return self.machine.verdicts

    def add(self, world: World) -> int | None:
        """See :meth:`.machine.Machine.add`."""
        return self.machine.add(world)

    def answer(self, days: Days, codes: Sequence[Codes], world: int = 0) -> Codes:
        """The number of the verdict of each line.

        Args:
            days: day of shipment, in days since 1970-01-01; int32.
            codes: for each of ``blocks``, the signature's number; int32.
            world: which of the laws.

        Returns:
            int32, one per line: an index into ``verdicts``.

        Raises:
            KlarteckenError: an array of another type or length (a code that another engine
                widened or made signed would give a wrong answer, not an error).
        """
        exact(days, codes, len(self.levels))
        calendar = self._calendar(world)
        found = np.empty(days.size, np.int32)
        for start in range(0, days.size, CHUNK):
            part = slice(start, start + CHUNK)
            states = _started(calendar, days[part])
            held = [code[part] for code in codes]
            stages = self._plan()
            _within(held, stages)
            for stage in stages:
                states = stage.look(states, held)
            found[part] = states
        return found

    def heads(self, days: Days, codes: Codes, world: int = 0) -> Codes:
        """The state that day and first block lead to: equal states have equal answers."""
        exact(days, [codes], 1)
        size = len(self.levels[0].signer.signed)
        stage = self._heads.get(size)
        if stage is None:
            stage = self._heads[size] = self._stage(0, (size,))
        return stage.look(_started(self._calendar(world), days), [codes])

    def _plan(self) -> tuple[Stage, ...]:
        """The stages; planned anew when numbers outgrow their room, or states a table.

        While new numbers come, there is room for more; once none has come for long, the
        tables are made as small as they can be, so that they stay in the cache.
        """
        with self.lock:  # counts and stages belong together
            counts = tuple(len(level.signer.signed) for level in self.levels)
            room = [size for stage in self._stages for size in stage.sizes]
            fits = bool(room) and all(n <= size for n, size in zip(counts, room, strict=True))
            self._calm = self._calm + 1 if counts == self._counts else 0
            self._counts = counts
            if fits and self._calm != CALM and not any(s.crowded for s in self._stages):
                return self._stages
            more = 0 if self._calm else 1
            self._stages = tuple(self._planned([n + more * (n // 4 + 2) for n in counts]))
            return self._stages

    def _planned(self, sizes: Sequence[int]) -> Iterator[Stage]:
        """As many blocks at once as a table of the states so far can take."""
        first = 0
        while first < len(sizes):
            rows = max(len(self.levels[first].states), 32 if first else 1)
            last = first + 1
            while last < len(sizes) and rows * math.prod(sizes[first : last + 1]) <= CELLS:
                last += 1
            yield self._stage(first, tuple(sizes[first:last]))
            first = last

    def _stage(self, first: int, sizes: tuple[int, ...]) -> Stage:
        grid = Grid(Fill(self.machine, first, sizes), self.lock)
        return Stage(first, first + len(sizes), sizes, grid, self.machine)

    def _calendar(self, world: int) -> tuple[int, Codes]:
        """The first day of a table, and the state that each day from then on starts in."""
        found = self._calendars.get(world)
        if found is None:
            days = self.worlds[world].timeline.days
            turns = np.array([day.toordinal() - EPOCH for day in days], np.int32)
            first, last = int(turns[0]) - 1, int(turns[-1]) + 1
            stretch = np.searchsorted(turns, np.arange(first, last + 1), side="right")
            found = self._calendars[world] = first, self.machine.starts(world)[stretch]
        return found


def _started(calendar: tuple[int, Codes], days: Days) -> Codes:
    first, table = calendar
    return table.take(days - np.int32(first), mode="clip")


def _within(codes: Sequence[Codes], stages: Sequence[Stage]) -> None:
    """Refuse a number that no block has: it would be read as another line's."""
    sizes = [size for stage in stages for size in stage.sizes]
    for place, (code, size) in enumerate(zip(codes, sizes, strict=True)):
        # seen as unsigned, a number below zero is large
        if code.size and int(code.view(np.uint32).max()) >= size:
            raise KlarteckenError(
                f"a code of block {place} is none of its {size} numbers",
                next_step="Code the lines with the same engine that answers them",
            )


def exact(days: Days, codes: Sequence[Codes], blocks: int) -> None:
    """Refuse anything but int32 arrays of one length."""
    if len(codes) != blocks:
        raise KlarteckenError(f"{len(codes)} columns of codes were given for {blocks} blocks")
    for name, array in (("days", days), *((f"codes of block {i}", c) for i, c in enumerate(codes))):
        if array.dtype != np.int32 or array.ndim != 1 or array.size != days.size:
            raise KlarteckenError(
                f"{name} are {array.dtype} of shape {array.shape}, not int32 of ({days.size},)",
                next_step="Cast the columns back to the types that the codes were made with",
            )
