"""A sweep is the book asked under each of its reforms."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import klartecken as kt
from klartecken.book.totals import Total
from klartecken.errors import InputError
from klartecken.law.overlay import sweep_reform
from klartecken.whatif.outcomes import lines_of, together
from klartecken.whatif.sweep import steps, sweep
from tests.whatif.books import WORLD, rows, table, total
from tests.whatif.test_compare import LINE

LAW = WORLD.law
CHIPS = [
    {**LINE, "item": item, "ship_date": day, "quantity": n + 1}
    for day in ("2023-03-01", "2024-06-01", "2026-03-02")
    for n, item in enumerate(("nvidia-h100-sxm", "nvidia-l20", "nvidia-h20", "nvidia-a30"))
]  # fmt: skip


def swept(lines, name, values, **period):
    held = table(lines)
    return sweep(lambda laws: kt.read_book(held, laws=laws), LAW, name, values, **period)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows(), st.sampled_from([
    ("parameters.b.tpp_b1", 1500), ("parameters.a.tpp_a1", 4801),
    ("letter.numeric_test.memory_gbps", 5000),
]))  # fmt: skip
def test_each_point_is_the_book_under_its_reform(lines, asked):
    name, value = asked
    found = swept(lines, name, [Fraction(value)])
    values = {Fraction(value), *found.current.values()}
    assert [point.value for point in found.points] == sorted(values)
    for point in found.points:
        world = WORLD.under(sweep_reform(LAW, name, point.value))
        alone = kt.check_book(table(lines), law=world, workers=1).outcomes
        mine = {outcome: lines_of(totals) for outcome, totals in point.outcomes.items()}
        assert mine == {outcome: held["lines"] for outcome, held in alone.items()}
        assert together(list(point.outcomes.values())) == total(lines)
    assert together(list(found.base.values())) == total(lines)


def test_the_law_s_own_value_changes_nothing():
    found = swept(CHIPS, "parameters.b.tpp_b1", steps("2000..2800", 3))
    assert found.current == {"V2": 2400}
    assert found.title == LAW.provisions["parameters.b"].title
    own = next(point for point in found.points if point.value == 2400)
    assert (own.changed, own.outcomes) == (0, found.base)


def test_a_lower_line_catches_the_h20_from_the_day_that_the_line_is_there():
    """TPP 2,368 and 2.91: below 2,400 but not below 2,300; before 2023-11-17 no such line."""
    lines = [line for line in CHIPS if line["item"] == "nvidia-h20"]
    found = swept(lines, "parameters.b.tpp_b1", [Fraction(2300), Fraction(2368), Fraction(2369)])
    low, edge, above, own = found.points
    assert own.value == 2400
    assert low.changed == edge.changed == 2
    assert above.changed == own.changed == 0
    assert lines_of(low.outcomes["no_licence_required"]) == 1


def test_a_period_bounds_the_change():
    name, value = "parameters.b.tpp_b1", [Fraction(2300)]
    lines = [line for line in CHIPS if line["item"] == "nvidia-h20"]
    late = swept(lines, name, value, start=date(2026, 1, 1))
    past = swept(lines, name, value, until=date(2025, 12, 31))
    assert [late.points[0].changed, past.points[0].changed] == [1, 1]
    with pytest.raises(InputError, match="no version"):
        swept(lines, name, value, until=date(2022, 9, 1))


def test_a_name_by_reference_is_told_as_it_is_written():
    assert swept(CHIPS[:1], "3A090.b.tpp_b1", [Fraction(2400)]).parameter == "parameters.b.tpp_b1"


def test_the_largest_currency_comes_first():
    lines = [{**CHIPS[0], "currency": "EUR", "unit_price": "1"}, CHIPS[1],
             {**CHIPS[2], "currency": "JPY", "unit_price": None}]  # fmt: skip
    assert swept(lines, "parameters.b.tpp_b1", [Fraction(2400)]).currencies == ("USD", "EUR")
    assert Total() not in swept(lines, "parameters.b.tpp_b1", [Fraction(1)]).base.values()


def test_steps():
    assert steps("1..2", 3) == (1, Fraction(3, 2), 2)
    assert steps("0..1", 4)[1] == Fraction(1, 3)
    for wrong, count in (("5", 3), ("1..", 3), ("5..5", 3), ("5..1", 3), ("a..b", 3), ("1..2", 1),
                         ("unknown", 3), ("1..2", 1001)):  # fmt: skip
        with pytest.raises(InputError):
            steps(wrong, count)


@pytest.mark.parametrize(
    ("name", "told"),
    [("parameters.a.tpp_x", "tpp_a1"), ("nothing.at_all", "PROVISION.PARAMETER|nothing")],
)
def test_what_is_no_parameter(name, told):
    with pytest.raises(InputError, match=told):
        swept(CHIPS[:1], name, [Fraction(1)])
