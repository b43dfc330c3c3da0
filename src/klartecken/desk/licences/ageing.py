"""What time does to licences: those that end by themselves, and reminders before they do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection

from klartecken.desk.licences.conditions import binding, due
from klartecken.desk.licences.content import read_wholes
from klartecken.desk.licences.events import settle, step
from klartecken.desk.machines.licence import IN_FORCE, LICENCE
from klartecken.desk.storage.tables.licences import CONDITIONS, LICENCES
from klartecken.desk.work import Row, Work

DAYS = (30, 90, 180)  # before the last day
SHARES = (100, 95, 80)  # percent of quantity or value that is reserved or has left
BEFORE_DUE = 30  # days before a task is due


@dataclass(frozen=True, slots=True, order=True)
class Reminder:
    """Something that somebody should see to.

    Attributes:
        on: the day it is about.
        what: ``expiry``, ``quantity``, ``value``, ``condition`` or ``overdue``.
        level: days (30, 90, 180), percent (80, 95, 100), or 0.
        licence, number: which one; 0 and empty for a task of one order line.
        text: in words.
    """

    on: date
    what: str
    level: int
    licence: int
    number: str
    text: str


def age(work: Work) -> dict[str, int]:
    """Let licences expire and be exhausted by themselves; how many of each.

    The last day of a licence is good to its end (758.4(b)); days are those of UTC.
    """
    counts = {"expired": 0, "exhausted": 0}
    for row in work.find(LICENCES):
        moves = {move.event for move in LICENCE.after(row["state"])}
        if "expire" in moves and work.today > row["expires_on"]:
            step(work, row, "expire", f"its last day was {row['expires_on']}")
            counts["expired"] += 1
            continue
        settle(work, row["id"])
        after = work.get(LICENCES, row["id"])["state"]
        counts["exhausted"] += after == "exhausted" != row["state"]
    for task in work.find(CONDITIONS, CONDITIONS.c.due_on == work.today, state="open"):
        if binding(task, work.today):
            work.tell("condition.due", {"condition": task["id"], "licence": task["licence"]})
    return counts


def reminders(connection: Connection, day: date) -> list[Reminder]:
    """Expiries within 180, 90 and 30 days, lines used to 80, 95 and 100 %, tasks due or overdue;
    the most urgent first. A report that is overdue is shown, and holds only if the licence
    says so."""
    found: list[Reminder] = []
    numbers: dict[int, str] = {}
    for whole in read_wholes(connection).values():
        licence = whole.licence
        numbers[licence["id"]] = licence["number"]
        if licence["state"] not in IN_FORCE:
            continue
        left = (licence["expires_on"] - day).days
        level = next((days for days in DAYS if 0 <= left <= days), None)
        if level is not None:
            text = f"{licence['number']} expires in {left} days, on {licence['expires_on']}"
            found.append(Reminder(licence["expires_on"], "expiry", level, licence["id"],
                                  licence["number"], text))  # fmt: skip
        for line in whole.lines:
            if not line["struck"]:
                found += _used(licence, line, day)
    return sorted([*found, *_tasks(connection, day, numbers)])


def _used(licence: Row, line: Row, day: date) -> list[Reminder]:
    found = []
    for what in ("quantity", "value"):
        used: Decimal = line[f"reserved_{what}"] + line[f"shipped_{what}"]
        level = next((s for s in SHARES if line[what] and used * 100 >= line[what] * s), None)
        if level is not None:
            text = (f"{licence['number']} line {line['place']}: {used} of {line[what]} of the "
                    f"{what} are reserved or have left")  # fmt: skip
            found.append(Reminder(day, what, level, licence["id"], licence["number"], text))
    return found


def _tasks(connection: Connection, day: date, numbers: dict[int, str]) -> list[Reminder]:
    found = []
    for row in due(connection, day, BEFORE_DUE):
        late = row["due_on"] < day
        number = numbers.get(row["licence"], "")
        where = number or f"line {row['line']}"
        text = f"{where}: {row['kind']} {'was' if late else 'is'} due on {row['due_on']}"
        found.append(Reminder(row["due_on"], "overdue" if late else "condition", 0,
                              row["licence"] or 0, number, text))  # fmt: skip
    return found
