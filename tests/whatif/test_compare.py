"""A comparison of a book is that of its lines, asked one by one."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import klartecken as kt
from klartecken.decide.findings import OUTCOMES
from klartecken.errors import InputError, KlarteckenError
from klartecken.law.overlay import sweep_reform
from klartecken.law.reform import reform_of
from klartecken.whatif.compare import direction, kind_of
from klartecken.whatif.outcomes import lines_of, together
from tests.whatif.books import DAYS, WORLD, expected, moves, rows, table, total, verdict

few = settings(
    max_examples=8, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
NAMES = kt.shipped_reforms()
PARAMETERS = {
    "parameters.a.tpp_a1": (2000, 16000), "parameters.b.tpp_b1": (1000, 4000),
    "letter.numeric_test.memory_gbps": (500, 5000), "policy.jan2026.tpp_ceiling": (2000, 50000),
}  # fmt: skip


@st.composite
def swept(draw):
    """A reform of one number, over all days or over a period."""
    name = draw(st.sampled_from(sorted(PARAMETERS)))
    low, high = PARAMETERS[name]
    value = draw(st.integers(low, high))
    start = draw(st.sampled_from([None, date(2026, 1, 15), date(2026, 3, 2)]))
    until = draw(st.sampled_from([None, date(2026, 3, 2), date(2026, 8, 1)]))
    return sweep_reform(WORLD.law, name, value, start, until)


reforms = st.one_of(st.sampled_from(NAMES).map(kt.read_reform), swept())


@few
@given(rows(), reforms)
def test_a_reform_moves_the_lines_that_single_answers_move(lines, reform):
    world = WORLD.under(reform)
    found = kt.compare(table(lines), None, reform)
    assert moves(found) == expected(lines, WORLD, world)
    assert (found.lines, found.rejected) == (len(lines), 0)


@few
@given(rows(), st.sampled_from(DAYS), st.sampled_from(DAYS))
def test_days_move_the_lines_that_single_answers_move(lines, first, second):
    found = kt.compare(table(lines), first, second)
    assert moves(found) == expected(lines, WORLD, WORLD, (first, second))


@few
@given(rows(), reforms)
def test_totals_add_up_to_the_book(lines, reform):
    found = kt.compare(table(lines), None, reform)
    for side in (found.outcomes_before, found.outcomes_after):
        assert together(list(side.values())) == total(lines)
    held = found.of("outcome", "review policy")
    assert sum(lines_of(part) for part in found.each_way().values()) == found.changed
    assert sum(move.lines for move in held) == found.changed
    for outcome in {*found.outcomes_before, *found.outcomes_after}:
        gained = sum(move.lines for move in held if move.after.outcome == outcome)
        lost = sum(move.lines for move in held if move.before.outcome == outcome)
        before, after = (
            lines_of(side.get(outcome, {}))
            for side in (found.outcomes_before, found.outcomes_after)
        )
        assert after - before == gained - lost


@few
@given(rows(), swept())
def test_nothing_changes_outside_the_period(lines, reform):
    outside = [line for line in lines if not reform.within(date.fromisoformat(line["ship_date"]))]
    if outside:
        assert kt.compare(table(outside), None, reform).moves == ()


@settings(few, max_examples=4)
@given(rows(), st.lists(reforms, min_size=2, max_size=3, unique_by=lambda reform: reform.id))
def test_scenarios_read_together_equal_each_alone(lines, several):
    held = kt.read_book(table(lines), laws=several)
    for reform in several:
        assert moves(kt.compare(held, None, reform)) == moves(
            kt.compare(table(lines), None, reform)
        )
    one, other = several[:2]
    both = moves(kt.compare(held, one, other))
    assert both == moves(kt.compare(table(lines), one, other))
    assert both == expected(lines, WORLD.under(one), WORLD.under(other))


@few
@given(rows(), reforms)
def test_back_and_forth_are_mirrored(lines, reform):
    there, back = kt.compare(table(lines), None, reform), kt.compare(table(lines), reform, None)
    assert {(b, a): t for (a, b), t in moves(there).items()} == moves(back)
    mirror = {"stricter": "freer", "freer": "stricter", "neither": "neither"}
    ways = {(m.before, m.after): m.direction for m in there.moves}
    assert {(m.after, m.before): mirror[m.direction] for m in back.moves} == ways


EDGES = reform_of(
    {"reform": "a-week", "title": "t", "start": date(2026, 3, 1), "until": date(2026, 3, 7),
     "cite": "c", "url": "https://example.org", "tag": "inferred",
     "changes": [{"end": "level.a"}, {"end": "level.b"}, {"end": "level.c"}]},
    "a-week",
)  # fmt: skip
LINE = {
    "item": "nvidia-h100-sxm", "destination": "CN", "ship_from": "US", "exporter": "Acme",
    "consignee_hq": "CN", "listed": "none", "tpp": None, "applicable_die_area": None,
    "memory_bandwidth": None, "datacenter": None, "dd_conditions": None, "quantity": 2,
    "unit_price": "10.5", "currency": "USD",
}  # fmt: skip


def test_a_reform_that_needs_a_new_reading_gives_the_same():
    """A book that knew nothing of the reform takes it in, if need be by reading anew."""
    days = [str(EDGES.start + timedelta(days=n)) for n in (-1, 0, 6, 7)]
    lines = [{**LINE, "ship_date": day} for day in days]
    held = kt.read_book(table(lines))
    first = held.job
    assert (EDGES.start - date(1970, 1, 1)).days not in held.cells.turns
    late = kt.compare(held, None, EDGES)
    assert held.job is not first
    assert moves(late) == moves(kt.compare(table(lines), None, EDGES))
    assert sum(move.lines for move in late.moves) == 2
    again = kt.compare(held, None, EDGES)
    assert again == late
    assert held.number(WORLD) == 0
    assert moves(kt.compare(held, EDGES, None)) == {
        (b, a): totals for (a, b), totals in moves(late).items()
    }


def test_a_question_with_another_day_keeps_the_answers_of_before():
    lines = [{**LINE, "ship_date": "2026-03-02", "item": item} for item in
             ("nvidia-h100-sxm", "nvidia-h20", "nvidia-l20")]  # fmt: skip
    held = kt.read_book(table(lines))
    base = held.totals()
    kt.compare(held, "2022-10-20", "2026-03-02")
    assert held.totals() == base
    assert held.totals("2026-03-02") == base
    assert held.totals(date(2022, 8, 1)) != base


def test_the_view_decides_which_wording_is_compared():
    lines = [{**LINE, "destination": "IN", "consignee_hq": "IN", "ship_date": "2025-06-01"}]
    practice = kt.compare(table(lines), None, "ai-diffusion-enforced")
    text = kt.compare(table(lines), None, "ai-diffusion-enforced", view="text")
    assert practice.changed == 1
    assert text.of("outcome") == ()


def test_sums_are_exact_beyond_float():
    """2^53 and one more unit, many times: a sum in floating point would lose the ones."""
    count = 101
    lines = [
        {**LINE, "ship_date": "2026-03-02", "quantity": 10**12 - n, "unit_price": "0.0001"}
        for n in range(count)
    ]
    held = kt.read_book(table(lines))
    (found,) = (part for _, _, part in held.totals())
    assert found.units == sum(10**12 - n for n in range(count)) == found.money
    large = {**LINE, "ship_date": "2026-03-02", "quantity": 1_999_999,
             "unit_price": "300719925.4741"}  # fmt: skip
    (one,) = (part for _, _, part in kt.read_book(table([large])).totals())
    assert one.money == 1_999_999 * 3_007_199_254_741 != int(float(one.money))


def test_sums_that_64_bits_cannot_hold_are_refused():
    lines = [{**LINE, "ship_date": "2026-03-02", "quantity": 10**12, "unit_price": "900"}] * 3
    with pytest.raises(KlarteckenError, match="money of the book"):
        kt.read_book(table(lines))


def test_money_is_not_made_of_lines_without_a_price():
    held = table([{**LINE, "ship_date": "2026-03-02"}])
    (move,) = kt.compare(held, None, EDGES).moves[:1]
    assert {c: str(m) for c, m in move.money.items()} == {"USD": "21"}
    for column in ("unit_price", "quantity"):
        assert kt.compare(held.drop_columns([column]), None, EDGES).moves[0].money == {}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("april-2025-letters-publik", "april-2025-letters-public"),
        ("2021-01-01", "2022-08-01"),
        ("2025-13-01", "not a day"),
    ],
)
def test_scenarios_that_cannot_be_made(asked, told):
    with pytest.raises(InputError, match=told):
        kt.compare(table([{**LINE, "ship_date": "2026-03-02"}]), None, asked)


def test_a_book_that_is_read_is_not_read_otherwise():
    held = kt.read_book(table([{**LINE, "ship_date": "2026-03-02"}]))
    with pytest.raises(TypeError, match="view"):
        kt.compare(held, None, EDGES, view="text")


def test_a_book_without_a_readable_line_is_refused():
    with pytest.raises(KlarteckenError, match="no line"):
        kt.read_book(pa.table({"item": ["nvidia-h20"], "to": ["Nowhere"], "on": ["2026-03-02"]}))


def test_directions_of_all_pairs():
    """A certain outcome is stricter than another exactly by its place in the order."""
    base = verdict({**LINE, "ship_date": "2026-03-02"}, WORLD)
    from dataclasses import replace

    certain = [replace(base, outcome=name, possible_outcomes=(name,)) for name in OUTCOMES]
    for one, old in enumerate(certain):
        for other, new in enumerate(certain):
            way = "neither" if one == other else "stricter" if other < one else "freer"
            assert direction(old, new) == way
    free, strict = OUTCOMES[-1], OUTCOMES[1]
    open_ = replace(base, outcome="undetermined", possible_outcomes=(strict, free))
    assert direction(certain[-1], open_) == direction(open_, certain[1]) == "stricter"
    assert direction(certain[2], open_) == "neither"
    soft = replace(base, review_policies_possible=("case_by_case",))
    hard = replace(base, review_policies_possible=("presumption_of_denial",))
    unknown = replace(base, review_policies_possible=("unknown",))
    assert kind_of(soft, hard) == "review policy"
    assert (direction(soft, hard), direction(hard, soft)) == ("stricter", "freer")
    assert direction(soft, unknown) == direction(unknown, hard) == "neither"
