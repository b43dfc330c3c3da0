"""Shares: what is written is what is meant, to the end of each range."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.errors import InputError
from klartecken.parties.ownership.share import ANY, Share, exactly, read_share


@pytest.mark.parametrize(
    ("text", "low", "high", "opens"),
    [
        ("49.9", "49.9", "49.9", ""), ("50 %", "50", "50", ""), ("25-50", "25", "50", ""),
        (">25-50", "25", "50", "l"), ("25 .. <50", "25", "50", "h"), (">50", "50", "100", "l"),
        (">=50", "50", "100", ""), ("<50", "0", "50", "h"), ("<=50%", "0", "50", ""),
        ("unknown", "0", "100", ""), ("", "0", "100", ""),
        ("0.000000000000001", "1e-15", "1e-15", ""),
    ],
)  # fmt: skip
def test_reading(text: str, low: str, high: str, opens: str) -> None:
    expected = Share(Fraction(low), Fraction(high), "l" in opens, "h" in opens)
    assert read_share(text) == expected
    assert read_share(str(expected)) == expected


@pytest.mark.parametrize(
    "text", ["fifty", "49,9", "101", "50-25", ">100", "<0", "-5", "5e1", "1/3", "50-<50", "٥٠"]
)
def test_what_is_no_share(text: str) -> None:
    with pytest.raises(InputError):
        read_share(text)


def test_just_below_fifty_is_not_fifty() -> None:
    assert read_share("<50").meet(exactly(50)) is None
    assert read_share("<=50").meet(exactly(50)) == exactly(50)


points = st.integers(0, 20).map(lambda n: Fraction(n * 5))


@st.composite
def shares(draw: st.DrawFn) -> Share:
    low, high = sorted((draw(points), draw(points)))
    if low == high:
        return Share(low, low)
    return Share(low, high, draw(st.booleans()), draw(st.booleans()))


def inside(share: Share, value: Fraction) -> bool:
    above = value > share.low if share.low_open else value >= share.low
    return above and (value < share.high if share.high_open else value <= share.high)


@given(shares(), shares(), st.integers(0, 40).map(lambda n: Fraction(n * 5, 2)))
def test_meet_and_hull_are_those_of_sets(a: Share, b: Share, value: Fraction) -> None:
    common = a.meet(b)
    both = inside(a, value) and inside(b, value)
    assert both == (common is not None and inside(common, value))
    if inside(a, value) or inside(b, value):
        assert inside(a.hull(b), value)
        assert inside(a.plus_at_most(b), value)
    assert a.meet(ANY) == a
    assert read_share(str(a)) == a
