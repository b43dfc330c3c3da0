"""The machine behind the case key: states, moves from block to block, verdicts.

The law of a day is a state; a state and the next block's signature give the next state
(``residual``); the last state gives the verdict. Everything is worked out once, and shared
by all days and all laws: another scenario costs its own states only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from klartecken.book.key.blocks import ITEM, Block, blocks
from klartecken.book.key.grid import Codes, Lock
from klartecken.book.key.laws import all_atoms, family, law_days
from klartecken.book.key.residual import Residuals, facts_of_conditions
from klartecken.book.key.signature import Component, Looked, Signer
from klartecken.book.key.state import Left, State
from klartecken.decide.ask import World
from klartecken.decide.findings import Checks
from klartecken.decide.run import unknown_values
from klartecken.decide.verdict import Verdict, read
from klartecken.law.timeline import LawDay
from klartecken.logic.nodes import Atom, Result
from klartecken.logic.values import Value


@dataclass
class Level:
    """One block, and the states that there are before it is known."""

    signer: Signer
    later: frozenset[str]
    states: list[State] = field(default_factory=list)
    numbers: dict[object, int] = field(default_factory=dict)  # by what a state comes to
    looked: dict[int, Looked] = field(default_factory=dict)  # by state
    moved: dict[tuple[int, int], int] = field(default_factory=dict)

    def number(self, state: State, key: object) -> int:
        """The number of a state here; ``key`` is the same for states that come to the same."""
        found = self.numbers.get(key)
        if found is None:
            self.states.append(state)
            found = self.numbers[key] = len(self.states) - 1
        return found


@dataclass(frozen=True, slots=True)
class Start:
    """A law day (held, so that its id stays its own), its state, what is left of each rule."""

    law_day: LawDay
    number: int
    rules: Mapping[str, Left]


@dataclass(frozen=True, slots=True)
class Twin:
    """A state of the first law, and the rules in which another law's state differs from it.

    Where they come to the same once the first block is known, the two states move alike.
    """

    base: int
    changed: tuple[tuple[Left | None, Left | None], ...]


class Machine:
    """States and verdicts of one law or a family of laws.

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
        base = worlds[0]
        family(worlds)
        self.worlds, self.view, self.strict = list(worlds), view, strict
        self.vocabulary = base.law.vocabulary
        self.unknown = unknown_values(base.law, base.places)
        self.lock = Lock()
        self._columns, self._own_facts, self._fine = tuple(columns), own_facts, fine
        self._components: dict[object, Component] = {}
        self._days = [law_days(world, view) for world in worlds]
        self._every = all_atoms(self._days)
        self._papers = facts_of_conditions(day for days in self._days for day in days)
        silent, *self.blocks = blocks(base.law, self._every, columns, own_facts)
        self.silent: Block = silent
        self._home = {f: i for i, block in enumerate([*self.blocks, silent]) for f in block.facts}
        self._residuals = Residuals(self._home)
        self._silent = self._signer(silent)
        self._silent.sign({})
        self.levels: list[Level] = []
        for place, block in enumerate(self.blocks):
            later = frozenset(f for b in self.blocks[place + 1 :] for f in b.facts)
            self.levels.append(Level(self._signer(block), later))
        self._ends: dict[object, int] = {}  # verdict by what a last state comes to
        self.verdicts: list[Verdict] = []
        self._verdict_numbers: dict[Verdict, int] = {}
        self._starts: dict[int, Codes] = {}
        self._started: dict[int, Start] = {}  # by id of the law day
        self._twins: dict[int, Twin] = {}
        self._checked: dict[object, Any] = {}

    def __setstate__(self, held: dict[str, Any]) -> None:
        self.__dict__.update(held)  # objects have other ids in another process
        self._started = {id(start.law_day): start for start in self._started.values()}

    def _signer(self, block: Block) -> Signer:
        return Signer(
            block, self.vocabulary, self._every, self.unknown, self._papers, not self.strict,
            self._components, fine=self._fine and ITEM in block.columns,
        )  # fmt: skip

    def add(self, world: World) -> int | None:
        """Take in one more law, so that lines coded before can be asked under it.

        Returns:
            Its number; or None when it tells apart what the codes do not: then the lines
            must be read again, with an engine that knew the law from the start.
        """
        family([self.worlds[0], world])
        with self.lock:
            days = law_days(world, self.view)
            every = tuple(dict.fromkeys((*self._every, *all_atoms([days]))))
            if not self._papers >= facts_of_conditions(days):
                return None
            if len(every) > len(self._every) and not self._refine(world, every):
                return None
            self.worlds.append(world)
            self._days.append(days)
            return len(self.worlds) - 1

    def _refine(self, world: World, every: tuple[Atom, ...]) -> bool:
        """Look at more atoms, if the codes allow it."""
        silent, *parts = blocks(world.law, every, self._columns, self._own_facts)
        if [silent, *parts] != [self.silent, *self.blocks]:
            return False
        before, self._every = self._every, every
        signers = [self._silent, *(level.signer for level in self.levels)]
        finer = [self._signer(block) for block in (self.silent, *self.blocks)]
        if not all(old.can_refine(new) for old, new in zip(signers, finer, strict=True)):
            self._every = before
            return False
        for old, new in zip(signers, finer, strict=True):
            old.refine(new)
        for level in self.levels:
            level.looked.clear()
        return True

    # -- states ------------------------------------------------------------------------------
    def starts(self, world: int = 0) -> Codes:
        """The state that each stretch of days starts in, under one of the laws."""
        with self.lock:
            found = self._starts.get(world)
            if found is None:
                found = self._starts[world] = self._make_starts(world)
            return found

    def _make_starts(self, world: int) -> Codes:
        numbers = [self._start(law_day) for law_day in self._days[world]]
        if world:
            self.starts(0)
            for law_day, number in zip(self._days[world], numbers, strict=True):
                self._pair(law_day, number)
        return np.array(numbers, np.int32)

    def _start(self, law_day: LawDay) -> int:
        """The state that a law day starts in."""
        found = self._started.get(id(law_day))
        if found is None:
            later = frozenset(fact for block in self.blocks for fact in block.facts)
            known = self._silent.signed[0].known
            state, rules = self._residuals.start(law_day, known, later)
            found = Start(law_day, self._number(0, state), rules)
            self._started[id(law_day)] = found
        return found.number

    def _pair(self, law_day: LawDay, number: int) -> None:
        """Note in what a law day differs from the first law's of the same days."""
        day = law_day.since
        other = self.worlds[0].timeline.on(day, self.view) if day else None
        if other is None or other is law_day or number in self._twins:
            return
        mine, base = self._started[id(law_day)], self._started.get(id(other))
        if base is None or base.number == number:
            return
        old, new = other.by_id, law_day.by_id
        changed = [
            (mine.rules.get(name), base.rules.get(name)) for name in dict.fromkeys((*old, *new))
            if (a := old.get(name)) is not (b := new.get(name))
            and not (a and b and a.version is b.version and a.provision is b.provision)
        ]  # fmt: skip
        self._twins[number] = Twin(base.number, tuple(changed))

    def _number(self, place: int, state: State) -> int:
        """The number of a state before a block; at the end, of its verdict."""
        key = self._key(state)
        if place < len(self.levels):
            return self.levels[place].number(state, key)
        found = self._ends.get(key)
        if found is None:
            found = self._ends[key] = self._verdict(state)
        return found

    def _key(self, state: State) -> object:
        """What a state comes to, wherever the lines of its open numbers run."""
        if not state.open or not self._fine:  # it pays where thresholds are moved
            return state
        wanted = self._residuals.atoms(state)
        names: dict[Atom, Atom] = {}
        held = []
        for place, code in state.open:
            opening, called = self.levels[place].signer.opening(wanted, code)
            names.update(called)
            held.append((place, opening))
        return tuple(self._residuals.shape(n, names) for n in state.left), tuple(held)

    def move(self, place: int, row: int, code: int) -> int:
        """The number of the state that a state before a block moves to; at the end, of the
        verdict.
        """
        if place == 0 and (twin := self._twins.get(row)) is not None:
            settled = self.levels[0].signer.signed[code].known
            if all(self._residuals.same(one, other, settled) for one, other in twin.changed):
                return self.move(0, twin.base, code)
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
            found = level.moved[row, code] = self._number(place + 1, self._plainest(moved))
        return found

    def _plainest(self, state: State) -> State:
        """A state with the first signatures that are the same to the atoms it still holds."""
        if not state.open:
            return state
        return State(state.left, self._open(state, self._residuals.atoms(state)))

    def _open(self, state: State, wanted: frozenset[Atom]) -> tuple[tuple[int, int], ...]:
        """The open blocks that some atoms look at, as those atoms see them."""
        looks = self._residuals.looks
        blocks = frozenset[int]().union(*map(looks, wanted))
        return tuple(
            (place, self.levels[place].signer.open_alike(wanted, code))
            for place, code in state.open if place in blocks
        )  # fmt: skip

    def _verdict(self, state: State) -> int:
        values: dict[str, Value] = {**self.unknown}
        values.update(self._silent.signed[0].values)
        for place, code in state.open:
            values.update(self.levels[place].signer.signed[code].values)

        looks, atoms_of = self._residuals.looks, self._residuals.atoms_of

        def key(results: tuple[Result, ...]) -> object:
            """Lines agree in what they look at, if it is open in the same way."""
            if len(results) == 1:  # asked of every rule, so a plainer key does
                blocks = looks(results[0])
                return tuple(pair for pair in state.open if pair[0] in blocks)
            return self._open(state, atoms_of(results))

        checks = Checks(values, self.vocabulary.positive, self._checked, key)
        verdict = read(self._residuals.findings(state, checks), self.vocabulary)
        number = self._verdict_numbers.setdefault(verdict, len(self.verdicts))
        if number == len(self.verdicts):
            self.verdicts.append(verdict)
        return number
