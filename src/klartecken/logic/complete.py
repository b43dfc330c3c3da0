"""The completion check: what an answer could still become, and on which facts it turns.

An answer is a *decision list*: results with labels, the first yes wins, else the default.
Kleene logic says "unknown" too often (about one time in a hundred every completion agrees);
so an undetermined answer is checked against all completions, held in a decision diagram.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from klartecken.logic.cells import Cell
from klartecken.logic.diagram import FIRST_NODE, Diagram
from klartecken.logic.nodes import Atom, Result, atoms
from klartecken.logic.space import CompletionBudget, groups
from klartecken.logic.tri import NO, YES, Tri
from klartecken.logic.values import Value

Label = TypeVar("Label", bound=Hashable)
BUDGET = 500_000  # nodes and remembered steps; a few seconds


@dataclass(frozen=True, slots=True)
class Decision(Generic[Label]):
    """The first result that is yes gives its label; else the default."""

    entries: tuple[tuple[Result, Label], ...]
    default: Label

    def settled(self) -> Decision[Label]:
        """Without the entries that are no, and without what a yes makes unreachable."""
        left: list[tuple[Result, Label]] = []
        default = self.default
        for result, label in self.entries:
            if result is YES:
                default = label
                break
            if result is not NO:
                left.append((result, label))
        while left and left[-1][1] == default:
            left.pop()  # a last entry that gives the default's own label decides nothing
        return Decision(tuple(left), default)

    @property
    def labels(self) -> tuple[Label, ...]:
        """Every label, in order, once each."""
        return tuple(dict.fromkeys([label for _, label in self.entries] + [self.default]))


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

    Raises (from its methods):
        CompletionBudget: the diagram grows past ``BUDGET``.
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
        self._labels = self.decision.labels
        if len(self._labels) > FIRST_NODE - 2:
            raise CompletionBudget
        self._diagram = Diagram(self.groups, BUDGET)

    @cached_property
    def _root(self) -> int:
        # terminals 0 and 1 are false and true; labels come after
        node = 2 + self._labels.index(self.decision.default)
        for result, label in reversed(self.decision.entries):
            node = self._diagram.choose(result, 2 + self._labels.index(label), node)
        return node

    @cached_property
    def _turning(self) -> Mapping[int, frozenset[tuple[int, ...]]]:
        """By level: the children of every node there."""
        found: dict[int, set[tuple[int, ...]]] = {}
        for level, children in self._diagram.walk(self._root):
            found.setdefault(level, set()).add(children)
        return {level: frozenset(children) for level, children in found.items()}

    def possible(self) -> frozenset[Label]:
        """The labels that some completion gives: exact."""
        if not self.decision.entries:
            return frozenset([self.decision.default])
        return self._named(self._diagram.terminals(self._root))

    def facts(self) -> tuple[str, ...]:
        """The unknown facts that some atom of the residual looks at."""
        return tuple(name for group in self.groups for name in group.facts)

    def matters(self, fact: str) -> bool:
        """Is there a completion in which a change of this fact alone changes the label?"""
        level = self._level(fact)
        if level is None or level not in self._turning:
            return False
        place = {vector: i for i, vector in enumerate(self._diagram.branches[level])}
        fibres = [[place[v] for v in fibre] for fibre in self.groups[level].fibres(fact)]
        return any(
            len({children[i] for i in fibre}) > 1
            for children in self._turning[level]
            for fibre in fibres
            if len(fibre) > 1
        )

    def readings(self, fact: str) -> tuple[Reading[Label], ...]:
        """What each reading of one fact leaves possible; equal neighbours are joined."""
        level = self._level(fact)
        if level is None:
            return ()
        found: list[tuple[list[Cell], frozenset[Label]]] = []
        for cell, vectors in self.groups[level].readings(fact):
            allowed = vectors.__contains__
            labels = self._named(self._diagram.terminals(self._root, level, allowed))
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

    def _named(self, terminals: frozenset[int]) -> frozenset[Label]:
        return frozenset(self._labels[terminal - 2] for terminal in terminals)

    def _level(self, fact: str) -> int | None:
        return next((i for i, g in enumerate(self.groups) if fact in g.facts), None)


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
    "BUDGET", "CompletionBudget", "Completions", "Decision", "Reading", "certainty", "needed",
]  # fmt: skip
