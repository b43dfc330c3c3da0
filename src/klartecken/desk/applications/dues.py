"""What is due when, and what is overdue: shown, and never a reason for another answer.

The limits are a table. Those of BIS and the agencies count the days of the clock; those of the
applicant, and those of an intent to deny, count days of the calendar.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from klartecken.desk.applications.clock import Clock, days, reached, read

DECIDED = ("grant", "grant_with_conditions", "grant_in_part", "return", "deny", "withdraw")
_TURNED = (*DECIDED, "intend_to_deny")
_ESCALATION = ("escalate_oc", "escalate_acep", "escalate_earb", "appeal_to_president")


@dataclass(frozen=True, slots=True)
class Limit:
    """One row of the table.

    Attributes:
        who: BIS, agency, committee, board or applicant.
        days: how many.
        anchor: the event, or another limit, that it counts from.
        done: the events that meet it.
        needs: an event without which it does not apply.
        right: nobody must use it, so it is never overdue.
        timer: it counts days of the calendar, whatever the clock does.
    """

    title: str
    who: str
    days: int
    anchor: str
    done: tuple[str, ...]
    cite: str
    needs: str = ""
    right: bool = False
    timer: bool = False


LIMITS: dict[str, Limit] = {
    "first_action": Limit(
        "ask, return, grant, give notice of denial, or refer", "BIS", 9, "register",
        ("refer", "hold", *_TURNED), "750.4(c)"),
    "agency_questions": Limit(
        "say what is missing", "agency", 10, "refer", (*_ESCALATION, *_TURNED), "750.4(d)(1)",
        right=True),
    "agency_recommendation": Limit(
        "recommend; silence is no objection", "agency", 30, "refer", (*_ESCALATION, *_TURNED),
        "750.4(d)(2), 750.4(e)"),
    "oc_decision": Limit(
        "the chair of the Operating Committee decides", "committee", 14,
        "agency_recommendation", (*_ESCALATION[1:], *_TURNED), "750.4(f)(1)",
        needs="escalate_oc"),
    "acep_escalation": Limit(
        "escalate to the Advisory Committee", "agency", 5, "oc_decision",
        (*_ESCALATION[1:], *_TURNED), "Executive Order 12981", right=True),
    "acep_vote": Limit(
        "the Advisory Committee votes", "committee", 11, "escalate_acep",
        (*_ESCALATION[2:], *_TURNED), "Executive Order 12981"),
    "earb_escalation": Limit(
        "escalate to the Review Board", "agency", 5, "acep_vote",
        (*_ESCALATION[2:], *_TURNED), "Executive Order 12981", right=True),
    "earb_vote": Limit(
        "the Review Board votes", "board", 11, "escalate_earb", (*_ESCALATION[3:], *_TURNED),
        "Executive Order 12981"),
    "president_appeal": Limit(
        "appeal to the President", "agency", 5, "earb_vote", (*_ESCALATION[3:], *_TURNED),
        "Executive Order 12981", right=True),
    "resolution": Limit(
        "resolve it, or refer it to the President", "BIS", 90, "register",
        (*DECIDED, "appeal_to_president"), "750.4(a)(1)"),
    "hold_answer": Limit(
        "answer BIS, or it is returned", "applicant", 10, "hold",
        ("resume", "resume_referred", *_TURNED), "BIS's process page for computers", timer=True),
    "denial_notice": Limit(
        "written notice of the intent to deny", "BIS", 5, "intend_to_deny",
        ("receive_notice", *DECIDED), "750.6", timer=True),
    "denial_response": Limit(
        "respond to the intent to deny", "applicant", 20, "receive_notice",
        ("respond", *DECIDED), "750.6", timer=True),
    "denial_final": Limit(
        "the denial is final without further notice, unless BIS says otherwise", "BIS", 45,
        "receive_notice", DECIDED, "750.6", timer=True),
    "denial_appeal": Limit(
        "appeal under part 756", "applicant", 45, "deny", ("appeal",), "part 756", timer=True),
}  # fmt: skip
#: Until the notice is recorded, days count from the decision: the earlier reading. Until the
#: denial is recorded, the appeal counts from the day on which it is final by itself.
_STANDS_FOR = {"receive_notice": "intend_to_deny", "deny": "denial_final"}


@dataclass(frozen=True, slots=True)
class Due:
    """A limit of one application.

    Attributes:
        due_on: the last day; None while the clock is stopped before it.
        met_on: the day on which it was met.
        overdue: days past the last one: counted days, or calendar days of a timer.
    """

    code: str
    title: str
    who: str
    from_: date
    due_on: date | None
    met_on: date | None
    overdue: int
    cite: str

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {"code": self.code, "title": self.title, "who": self.who,
                "from": self.from_.isoformat(),
                "due_on": self.due_on.isoformat() if self.due_on else None,
                "met_on": self.met_on.isoformat() if self.met_on else None,
                "overdue": self.overdue, "cite": self.cite}  # fmt: skip


def dues(row: Mapping[str, Any], day: date) -> list[Due]:
    """All limits that have begun to count for an application, as of a day.

    Args:
        row: of APPLICATIONS: ``steps``, ``clock`` and ``state`` are read.
    """
    clock = read(row["clock"])
    steps = [(step["event"], date.fromisoformat(step["on"])) for step in row["steps"]]
    steps = [(event, on) for event, on in steps if on <= day]
    found: dict[str, Due] = {}
    for code, limit in LIMITS.items():
        start = _start(limit.anchor, steps, found)
        if start is not None and (not limit.needs or limit.needs in dict(steps)):
            found[code] = _due(code, limit, start, clock, steps, day)
    return list(found.values())


def overdue(row: Mapping[str, Any], day: date) -> list[Due]:
    """The limits that are past and not met, the longest past first."""
    late = [due for due in dues(row, day) if due.overdue and due.met_on is None]
    return sorted(late, key=lambda due: -due.overdue)


def timers(row: Mapping[str, Any], day: date) -> dict[str, str]:
    """The calendar days that are to be kept, by limit: what is not met yet."""
    return {due.code: due.due_on.isoformat() for due in dues(row, day)
            if LIMITS[due.code].timer and due.met_on is None and due.due_on}  # fmt: skip


def _start(anchor: str, steps: list[tuple[str, date]], found: Mapping[str, Due]) -> date | None:
    if anchor in LIMITS:
        return found[anchor].due_on if anchor in found else None
    days_of = [on for event, on in steps if event == anchor]
    if days_of:
        return days_of[-1]
    other = _STANDS_FOR.get(anchor)
    if other is None or (other in found and found[other].met_on):
        return None
    return _start(other, steps, found)


def _due(
    code: str, limit: Limit, start: date, clock: Clock, steps: list[tuple[str, date]], day: date
) -> Due:  # fmt: skip
    met = next((on for event, on in _after(limit, steps) if event in limit.done), None)
    at = met or day
    if limit.timer:
        last: date | None = start + timedelta(limit.days)
        past = (at - start).days - limit.days
    else:
        last = reached(clock, start, limit.days)
        past = days(clock, at, running=True, start=start) - limit.days
    return Due(code, limit.title, limit.who, start, last, met,
               0 if limit.right else max(past, 0), limit.cite)  # fmt: skip


def _after(limit: Limit, steps: list[tuple[str, date]]) -> list[tuple[str, date]]:
    """The steps after the one that a limit counts from."""
    places = [n for n, (event, _) in enumerate(steps) if event == limit.anchor]
    return steps[places[-1] + 1 :] if places else steps
