"""The completion check: what an answer could still become, and on which facts it turns.

An answer is a *decision list*: results with labels, the first yes wins, else the default.
Kleene logic says "unknown" too often (about one time in a hundred every completion agrees);
so an undetermined answer is checked against all completions, one per distinguishable case.
The search remembers residual trees it has met, so long lists of independent unknowns cost
little.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from klartecken.logic.nodes import (
    And,
    Atom,
    Compare,
    Node,
    Not,
    OneOf,
    Or,
    Result,
    atoms,
    conjoin,
    disjoin,
    negate,
)
from klartecken.logic.space import Cell, CompletionBudget, Vector, groups
from klartecken.logic.tri import NO, YES, Tri
from klartecken.logic.values import Value

Label = TypeVar("Label", bound=Hashable)
BUDGET = 200_000


@dataclass(frozen=True, slots=True)
class Decision(Generic[Label]):
    """The first result that is yes gives its label; else the default."""

    entries: tuple[tuple[Result, Label], ...]
    default: Label

    def settled(self) -> Decision[Label]:
        """Without the entries that are no, and without what a yes makes unreachable."""
        left: list[tuple[Result, Label]] = []
        for result, label in self.entries:
            if result is YES:
                return _merge(left, label)
            if result is not NO:
                left.append((result, label))
        return _merge(left, self.default)

    @property
    def answer(self) -> Label | None:
        """The label, when nothing unknown stands before it (call on a settled one)."""
        return None if self.entries else self.default

    def labels(self) -> frozenset[Label]:
        """Every label that Kleene logic cannot exclude."""
        return frozenset([label for _, label in self.entries] + [self.default])


def _merge(left: list[tuple[Result, Label]], default: Label) -> Decision[Label]:
    # a last entry that gives the default's own label decides nothing
    while left and left[-1][1] == default:
        left.pop()
    return Decision(tuple(left), default)


@dataclass(frozen=True, slots=True)
class Reading(Generic[Label]):
    """If the fact lies in one of these cells, the answer is one of these labels."""

    fact: str
    cells: tuple[Cell, ...]
    labels: frozenset[Label]


class Completions(Generic[Label]):
    """All completions of one decision over what is unknown.

    Args:
        decision: the residual decision.
        values: what each fact could be.
        positive: facts that cannot be zero.

    Raises (also from its methods):
        CompletionBudget: more than ``BUDGET`` states; answer conservatively.
    """

    def __init__(
        self,
        decision: Decision[Label],
        values: Mapping[str, Value],
        positive: frozenset[str] = frozenset(),
    ) -> None:
        self.decision = decision.settled()
        every: dict[Atom, None] = {}
        for result, _ in self.decision.entries:
            every.update((atom, None) for atom in atoms(result))
        self.groups = groups(every, values, positive)
        self._of = {atom: i for i, g in enumerate(self.groups) for atom in g.atoms}
        self._memo: dict[Decision[Label], frozenset[Label]] = {}
        self._steps = 0

    def possible(self) -> frozenset[Label]:
        """The labels that some completion gives: exact."""
        return self._explore(self.decision)

    def facts(self) -> tuple[str, ...]:
        """The unknown facts that some atom of the residual looks at."""
        return tuple(name for group in self.groups for name in group.facts)

    def matters(self, fact: str) -> bool:
        """Is there a completion in which a change of this fact alone changes the label?"""
        index = self._index(fact)
        if index is None:
            return False
        group = self.groups[index]
        fibres = [fibre for fibre in group.fibres(fact) if len(fibre) > 1]
        seen: set[Decision[Label]] = set()

        def differs(state: Decision[Label]) -> bool:
            if state in seen or not state.entries:
                return False
            seen.add(state)
            other = self._first(state, skip=index)
            if other is not None:
                return any(differs(self._assign(state, other, v)) for v in self._vectors(other))
            outcome = {v: self._assign(state, index, v).answer for v in group.vectors}
            return any(len({outcome[v] for v in fibre}) > 1 for fibre in fibres)

        return differs(self.decision)

    def readings(self, fact: str) -> tuple[Reading[Label], ...]:
        """What each reading of one fact leaves possible; equal neighbours are joined."""
        index = self._index(fact)
        if index is None:
            return ()
        found: list[tuple[list[Cell], frozenset[Label]]] = []
        for cell, vectors in self.groups[index].readings(fact):
            labels: frozenset[Label] = frozenset()
            for vector in vectors:
                labels |= self._explore(self._assign(self.decision, index, vector))
            joined = self._joinable(found, cell, labels)
            if joined is not None:
                joined.append(cell)
            else:
                found.append(([cell], labels))
        return tuple(Reading(fact, tuple(cells), labels) for cells, labels in found)

    @staticmethod
    def _joinable(
        found: list[tuple[list[Cell], frozenset[Label]]], cell: Cell, labels: frozenset[Label]
    ) -> list[Cell] | None:
        if cell.options:  # options have no order: join any with equal labels
            return next((cells for cells, mine in found if mine == labels), None)
        return found[-1][0] if found and found[-1][1] == labels else None

    # -- the search ------------------------------------------------------------------------
    def _index(self, fact: str) -> int | None:
        return next((i for i, g in enumerate(self.groups) if fact in g.facts), None)

    def _vectors(self, index: int) -> frozenset[Vector]:
        return self.groups[index].vectors

    def _first(self, state: Decision[Label], skip: int | None = None) -> int | None:
        for result, _ in state.entries:
            for atom in atoms(result):
                if self._of[atom] != skip:
                    return self._of[atom]
        return None

    def _explore(self, state: Decision[Label]) -> frozenset[Label]:
        answer = state.answer
        if not state.entries:
            assert answer is not None or state.default is None
            return frozenset([state.default])
        known = self._memo.get(state)
        if known is not None:
            return known
        index = self._first(state)
        assert index is not None
        labels: frozenset[Label] = frozenset()
        everything = state.labels()
        for vector in self._vectors(index):
            labels |= self._explore(self._assign(state, index, vector))
            if labels == everything:
                break
        self._memo[state] = labels
        return labels

    def _assign(self, state: Decision[Label], index: int, vector: Vector) -> Decision[Label]:
        self._steps += 1
        if self._steps > BUDGET:
            raise CompletionBudget
        known = {
            atom: (YES if value else NO)
            for atom, value in zip(self.groups[index].atoms, vector, strict=True)
        }
        return assign(state, known.get)


def assign(decision: Decision[Label], known: Callable[[Atom], Tri | None]) -> Decision[Label]:
    """The decision once some atoms are known."""
    entries = tuple((substitute(result, known), label) for result, label in decision.entries)
    return Decision(entries, decision.default).settled()


def substitute(node: Result, known: Callable[[Atom], Tri | None]) -> Result:
    """The tree once some atoms are known."""
    if isinstance(node, Tri):
        return node
    if isinstance(node, (Compare, OneOf)):
        value = known(node)
        return node if value is None else value
    if isinstance(node, And):
        return conjoin([substitute(child, known) for child in node.children])
    if isinstance(node, Or):
        return disjoin([substitute(child, known) for child in node.children])
    if isinstance(node, Not):
        return negate(substitute(node.child, known))
    raise TypeError(f"{node!r} cannot stand in a residual")


def certainty(node: Result, values: Mapping[str, Value], positive: frozenset[str]) -> Tri:
    """Yes or no when every completion agrees, else unknown (exact, unlike Kleene)."""
    if isinstance(node, Tri):
        return node
    possible = Completions(Decision(((node, True),), False), values, positive).possible()
    if len(possible) == 2:
        return Tri.UNKNOWN
    return YES if True in possible else NO


def needed(completions: Completions[Label], facts: Sequence[str] | None = None) -> tuple[str, ...]:
    """The facts that matter, in the order in which the residual names them."""
    names = completions.facts() if facts is None else facts
    return tuple(name for name in names if completions.matters(name))


__all__ = [
    "BUDGET", "CompletionBudget", "Completions", "Decision", "Node", "Reading", "assign",
    "certainty", "needed", "substitute",
]  # fmt: skip
