"""The interpreter: facts in, yes / no / what is left to be known out.

The interpreter over the tree *is* the meaning of a rule. On unknown facts it returns the
residual tree: the same rule with everything known taken out. A residual's own truth value
is unknown (Kleene); ``logic.complete`` says which completions change anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache

from klartecken.logic.nodes import (
    And,
    Atom,
    Compare,
    Node,
    Not,
    OneOf,
    Or,
    Places,
    Ref,
    Result,
    compare,
    conjoin,
    disjoin,
    negate,
)
from klartecken.logic.tri import NO, UNKNOWN, YES, Tri, all_of, any_of
from klartecken.logic.values import INF, Bound, Choice, Range, Value


class Scope:
    """The facts of one case and the results of provisions already evaluated.

    Args:
        facts: value by fact name; a fact left out is unknown.
        ratios: numerator and denominator of each ratio fact, used where the ratio itself
            is not given.
        results: provisions' results, filled as evaluation goes on.
        defaults: what an unknown fact could still be (a positive number, the options of a
            choice); a fact in neither mapping could be anything.
    """

    __slots__ = ("_memo", "defaults", "facts", "ratios", "results")

    def __init__(
        self,
        facts: Mapping[str, Value],
        ratios: Mapping[str, tuple[str, str]] | None = None,
        results: dict[str, Result] | None = None,
        defaults: Mapping[str, Value] | None = None,
    ) -> None:
        self.facts = facts
        self.ratios = ratios or {}
        self.results = {} if results is None else results
        self.defaults = defaults or {}
        self._memo: dict[Atom, Result] = {}

    def value(self, fact: str) -> Value | None:
        """The fact's value, what it could be at all, or None for anything."""
        found = self.facts.get(fact)
        return found if found is not None else self.defaults.get(fact)

    def atom(self, atom: Atom) -> Result:
        """Yes, no, or the atom itself (a ratio is spelt out in its parts)."""
        known = self._memo.get(atom)
        if known is None:
            known = self._compare(atom) if isinstance(atom, Compare) else self._member(atom)
            self._memo[atom] = known
        return known

    def _compare(self, atom: Compare) -> Result:
        if len(atom.terms) == 1:
            name = atom.terms[0][0]
            if name in self.ratios and name not in self.facts:
                over, under = self.ratios[name]
                return evaluate(_spelt(over, under, atom.op, atom.bound), self)
        low, high = self.span(atom)
        if (low >= atom.bound) if atom.op == ">=" else (low > atom.bound):
            return YES
        if (high < atom.bound) if atom.op == ">=" else (high <= atom.bound):
            return NO
        return atom

    def span(self, atom: Compare) -> tuple[Bound, Bound]:
        """The least and greatest value of the atom's linear sum (exact)."""
        if len(atom.terms) == 1:  # the leading coefficient is 1
            only = self.value(atom.terms[0][0])
            return (only.lo, only.hi) if isinstance(only, Range) else (-INF, INF)
        low: Bound = Fraction(0)
        high: Bound = Fraction(0)
        for name, factor in atom.terms:
            value = self.value(name)
            if not isinstance(value, Range):
                return -INF, INF
            ends = (value.lo, value.hi) if factor > 0 else (value.hi, value.lo)
            low = -INF if -INF in (low, ends[0], -ends[0]) else low + factor * ends[0]
            high = INF if INF in (high, ends[1], -ends[1]) else high + factor * ends[1]
        return low, high

    def _member(self, atom: OneOf) -> Result:
        value = self.value(atom.fact)
        if not isinstance(value, Choice) or value.options is None:
            return atom if atom.options or atom.unsure else NO
        if value.options <= atom.options:
            return YES
        if value.options.isdisjoint(atom.options) and value.options.isdisjoint(atom.unsure):
            return NO
        return atom


@cache
def _spelt(over: str, under: str, op: str, bound: Fraction) -> Result:
    """``over / under >= bound`` for a positive ``under``, without the division."""
    return compare({over: Fraction(1), under: -bound}, op, Fraction(0))


def evaluate(node: Result, scope: Scope) -> Result:
    """YES, NO, or the residual tree over what is not known."""
    kind = type(node)
    if kind is OneOf or kind is Compare:
        return scope.atom(node)  # type: ignore[arg-type]
    if isinstance(node, Ref):
        return scope.results.get(node.provision, NO)
    if isinstance(node, And):
        return _all(node.children, scope)
    if isinstance(node, Or):
        return _any(node.children, scope)
    if isinstance(node, Not):
        return negate(evaluate(node.child, scope))
    if isinstance(node, Tri):
        return node
    raise TypeError(f"{node!r} must be fixed to a day before it is evaluated")


def _all(children: tuple[Node, ...], scope: Scope) -> Result:
    left: list[Result] = []
    for child in children:
        result = evaluate(child, scope)
        if result is NO:
            return NO
        if result is not YES:
            left.append(result)
    return conjoin(left) if left else YES


def _any(children: tuple[Node, ...], scope: Scope) -> Result:
    left: list[Result] = []
    for child in children:
        result = evaluate(child, scope)
        if result is YES:
            return YES
        if result is not NO:
            left.append(result)
    return disjoin(left) if left else NO


def truth(result: Result) -> Tri:
    """The Kleene value of a result."""
    return result if isinstance(result, Tri) else UNKNOWN


def deciding(node: Result, scope: Scope) -> tuple[tuple[Node, Tri], ...]:
    """The atoms and references that decided, with their values: the trace.

    A yes of an "or" is shown by its first yes, a no of an "and" by its first no; an
    unknown by the parts that are unknown.
    """
    found: dict[tuple[Node, Tri], None] = {}
    _decide(node, scope, found)
    return tuple(found)


def _decide(node: Result, scope: Scope, found: dict[tuple[Node, Tri], None]) -> None:
    if isinstance(node, Tri):
        return
    if isinstance(node, (Compare, OneOf, Ref, Places)):
        found[(node, truth(evaluate(node, scope)))] = None
        return
    if isinstance(node, Not):
        _decide(node.child, scope, found)
        return
    values = [truth(evaluate(child, scope)) for child in node.children]
    stop = NO if isinstance(node, And) else YES
    value = all_of(values) if isinstance(node, And) else any_of(values)
    for child, mine in zip(node.children, values, strict=True):
        if value is stop and mine is stop:
            _decide(child, scope, found)
            return
        if value is not stop and mine is value:
            _decide(child, scope, found)
