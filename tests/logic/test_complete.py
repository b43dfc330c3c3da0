"""Completions of random small laws equal brute force over a grid that misses no cell."""

from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from klartecken.logic.cells import OTHER, Cell
from klartecken.logic.complete import Completions, Decision, certainty, needed
from klartecken.logic.evaluate import Scope, evaluate
from klartecken.logic.nodes import OneOf
from klartecken.logic.parse import parse
from klartecken.logic.tri import NO, UNKNOWN, YES
from klartecken.logic.values import INF, Choice, Range
from klartecken.logic.wording import cell_text
from tests.logic.brute import Brute
from tests.logic.strategies import (
    COLOURS,
    DEFAULTS,
    POSITIVE,
    RATIOS,
    VOCABULARY,
    comparison,
    flag,
    holds,
    trees,
)

OPS = st.sampled_from([">=", ">", "<", "<=", "=="])
LINES = {"x": 3, "y": 3, "z": 2, "p": 3, "q": 3}  # the highest threshold, and range end


def numbers(names, terms):
    """Atoms with whole-number thresholds: single facts, and some sums."""
    one = [{name: 1} for name in names]
    return st.builds(
        lambda t, op, b: comparison(t, op, min(b, sum(LINES[name] for name in t))),
        st.sampled_from([*one, *terms]), OPS, st.integers(0, 5),
    )  # fmt: skip


def ratio(*bounds):
    return st.builds(lambda op, b: comparison({"r": 1}, op, b), OPS, st.sampled_from(bounds))


PLAIN = numbers("xy", [{"x": 1, "y": 1}])
CUBE = numbers("xyz", [{"x": 1, "y": 1}, {"y": 1, "z": 1}])
RATIO = numbers("pq", []) | ratio(1, 2)
RATIO_AND_SUM = numbers("pq", [{"p": 1, "q": 1}]) | ratio(1)
CHOICES = st.one_of(
    st.sampled_from([flag("f"), flag("g")]),
    st.sets(st.sampled_from(COLOURS), min_size=1).map(lambda s: OneOf("colour", frozenset(s))),
    st.sampled_from("ab").map(lambda o: OneOf("maker", frozenset({o}), label=o)),
    st.sampled_from(
        [OneOf("land", frozenset({"CN"}), frozenset({"MO"})), OneOf("land", frozenset({"CN"}))]
    ),
)
WORLDS = st.sampled_from([PLAIN | CHOICES, PLAIN | RATIO, RATIO | CHOICES, RATIO_AND_SUM | CHOICES])


@st.composite
def laws(draw, leaves):
    found = draw(st.lists(trees(leaves, max_leaves=4), min_size=2, max_size=4))
    default, *rest = draw(st.permutations(["free", "licence", "denied"]))
    labels = [*rest, default, draw(st.sampled_from(rest))]
    return list(zip(found, labels, strict=False)), default


@st.composite
def ranges(draw, names="xypq", open_ends=True):
    """Whole-number ranges, one-point ones too; an open end on at most one fact of a pair."""
    found = {}
    for name in names:
        low = draw(st.sampled_from([0, 0, 0, 1, 2]))
        high = draw(st.sampled_from([low or 1, LINES[name], LINES[name]]))
        found[name] = Range(Fraction(low), Fraction(high))
    for name in draw(st.sampled_from(["", "x", "y", "p", "q", "xp"])) if open_ends else "":
        low, high = found[name].lo, found[name].hi
        if name in POSITIVE or draw(st.booleans()):
            found[name] = Range(low, INF)
        else:
            found[name] = Range(-INF, draw(st.sampled_from([high, INF])))
    return found


@st.composite
def options(draw):
    closed = st.sets(st.sampled_from(COLOURS), min_size=1).map(lambda s: Choice(frozenset(s)))
    found = {"f": DEFAULTS["f"], "g": DEFAULTS["g"], "colour": draw(closed)}
    return found | draw(st.sampled_from([{}, {"maker": Choice()}, {"land": Choice()}]))


def residual_decision(law, default, values):
    scope = Scope(values, RATIOS)
    return Decision(tuple((evaluate(tree, scope), label) for tree, label in law), default)


def inside(cell: Cell, value) -> bool:
    if cell.options:
        return value in cell.options
    return cell.low == value if cell.low == cell.high else cell.low < value < cell.high


def agree(law, default, values):
    brute = Brute(law, default, values)
    found = Completions(residual_decision(law, default, values), values, POSITIVE)
    assert found.possible() == brute.possible()
    for fact in ("x", "y", "z", "p", "q", "f", "g", "colour", "maker", "land"):
        assert found.matters(fact) is brute.matters(fact), fact
    assert set(needed(found)) == {f for p in brute.parts for f in p.facts if brute.matters(f)}
    for fact in found.facts():
        check_readings(found.readings(fact), brute.readings(fact), values.get(fact))


def check_readings(readings, expected, value):
    listed = {option for r in readings for cell in r.cells for option in cell.options}
    for at, labels in expected.items():
        # an open choice lists the options that some test names, and "any other"
        here = OTHER if OTHER in listed - {at} and at not in listed else at
        mine = [r.labels for r in readings if any(inside(cell, here) for cell in r.cells)]
        assert mine == [labels], at  # in one reading only, and with these labels
    for reading in readings:
        if not reading.cells[0].options:
            text = cell_text(reading.cells)
            if not text.startswith("any "):
                tree = parse(text, VOCABULARY)
                for at in expected:
                    here = any(inside(cell, at) for cell in reading.cells)
                    assert holds(tree, {reading.fact: at}) is here, (text, at)
    cells = [cell for reading in readings for cell in reading.cells]
    if isinstance(value, Range):
        assert covers(cells, value, open_at_zero=readings[0].fact in POSITIVE)
        assert all(a.labels != b.labels for a, b in pairwise(readings))
    else:
        every = [option for cell in cells for option in cell.options]
        assert len(every) == len(set(every))
        assert set(every) <= set(expected)


def covers(cells, value, open_at_zero):
    """Points and open intervals in turn, from end to end, without gap or overlap."""
    low, high = cells[0], cells[-1]
    starts = low.low == value.lo and high.high == value.hi
    is_point = [cell.low == cell.high for cell in cells]
    turns = all(a.high == b.low for a, b in pairwise(cells))
    turns = turns and all(a is not b for a, b in pairwise(is_point))
    first = is_point[0] is (value.lo != -INF and not (open_at_zero and value.lo == 0))
    return starts and turns and first and is_point[-1] is (value.hi != INF)


@settings(max_examples=150)
@given(WORLDS.flatmap(laws), ranges(), options())
def test_equal_to_brute_force(law, numbers, choices):
    agree(*law, numbers | choices)


@settings(max_examples=30)
@given(laws(CUBE), ranges("xyz", open_ends=False))
def test_equal_to_brute_force_with_two_sums(law, numbers):
    agree(
        *law, {name: value.meet(Range(Fraction(0), Fraction(2))) for name, value in numbers.items()}
    )


@given(WORLDS.flatmap(laws), ranges(), options())
def test_evaluating_first_changes_nothing(law, numbers, choices):
    entries, default = law
    values = numbers | choices
    spelt = residual_decision(entries, default, {})  # ratios in their parts, nothing else
    raw = Completions(spelt, values, POSITIVE)
    short = Completions(residual_decision(entries, default, values), values, POSITIVE)
    assert raw.possible() == short.possible()
    assert set(needed(raw)) == set(needed(short))


@given(trees(PLAIN | RATIO | CHOICES), ranges(), options())
def test_certainty_is_exact(tree, numbers, choices):
    values = numbers | choices
    truths = Brute([(tree, "yes")], "no", values).possible()
    expected = UNKNOWN if len(truths) == 2 else YES if "yes" in truths else NO
    assert certainty(evaluate(tree, Scope(values, RATIOS)), values, POSITIVE) is expected
