"""What is due when, by the steps of Executive Order 12981 and part 750."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from klartecken.desk.applications import clock
from klartecken.desk.applications.dues import LIMITS, dues, overdue, timers

DAY0 = date(2025, 7, 1)


def at(*steps: tuple[str, int], stops: tuple[tuple[int, int], ...] = ()) -> dict[str, Any]:
    """An application registered on day 0, with steps and stops on later days."""
    held = clock.begin(DAY0)
    for first, last in stops:
        held = clock.stop(held, on(first), "negotiation")
        held = clock.restart(held, on(last))
    return {
        "clock": [part.to_dict() for part in held], "state": "referred",
        "steps": [{"event": event, "on": on(day).isoformat()} for event, day in
                  (("register", 0), *steps)],
    }  # fmt: skip


def on(day: int) -> date:
    return DAY0 + timedelta(day)


def last_days(row: dict[str, Any], day: int = 0) -> dict[str, int | None]:
    return {due.code: (due.due_on - DAY0).days if due.due_on else None
            for due in dues(row, on(day))}  # fmt: skip


def test_from_registration() -> None:
    assert last_days(at()) == {"first_action": 9, "resolution": 90}
    assert overdue(at(), on(9)) == []
    late = overdue(at(), on(10))
    assert [(due.code, due.overdue) for due in late] == [("first_action", 1)]


def test_the_agencies() -> None:
    row = at(("refer", 7))
    assert last_days(row, 7) == {
        "first_action": 9, "agency_questions": 17, "agency_recommendation": 37, "resolution": 90,
    }  # fmt: skip
    assert [due.code for due in overdue(row, on(40))] == ["agency_recommendation"]
    first = next(due for due in dues(row, on(40)) if due.code == "first_action")
    assert (first.met_on, first.overdue) == (on(7), 0)


def test_the_escalation() -> None:
    row = at(("refer", 7), ("escalate_oc", 36), ("escalate_acep", 50), ("escalate_earb", 60))
    days = last_days(row, 61)
    assert days["oc_decision"] == 37 + 14
    assert days["acep_escalation"] == 37 + 14 + 5
    assert days["acep_vote"] == 50 + 11
    assert days["earb_escalation"] == 61 + 5
    assert days["earb_vote"] == 60 + 11
    assert days["president_appeal"] == 71 + 5
    assert overdue(row, on(100))[0].code == "earb_vote"
    gone = {**row, "steps": [*row["steps"], {"event": "appeal_to_president",
                                             "on": on(75).isoformat()}]}  # fmt: skip
    assert overdue(gone, on(200)) == []


def test_days_that_do_not_count() -> None:
    row = at(("refer", 7), stops=((10, 30), (40, 45)))
    days = last_days(row, 50)
    assert days["resolution"] == 90 + 25
    assert days["agency_recommendation"] == 37 + 25
    assert overdue(row, on(62)) == []
    assert overdue(row, on(63))[0].overdue == 1


def test_a_hold_waits_ten_days_of_the_calendar() -> None:
    row = at(("hold", 5), stops=((5, 60),))
    assert last_days(row, 8)["hold_answer"] == 15
    assert [(d.code, d.overdue) for d in overdue(row, on(18))] == [("hold_answer", 3)]
    answered = at(("hold", 5), ("resume", 12), ("refer", 12), ("hold", 20))
    assert last_days(answered, 22)["hold_answer"] == 30


def test_the_four_timers_of_an_intent_to_deny() -> None:
    row = at(("refer", 7), ("intend_to_deny", 40))
    assert timers(row, on(41)) == {
        "denial_notice": on(45).isoformat(), "denial_response": on(60).isoformat(),
        "denial_final": on(85).isoformat(), "denial_appeal": on(130).isoformat(),
    }  # fmt: skip
    noticed = at(("refer", 7), ("intend_to_deny", 40), ("receive_notice", 43))
    assert timers(noticed, on(44)) == {
        "denial_response": on(63).isoformat(), "denial_final": on(88).isoformat(),
        "denial_appeal": on(133).isoformat(),
    }  # fmt: skip
    answered = {**noticed, "steps": [*noticed["steps"],
                                     {"event": "respond", "on": on(60).isoformat()}]}  # fmt: skip
    assert set(timers(answered, on(61))) == {"denial_final", "denial_appeal"}


@pytest.mark.parametrize("event", ["grant", "return", "withdraw"])
def test_no_appeal_against_what_is_no_denial(event: str) -> None:
    row = at(("intend_to_deny", 40), (event, 50))
    assert timers(row, on(200)) == {}
    assert overdue(row, on(300)) == []


def test_the_appeal_counts_from_the_denial() -> None:
    row = at(("intend_to_deny", 40), ("receive_notice", 41), ("deny", 70))
    assert timers(row, on(71)) == {"denial_appeal": on(115).isoformat()}
    done = {**row, "steps": [*row["steps"], {"event": "appeal", "on": on(80).isoformat()}]}
    assert timers(done, on(200)) == {}


def test_as_it_was_on_an_earlier_day() -> None:
    row = at(("refer", 7), ("grant", 50))
    assert [due.code for due in overdue(row, on(48))] == ["agency_recommendation"]
    assert overdue(row, on(51)) == []


def test_nothing_counts_before_the_registration() -> None:
    row = {"clock": [], "state": "submitted", "steps": [{"event": "submit", "on": "2025-07-01"}]}
    assert dues(row, date(2026, 1, 1)) == []


def test_each_limit_has_its_rule_and_its_anchor() -> None:
    from klartecken.desk.machines.application import APPLICATION

    known = {*APPLICATION.events, *LIMITS}
    for limit in LIMITS.values():
        assert limit.cite
        assert {limit.anchor, *limit.done} <= known
