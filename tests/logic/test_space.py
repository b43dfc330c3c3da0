"""Groups of facts and their possible truth vectors: boundaries, ends, zero, ratios."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.logic.cells import OTHER, Cell
from klartecken.logic.nodes import OneOf, atoms
from klartecken.logic.space import groups
from klartecken.logic.values import INF, Choice, Range, choose, exactly, parse_range
from tests.logic.strategies import comparison, flag

F = Fraction
X3, X3_UP = comparison({"x": 1}, ">=", 3), comparison({"x": 1}, ">", 3)


def cells(group, fact):
    return [cell for cell, _ in group.readings(fact)]


def one(tests, values=None, positive=frozenset()):
    (group,) = groups(tests, values or {}, frozenset(positive))
    return group


# -- one number --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "vectors"),
    [
        ("unknown", {(False, False), (True, False), (True, True)}),
        ("3", {(True, False)}),
        ("2..3", {(False, False), (True, False)}),
        ("3..4", {(True, False), (True, True)}),
        (">=3", {(True, False), (True, True)}),
        ("<=3", {(False, False), (True, False)}),
        ("3.0000001..4", {(True, True)}),
        ("0..2.9999999", {(False, False)}),
    ],
)
def test_at_least_and_above_differ_on_the_line_only(text, vectors):
    assert one([X3, X3_UP], {"x": parse_range(text)}).vectors == vectors


def test_a_missing_value_is_anything():
    assert one([X3]).vectors == one([X3], {"x": Range()}).vectors == {(False,), (True,)}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Range(), [(-INF, 3), (3, 3), (3, INF)]),
        (Range(F(3), INF), [(3, 3), (3, INF)]),
        (Range(-INF, F(3)), [(-INF, 3), (3, 3)]),
        (Range(F(3), F(3)), [(3, 3)]),
        (Range(F(0), F(5)), [(0, 0), (0, 3), (3, 3), (3, 5), (5, 5)]),
        (Range(F(4), F(5)), [(4, 4), (4, 5), (5, 5)]),
    ],
)
def test_cells_of_one_number(value, expected):
    found = cells(one([X3], {"x": value}), "x")
    assert [(cell.low, cell.high) for cell in found] == expected


# -- positive facts ----------------------------------------------------------------------------
P_ZERO, P_ABOVE = comparison({"p": 1}, ">=", 0), comparison({"p": 1}, ">", 0)


@pytest.mark.parametrize("values", [{}, {"p": Range()}, {"p": Range(F(0), INF)}])
def test_a_positive_fact_is_never_zero(values):
    assert one([P_ABOVE], values, {"p"}).vectors == {(True,)}
    assert one([P_ZERO, P_ABOVE], values, {"p"}).vectors == {(True, True)}
    assert cells(one([P_ABOVE], values, {"p"}), "p") == [Cell("p", F(0), INF)]


@pytest.mark.parametrize("values", [{}, {"p": Range()}, {"p": parse_range("-5..9")}])
def test_a_positive_fact_begins_above_zero_whatever_its_range_says(values):
    found = cells(one([comparison({"p": 1}, ">=", 3)], values, {"p"}), "p")
    assert found[:2] == [Cell("p", F(0), F(3)), Cell("p", F(3), F(3))]


def test_other_facts_may_be_zero():
    assert one([P_ABOVE], {"p": Range(F(0), INF)}).vectors == {(False,), (True,)}


@pytest.mark.parametrize("values", [{}, {"q": Range()}, {"q": Range(F(0), INF)}])
def test_a_positive_denominator_is_never_negative(values):
    # p <= 0 and p - 2q >= 0 would need q <= 0
    tests = [comparison({"p": 1, "q": -2}, ">=", 0), P_ABOVE]
    found = one(tests, values, {"q"}).vectors
    assert found == {(False, False), (False, True), (True, True)}


@given(st.integers(-3, 9), st.integers(1, 8), st.sampled_from([">=", ">", "<=", "<"]))
def test_a_threshold_near_zero(bound, scale, op):
    tests = atoms(comparison({"p": 1}, op, F(bound, scale)))
    group = one(tests, {"p": Range(F(0), F(1))}, {"p"})
    low = (False,) in group.vectors
    assert low is (bound > 0)
    assert all(cell.high > 0 for cell in cells(group, "p"))


# -- sums and ratios ---------------------------------------------------------------------------
def test_facts_that_meet_in_a_sum_hang_together():
    tests = [
        X3, flag("f"), comparison({"y": 1, "z": 1}, ">=", 1), comparison({"p": 1}, ">=", 1),
        comparison({"x": 1, "y": 1}, ">=", 5), OneOf("f", frozenset({"no"})),
    ]  # fmt: skip
    found = {group.facts: len(group.atoms) for group in groups(tests, {})}
    assert found == {("f",): 2, ("p",): 1, ("x", "y", "z"): 3}


def test_a_sum_rules_out_what_its_parts_cannot_do():
    tests = [X3, comparison({"y": 1}, ">=", 3), comparison({"x": 1, "y": 1}, ">=", 6)]
    found = one(tests, {"x": Range(F(0), F(9)), "y": Range(F(0), F(9))}).vectors
    assert (True, True, False) not in found
    assert (False, False, True) not in found
    assert len(found) == 6


def test_cells_thinner_than_any_grid_are_found():
    # 2 <= x < 2 + 1/10^9 and x + y > 4 leaves y a sliver below 2
    sliver = F(1, 10**9)
    tests = [
        comparison({"x": 1}, ">=", 2), comparison({"x": 1}, ">=", 2 + sliver),
        comparison({"y": 1}, ">=", 2), comparison({"x": 1, "y": 1}, ">", 4),
    ]  # fmt: skip
    found = one(tests).vectors
    assert (True, False, False, True) in found
    assert (False, False, False, True) not in found


def test_a_corner_that_one_point_alone_gives():
    # x >= 1, y >= 1 and x + y <= 2 only at (1, 1)
    tests = [comparison({n: 1}, op, 1) for n in "xy" for op in (">=", ">")]
    tests.append(comparison({"x": 1, "y": 1}, ">", 2))
    assert (True, False, True, False, False) in one(tests).vectors
    assert (True, True, True, False, False) not in one(tests).vectors


def test_a_ratio_against_a_known_part():
    density = comparison({"p": 1, "q": F("-5.92")}, ">=", 0)
    values = {"p": exactly(4736), "q": Range(F(0), INF)}
    found = [(c.low, c.high, v) for c, v in one([density], values, {"q"}).readings("q")]
    yes, no = frozenset({(True,)}), frozenset({(False,)})
    assert found == [(0, 800, yes), (800, 800, yes), (800, INF, no)]


def test_three_facts_in_one_sum():
    total = comparison({"x": 1, "y": 1, "z": 1}, ">", 6)
    tests = [total, *(comparison({n: 1}, ">=", 2) for n in "xyz")]
    ends = dict.fromkeys("xyz", Range(F(0), F(2)))
    assert all(not vector[0] for vector in one(tests, ends).vectors)
    more = {**ends, "z": Range(F(0), F(2) + F(1, 10**6))}
    found = [v for v in one(tests, more).vectors if v[0]]
    assert len(found) == 4  # x and y may fall short of 2 by as much as z is over
    assert all(vector[3] for vector in found)


def test_a_fibre_is_where_only_one_fact_moves():
    tests = [X3, comparison({"x": 1, "y": 1}, ">=", 5)]
    ends = {"x": Range(F(0), F(2)), "y": Range(F(0), F(9))}
    group = one(tests, ends)
    assert {v for fibre in group.fibres("x") for v in fibre} == group.vectors
    assert max(len(fibre) for fibre in group.fibres("y")) == 2
    assert frozenset({(False, True)}) in group.fibres("x")  # y alone is enough


# -- choices -----------------------------------------------------------------------------------
RED = OneOf("colour", frozenset({"red"}))
WARM = OneOf("colour", frozenset({"red", "amber"}))


def test_a_closed_choice_takes_its_options_only():
    group = one([RED, WARM], {"colour": choose("red", "green", "blue")})
    assert group.vectors == {(True, True), (False, False)}
    assert {c.options for c in cells(group, "colour")} == {("blue", "green"), ("red",)}


@pytest.mark.parametrize("values", [{}, {"colour": Choice()}])
def test_an_open_choice_may_be_something_never_named(values):
    group = one([RED, WARM], values)
    assert group.vectors == {(True, True), (False, True), (False, False)}
    assert {c.options for c in cells(group, "colour")} == {(OTHER,), ("amber",), ("red",)}


def test_every_option_of_an_open_choice_still_leaves_another():
    assert one([OneOf("colour", frozenset({"red", "green", "blue"}))]).vectors == {
        (True,),
        (False,),
    }


def test_an_option_that_may_or_may_not_be_in_a_set():
    inside = OneOf("land", frozenset({"CN"}), unsure=frozenset({"MO"}))
    named = OneOf("land", frozenset({"MO"}))
    group = one([inside, named], {"land": choose("CN", "MO", "DE")})
    by = {cell.options: vectors for cell, vectors in group.readings("land")}
    assert by == {
        ("CN",): {(True, False)}, ("MO",): {(True, True), (False, True)}, ("DE",): {(False, False)},
    }  # fmt: skip


def test_a_choice_compared_as_a_number_is_our_bug():
    with pytest.raises(TypeError, match="is a choice"):
        groups([X3], {"x": choose("red")})
