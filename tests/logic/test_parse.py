"""The language of conditions: what it reads, and into which tree."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.errors import ExpressionError
from klartecken.logic.nodes import And, Not, OneOf, Or, Places, Ref
from klartecken.logic.parse import parse
from klartecken.logic.tri import NO, YES
from tests.logic.strategies import VOCABULARY, comparison, flag, holds, points

PARAMS = {"line": Fraction(4800), "density": Fraction("5.92")}
F, G = flag("f"), flag("g")
X3 = comparison({"x": 1}, ">=", 3)


def read(text):
    return parse(text, VOCABULARY, PARAMS, "law.yaml a.1")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("f", F),
        ("not f", Not(F)),
        ("not not f", F),
        ("f and g", And((F, G))),
        ("f and (g and f)", And((F, G))),
        ("f or g", Or((F, G))),
        ("f or g and x >= 3", Or((F, And((G, X3))))),
        ("(f or g) and x >= 3", And((Or((F, G)), X3))),
        ("f and f", F),
        ("true", YES),
        ("false", NO),
        ("True", YES),
        ("f and true", F),
        ("f or true", YES),
        ("not false", YES),
        ("f and false", NO),
        ('"3A090.a"', Ref("3A090.a")),
        ("'3A090.a' and not \"level.b\"", And((Ref("3A090.a"), Not(Ref("level.b"))))),
        ('"D:5"', Ref("D:5")),
    ],
)
def test_truth(text, tree):
    assert read(text) == tree


@pytest.mark.parametrize(
    ("text", "terms", "op", "bound"),
    [
        ("x >= 3", {"x": 1}, ">=", "3"),
        ("x > 3", {"x": 1}, ">", "3"),
        ("x <= 3", {"x": 1}, "<=", "3"),
        ("x < 3", {"x": 1}, "<", "3"),
        ("x == 3", {"x": 1}, "==", "3"),
        ("x != 3", {"x": 1}, "!=", "3"),
        ("3 <= x", {"x": 1}, ">=", "3"),
        ("x >= 5.92", {"x": 1}, ">=", "5.92"),
        ("x >= 1_000", {"x": 1}, ">=", "1000"),
        ("x >= 1e3", {"x": 1}, ">=", "1000"),
        ("x >= .5", {"x": 1}, ">=", "0.5"),
        ("x >= -3", {"x": 1}, ">=", "-3"),
        ("-x >= 3", {"x": 1}, "<=", "-3"),
        ("x >= line", {"x": 1}, ">=", "4800"),
        ("line <= x", {"x": 1}, ">=", "4800"),
        ("x >= line / 3 - 0.5", {"x": 1}, ">=", "1599.5"),
        ("2 * x >= 3", {"x": 2}, ">=", "3"),
        ("x * 2 + 1 >= 3", {"x": 2}, ">=", "2"),
        ("x / 4 >= 3", {"x": 1}, ">=", "12"),
        ("x + y >= 3", {"x": 1, "y": 1}, ">=", "3"),
        ("x - y > 3", {"x": 1, "y": -1}, ">", "3"),
        ("x >= y", {"x": 1, "y": -1}, ">=", "0"),
        ("2 * (x + y) - x >= 3 * y", {"x": 1, "y": -1}, ">=", "0"),
        ("r >= 5.92", {"r": 1}, ">=", "5.92"),
        ("p / q >= 5.92", {"p": 1, "q": "-5.92"}, ">=", "0"),
        ("p / q >= density", {"p": 1, "q": "-5.92"}, ">=", "0"),
        ("p / q < 2", {"p": 1, "q": -2}, "<", "0"),
        ("2 < p / q", {"p": 1, "q": -2}, ">", "0"),
        ("2 == p / q", {"p": 1, "q": -2}, "==", "0"),
        ("(p + 3) / q >= 2", {"p": 1, "q": -2}, ">=", "-3"),
        ("3 * p / q >= 2", {"p": 3, "q": -2}, ">=", "0"),
        ("2 / q >= 1", {"q": 1}, "<=", "2"),
        ("x / q >= 1", {"x": 1, "q": -1}, ">=", "0"),
    ],
)
def test_numbers(text, terms, op, bound):
    exact = {name: Fraction(factor) for name, factor in terms.items()}
    assert read(text) == comparison(exact, op, Fraction(bound))


@pytest.mark.parametrize(
    ("text", "tree"),
    [("1 < 2", YES), ("2 <= 1", NO), ("x - x >= 0", YES), ("x > x", NO), ("line == 4800", YES)],
)
def test_comparisons_without_facts_are_settled(text, tree):
    assert read(text) is tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ('colour == "red"', OneOf("colour", frozenset({"red"}))),
        ('colour != "red"', Not(OneOf("colour", frozenset({"red"})))),
        ('colour in ("red", "blue")', OneOf("colour", frozenset({"red", "blue"}))),
        ('colour in ("red",)', OneOf("colour", frozenset({"red"}))),
        ('colour in ("red")', OneOf("colour", frozenset({"red"}))),
        ('colour not in ("red", "blue")', Not(OneOf("colour", frozenset({"red", "blue"})))),
        ('maker == "never named before"', OneOf("maker", frozenset({"never named before"}))),
        ('maker == "D:5"', OneOf("maker", frozenset({"D:5"}))),
        ('maker == "one # two"', OneOf("maker", frozenset({"one # two"}))),
        ("land in D:5", Places("land", ("D:5",), frozenset())),
        ("land == D:5", Places("land", ("D:5",), frozenset())),
        ("land not in D:5", Not(Places("land", ("D:5",), frozenset()))),
        ("not land in D:5", Not(Places("land", ("D:5",), frozenset()))),
        ("land in Supp5a", Places("land", ("Supp5a",), frozenset())),
        ('land == "CN"', Places("land", (), frozenset({"CN"}))),
        ('land in (D:1, D:4, "CN")', Places("land", ("D:1", "D:4"), frozenset({"CN"}))),
    ],
)
def test_membership(text, tree):
    assert read(text) == tree


def test_the_label_is_as_the_law_writes_the_set():
    assert read('colour in ("red", "blue")').label == "red, blue"
    assert read("f").label == "yes"


def test_a_chain_is_each_pair_joined():
    assert read("1 <= x < 3") == read("1 <= x and x < 3")
    assert read("1 <= x < y < 3") == read("1 <= x and x < y and y < 3")
    assert read("3 > x >= 1 and f") == read("x < 3 and x >= 1 and f")
    assert read("5 >= p / q > 2") == read("p / q <= 5 and p / q > 2")


def test_lines_are_joined_and_spaces_do_not_matter():
    assert read("  x>=3\n   and\tf ") == read("x >= 3 and f")


def test_text_beyond_ascii_keeps_numbers_and_columns():
    assert read('maker == "Société Çé" and x >= 4800') == read(
        'maker == "Société Çé" and x >= line'
    )
    with pytest.raises(ExpressionError) as caught:
        read('maker == "é" and nope')
    assert caught.value.column == 18


def test_a_param_goes_before_a_fact_and_facts_need_their_own_name():
    assert parse("x >= 3", VOCABULARY, {"x": Fraction(4)}) is YES
    with pytest.raises(ExpressionError, match="unknown name why"):
        read("why >= 3")  # an alias is for askers, not for the law


NUMBERS = st.integers(-4, 6).map(str) | st.sampled_from(["0.5", "line", "x", "y", "p", "2 * y"])


@given(st.lists(NUMBERS, min_size=2, max_size=4), st.data(), points())
def test_chains_mean_what_python_means(sides, data, point):
    ops = [data.draw(st.sampled_from(["<", "<=", ">", ">=", "==", "!="])) for _ in sides[1:]]
    text = sides[0] + "".join(f" {op} {side}" for op, side in zip(ops, sides[1:], strict=True))
    meant = eval(text, {}, {**point, **PARAMS})  # the oracle, on a text of our own making
    assert holds(read(text), point) is meant


ARITHMETIC = st.recursive(
    st.integers(-4, 6).map(lambda n: f"({n})") | st.sampled_from(["x", "y", "p", "line"]),
    lambda kids: st.one_of(
        st.tuples(kids, st.sampled_from("+-"), kids).map(lambda t: f"({' '.join(t)})"),
        st.tuples(kids, st.sampled_from(["* 3", "/ 2", "* 0.5", "* -1"])).map(" ".join),
        kids.map(lambda k: f"(-{k})"),
    ),
    max_leaves=5,
)


@given(ARITHMETIC, ARITHMETIC, points())
def test_arithmetic_means_what_python_means(left, right, point):
    text = f"{left} >= {right}"
    exact = {**point, **PARAMS}
    meant = eval(text.replace("0.5", "half"), {}, {**exact, "half": Fraction(1, 2)})
    assert holds(read(text), point) is meant
