"""What is still open of some facts: how the atoms that are not settled can come out.

Two sets of values are the same to a state if the atoms that its rules still hold can come
out alike, and each fact alone can move between alike outcomes: that is all that the
completion check sees (``logic.complete``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Literal

from klartecken.logic.cells import OTHER
from klartecken.logic.nodes import Atom, Compare, OneOf, Terms
from klartecken.logic.space import groups
from klartecken.logic.values import Choice, Value

Row = tuple[bool | None, ...]  # yes, no or (of a choice) unsure, for each atom
Moves = tuple[str, frozenset[frozenset[Row]]]


@dataclass(frozen=True, slots=True)
class Opening:
    """One group of facts whose atoms are not all settled.

    Attributes:
        rows: how the atoms can come out together.
        moves: for each fact, the sets of rows among which a change of it alone moves.
    """

    atoms: tuple[Atom, ...]
    rows: frozenset[Row]
    moves: tuple[Moves, ...]

    def seen(self, wanted: frozenset[Atom]) -> Opening | None:
        """The same, as far as some atoms can tell; None where they look elsewhere."""
        places = [i for i, atom in enumerate(self.atoms) if atom in wanted]
        if not places:
            return None
        if len(places) == len(self.atoms):
            return self

        def part(rows: frozenset[Row]) -> frozenset[Row]:
            return frozenset(tuple(row[i] for i in places) for row in rows)

        kept = tuple(self.atoms[i] for i in places)
        named = {n for atom in kept if isinstance(atom, Compare) for n, _ in atom.terms}
        moves = tuple(
            (name, frozenset(part(rows) for rows in held))
            for name, held in self.moves if name in named
        )  # fmt: skip
        return Opening(kept, part(self.rows), moves)

    def named(self) -> tuple[Opening, Mapping[Atom, Atom]]:
        """The same with each number's lines counted, not named; and what each is called.

        That TPP is unknown is the same to a rule with one line, wherever the line runs. So
        ``tpp >= 4800`` becomes "the first line of tpp"; choices stay as they are.
        """
        if not self.moves:
            return self, {}
        lines = [(atom, place) for place, atom in enumerate(self.atoms)
                 if isinstance(atom, Compare)]  # fmt: skip
        lines.sort(key=lambda held: (held[0].terms, held[0].bound, held[0].op == ">"))
        order = [place for _, place in lines]
        names: dict[Atom, Atom] = {}
        ranks: dict[object, int] = {}
        for atom, _ in lines:
            rank = ranks[atom.terms] = ranks.get(atom.terms, 0) + 1
            names[atom] = _line(atom.terms, atom.op, rank)

        def part(rows: frozenset[Row]) -> frozenset[Row]:
            return frozenset(tuple(row[place] for place in order) for row in rows)

        moves = tuple((name, frozenset(part(rows) for rows in held)) for name, held in self.moves)
        atoms = tuple(names[atom] for atom, _ in lines)
        return Opening(atoms, part(self.rows), moves), names


@cache
def _line(terms: Terms, op: Literal[">=", ">"], rank: int) -> Compare:
    """The one object for a line that is counted, so that equal names are found at once."""
    return Compare(terms, op, Fraction(rank))


def openings(
    still: tuple[Atom, ...], values: Mapping[str, Value], positive: frozenset[str]
) -> tuple[Opening, ...]:
    """The openings of some atoms that are not settled.

    Raises:
        CompletionBudget: numbers that meet in so many atoms that it is too long to tell.
    """
    choices: dict[str, list[OneOf]] = {}
    numbers: list[Atom] = []
    for atom in still:
        if isinstance(atom, OneOf):
            choices.setdefault(atom.fact, []).append(atom)
        else:
            numbers.append(atom)
    found = [_of_choice(tuple(tests), values.get(fact)) for fact, tests in choices.items()]
    for group in groups(numbers, values, positive):
        moves = ((name, frozenset(group.fibres(name))) for name in group.facts)
        found.append(Opening(group.atoms, group.vectors, tuple(moves)))
    return tuple(found)


def _of_choice(tests: tuple[OneOf, ...], value: Value | None) -> Opening:
    """What each option that is still possible would say to each atom."""
    if isinstance(value, Choice) and value.options is not None:
        options = set(value.options)
    else:
        options = {OTHER}.union(*(t.options | t.unsure for t in tests))
    rows = frozenset(
        tuple(None if option in t.unsure else option in t.options for t in tests)
        for option in options
    )
    return Opening(tests, rows, ())
