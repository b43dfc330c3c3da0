"""What happens to an application: each event with its day, its guard and its effect.

An event is recorded with the day on which it happened: not later than today, and not before
the step before it. What is not in the table of :data:`.APPLICATION` raises and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from klartecken.desk.applications import clock
from klartecken.desk.applications.approval import WHAT, content_now
from klartecken.desk.applications.dues import DECIDED, timers
from klartecken.desk.applications.reading import long_text
from klartecken.desk.applications.records import step
from klartecken.desk.applications.rules.around import is_acn
from klartecken.desk.applications.validate import findings, refuse_blocked
from klartecken.desk.errors import Conflict, IllegalEvent, Refused
from klartecken.desk.machines.application import APPLICATION, EDITABLE
from klartecken.desk.people import approvals
from klartecken.desk.storage.tables.applications import APPLICATIONS
from klartecken.desk.work import Row, Work, expect
from klartecken.errors import InputError

#: Why BIS returned an application. None of them says that a line may ship.
RETURN_REASONS: dict[str, str] = {
    "applicant_withdrew": "the applicant withdrew it",
    "exception_applies": "BIS says that a licence exception applies: determine it anew",
    "not_controlled": "BIS says that the item needs no licence: determine it anew",
    "deficiency": "something was wrong or missing, or was not answered: come back",
    "other": "another reason, said in words",
}
#: Events that have a call of their own.
ELSEWHERE = {"edit": "edit it", "ask_approval": "ask for its approval",
             "approve_internally": "decide on its approval"}  # fmt: skip
ONCE = ("receive_notice", "respond", "appeal")


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of an event beside its day.

    Attributes:
        acn: application control number, for ``submit`` or ``register``.
        reason: why the clock stops, for ``stop_clock`` and ``hold``: a code of ``clock.REASONS``.
        reason_code: for ``return``: a code of :data:`RETURN_REASONS`.
        why: in words.
    """

    acn: str = ""
    reason: str = ""
    reason_code: str = ""
    why: str = ""


Effect = Callable[[Work, Row, date, Said], dict[str, Any]]


def fire(
    work: Work, ident: int, event: str, on: date | None = None, *, acn: str = "",
    reason: str = "", reason_code: str = "", why: str = "", expected: int | None = None,
) -> Row:  # fmt: skip
    """Record that something happened to an application; the application as it is now.

    Args:
        event: as in :data:`.APPLICATION`.
        on: the day on which it happened; today unless said.
        acn, reason, reason_code, why: see :class:`Said`.
        expected: the version that the caller saw.

    Raises:
        IllegalEvent: the event cannot happen in this state.
        Refused: its guard does not hold.
        InputError: a day in the future or before the last step; a wrong number or code.
        Conflict: another application has this control number.
        Forbidden, NotFound, Stale: as usual.
    """
    _permit(work, event)
    row = work.get(APPLICATIONS, ident)
    expect(row, expected, APPLICATIONS.name)
    move = APPLICATION.move(row["state"], event)
    work.require(move.permission)
    if event in ELSEWHERE:
        raise Refused(
            f"{event} is not recorded like this", next_step=f"Instead, {ELSEWHERE[event]}"
        )
    day = _day(row, on or work.today, work.today)
    said = Said(acn.strip(), reason.strip(), reason_code.strip(), long_text(why, "why"))
    changes = EFFECTS.get(event, _nothing)(work, row, day, said)
    if event in ONCE and any(held["event"] == event for held in row["steps"]):
        raise Refused(f"{event.replace('_', ' ')} was recorded before")
    done = step(event, move.target, day, said.why, acn=changes.get("acn"),
                reason=said.reason, reason_code=said.reason_code)  # fmt: skip
    changes |= {"state": move.target, "steps": [*row["steps"], done]}
    if event in DECIDED:
        changes["decided_on"] = day
        changes["clock"] = _kept(clock.end(clock.read(row["clock"]), day))
    changes["timers"] = timers({**row, **changes}, work.today)
    return _keep(work, row, changes, event, said)


def _keep(work: Work, row: Row, changes: Mapping[str, Any], event: str, said: Said) -> Row:
    if event == "withdraw" and row["state"] in EDITABLE:
        approvals.lapse(work, APPLICATIONS, row["id"], "the application was withdrawn")
    work.update_many(APPLICATIONS, f"applications.{event}", [(row, changes)], said.why)
    work.tell("application.changed", {"application": row["id"], "reference": row["reference"],
                                      "event": event, "state": changes["state"]})  # fmt: skip
    return work.get(APPLICATIONS, row["id"])


def _permit(work: Work, event: str) -> None:
    """Whoever may do it in no state at all is told so, whatever the state."""
    needed = sorted({move.permission for move in APPLICATION.moves if move.event == event})
    if needed and not any(work.person.may(permission) for permission in needed):
        work.require(needed[0])


def _day(row: Row, day: date, today: date) -> date:
    if day > today:
        raise InputError(f"{day} is in the future", where="on",
                         next_step="Record it when it has happened")  # fmt: skip
    last = row["steps"][-1] if row["steps"] else None
    if last and day.isoformat() < last["on"]:
        raise InputError(f"{day} is before the step before it ({last['event']} on {last['on']})",
                         where="on")  # fmt: skip
    return day


def _kept(segments: clock.Clock) -> list[dict[str, Any]]:
    return [segment.to_dict() for segment in segments]


# -- guards and effects, by event ----------------------------------------------------------------
def _nothing(work: Work, row: Row, day: date, said: Said) -> dict[str, Any]:
    return {}


def _submit(work: Work, row: Row, day: date, said: Said) -> dict[str, Any]:
    content = content_now(work, row)
    if approvals.approved(work.connection, APPLICATIONS, row["id"], WHAT, content) is None:
        raise Refused("its approval is not for what it says now", next_step="Have it approved")
    refuse_blocked(findings(work.connection, row))
    return {"submitted_on": day, **_acn(work, row, said)}


def _register(work: Work, row: Row, day: date, said: Said) -> dict[str, Any]:
    number = _acn(work, row, said)
    if not number and not row["acn"]:
        raise InputError("is needed: one letter and six digits", where="acn",
                         next_step="Read it off the system in which it was filed")  # fmt: skip
    return {"registered_on": day, "clock": _kept(clock.begin(day)), **number}


def _acn(work: Work, row: Row, said: Said) -> dict[str, Any]:
    if not said.acn:
        return {}
    if not is_acn(said.acn):
        raise InputError(f"{said.acn!r} is not one letter and six digits", where="acn")
    if row["acn"] not in (None, said.acn):
        raise Conflict(f"its application control number is {row['acn']}", where="acn")
    others = work.find(APPLICATIONS, APPLICATIONS.c.id != row["id"], acn=said.acn)
    if others:
        raise Conflict(f"{said.acn} is the number of {others[0]['reference']}", where="acn")
    return {"acn": said.acn}


def _refer(work: Work, row: Row, day: date, said: Said) -> dict[str, Any]:
    return {"referred_on": day}


def _hold(work: Work, row: Row, day: date, said: Said) -> dict[str, Any]:
    return _stop_clock(work, row, day, said) if said.reason else {}


def _resume(work: Work, row: Row, day: date, said: Said) -> dict[str, Any]:
    if row["referred_on"] is not None:
        raise IllegalEvent("it was referred before: resume_referred")
    return _run_again(row, day)


def _resume_referred(work: Work, row: Row, day: date, said: Said) -> dict[str, Any]:
    if row["referred_on"] is None:
        raise IllegalEvent("it was not referred before: resume")
    return _run_again(row, day)


def _run_again(row: Row, day: date) -> dict[str, Any]:
    held = clock.read(row["clock"])
    return {"clock": _kept(clock.restart(held, day))} if clock.stopped(held) else {}


def _stop_clock(work: Work, row: Row, day: date, said: Said) -> dict[str, Any]:
    return {"clock": _kept(clock.stop(clock.read(row["clock"]), day, said.reason))}


def _restart_clock(work: Work, row: Row, day: date, said: Said) -> dict[str, Any]:
    return {"clock": _kept(clock.restart(clock.read(row["clock"]), day))}


def _return(work: Work, row: Row, day: date, said: Said) -> dict[str, Any]:
    if said.reason_code not in RETURN_REASONS:
        raise InputError("a return without action needs its reason", where="reason_code",
                         next_step="Use " + ", ".join(RETURN_REASONS))  # fmt: skip
    if said.reason_code == "other":
        _in_words(work, row, day, said)
    return {"reason_code": said.reason_code}


def _in_words(work: Work, row: Row, day: date, said: Said) -> dict[str, Any]:
    if not said.why:
        raise InputError("must be said in words", where="why")
    return {}


EFFECTS: dict[str, Effect] = {
    "submit": _submit, "register": _register, "refer": _refer, "hold": _hold,
    "resume": _resume, "resume_referred": _resume_referred, "stop_clock": _stop_clock,
    "restart_clock": _restart_clock, "grant_in_part": _in_words, "return": _return,
    "withdraw": _in_words,
}  # fmt: skip
