"""Settling trees: putting in what is known, each tree once."""

from __future__ import annotations

from collections.abc import Mapping

from klartecken.logic.nodes import (
    And,
    Compare,
    Node,
    Not,
    OneOf,
    Or,
    Ref,
    Result,
    conjoin,
    disjoin,
    negate,
)
from klartecken.logic.tri import NO, YES, Tri


class Trees:
    """Settles trees and holds one object for all that are equal."""

    def __init__(self) -> None:
        self._pool: dict[Node, Node] = {}
        self._refs: dict[Node, bool] = {}

    def settle(self, node: Result, known: dict[Node, Result]) -> Result:
        """A tree with what is known put in; ``known`` remembers every tree that was met."""
        if isinstance(node, Tri):
            return node
        found = known.get(node)
        if found is None:
            found = known[node] = self._one(self._settle(node, known))
        return found

    def _settle(self, node: Node, known: dict[Node, Result]) -> Result:
        if isinstance(node, (Compare, OneOf)):
            return node  # an atom of another block
        if isinstance(node, Not):
            return negate(self.settle(node.child, known))
        assert isinstance(node, (And, Or))
        stop = NO if isinstance(node, And) else YES
        left = []
        for child in node.children:
            result = self.settle(child, known)
            if result is stop:
                return stop
            left.append(result)
        return conjoin(left) if stop is NO else disjoin(left)

    def _one(self, result: Result) -> Result:
        """The one object that stands for all equal trees: looked up, it is found at once."""
        return result if isinstance(result, Tri) else self._pool.setdefault(result, result)

    def close(self, node: Result, results: Mapping[str, Result]) -> Result:
        """A tree with the results of other provisions in the place of their names."""
        if isinstance(node, (Tri, Compare, OneOf)):
            return node
        if isinstance(node, Ref):
            return results.get(node.provision, NO)
        refers = self._refs.get(node)
        if refers is None:
            refers = self._refs[node] = _refers(node)
        if not refers:
            return node
        if isinstance(node, Not):
            return negate(self.close(node.child, results))
        assert isinstance(node, (And, Or))
        parts = [self.close(child, results) for child in node.children]
        return conjoin(parts) if isinstance(node, And) else disjoin(parts)


def _refers(node: Node) -> bool:
    if isinstance(node, (And, Or)):
        return any(_refers(child) for child in node.children if not isinstance(child, Tri))
    if isinstance(node, Not):
        return _refers(node.child)
    return isinstance(node, Ref)
