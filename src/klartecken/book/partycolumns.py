"""Columns of parties, turned into the columns of facts that the engine reads.

Each distinct tuple of parties is resolved once for each era: the days in which neither list,
decision, stake nor approval changes. What other columns say of the same facts (a headquarters,
``listed``) is read together with it, by the rules of a single question.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from klartecken.book.cells import Column, Refusal
from klartecken.book.coder import ordered
from klartecken.book.key.blocks import ITEM, said_by
from klartecken.book.key.engine import EPOCH
from klartecken.book.key.grid import Codes
from klartecken.book.table.columns import Layout
from klartecken.decide.ask import World
from klartecken.decide.case import read_said
from klartecken.decide.named import ROLES, names_in
from klartecken.errors import KlarteckenError
from klartecken.logic.values import Choice, Value
from klartecken.parties.resolve.context import Context
from klartecken.parties.resolve.resolve import Resolver

if TYPE_CHECKING:
    from klartecken.parties.resolve.result import PartyFacts

WORST = ("not_screened", "not_screenable", "confirmed", "hit", "no_hit")  # of a party's states
# remarks on lists and log, not on one party: the run says them once
LOUD = {
    "party_lists_missing": "for some lines there is no list: their parties were not screened. Run "
    "`klartecken lists import FILE` or `klartecken lists update`",
    "party_list_open": "for some lines a list is missing, an extract or too old, so that nobody "
    "can be said not to be on it. Run `klartecken lists update`, or allow more with --list-age",
    "party_decisions_torn": "the last line of the log of decisions was cut off: decide again",
}
UNNAMED = (
    "some lines name no party: nobody was screened for them, and that nobody behind them is "
    "listed is assumed"
)
NUMBER = "parties"  # the column that says which combination of cells a line has
NOBODY = 0  # the number of the combination that says nothing


def names_parties(layout: Layout) -> bool:
    """Has a book columns of parties?"""
    return any(role in layout.names or role in layout.constants for role in ROLES)


def party_columns(world: World, layout: Layout, context: Context | None) -> PartyColumns | None:
    """The columns of parties of a book, or None when it has none."""
    if not names_parties(layout):
        return None
    return PartyColumns(world, layout, context or Context())


class PartyColumns:
    """Widens batches by the facts that the parties of their lines give.

    Args:
        world: names the facts.
        layout: which columns the book has.
        context: what parties are resolved with.
    """

    def __init__(self, world: World, layout: Layout, context: Context) -> None:
        self.world, self.context = world, context
        names = [*layout.names, *layout.constants]
        facts = dict.fromkeys(context.speaks_of)
        beside = []
        for name in (n for n in names if n not in ROLES and n != ITEM and _is_asked(world, n)):
            said = said_by(world.law, name)
            if not said.isdisjoint(context.speaks_of):
                beside.append(name)
                facts.update(dict.fromkeys(sorted(said)))
        self.facts = tuple(facts)
        self._roles = tuple(role for role in ROLES if role in names)
        self._beside = ordered(beside)
        self._constants = layout.constants
        self.varying = tuple(
            name for name in (*self._roles, *self._beside) if name not in layout.constants
        )
        self._turns = np.array([day.toordinal() - EPOCH for day in context.turns], np.int32)
        self._resolver = Resolver(context)
        self._cells = {name: Column() for name in self.varying}
        self._numbers: dict[tuple[int, ...], int] = {}
        self._texts: list[tuple[str | None, ...]] = [(None,) * len(self.facts)]
        self._refusals: dict[int, Refusal] = {}
        self._state: dict[str, str] = {}
        self._snapshots: dict[str, None] = {}
        self._remarks: set[str] = set()

    def instead_of(self, names: Sequence[str]) -> Iterator[str]:
        """The question's columns, with the facts in place of those that speak of parties."""
        gone = {*self._roles, *self._beside}
        yield from (name for name in names if name not in gone)
        yield from self.facts

    # -- lines -------------------------------------------------------------------------------
    def widen(
        self, batch: pa.RecordBatch, days: npt.NDArray[np.int32], bad: Any
    ) -> tuple[pa.RecordBatch, npt.NDArray[np.bool_]]:
        """A batch with a column for each fact, and which lines cannot be read.

        Args:
            batch: in canonical form.
            days: of its lines, since 1970-01-01.
            bad: lines whose day cannot be used, or None.
        """
        eras = np.searchsorted(self._turns, days, side="right").astype(np.int64)
        codes: list[npt.NDArray[Any]] = [eras]
        codes += [self._cells[n].codes(batch.column(n)) for n in self.varying]
        firsts, places = _distinct(codes)
        numbers = np.zeros(len(firsts), np.int32)
        keys = {
            place: (tuple(int(code[line]) for code in codes), int(days[line]))
            for place, line in enumerate(firsts.tolist()) if bad is None or not bad[line]
        }  # fmt: skip
        self._screen(key for key in keys.values() if key[0] not in self._numbers)
        for place, (key, day) in keys.items():
            numbers[place] = self._number(key, day)
        mine = numbers.take(places)
        if bad is not None:
            mine[bad] = NOBODY
        unread = np.isin(mine, np.fromiter(self._refusals, np.int32, len(self._refusals)))
        for place, fact in enumerate(self.facts):
            batch = _with(batch, fact, self._column(place, numbers, places, bad))
        return batch.append_column(NUMBER, pa.array(mine)), unread

    def _column(
        self, fact: int, numbers: Codes, places: npt.NDArray[np.intp], bad: Any
    ) -> pa.DictionaryArray:
        """One fact of all lines."""
        held = [self._texts[number][fact] for number in numbers.tolist()]
        texts = sorted({text for text in held if text is not None})
        at = {text: place for place, text in enumerate(texts)}
        table = np.array([-1 if text is None else at[text] for text in held], np.int32)
        found = table.take(places)
        absent = found < 0 if bad is None else (found < 0) | bad
        return pa.DictionaryArray.from_arrays(
            pa.array(found, mask=absent), pa.array(texts, pa.string())
        )

    def _said(self, key: tuple[int, ...]) -> dict[str, str | None]:
        """The cells of a combination, those that every line has among them."""
        mine = (*self._beside, *self._roles)
        held = {n: text for n, text in self._constants.items() if n in mine}
        cells = zip(self.varying, key[1:], strict=True)
        return {**{name: self._cells[name].texts[code] for name, code in cells}, **held}

    def _names(self, said: Mapping[str, str | None]) -> dict[str, tuple[str, ...]]:
        return {role: names_in(text, role) for role in self._roles if (text := said[role])}

    def _screen(self, keys: Iterable[tuple[tuple[int, ...], int]]) -> None:
        """Screen all new parties of a batch at once."""
        asked = []
        for key, day in keys:
            with contextlib.suppress(KlarteckenError):  # told when the combination is read
                asked.append((self._names(self._said(key)), date.fromordinal(day + EPOCH)))
        self._resolver.prepare(asked)

    def _number(self, key: tuple[int, ...], day: int) -> int:
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._texts)
            self._texts.append(self._read(number, self._said(key), date.fromordinal(day + EPOCH)))
        return number

    def _read(
        self, number: int, said: Mapping[str, str | None], day: date
    ) -> tuple[str | None, ...]:
        """The texts of the facts that one combination of cells gives on a day."""
        law, places = self.world.law, self.world.places
        try:
            roles = self._names(said)
            found = self._resolver.alike(roles, day)
            assert found.facts.keys() <= {*self.facts}, "the context says more than it tells"
            self._note(roles, found, day)
            if not roles:
                self._remarks.add(UNNAMED)
            stated = [(n, text) for n in self._beside if (text := said[n]) is not None]
            held = read_said(stated, law, places, parties=found).facts
        except KlarteckenError as err:
            named = {name: text for name, text in said.items() if text is not None}
            self._refusals[number] = Refusal(", ".join(named), ", ".join(named.values()), str(err))
            return (None,) * len(self.facts)
        return tuple(
            _text(held[name].value, self._nothing(name)) if name in held else None
            for name in self.facts
        )

    def _nothing(self, name: str) -> Value:
        spec = self.world.law.vocabulary.facts[name]
        return Choice(self.world.places.codes) if spec.kind == "place" else spec.unknown

    def refusals(self, row: Mapping[str, Any]) -> Iterator[Refusal]:
        """Why the parties of a line cannot be read, if so."""
        refusal = self._refusals.get(row[NUMBER])
        if refusal is not None:
            yield refusal

    # -- what the receipt says ---------------------------------------------------------------
    def _note(self, roles: Mapping[str, tuple[str, ...]], found: PartyFacts, day: date) -> None:
        """Keep the worst state that each party was found in."""
        snapshot = found.about.get("snapshot")
        if snapshot:
            self._snapshots[snapshot["hash"]] = None
        self._remarks |= {LOUD[r.code] for r in found.remarks if r.code in LOUD}
        for name in (name for names in roles.values() for name in names):
            held = self._resolver.profile(name, day)
            state = "not_screened" if held.screening is None else held.screening.status
            if held.screening and state == "hit" and held.screening.confirmed:
                state = "confirmed"
            old = self._state.get(held.hash, state)
            self._state[held.hash] = min(old, state, key=WORST.index)

    def summary(self) -> dict[str, Any]:
        """Lists, register and decisions that were used, and the distinct parties by state."""
        context, counts = self.context, Counter(self._state.values())
        return {
            "snapshots": sorted(self._snapshots), "list_age": context.max_age,
            "decisions": context.decisions.hash if context.decisions.records else None,
            "register": context.register.hash if context.register else None,
            "distinct": len(self._state),
            "by_status": {state: counts[state] for state in WORST if counts[state]},
            "remarks": sorted(self._remarks),
        }  # fmt: skip


def _is_asked(world: World, name: str) -> bool:
    """Does a column say a fact (not the line's own number, day or price)?"""
    vocabulary = world.law.vocabulary
    return name in vocabulary.facts or name in vocabulary.bundles or name == "listed"


def _text(value: Value, nothing: Value) -> str:
    """A choice as a cell that is read as the same choice."""
    assert isinstance(value, Choice)
    if value == nothing or value.options is None:
        return "unknown"
    return "|".join(sorted(value.options))


def _distinct(
    codes: Sequence[npt.NDArray[Any]],
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The first line of each distinct row of codes, and which of them each line is."""
    rows = np.zeros(len(codes[0]), np.int64)
    firsts = places = np.zeros(len(rows), np.intp)
    for code in codes:
        rows = rows * (int(code.max(initial=0)) + 1) + code
        _, firsts, places = np.unique(rows, return_index=True, return_inverse=True)
        rows = places.astype(np.int64)
    return firsts, places.reshape(-1)


def _with(batch: pa.RecordBatch, name: str, array: pa.Array) -> pa.RecordBatch:
    place = batch.schema.get_field_index(name)
    if place < 0:
        return batch.append_column(name, array)
    return batch.set_column(place, name, array)
