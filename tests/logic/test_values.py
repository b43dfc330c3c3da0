"""Ranges and choices: reading, exactness, showing, and what is refused."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.errors import InputError
from klartecken.logic.values import (
    INF,
    UNKNOWN_NUMBER,
    Choice,
    Fact,
    Range,
    choose,
    exactly,
    parse_number,
    parse_range,
    show,
)

F = Fraction
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2368", F(2368), F(2368)),
        (" 2368 ", F(2368), F(2368)),
        ("5.92", F(148, 25), F(148, 25)),
        ("-3", F(-3), F(-3)),
        ("+3", F(3), F(3)),
        (".5", F(1, 2), F(1, 2)),
        ("1.", F(1), F(1)),
        ("1.6e3", F(1600), F(1600)),
        ("1E-2", F(1, 100), F(1, 100)),
        ("2300..2400", F(2300), F(2400)),
        ("2300 .. 2400", F(2300), F(2400)),
        ("1.5..2.5", F(3, 2), F(5, 2)),
        ("7..7", F(7), F(7)),
        (">=2300", F(2300), INF),
        (">= 2300", F(2300), INF),
        ("<=2400", -INF, F(2400)),
        ("2300..", F(2300), INF),
        ("..2400", -INF, F(2400)),
        ("..", -INF, INF),
        ("unknown", -INF, INF),
        ("Unknown", -INF, INF),
        ("?", -INF, INF),
        ("", -INF, INF),
    ],
)
def test_parse_range(text, low, high):
    assert parse_range(text) == Range(low, high)


@pytest.mark.parametrize(
    "text",
    ["many", "2,368", "1_000", "2 368", "nan", "inf", "-inf", "1e9999", "0x10", "1/0", "-1/3", ">5",
     "<5",
     "> =5", ">=", "<=", "1..2..3", "5-7", "five..", "..five", ">=1..2", "1 TPP", "--1", "e5", "."],
)  # fmt: skip
def test_parse_range_refuses(text):
    with pytest.raises(InputError, match="is not a number") as caught:
        parse_range(text)
    assert caught.value.next_step


@pytest.mark.parametrize("text", ["3..2", "0..-1", "2.0000001..2"])
def test_an_empty_range_is_an_error(text):
    with pytest.raises(InputError, match="empty range"):
        parse_range(text)


@given(DECIMALS)
def test_numbers_are_read_exactly(number):
    assert parse_number(str(number)) == Fraction(number)
    assert exactly(number).lo == Fraction(number)


def test_exactness_is_decimal_not_binary():
    assert exactly("5.92").lo == F(148, 25)
    assert exactly(Decimal("5.92")).lo == parse_number("5.92") == F(148, 25)
    assert exactly(F(1, 3)).lo == F(1, 3)
    assert exactly(4800).lo == F(4800)
    assert F(5.92) != F(148, 25)  # what a float would have given


@pytest.mark.parametrize("end", [5.0, 5, float("nan"), Decimal(5)])
def test_a_finite_bound_must_be_a_fraction(end):
    with pytest.raises(TypeError):
        Range(F(0), end)
    with pytest.raises(TypeError):
        Range(end, INF)


@pytest.mark.parametrize(("low", "high"), [(F(2), F(1)), (INF, INF), (-INF, -INF), (INF, F(1))])
def test_empty_ranges_cannot_be_built(low, high):
    with pytest.raises(InputError, match="empty range"):
        Range(low, high)


def test_range_algebra():
    assert Range(F(1), F(2)).hull(Range(F(4), INF)) == Range(F(1), INF)
    assert Range(F(1), F(3)).meet(Range(F(3), INF)) == Range(F(3), F(3))
    assert Range(F(1), F(2)).meet(Range(F(3), F(4))) is None
    assert UNKNOWN_NUMBER.meet(Range(F(3), F(4))) == Range(F(3), F(4))
    assert Range(F(1), INF).scaled(F(8)) == Range(F(8), INF)
    assert [Range(F(1), F(1)).known, Range(F(1), F(2)).known, Range().known] == [True, False, False]


@pytest.mark.parametrize("text", ["2368", "2300..2400", ">=2300", "<=2400", "unknown", "5.92"])
def test_a_range_shows_as_it_is_written(text):
    assert str(parse_range(text)) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (F(2368), "2368"),
        (F(0), "0"),
        (F(-5, 2), "-2.5"),
        (F(1, 1000000), "0.000001"),
        (F(-1, 1000000), "-0.000001"),
        (F(1, 3), "~0.33333"),
        (F(-1, 3), "~-0.33333"),
        (F(200, 3), "~66.667"),
        (F("12345678901234567890123.456789"), "12345678901234567890123.456789"),
        (F(10**400, 3), "~3.3333e+399"),
        (INF, "inf"),
        (-INF, "-inf"),
    ],
)
def test_show(number, text):
    assert show(number) == text


@given(st.fractions(max_denominator=10**4))
def test_show_is_exact_or_says_that_it_is_not(number):
    text = show(number)
    if text.startswith("~"):
        assert abs(F(text[1:]) - number) <= abs(number) / 10**4
    else:
        assert F(text) == number


def test_choices():
    assert choose("red").only() == "red"
    assert choose("red").known
    assert not choose("red", "green").known
    assert not Choice().known
    for several in (choose("red", "green"), Choice()):
        with pytest.raises(ValueError, match="not known"):
            several.only()
    with pytest.raises(InputError, match="no possible option"):
        choose()
    assert str(choose("red")) == "red"
    assert str(choose("red", "green")) == "one of green, red"
    assert str(Choice()) == "unknown"


def test_a_fact_is_known_when_its_value_is():
    assert Fact(exactly(5), source="given by the asker", grade="given").known
    assert not Fact(Range()).known
