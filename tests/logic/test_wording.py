"""Trees and cells as text; what can be read back means the same."""

from fractions import Fraction

import pytest
from hypothesis import given

from klartecken.errors import ExpressionError
from klartecken.logic.cells import OTHER, Cell
from klartecken.logic.nodes import And, Not, OneOf, Or, Places, Ref
from klartecken.logic.parse import parse
from klartecken.logic.tri import NO, UNKNOWN, YES
from klartecken.logic.values import INF
from klartecken.logic.wording import cell_text, phrase
from tests.logic.strategies import (
    VOCABULARY,
    comparison,
    flag,
    flags,
    provisions,
    ratios,
    singles,
    sums,
    trees,
)

F = Fraction
RED = OneOf("colour", frozenset({"red"}), label="red")
WARM = OneOf("colour", frozenset({"red", "green"}), label="red, green")
D5 = OneOf("land", frozenset({"CN", "RU"}), label="D:5")


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (YES, "yes"),
        (NO, "no"),
        (UNKNOWN, "unknown"),
        (comparison({"x": 1}, ">=", 1600), "x >= 1600"),
        (comparison({"x": 1}, "<", 1600), "x < 1600"),
        (comparison({"x": 1}, "<=", F("5.92")), "x <= 5.92"),
        (comparison({"x": 1, "y": -1}, ">", -3), "x - y > -3"),
        (comparison({"p": 1, "q": F("-5.92")}, ">=", 0), "p - 5.92 * q >= 0"),
        (flag("f"), "f"),
        (Not(flag("f")), "not f"),
        (RED, "colour == red"),
        (Not(RED), "colour != red"),
        (WARM, "colour in red, green"),
        (Not(WARM), "colour not in red, green"),
        (OneOf("colour", frozenset({"red", "blue"})), "colour in blue, red"),
        (D5, "land in D:5"),
        (Not(D5), "land not in D:5"),
        (Places("land", ("D:5", "E:1"), frozenset({"CN"})), "land in D:5, E:1, CN"),
        (Ref("3A090.a"), '"3A090.a"'),
        (Not(And((flag("f"), flag("g")))), "not (f and g)"),
        (Or((flag("f"), And((flag("g"), Not(RED))))), "f or (g and colour != red)"),
    ],
)
def test_phrase(tree, text):
    assert phrase(tree) == text


READABLE = trees(singles | sums | ratios | flags | provisions)


@given(READABLE)
def test_what_is_phrased_reads_back_as_the_same_tree(tree):
    # options are phrased without quotes, so choices are not for reading back
    assert parse(phrase(tree), VOCABULARY) == tree


@pytest.mark.parametrize(
    "tree",
    [YES, RED, WARM, Not(RED), Places("land", ("D:5", "E:1"), frozenset()),
     And((flag("f"), Places("land", ("D:5", "E:1"), frozenset()))),
     Or((Places("land", ("D:5",), frozenset({"CN"})), flag("f"))),
     comparison({"x": 1}, ">=", F(1, 3))],
)  # fmt: skip
def test_what_is_only_for_people_is_refused_not_misread(tree):
    with pytest.raises(ExpressionError):
        parse(phrase(tree), VOCABULARY)


def point(at):
    return Cell("x", F(at), F(at))


def between(low, high):
    return Cell("x", low if low == -INF else F(low), high if high == INF else F(high))


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ([point(3)], "x == 3"),
        ([between(1, 3)], "1 < x < 3"),
        ([point(1), between(1, 3)], "1 <= x < 3"),
        ([between(1, 3), point(3)], "1 < x <= 3"),
        ([point(1), between(1, 3), point(3)], "1 <= x <= 3"),
        ([between(1, 2), point(2), between(2, 3)], "1 < x < 3"),
        ([between(3, INF)], "x > 3"),
        ([point(3), between(3, INF)], "x >= 3"),
        ([point(3), between(3, 4), point(4), between(4, INF)], "x >= 3"),
        ([between(-INF, 3)], "x < 3"),
        ([between(-INF, 3), point(3)], "x <= 3"),
        ([between(-INF, INF)], "any x"),
        ([between(-INF, 3), point(3), between(3, INF)], "any x"),
    ],
)
def test_number_cells(cells, text):
    assert cell_text(tuple(cells)) == text


def colours(*options, fact="colour"):
    return (Cell(fact, options=options),)


def test_option_cells():
    assert cell_text(colours("red")) == "colour: red"
    assert cell_text(colours("red") + colours("green")) == "colour: green or red"
    assert cell_text(colours("red", OTHER)) == "colour: red or any other"
    assert cell_text(colours(OTHER)) == "colour: any other"
    assert cell_text(colours("yes", fact="f")) == "f: yes"
    assert cell_text(colours("CN", fact="land"), {"CN": "China"}.__getitem__) == "land: China"
    many = colours(*"abcdefghi")
    assert cell_text(many) == "colour: one of 9 (a, b, c, d, e, ...)"


def test_an_option_outside_the_names_is_not_looked_up():
    names = {"CN": "China"}.__getitem__
    assert cell_text(colours("CN", OTHER, fact="land"), names) == "land: China or any other"
