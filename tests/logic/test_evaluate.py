"""The interpreter: Kleene soundness, residuals that keep their promise, and the trace."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.logic.evaluate import Scope, deciding, evaluate, truth
from klartecken.logic.nodes import And, Not, OneOf, Or, Places, Ref, atoms, references
from klartecken.logic.tri import NO, UNKNOWN, YES, Tri
from klartecken.logic.values import INF, Choice, Range, choose, exactly, parse_range
from tests.logic.strategies import (
    ANY_ATOM,
    DEFAULTS,
    RATIOS,
    comparison,
    exact,
    flag,
    holds,
    nested,
    points,
    provisions,
    stands,
    trees,
)  # fmt: skip

F, G = flag("f"), flag("g")
TREES = trees(ANY_ATOM)


def scope(facts, **more):
    return Scope(facts, RATIOS, defaults=DEFAULTS, **more)


# -- soundness ---------------------------------------------------------------------------------
@given(TREES, points())
def test_with_everything_known_it_is_plain_logic(tree, point):
    assert evaluate(tree, scope(exact(point))) is (YES if holds(tree, point) else NO)


@given(TREES, points(), st.data())
def test_making_an_unknown_fact_known_never_changes_a_yes_or_a_no(tree, point, data):
    wide, narrow = data.draw(nested(point))
    answers = [truth(evaluate(tree, scope(facts))) for facts in (wide, narrow, exact(point))]
    for before, after in ((0, 1), (1, 2), (0, 2)):
        if answers[before] is not UNKNOWN:
            assert answers[after] is answers[before]


@given(TREES, points(), st.data())
def test_a_residual_promises_what_the_tree_does(tree, point, data):
    wide, narrow = data.draw(nested(point))
    residual = evaluate(tree, scope(wide))
    assert holds(residual, point) is holds(tree, point)
    if "r" in wide or "r" not in narrow:  # else the residual is already spelt in r's parts
        sharper = evaluate(residual, scope({**wide, **narrow}))
        assert truth(sharper) is truth(evaluate(tree, scope({**wide, **narrow})))


@given(TREES, points(), st.data())
def test_a_residual_holds_only_what_is_not_known(tree, point, data):
    wide, _ = data.draw(nested(point))
    residual = evaluate(tree, scope(wide))
    assert not isinstance(residual, Tri) or residual is not UNKNOWN
    for atom in atoms(residual):
        assert evaluate(atom, scope(wide)) == atom


# -- the trace ---------------------------------------------------------------------------------
@given(trees(ANY_ATOM | provisions), points(), st.data())
def test_the_deciding_atoms_decide(tree, point, data):
    wide, _ = data.draw(nested(point))
    results = {name: data.draw(st.sampled_from([YES, NO, F])) for name in references(tree)}
    given_ = scope(wide, results=results)
    answer = truth(evaluate(tree, given_))
    trace = deciding(tree, given_)
    assert trace
    for leaf, value in trace:
        assert value is truth(evaluate(leaf, given_))
    if answer is UNKNOWN:
        assert {value for _, value in trace} == {UNKNOWN}
        return
    fixed = {leaf: value is YES for leaf, value in trace}
    others = data.draw(st.randoms(use_true_random=False))
    for _ in range(8):
        drawn = dict(fixed)
        got = stands(tree, lambda leaf, d=drawn: d.setdefault(leaf, others.random() < 0.5))
        assert got is (answer is YES)


def test_the_trace_is_as_short_as_it_can_be():
    facts = {"x": exactly(5), "f": choose("yes"), "g": choose("no")}
    high = comparison({"x": 1}, ">=", 3)
    assert deciding(Or((G, F, high)), scope(facts)) == ((F, YES),)
    assert deciding(And((F, G, high)), scope(facts)) == ((G, NO),)
    assert deciding(And((F, high)), scope(facts)) == ((F, YES), (high, YES))
    assert deciding(Not(Or((F, G))), scope(facts)) == ((F, YES),)
    assert deciding(And((high, F, Or((G, F)))), scope({"x": exactly(5)})) == (
        (F, UNKNOWN), (G, UNKNOWN),
    )  # fmt: skip
    assert deciding(YES, scope(facts)) == ()


# -- single atoms ------------------------------------------------------------------------------
EPSILON = Fraction(1, 10**12)


@pytest.mark.parametrize(
    ("op", "below", "on", "above"),
    [(">=", NO, YES, YES), (">", NO, NO, YES), ("<", YES, NO, NO), ("<=", YES, YES, NO),
     ("==", NO, YES, NO), ("!=", YES, NO, YES)],
)  # fmt: skip
def test_the_line_itself(op, below, on, above):
    line = Fraction("5.92")
    for value, answer in ((line - EPSILON, below), (line, on), (line + EPSILON, above)):
        for tree, facts in (
            (comparison({"x": 1}, op, line), {"x": exactly(value)}),
            (comparison({"x": 1, "y": 1}, op, line), {"x": exactly(value - 3), "y": exactly(3)}),
            (comparison({"r": 1}, op, line), {"r": exactly(value)}),
            (comparison({"r": 1}, op, line), {"p": exactly(value * 814), "q": exactly(814)}),
        ):
            assert evaluate(tree, scope(facts)) is answer


@pytest.mark.parametrize(
    ("text", "at_least", "above"),
    [("3", YES, NO), ("3..4", YES, UNKNOWN), ("2..3", UNKNOWN, NO), ("1..2", NO, NO),
     ("4..5", YES, YES), (">=3", YES, UNKNOWN), ("<=3", UNKNOWN, NO), ("?", UNKNOWN, UNKNOWN)],
)  # fmt: skip
def test_ranges_against_a_line(text, at_least, above):
    given_ = scope({"x": parse_range(text)})
    assert truth(evaluate(comparison({"x": 1}, ">=", 3), given_)) is at_least
    assert truth(evaluate(comparison({"x": 1}, ">", 3), given_)) is above


def test_sums_of_ranges():
    tree = comparison({"x": 1, "y": -2}, ">=", 0)
    facts = {"x": parse_range("4..6"), "y": parse_range("..2")}
    assert evaluate(tree, scope(facts)) is YES
    assert evaluate(tree, scope({**facts, "y": parse_range("4..")})) is NO
    assert evaluate(tree, scope({**facts, "y": parse_range("2..3")})) == tree
    assert scope(facts).span(tree) == (Fraction(0), INF)


def test_an_unknown_ratio_is_spelt_in_its_parts():
    tree = comparison({"r": 1}, ">=", 2)
    assert evaluate(tree, scope({})) == comparison({"p": 1, "q": -2}, ">=", 0)
    assert evaluate(tree, scope({"p": exactly(4)})) == comparison({"p": 1, "q": -2}, ">=", 0)
    assert evaluate(tree, scope({"p": exactly(4), "q": parse_range("..2")})) is YES
    assert evaluate(tree, scope({"r": parse_range("1..3")})) == tree
    assert evaluate(comparison({"r": 1}, ">=", 0), scope({})) is YES


@pytest.mark.parametrize("huge", ["1e400", "1e-400"])
def test_huge_and_tiny_numbers_next_to_open_ends(huge):
    tree = comparison({"r": 1}, ">=", Fraction("5.92"))
    assert truth(evaluate(tree, scope({"p": parse_range(huge)}))) is UNKNOWN
    assert truth(evaluate(tree, scope({"q": parse_range(huge)}))) is UNKNOWN


@pytest.mark.parametrize(
    ("value", "answer"),
    [(choose("CN"), YES), (choose("CN", "RU"), YES), (choose("DE"), NO), (choose("DE", "FR"), NO),
     (choose("CN", "DE"), UNKNOWN), (choose("MO"), UNKNOWN), (choose("MO", "DE"), UNKNOWN),
     (choose("MO", "CN"), UNKNOWN), (Choice(), UNKNOWN)],
)  # fmt: skip
def test_membership_with_options_that_may_or_may_not_be_in(value, answer):
    atom = OneOf("land", frozenset({"CN", "RU"}), unsure=frozenset({"MO"}))
    assert truth(evaluate(atom, Scope({"land": value}))) is answer
    assert evaluate(atom, Scope({})) == atom


def test_membership_in_nothing_is_no():
    assert evaluate(OneOf("land", frozenset()), Scope({})) is NO


def test_all_options_of_a_closed_choice_is_yes():
    every = OneOf("colour", frozenset({"red", "green", "blue"}))
    assert evaluate(every, scope({})) is YES
    assert evaluate(every, Scope({})) == every  # not known to be closed


def test_references():
    results = {"a": YES, "b": F}
    assert evaluate(Ref("a"), scope({}, results=results)) is YES
    assert evaluate(Ref("b"), scope({}, results=results)) is F
    assert evaluate(Ref("not in force"), scope({}, results=results)) is NO
    assert evaluate(And((Ref("a"), Ref("b"))), scope({}, results=results)) is F
    assert deciding(Not(Ref("a")), scope({}, results=results)) == ((Ref("a"), YES),)


def test_places_need_a_day():
    with pytest.raises(TypeError, match="fixed to a day"):
        evaluate(Places("land", ("D:5",), frozenset()), scope({}))


def test_a_wide_range_is_unknown_never_no():
    tree = Not(comparison({"x": 1}, ">=", 3))
    assert truth(evaluate(tree, scope({"x": Range()}))) is UNKNOWN
