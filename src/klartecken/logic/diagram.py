"""A decision diagram over groups of facts: all completions at once, each case once.

A multi-valued relative of the reduced, ordered binary decision diagram. One level per
group of facts; at each level one branch per truth vector that the group's atoms can take.
Equal diagrams are one node, so two nodes that differ differ in some completion. That makes
the questions of ``logic.complete`` (what is possible, what matters) a walk over nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from klartecken.logic.nodes import And, Atom, Compare, Not, OneOf, Or, Result
from klartecken.logic.space import CompletionBudget, Group, Vector
from klartecken.logic.tri import YES, Tri

FALSE, TRUE = 0, 1
FIRST_NODE = 1000  # below: terminals (false, true, then one per label)


class Diagram:
    """Builds and holds nodes.

    Args:
        groups: the groups of facts; their order is the order of the levels.
        budget: the number of nodes and of steps after which to give up.
    """

    def __init__(self, groups: tuple[Group, ...], budget: int) -> None:
        self.branches: list[tuple[Vector, ...]] = [tuple(sorted(g.vectors)) for g in groups]
        self._place: dict[Atom, tuple[int, int]] = {
            atom: (level, place)
            for level, group in enumerate(groups)
            for place, atom in enumerate(group.atoms)
        }
        self.levels: list[int] = []
        self.children: list[tuple[int, ...]] = []
        self._unique: dict[tuple[int, tuple[int, ...]], int] = {}
        self._trees: dict[Result, int] = {}
        self._memo: dict[tuple[int, int, int], int] = {}
        self._budget = budget

    # -- nodes -------------------------------------------------------------------------------
    def level(self, node: int) -> int:
        """The level of a node; terminals lie below all."""
        return self.levels[node - FIRST_NODE] if node >= FIRST_NODE else len(self.branches)

    def _make(self, level: int, children: tuple[int, ...]) -> int:
        first = children[0]
        if all(child == first for child in children):
            return first
        key = (level, children)
        node = self._unique.get(key)
        if node is None:
            node = self._unique[key] = FIRST_NODE + len(self.levels)
            self.levels.append(level)
            self.children.append(children)
            self._spend()
        return node

    def _spend(self) -> None:
        if len(self.levels) + len(self._memo) > self._budget:
            raise CompletionBudget

    def _branch(self, node: int, level: int, place: int) -> int:
        return self.children[node - FIRST_NODE][place] if self.level(node) == level else node

    # -- from trees --------------------------------------------------------------------------
    def build(self, tree: Result) -> int:
        """The diagram of a residual tree."""
        if isinstance(tree, Tri):
            return TRUE if tree is YES else FALSE
        known = self._trees.get(tree)
        if known is None:
            known = self._trees[tree] = self._build(tree)
        return known

    def _build(self, tree: Result) -> int:
        if isinstance(tree, (Compare, OneOf)):
            level, place = self._place[tree]
            branches = self.branches[level]
            return self._make(level, tuple(TRUE if v[place] else FALSE for v in branches))
        if isinstance(tree, Not):
            return self._choose(self.build(tree.child), FALSE, TRUE)
        if isinstance(tree, (And, Or)):
            stop = FALSE if isinstance(tree, And) else TRUE
            found = TRUE if isinstance(tree, And) else FALSE
            for child in tree.children:
                if found == stop:
                    break
                part = self.build(child)
                found = (
                    self._choose(found, part, FALSE) if stop == FALSE
                    else self._choose(found, TRUE, part)
                )  # fmt: skip
            return found
        raise TypeError(f"{tree!r} cannot stand in a residual")

    def choose(self, condition: Result, label: int, rest: int) -> int:
        """``label`` where the condition holds, else ``rest`` (a node or terminal)."""
        return self._choose(self.build(condition), label, rest)

    def _choose(self, condition: int, then: int, other: int) -> int:
        if condition == TRUE or then == other:
            return then
        if condition == FALSE:
            return other
        key = (condition, then, other)
        known = self._memo.get(key)
        if known is None:
            level = min(self.level(condition), self.level(then), self.level(other))
            children = tuple(
                self._choose(
                    self._branch(condition, level, place),
                    self._branch(then, level, place),
                    self._branch(other, level, place),
                )
                for place in range(len(self.branches[level]))
            )
            known = self._memo[key] = self._make(level, children)
            self._spend()
        return known

    # -- questions ---------------------------------------------------------------------------
    def walk(self, root: int) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Level and children of every node below (and with) ``root``, once each."""
        seen = {root}
        stack = [root]
        while stack:
            node = stack.pop()
            if node < FIRST_NODE:
                continue
            children = self.children[node - FIRST_NODE]
            yield self.levels[node - FIRST_NODE], children
            for child in children:
                if child not in seen:
                    seen.add(child)
                    stack.append(child)

    def terminals(
        self, root: int, level: int = -1, allowed: Callable[[Vector], bool] | None = None
    ) -> frozenset[int]:
        """The terminals that can be reached, at one level by allowed branches only."""
        memo: dict[int, frozenset[int]] = {}

        def reach(node: int) -> frozenset[int]:
            if node < FIRST_NODE:
                return frozenset((node,))
            known = memo.get(node)
            if known is None:
                children = self.children[node - FIRST_NODE]
                if allowed is not None and self.levels[node - FIRST_NODE] == level:
                    branches = zip(self.branches[level], children, strict=True)
                    children = tuple(child for vector, child in branches if allowed(vector))
                known = memo[node] = frozenset().union(*(reach(child) for child in set(children)))
            return known

        return reach(root)
