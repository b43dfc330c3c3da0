"""The picture of a sweep: what it draws adds up, and the same sweep gives the same bytes."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.book.totals import Total
from klartecken.errors import InputError
from klartecken.plot.sweep import panels, render, spread
from klartecken.whatif.sweep import Point, Sweep


def made(*moved: int, current: int = 2) -> Sweep:
    """At each value some lines, worth 2,000,000 USD each, need a licence that did not before."""

    def at(lines: int):
        return {
            "no_licence_required": {"USD": Total(90 - lines, 0, 90, (90 - lines) * 2 * 10**10)},
            "licence_required": {"USD": Total(10 + lines, 0, 10, (10 + lines) * 2 * 10**10)},
            "prohibited": {"": Total(1, 1, 0, 0)},
        }

    points = tuple(Point(Fraction(n), at(lines), lines) for n, lines in enumerate(moved, 1))
    return Sweep("x.line", "A made-up line", {"V1": Fraction(current)}, at(0), points, 101, 0)


def test_only_what_moves_is_drawn_and_it_adds_up_to_nothing():
    money, lines = panels(made(5, 0, -3), "USD")
    assert lines.series == {"no_licence_required": [-5, 0, 3], "licence_required": [5, 0, -3]}
    assert money.unit == "USD m"
    assert money.series["licence_required"] == [10, 0, -6]
    assert money.today["licence_required"] == "USD 20.0 m as it is"
    for panel in (money, lines):
        assert [sum(values) for values in zip(*panel.series.values(), strict=True)] == [0, 0, 0]


def test_without_a_currency_only_lines():
    assert [panel.unit for panel in panels(made(5, 0), None)] == ["lines"]


@pytest.mark.parametrize("currency", ["USD", None])
@pytest.mark.parametrize("moved", [(5, 0, -3), (0, 0), (100, 0, 90)])
def test_the_same_sweep_gives_the_same_bytes(currency, moved):
    pytest.importorskip("matplotlib")
    one, two = (render(made(*moved), "svg", currency=currency, source="b") for _ in range(2))
    assert one == two
    assert b"law: 2" in one
    assert render(made(*moved), "png", currency=currency, source="b").startswith(b"\x89PNG")


def test_another_form_is_refused():
    with pytest.raises(InputError, match=r"\.svg or \.png"):
        render(made(1, 0), "pdf", currency=None, source="b")


@given(st.lists(st.floats(0, 500), min_size=1, max_size=5).map(sorted))
def test_labels_never_meet_and_stay_within(wanted):
    found = spread(wanted, 27.0, 0.0, 500.0)
    assert all(b - a >= 27.0 - 1e-6 for a, b in pairwise(found))
    assert found[0] >= 0.0
    assert found[-1] <= 500.0 + 1e-6
