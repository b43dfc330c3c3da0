"""The clock: days that count and days that do not are all the days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.desk.applications import clock
from klartecken.desk.errors import Refused
from klartecken.errors import InputError

START = date(2025, 7, 1)
reasons = st.sampled_from(sorted(clock.REASONS))
#: days between a stop and the next start, in turns
waits = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), reasons), max_size=8)


def made(parts: list[tuple[int, int, str]]) -> tuple[clock.Clock, date]:
    held, day = clock.begin(START), START
    for running, waiting, reason in parts:
        day += timedelta(running)
        held = clock.stop(held, day, reason)
        day += timedelta(waiting)
        held = clock.restart(held, day)
    return held, day


@given(waits, st.integers(0, 500))
def test_running_and_stopped_days_are_all_days(
    parts: list[tuple[int, int, str]], later: int
) -> None:
    held, _ = made(parts)
    day = START + timedelta(later)
    both = [clock.days(held, day, running=running) for running in (True, False)]
    assert sum(both) == later
    assert all(count >= 0 for count in both)


@given(waits, st.integers(0, 200), st.integers(0, 200), st.booleans())
def test_an_ended_clock_stands_still(
    parts: list[tuple[int, int, str]], until: int, after: int, stopped: bool
) -> None:
    held, last = made(parts)
    over = last + timedelta(until)
    if stopped:
        held = clock.stop(held, last, "congress")
    held = clock.end(held, over)
    both = [clock.days(held, over + timedelta(after), running=r) for r in (True, False)]
    assert sum(both) == (over - START).days
    assert clock.end(held, over + timedelta(9)) == held
    assert not clock.runs(held)
    assert not clock.stopped(held)


@given(waits, st.integers(0, 120))
def test_a_limit_is_reached_when_its_days_are_counted(
    parts: list[tuple[int, int, str]], limit: int
) -> None:
    held, _ = made(parts)
    due = clock.reached(held, START, limit)
    assert due is not None
    assert clock.days(held, due, running=True) == limit
    if limit:
        assert clock.days(held, due - timedelta(1), running=True) == limit - 1


@given(waits)
def test_it_reads_back(parts: list[tuple[int, int, str]]) -> None:
    held, _ = made(parts)
    assert clock.read([part.to_dict() for part in held]) == held


def test_while_it_is_stopped_nothing_is_due() -> None:
    held = clock.stop(clock.begin(START), date(2025, 7, 6), "pre_licence_check")
    assert clock.reached(held, START, 9) is None
    assert clock.reached(held, START, 5) == date(2025, 7, 6)
    again = clock.restart(held, date(2025, 8, 1))
    assert clock.reached(again, START, 9) == date(2025, 8, 5)


def test_what_makes_no_sense() -> None:
    held = clock.begin(START)
    with pytest.raises(InputError, match="negotiation"):
        clock.stop(held, START, "holiday")
    with pytest.raises(Refused):
        clock.restart(held, START)
    with pytest.raises(Refused):
        clock.stop(clock.stop(held, START, "congress"), START, "congress")
    with pytest.raises(Refused):
        clock.stop((), START, "congress")
    assert clock.end((), START) == ()


def test_each_reason_has_its_rule() -> None:
    assert {cite for _, cite in clock.REASONS.values()} == {"750.4(b)", "750.4(d)(1)"}
    assert len(clock.REASONS) == 8
