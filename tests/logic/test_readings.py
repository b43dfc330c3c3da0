"""What an answer could still become, told as conditions that a person can read."""

from fractions import Fraction

import pytest
from hypothesis import given, settings

from klartecken.logic.cells import OTHER
from klartecken.logic.complete import (
    Completions,
    Decision,
    certainty,
    needed,
)
from klartecken.logic.evaluate import Scope, evaluate
from klartecken.logic.nodes import And, Not, OneOf, Or, Places, Ref
from klartecken.logic.parse import parse
from klartecken.logic.tri import NO, UNKNOWN, YES
from klartecken.logic.values import INF, Choice, Range, choose, exactly, parse_range
from klartecken.logic.wording import cell_text
from tests.logic.strategies import DEFAULTS, POSITIVE, RATIOS, VOCABULARY, comparison, flag
from tests.logic.test_complete import WORLDS, laws, options, ranges, residual_decision

F, G = flag("f"), flag("g")
X3 = comparison({"x": 1}, ">=", 3)
# a law shaped like the real one: total performance p, die area q, density p / q
LAW = (
    ("p >= 4800 or (p >= 1600 and p / q >= 5.92)", "a"),
    ("(2400 <= p < 4800 and 1.6 <= p / q < 5.92) or (p >= 1600 and 3.2 <= p / q < 5.92)", "b"),
)


def complete(law, values, default="none"):
    scope = Scope(values, RATIOS, defaults=DEFAULTS)
    decision = Decision(
        tuple((evaluate(parse(text, VOCABULARY), scope), label) for text, label in law), default
    )
    return Completions(decision, {**DEFAULTS, **values}, POSITIVE)


def told(completions, fact):
    return [(cell_text(r.cells), sorted(r.labels)) for r in completions.readings(fact)]


def test_unknown_performance_of_a_known_die():
    found = complete(LAW, {"q": exactly(800)})
    assert found.possible() == {"a", "b", "none"}
    assert told(found, "p") == [
        ("0 < p < 2400", ["none"]),
        ("2400 <= p < 4736", ["b"]),
        ("p >= 4736", ["a"]),
    ]


def test_unknown_area_of_a_known_performance():
    found = complete(LAW, {"p": exactly(2368)})
    assert told(found, "q") == [
        ("0 < q <= 400", ["a"]),
        ("400 < q <= 740", ["b"]),
        ("q > 740", ["none"]),
    ]
    assert needed(found) == ("q",)


def test_both_unknown():
    found = complete(LAW, {})
    assert set(needed(found)) == {"p", "q"}
    assert told(found, "p") == [
        ("0 < p < 1600", ["none"]),
        ("1600 <= p < 4800", ["a", "b", "none"]),
        ("p >= 4800", ["a"]),
    ]
    assert told(found, "q") == [  # 1600 / 5.92 and 4800 / 1.6
        ("0 < q <= ~270.27", ["a", "none"]),
        ("~270.27 < q < 3000", ["a", "b", "none"]),
        ("q >= 3000", ["a", "none"]),
    ]


def test_a_fact_beside_a_settled_answer_does_not_matter():
    found = complete(LAW, {"p": parse_range(">=4800")})
    assert found.possible() == {"a"}
    assert needed(found) == ()
    low = complete(LAW, {"p": parse_range("100..1599.999")})
    assert low.possible() == {"none"}
    assert not low.matters("q")


@pytest.mark.parametrize(
    ("value", "labels"),
    [("4799.999..4800", {"a", "b"}), ("4800..4801", {"a"}), ("4700..4799.999", {"b"})],
)
def test_one_line_between_two_answers(value, labels):
    assert complete(LAW, {"p": parse_range(value), "q": exactly(1000)}).possible() == labels


# -- Kleene is not complete, the check is ------------------------------------------------------
WHOLE_LINE = Or((X3, comparison({"x": 1}, "<", 4)))
EVERY_COLOUR = Or(tuple(OneOf("colour", frozenset({c})) for c in ("red", "green", "blue")))


@pytest.mark.parametrize(
    ("tree", "values", "answer"),
    [
        (Or((F, Not(F))), {}, YES),
        (And((F, Not(F))), {}, NO),
        (Or((F, Not(G))), {}, UNKNOWN),
        (WHOLE_LINE, {"x": Range()}, YES),
        (EVERY_COLOUR, {"colour": choose("red", "green", "blue")}, YES),
        (EVERY_COLOUR, {"colour": Choice()}, UNKNOWN),
        (comparison({"p": 1}, ">", 0), {"p": Range(Fraction(0), INF)}, YES),
        (YES, {}, YES),
    ],
)
def test_certainty(tree, values, answer):
    residual = evaluate(tree, Scope(values))
    assert certainty(residual, {**DEFAULTS, **values}, POSITIVE) is answer


# -- decision lists ----------------------------------------------------------------------------
def test_a_settled_list():
    assert Decision(((NO, "a"), (F, "b"), (YES, "c"), (G, "d")), "e").settled() == Decision(
        ((F, "b"),), "c"
    )
    same = Decision(((F, "a"), (G, "b")), "b").settled()
    assert same == Decision(((F, "a"),), "b")
    assert Decision(((F, "b"), (G, "b")), "b").settled() == Decision((), "b")
    assert set(same.labels) == {"a", "b"}


def test_many_entries_with_few_labels():
    tests = [OneOf("maker", frozenset({f"m{i}"})) for i in range(30)]
    found = Completions(Decision(tuple((t, i % 3) for i, t in enumerate(tests)), 9), {})
    assert found.possible() == {0, 1, 2, 9}
    by_label = {min(r.labels): len(r.cells) for r in found.readings("maker")}
    assert by_label == {0: 10, 1: 10, 2: 10, 9: 1}


@pytest.mark.parametrize(
    "tree", [Ref("a"), And((F, Ref("a"))), Places("land", ("D:5",), frozenset())]
)
def test_only_a_residual_can_be_completed(tree):
    with pytest.raises(TypeError, match="residual"):
        Completions(Decision(((tree, "a"),), "b"), {}).possible()


def test_facts_that_no_test_looks_at():
    found = Completions(Decision(((F, 1),), 0), {"f": DEFAULTS["f"]})
    assert not found.matters("x")
    assert found.readings("x") == ()
    assert found.facts() == ("f",)


def test_needed_keeps_the_order_of_the_residual_or_of_the_asker():
    found = Completions(Decision(((Or((G, X3, F)), 1),), 0), DEFAULTS)
    assert needed(found) == ("g", "x", "f")
    assert needed(found, ["f", "y", "g"]) == ("f", "g")


def test_options_with_equal_answers_are_told_together():
    law = (('maker == "acme" or maker == "bolt"', "a"), ('maker == "core"', "b"))
    assert sorted(told(complete(law, {}), "maker")) == [
        ("maker: acme or bolt", ["a"]),
        ("maker: any other", ["none"]),
        ("maker: core", ["b"]),
    ]
    assert OTHER not in cell_text(complete(law, {}).readings("maker")[0].cells)


# -- what a reading promises -------------------------------------------------------------------
def middle(cell):
    if cell.low == -INF or cell.high == INF:
        return cell.high - 1 if cell.high != INF else cell.low + 1 if cell.low != -INF else 0
    return (cell.low + cell.high) / 2


@settings(max_examples=40)
@given(WORLDS.flatmap(laws), ranges(), options())
def test_once_a_fact_lies_in_a_cell_the_reading_is_all_that_is_left(law, numbers, choices):
    entries, default = law
    values = numbers | choices
    found = Completions(residual_decision(entries, default, values), values, POSITIVE)
    for fact in found.facts():
        for reading in found.readings(fact):
            for cell in reading.cells:
                sharper = choose(cell.options[0]) if cell.options else exactly(middle(cell))
                now = {**values, fact: sharper}
                rest = Completions(residual_decision(entries, default, now), now, POSITIVE)
                assert rest.possible() == reading.labels
