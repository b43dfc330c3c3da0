"""The case key: codes of a line's blocks in, the number of its verdict out.

Each block of a line is a small number (its signature). The law of a day is a state; a state
and the next block's number give the next state, by a table that fills itself
(``residual``, ``grid``); the last state gives the verdict. So a line costs one look-up per
block, an answer is worked out once, and states are shared by all days and all laws that
the engine was made for: another scenario costs its own states only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import RLock
from typing import Any

import numpy as np
import numpy.typing as npt

from klartecken.book.key.blocks import Block, blocks
from klartecken.book.key.grid import Codes, Grid
from klartecken.book.key.residual import Residuals, State, facts_of_conditions
from klartecken.book.key.signature import Looked, Signer
from klartecken.decide.ask import World
from klartecken.decide.findings import Checks
from klartecken.decide.run import unknown_values
from klartecken.decide.verdict import Verdict, read
from klartecken.errors import KlarteckenError
from klartecken.law.timeline import LawDay
from klartecken.logic.nodes import Atom, Result, atoms
from klartecken.logic.values import Value

EPOCH = date(1970, 1, 1).toordinal()
CHUNK = 1 << 16  # lines at a time: what a level needs stays in the cache


@dataclass
class Level:
    """One block, and the states that there are before it is known."""

    signer: Signer
    later: frozenset[str]
    grid: Grid
    states: list[State] = field(default_factory=list)
    numbers: dict[State, int] = field(default_factory=dict)
    looked: dict[int, Looked] = field(default_factory=dict)  # by state
    moved: dict[tuple[int, int], int] = field(default_factory=dict)

    def number(self, state: State) -> int:
        """The number of a state here."""
        found = self.numbers.get(state)
        if found is None:
            self.states.append(state)
            found = self.numbers[state] = len(self.states) - 1
        return found


class Engine:
    """Answers coded lines, under one law or a family of laws.

    Args:
        worlds: the laws; they must share vocabulary, countries and letters' addressees.
        columns: the question and fact columns of the book.
        view: ``practice`` or ``text``.
        strict: treat assumed facts as unknown.
        own_facts: facts that items of the asker's own state.

    Raises:
        KlarteckenError: the laws do not share them.
    """

    def __init__(
        self, worlds: Sequence[World], columns: Sequence[str], *, view: str = "practice",
        strict: bool = False, own_facts: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        base = worlds[0]
        _family(worlds)
        self.worlds, self.view, self.strict = tuple(worlds), view, strict
        self.vocabulary = base.law.vocabulary
        self.unknown = unknown_values(base.law, base.places)
        self.lock = RLock()
        self._days = [_law_days(world, view) for world in worlds]
        distinct = {id(day): day for days in self._days for day in days}
        every = _atoms(distinct.values())
        silent, *self.blocks = blocks(base.law, every, columns, own_facts)
        self.silent: Block = silent
        papers = facts_of_conditions(distinct.values())

        def signer(block: Block) -> Signer:
            return Signer(block, self.vocabulary, every, self.unknown, papers, not strict)

        home = {f: i for i, block in enumerate([*self.blocks, silent]) for f in block.facts}
        self._residuals = Residuals(home)
        self._silent = signer(silent)
        self.levels: list[Level] = []
        for place, block in enumerate(self.blocks):
            later = frozenset(f for b in self.blocks[place + 1 :] for f in b.facts)
            self.levels.append(Level(signer(block), later, self._grid(place)))
        self._last_numbers: dict[State, int] = {}
        self._verdict_of: list[int] = []  # by last state
        self.verdicts: list[Verdict] = []
        self._verdict_numbers: dict[Verdict, int] = {}
        self._starts: dict[int, Codes] = {}
        self._checked: dict[object, Any] = {}

    def _grid(self, place: int) -> Grid:
        return Grid(lambda row, code: self._move(place, row, code), self.lock)

    # -- states ------------------------------------------------------------------------------
    def starts(self, world: int = 0) -> Codes:
        """The state that each stretch of days starts in, under one of the laws."""
        with self.lock:
            found = self._starts.get(world)
            if found is None:
                found = self._starts[world] = self._make_starts(world)
            return found

    def _make_starts(self, world: int) -> Codes:
        silent = self._silent.signed[self._silent.sign({})]
        later = frozenset(name for block in self.blocks for name in block.facts)
        made: dict[int, int] = {}
        numbers = []
        for law_day in self._days[world]:
            if id(law_day) not in made:
                state = self._residuals.start(law_day, silent.known, later)
                made[id(law_day)] = self._number(0, state)
            numbers.append(made[id(law_day)])
        return np.array(numbers, np.int32)

    def _number(self, place: int, state: State) -> int:
        """The number of a state before a block, or at the end."""
        if place < len(self.levels):
            return self.levels[place].number(state)
        found = self._last_numbers.get(state)
        if found is None:
            # the verdict first: if it fails, the state must not be left with another's number
            self._verdict_of.append(self._verdict(state))
            found = self._last_numbers[state] = len(self._verdict_of) - 1
        return found

    def _move(self, place: int, row: int, code: int) -> int:
        level, residuals = self.levels[place], self._residuals
        state = level.states[row]
        looked = level.looked.get(row)
        if looked is None:
            looked = level.looked[row] = level.signer.looked_at(residuals.facts(state))
        code = level.signer.alike(looked, code)
        found = level.moved.get((row, code))
        if found is None:
            known = level.signer.signed[code].known
            moved = residuals.move(state, place, code, known, level.later)
            found = level.moved[row, code] = self._number(place + 1, moved)
        return found

    def _verdict(self, state: State) -> int:
        values: dict[str, Value] = {**self.unknown}
        values.update(self._silent.signed[0].values)
        for place, code in state.open:
            values.update(self.levels[place].signer.signed[code].values)
        looks = self._residuals.looks

        def key(results: Iterable[Result]) -> object:
            """Lines agree in what they look at, if they do so by signature."""
            blocks = frozenset[int]().union(*map(looks, results))
            return tuple(pair for pair in state.open if pair[0] in blocks)

        checks = Checks(values, self.vocabulary.positive, self._checked, key)
        verdict = read(self._residuals.findings(state, checks), self.vocabulary)
        number = self._verdict_numbers.setdefault(verdict, len(self.verdicts))
        if number == len(self.verdicts):
            self.verdicts.append(verdict)
        return number

    # -- lines -------------------------------------------------------------------------------
    def stretches(self, days: npt.NDArray[np.int32], world: int = 0) -> Codes:
        """The stretch that each day (days since 1970-01-01) lies in, under one of the laws."""
        turns = self._turns(world)
        return np.searchsorted(turns, days, side="right").astype(np.int32)

    def _turns(self, world: int) -> npt.NDArray[np.int32]:
        days = self.worlds[world].timeline.days
        return np.array([day.toordinal() - EPOCH for day in days], np.int32)

    def answer(self, days: npt.NDArray[np.int32], codes: Sequence[Codes], world: int = 0) -> Codes:
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
        _exact(days, codes, len(self.levels))
        calendar = self._calendar(world)
        found = np.empty(days.size, np.int32)
        for start in range(0, days.size, CHUNK):
            part = slice(start, start + CHUNK)
            found[part] = self._chunk(calendar, days[part], [code[part] for code in codes])
        return found

    def _chunk(
        self, calendar: tuple[int, Codes], days: npt.NDArray[np.int32], codes: list[Codes]
    ) -> Codes:
        first, table = calendar
        states = table.take(np.subtract(days, first, dtype=np.intp), mode="clip")
        for level, code in zip(self.levels, codes, strict=True):
            size = (len(level.states), len(level.signer.signed))
            states = level.grid.look(states, code, size)
        return self._verdict_table().take(states)

    def _verdict_table(self) -> Codes:
        return np.array(self._verdict_of, np.int32)

    def _calendar(self, world: int) -> tuple[int, Codes]:
        """The first day of a table, and the state that each day from then on starts in."""
        turns = self._turns(world)
        first, last = int(turns[0]) - 1, int(turns[-1]) + 1
        days = np.arange(first, last + 1, dtype=np.int32)
        return first, self.starts(world)[self.stretches(days, world)]


def _family(worlds: Sequence[World]) -> None:
    """Refuse laws under which the same cell would be read as different facts."""
    base, *others = worlds
    for other in others:
        same = {
            "facts": base.law.vocabulary == other.law.vocabulary,
            "countries": base.places.hash == other.places.hash,
            "addressees of letters": base.law.addressees == other.law.addressees,
        }
        wrong = [name for name, held in same.items() if not held]
        if wrong:
            raise KlarteckenError(
                f"the laws differ in their {', '.join(wrong)}", where="order book",
                next_step="Answer the book under each of them on its own",
            )  # fmt: skip


def _law_days(world: World, view: str) -> list[LawDay]:
    """What binds in each stretch of days: before the first turn, and from each one on."""
    days = world.timeline.days
    before = date.fromordinal(days[0].toordinal() - 1)
    return [world.timeline.on(day, view) for day in (before, *days)]


def _atoms(law_days: object) -> tuple[Atom, ...]:
    found: dict[Atom, None] = {}
    seen: set[int] = set()
    for law_day in law_days:  # type: ignore[attr-defined]
        for rule in law_day.in_force:
            if rule.provision.stage in ("flag", "gap") or id(rule.version) in seen:
                continue
            seen.add(id(rule.version))
            for tree in rule.version.trees:
                found.update((atom, None) for atom in atoms(tree))
    return tuple(found)


def _exact(days: npt.NDArray[np.int32], codes: Sequence[Codes], blocks: int) -> None:
    """Refuse anything but int32 arrays of one length."""
    if len(codes) != blocks:
        raise KlarteckenError(f"{len(codes)} columns of codes were given for {blocks} blocks")
    for name, array in (("days", days), *((f"codes of block {i}", c) for i, c in enumerate(codes))):
        if array.dtype != np.int32 or array.ndim != 1 or array.size != days.size:
            raise KlarteckenError(
                f"{name} are {array.dtype} of shape {array.shape}, not int32 of ({days.size},)",
                next_step="Cast the columns back to the types that the codes were made with",
            )
