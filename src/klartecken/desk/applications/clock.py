"""The clock of an application: stretches of days that count or do not, each with its reason.

It starts at registration, which is day 0, and not at submission (750.4(a)(2)); a resubmission
is an application of its own and starts anew. Pure: days are arguments.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from klartecken.desk.errors import Refused
from klartecken.errors import InputError

#: Why days do not count: code -> what it is, and the rule.
REASONS: dict[str, tuple[str, str]] = {
    "negotiation": ("suspension agreed with the applicant, to negotiate", "750.4(b)"),
    "pre_licence_check": ("a pre-licence check", "750.4(b)"),
    "government_assurance": ("an assurance of end use from one government to another", "750.4(b)"),
    "consultation": ("consultation with other governments", "750.4(b)"),
    "multilateral_review": ("multilateral review", "750.4(b)"),
    "congress": ("notification of Congress", "750.4(b)"),
    "technology_plan": ("a technology plan before the Department of Defense or the NSA",
                        "750.4(b)"),
    "information_missing": ("an agency waits for what it said was missing", "750.4(d)(1)"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Segment:
    """Days from ``start`` up to, and without, ``until``; open where that is None."""

    start: date
    until: date | None
    running: bool
    reason: str = ""

    def days(self, start: date, day: date) -> int:
        """How many of its days lie in [start, day)."""
        end = day if self.until is None else min(self.until, day)
        return max((end - max(self.start, start)).days, 0)

    def to_dict(self) -> dict[str, Any]:
        """As kept with an application."""
        return {"from": self.start.isoformat(), "running": self.running, "reason": self.reason,
                "until": self.until.isoformat() if self.until else None}  # fmt: skip


Clock = tuple[Segment, ...]


def read(data: Iterable[Mapping[str, Any]]) -> Clock:
    """A clock as it was kept."""
    return tuple(
        Segment(date.fromisoformat(part["from"]),
                date.fromisoformat(part["until"]) if part["until"] else None,
                part["running"], part["reason"])
        for part in data
    )  # fmt: skip


def begin(on: date) -> Clock:
    """A clock that starts to run."""
    return (Segment(on, None, True),)


def runs(clock: Clock) -> bool:
    """Is it running, not stopped and not ended?"""
    return bool(clock) and clock[-1].until is None and clock[-1].running


def stopped(clock: Clock) -> bool:
    """Is it stopped, and not ended?"""
    return bool(clock) and clock[-1].until is None and not clock[-1].running


def stop(clock: Clock, on: date, reason: str) -> Clock:
    """The clock, stopped for a reason.

    Raises:
        InputError: no such reason.
        Refused: it does not run.
    """
    if reason not in REASONS:
        raise InputError(f"{reason!r} does not stop the clock", where="reason",
                         next_step="Use " + ", ".join(REASONS))  # fmt: skip
    if not runs(clock):
        raise Refused("the clock does not run")
    return (*_ended(clock, on), Segment(on, None, False, reason))


def restart(clock: Clock, on: date) -> Clock:
    """The clock, running again.

    Raises:
        Refused: it is not stopped.
    """
    if not stopped(clock):
        raise Refused("the clock is not stopped")
    return (*_ended(clock, on), Segment(on, None, True))


def end(clock: Clock, on: date) -> Clock:
    """The clock, ended for good; nothing happens to one that never began or ended before."""
    return _ended(clock, on) if clock and clock[-1].until is None else clock


def _ended(clock: Clock, on: date) -> Clock:
    return (*clock[:-1], replace(clock[-1], until=on))


def days(clock: Sequence[Segment], day: date, *, running: bool, start: date | None = None) -> int:
    """Days that count, or those that do not, from ``start`` (its first day) until a day.

    >>> held = stop(begin(date(2025, 7, 1)), date(2025, 7, 11), "negotiation")
    >>> days(held, date(2025, 7, 31), running=True), days(held, date(2025, 7, 31), running=False)
    (10, 20)
    """
    return sum(part.days(start or part.start, day) for part in clock if part.running == running)


def reached(clock: Sequence[Segment], start: date, limit: int) -> date | None:
    """The day on which so many counted days will have passed since ``start``.

    None while the clock is stopped before it, or when it ended before.
    """
    left = limit
    for part in clock:
        first = max(part.start, start)
        if not part.running or (part.until is not None and part.until < first):
            continue
        if part.until is None or (part.until - first).days >= left:
            return first + timedelta(left)
        left -= (part.until - first).days
    return None
