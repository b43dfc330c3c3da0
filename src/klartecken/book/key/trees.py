"""Settling trees: putting in what is known, each tree once."""

from __future__ import annotations

from collections.abc import Mapping

from klartecken.logic.nodes import (
    And,
    Atom,
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
    references,
)
from klartecken.logic.tri import NO, YES, Tri


class Trees:
    """Settles trees and holds one object for all that are equal."""

    def __init__(self) -> None:
        self._pool: dict[Node, Node] = {}
        self._refs: dict[Node, tuple[str, ...]] = {}
        self._closed: dict[object, Result] = {}

    def settle(self, node: Result, known: dict[Node, Result]) -> Result:
        """A tree with what is known put in; ``known`` remembers every tree that was met."""
        if isinstance(node, Tri):
            return node
        found = known.get(node)
        if found is None:
            found = known[node] = self.one(self._settle(node, known))
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

    def one(self, result: Result) -> Result:
        """The one object that stands for all equal trees: looked up, it is found at once."""
        return result if isinstance(result, Tri) else self._pool.setdefault(result, result)

    def close(self, node: Result, results: Mapping[str, Result]) -> Result:
        """A tree with the results of other provisions in the place of their names."""
        if isinstance(node, Tri):
            return node
        names = self._refs.get(node)
        if names is None:
            names = self._refs[node] = references(node)
        if not names:
            return node
        key = (node, tuple(results.get(name, NO) for name in names))
        found = self._closed.get(key)
        if found is None:
            found = self._closed[key] = self.one(self._close(node, results))
        return found

    def _close(self, node: Result, results: Mapping[str, Result]) -> Result:
        if isinstance(node, Ref):
            return results.get(node.provision, NO)
        if isinstance(node, Not):
            return negate(self._close(node.child, results))
        if isinstance(node, (And, Or)):
            parts = [self._close(child, results) for child in node.children]
            return conjoin(parts) if isinstance(node, And) else disjoin(parts)
        return node


def renamed(node: Result, names: Mapping[Atom, Atom]) -> Result:
    """A tree with other atoms in the place of its own."""
    if isinstance(node, (Compare, OneOf)):
        return names.get(node, node)
    if isinstance(node, Not):
        return negate(renamed(node.child, names))
    if isinstance(node, (And, Or)):
        parts = [renamed(child, names) for child in node.children]
        return conjoin(parts) if isinstance(node, And) else disjoin(parts)
    return node
