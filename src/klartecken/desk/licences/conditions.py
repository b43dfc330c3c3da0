"""Conditions of a licence, or of one line, as tasks: due, recurring, met with evidence."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from klartecken.desk.errors import Refused
from klartecken.desk.licences import fields
from klartecken.desk.licences.content import NOTIFY
from klartecken.desk.licences.events import ask_again
from klartecken.desk.licences.same import same_name
from klartecken.desk.machines.condition import CONDITION
from klartecken.desk.machines.licence import LICENCE
from klartecken.desk.storage.tables.licences import CONDITIONS, LICENCES
from klartecken.desk.storage.tables.orders import LINES
from klartecken.desk.work import Row, Work, expect, find
from klartecken.errors import InputError

KINDS = (
    "reporting", "security_plan", "no_resale", "quantity_per_period", "inspection", "testing",
    "other",
)  # fmt: skip
TOLD = "communicate"  # the task to tell a party of what binds it (750.7(d))
RECURS = {"": 0, "monthly": 1, "quarterly": 3, "yearly": 12}  # months
FIELDS = (
    "kind", "text", "binds", "before_shipment", "stops_when_overdue", "due_on", "recurs",
    "ends_on",
)  # fmt: skip


def add(
    work: Work, data: Mapping[str, Any], why: str, *, licence: int | None = None,
    line: int | None = None,
) -> int:  # fmt: skip
    """A condition of a licence (to be verified anew by a second person) or of one line; its id.

    Args:
        data: ``kind`` (:data:`KINDS`), ``text``; ``binds``, the party bound: if that is not the
            holder, a task opens to tell it in writing before anything leaves (750.7(d), our
            cautious reading); ``before_shipment``: nothing leaves until it is met;
            ``stops_when_overdue``: nothing leaves while it is overdue, where the licence says
            so; ``due_on``; ``recurs`` (:data:`RECURS`), counted from the due day; ``ends_on``,
            the last day on which it binds (750.7(i)).

    Raises:
        InputError: not of one licence or of one line, or a field that cannot be used.
        Forbidden, NotFound, IllegalEvent: as usual.
    """
    work.require("licence.change")
    why = fields.reason(why)
    if (licence is None) == (line is None):
        raise InputError("a condition is one of a licence, or of one line", where="condition")
    if line is not None:
        work.get(LINES, line)
        return add_stated(work, data, "", line=line, holder=work.get(LINES, line)["exporter"])
    assert licence is not None
    row = work.get(LICENCES, licence)
    LICENCE.move(row["state"], "edit")
    ident = add_stated(work, data, "", licence=licence, holder=row["holder"])
    ask_again(work, licence, why)
    return ident


def add_stated(
    work: Work, data: Any, where: str, *, holder: str, licence: int | None = None,
    line: int | None = None,
) -> int:  # fmt: skip
    """A condition, with the task to tell whom it binds; nothing is asked of anybody yet."""
    said = read(data, where)
    ident = _open(work, {**said, "licence": licence, "line": line, "follows": None})
    if said["binds"] and not same_name(said["binds"], holder):
        text = f"Tell {said['binds']} in writing: {said['text']}"
        _open(work, {
            "licence": licence, "line": line, "follows": ident, "kind": TOLD, "text": text,
            "binds": "", "before_shipment": 1, "stops_when_overdue": 0, "due_on": None,
            "due_day": None, "recurs": "", "ends_on": said["ends_on"],
        })  # fmt: skip
    return ident


def read(data: Any, where: str = "") -> dict[str, Any]:
    """The columns of a condition, checked; raises InputError."""
    fields.known(data, FIELDS, where.rstrip(".") or "condition")
    due = fields.day(data, "due_on", where)
    said = {
        "kind": fields.one_of(data, "kind", KINDS, where, "other"),
        "text": fields.prose(data, "text", where, need=True),
        "binds": fields.name(data, "binds", where),
        "before_shipment": int(fields.flag(data, "before_shipment", where)),
        "stops_when_overdue": int(fields.flag(data, "stops_when_overdue", where)),
        "due_on": due, "due_day": due.day if due else None,
        "recurs": fields.one_of(data, "recurs", tuple(RECURS), where),
        "ends_on": fields.day(data, "ends_on", where),
    }  # fmt: skip
    if due is None and (said["recurs"] or said["stops_when_overdue"]):
        raise InputError("it needs a day on which it is due", where=f"{where}due_on")
    if said["recurs"] and said["before_shipment"]:
        raise InputError(
            "what recurs is never met for good", where=f"{where}before_shipment",
            next_step="Let it stop shipments when overdue instead",
        )  # fmt: skip
    return said


def notify_bis(
    work: Work, text: str, *, licence: int | None = None, line: int | None = None,
    due_on: date | str | None = None,
) -> int:  # fmt: skip
    """A material change must be reported to BIS (748.6(f)): a task, and a hold until it is met.

    Args:
        text: what changed: a party, its owners, the end use.
        licence: holds every line on it.
        line: holds this line.

    Raises:
        InputError, Forbidden, NotFound: as usual.
    """
    work.require("hold.place")
    if (licence is None) == (line is None):
        raise InputError("say one licence, or one line", where="licence")
    work.get(LICENCES if line is None else LINES, licence or line or 0)
    said = {"text": text, "due_on": due_on, "kind": "other"}
    ident = _open(work, {**read(said), "kind": NOTIFY, "licence": licence, "line": line,
                         "follows": None})  # fmt: skip
    work.tell("condition.notify_bis", {"condition": ident, "licence": licence, "line": line})
    return ident


def meet(
    work: Work, ident: int, evidence: str, *, sha256: str = "", expected: int | None = None
) -> int | None:
    """Say that a condition is met, and by what; the id of the next task of a recurring one.

    Raises:
        InputError: no evidence is named.
        Forbidden, NotFound, Stale, IllegalEvent: as usual.
    """
    said = {"evidence": evidence, "sha256": sha256}
    row = _step(work, ident, "meet", "", expected, {
        "evidence": fields.prose(said, "evidence", need=True),
        "evidence_sha256": fields.sha256(said, "sha256"), "closed_by": work.person.id,
        "closed_at": work.now,
    })  # fmt: skip
    following = _next_due(row)
    if following is None or (row["ends_on"] is not None and following > row["ends_on"]):
        return None
    same = ("licence", "line", "kind", "text", "binds", "before_shipment", "stops_when_overdue",
            "due_day", "recurs", "ends_on")  # fmt: skip
    held = work.find(CONDITIONS, follows=ident)
    if any(task["kind"] == row["kind"] for task in held):  # reopened, and met again
        return None
    return _open(work, {**{n: row[n] for n in same}, "due_on": following, "follows": ident})


def end(work: Work, ident: int, why: str, *, expected: int | None = None) -> Row:
    """Say that a condition binds no longer (750.7(i): the item needs no licence any more).

    Raises:
        Refused: by who registered the licence.
        InputError, Forbidden, NotFound, Stale, IllegalEvent: as usual.
    """
    row = work.get(CONDITIONS, ident)
    CONDITION.move(row["state"], "end")
    work.require("licence.verify")
    if row["licence"] and work.get(LICENCES, row["licence"])["registered_by"] == work.person.id:
        raise Refused("who registered the licence cannot end its conditions",
                      next_step="Ask a second person")  # fmt: skip
    return _step(work, ident, "end", fields.reason(why), expected, {
        "closed_by": work.person.id, "closed_at": work.now,
    })  # fmt: skip


def reopen(work: Work, ident: int, why: str, *, expected: int | None = None) -> Row:
    """Say that a condition is not met after all; what leads to the same task stays.

    Raises:
        InputError, Forbidden, NotFound, Stale, IllegalEvent: as usual.
    """
    return _step(work, ident, "reopen", fields.reason(why), expected,
                 {"closed_by": None, "closed_at": None})  # fmt: skip


def _step(
    work: Work, ident: int, event: str, why: str, expected: int | None, changes: dict[str, Any]
) -> Row:
    row = work.get(CONDITIONS, ident)
    expect(row, expected, CONDITIONS.name)
    move = CONDITION.move(row["state"], event)
    work.require(move.permission)
    row = work.update(CONDITIONS, ident, f"conditions.{event}",
                      {"state": move.target, **changes}, why)  # fmt: skip
    work.tell(f"condition.{event}", {"condition": ident, "licence": row["licence"],
                                     "line": row["line"]})  # fmt: skip
    return row


def _open(work: Work, said: Mapping[str, Any]) -> int:
    return work.insert(CONDITIONS, "conditions.open", {
        **said, "state": CONDITION.initial, "evidence": "", "evidence_sha256": "",
        "closed_by": None, "closed_at": None,
    })  # fmt: skip


def _next_due(row: Row) -> date | None:
    months = RECURS[row["recurs"]]
    if not months or row["due_on"] is None:
        return None
    count = row["due_on"].year * 12 + row["due_on"].month - 1 + months
    year, month = divmod(count, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(row["due_day"] or row["due_on"].day, last))


def binding(row: Row, day: date) -> bool:
    """Is a task open, and does its condition bind on a day (750.7(i))?"""
    return row["state"] == "open" and (row["ends_on"] is None or day <= row["ends_on"])


def stops(row: Row, day: date) -> str:
    """Why an open condition keeps a line from leaving on a day; empty where it does not."""
    if not binding(row, day) or row["kind"] == NOTIFY:
        return ""
    if row["before_shipment"]:
        return f"condition {row['id']} ({row['kind']}) is to be met before shipment"
    if row["stops_when_overdue"] and row["due_on"] is not None and row["due_on"] < day:
        return f"condition {row['id']} ({row['kind']}) is overdue since {row['due_on']}"
    return ""


def due(connection: Connection, day: date, within: int = 0) -> list[Row]:
    """Open tasks that are overdue, or due within some days; the most urgent first."""
    rows = find(connection, CONDITIONS, CONDITIONS.c.due_on <= day + timedelta(within),
                state="open")  # fmt: skip
    return sorted((row for row in rows if binding(row, day)), key=lambda row: row["due_on"])
