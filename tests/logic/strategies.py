"""A small vocabulary, random trees over it, random knowledge of facts, and an oracle.

The oracle (:func:`holds`) reads a tree at one exact point and shares no code with the
interpreter: ratios are divided, sums are summed.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from hypothesis import strategies as st

from klartecken.logic.nodes import (
    And,
    Compare,
    Node,
    Not,
    OneOf,
    Or,
    Ref,
    Result,
    compare,
    conjoin,
    disjoin,
    negate,
)
from klartecken.logic.tri import Tri
from klartecken.logic.values import INF, Choice, Range, Value
from klartecken.logic.vocabulary import FactSpec, Vocabulary

Point = Mapping[str, Fraction | str]
COLOURS = ("red", "green", "blue")
MAKERS = ("acme", "bolt", "someone nobody named")


def _spec(name: str, kind: str, **more: object) -> FactSpec:
    return FactSpec(name, kind, "item", f"What is {name}?", **more)  # type: ignore[arg-type]


_SPECS = [
    _spec("x", "number"),
    _spec("y", "number", aliases=("why",)),
    _spec("z", "number"),
    _spec("p", "number", positive=True),
    _spec("q", "number", positive=True),
    _spec("r", "number", positive=True, ratio=("p", "q")),
    _spec("f", "flag"),
    _spec("g", "flag"),
    _spec("colour", "choice", options=COLOURS, synonyms={"crimson": "red"}),
    _spec("maker", "choice"),
    _spec("land", "place"),
]
VOCABULARY = Vocabulary(
    facts={spec.name: spec for spec in _SPECS},
    bundles={},
    names={name: spec.name for spec in _SPECS for name in (spec.name, *spec.aliases)},
)
RATIOS = VOCABULARY.ratios
POSITIVE = VOCABULARY.positive
DEFAULTS: dict[str, Value] = {name: spec.unknown for name, spec in VOCABULARY.facts.items()}
DEFAULTS |= dict.fromkeys("xyz", Range())  # negative numbers too


# -- trees -----------------------------------------------------------------------------------
def comparison(terms: Mapping[str, int | Fraction], op: str, bound: int | Fraction) -> Node:
    """The tree of one comparison with at least one fact."""
    tree = compare({name: Fraction(c) for name, c in terms.items()}, op, Fraction(bound))
    assert not isinstance(tree, Tri)
    return tree


def flag(name: str) -> OneOf:
    return OneOf(name, frozenset({"yes"}), label="yes")


OPERATORS = st.sampled_from([">=", ">", "<", "<=", "==", "!="])
BOUNDS = st.integers(-12, 24).map(lambda n: Fraction(n, 4))
_FACTORS = st.sampled_from([Fraction(n, d) for n in (-2, -1, 1, 2) for d in (1, 2)])

singles = st.builds(
    lambda name, op, bound: comparison({name: 1}, op, bound),
    st.sampled_from(["x", "y", "z", "p", "q"]), OPERATORS, BOUNDS,
)  # fmt: skip
sums = st.builds(
    comparison,
    st.dictionaries(st.sampled_from(["x", "y", "p", "q"]), _FACTORS, min_size=2, max_size=3),
    OPERATORS, BOUNDS,
)  # fmt: skip
ratios = st.builds(lambda op, bound: comparison({"r": 1}, op, bound), OPERATORS, BOUNDS)
flags = st.sampled_from([flag("f"), flag("g")])
choices = st.one_of(
    st.sets(st.sampled_from(COLOURS), min_size=1).map(lambda s: OneOf("colour", frozenset(s))),
    st.sets(st.sampled_from(MAKERS[:2]), min_size=1).map(lambda s: OneOf("maker", frozenset(s))),
)
provisions = st.sampled_from([Ref("3A090.a"), Ref("level.b")])


def trees(leaves: st.SearchStrategy[Node], max_leaves: int = 8) -> st.SearchStrategy[Node]:
    """Random and/or/not trees over some leaves."""

    def grow(kids: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        several = st.lists(kids, min_size=2, max_size=3)
        return st.one_of(several.map(conjoin), several.map(disjoin), kids.map(negate))  # type: ignore[arg-type]

    return st.recursive(leaves, grow, max_leaves=max_leaves)


ANY_ATOM = st.one_of(singles, sums, ratios, flags, choices)


# -- points and knowledge --------------------------------------------------------------------
@st.composite
def points(draw: st.DrawFn) -> dict[str, Fraction | str]:
    """One exact value for every fact, thresholds among the likely ones."""
    point: dict[str, Fraction | str] = {name: draw(BOUNDS) for name in ("x", "y", "z")}
    above = st.integers(1, 24).map(lambda n: Fraction(n, 4))
    point |= {"p": draw(above), "q": draw(above)}
    point["r"] = Fraction(point["p"]) / Fraction(point["q"])
    point |= {name: draw(st.sampled_from(["yes", "no"])) for name in ("f", "g")}
    point["colour"] = draw(st.sampled_from(COLOURS))
    point["maker"] = draw(st.sampled_from(MAKERS))
    return point


def exact(point: Point) -> dict[str, Value]:
    """Everything known."""
    return {
        name: Range(v, v) if isinstance(v, Fraction) else Choice(frozenset({v}))
        for name, v in point.items()
    }


@st.composite
def nested(draw: st.DrawFn, point: Point) -> tuple[dict[str, Value], dict[str, Value]]:
    """Two states of knowledge that hold the point, the second at least as sharp."""
    wide: dict[str, Value] = {}
    narrow: dict[str, Value] = {}
    ends = st.just(INF) | st.integers(0, 6).map(lambda n: Fraction(n, 2))
    for name, value in point.items():
        if isinstance(value, Fraction):
            low, high = draw(ends), draw(ends)
            if name in POSITIVE:  # as when a person's answer is read
                low = min(low, value)
            outer = Range(value - low, value + high)
            shrink = draw(st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(1)]))
            inner = Range(value - _part(low, shrink), value + _part(high, shrink))
        else:
            every = DEFAULTS[name].options or frozenset(MAKERS)  # type: ignore[union-attr]
            more = draw(st.sets(st.sampled_from(sorted(every))))
            less = draw(st.sets(st.sampled_from(sorted(more)))) if more else set()
            outer = Choice(frozenset({value, *more}))  # type: ignore[assignment]
            inner = Choice(frozenset({value, *less}))  # type: ignore[assignment]
        wide[name], narrow[name] = outer, inner
        forget = draw(st.sampled_from(["neither", "neither", "wide", "both"]))
        if forget != "neither":
            del wide[name]
        # a ratio that is given only roughly hides its parts, so it is all or nothing there
        if forget == "both":
            del narrow[name]
        elif forget == "wide" and name in RATIOS:
            narrow[name] = Range(value, value)  # type: ignore[arg-type]
    return wide, narrow


def _part(length: Fraction | float, share: Fraction) -> Fraction | float:
    if isinstance(length, Fraction):
        return length * share
    return length if share else Fraction(0)


# -- the oracle ------------------------------------------------------------------------------
def holds(node: Result, point: Point) -> bool:
    """Is the tree true at this point?"""
    if isinstance(node, Compare):
        total = sum(c * Fraction(point[name]) for name, c in node.terms)
        return total >= node.bound if node.op == ">=" else total > node.bound
    if isinstance(node, OneOf):
        return point[node.fact] in node.options
    return stands(node, lambda atom: holds(atom, point))


def stands(node: Result, atom: object) -> bool:
    """Is the tree true when ``atom(leaf)`` says which leaves are?"""
    if isinstance(node, Tri):
        return {Tri.YES: True, Tri.NO: False}[node]
    if isinstance(node, And):
        return all(stands(child, atom) for child in node.children)
    if isinstance(node, Or):
        return any(stands(child, atom) for child in node.children)
    if isinstance(node, Not):
        return not stands(node.child, atom)
    return atom(node)  # type: ignore[operator,no-any-return]
