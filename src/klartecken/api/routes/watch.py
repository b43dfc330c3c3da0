"""Applications as they are watched: findings, the clock, what is overdue, the data sheet."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import Connection

from klartecken.api.answer import Answer
from klartecken.api.models.applications import Checklists, ClockOut, Findings, Overdue
from klartecken.api.models.base import Ident
from klartecken.api.models.parts import OnDay
from klartecken.api.routes.attachments import saved
from klartecken.api.subject import Caller, Subject
from klartecken.desk.applications.cells import cells
from klartecken.desk.applications.cells_csv import write_csv
from klartecken.desk.applications.checklist import checklists
from klartecken.desk.applications.dues import dues, overdue
from klartecken.desk.applications.sheet import sheet
from klartecken.desk.applications.validate import files, findings
from klartecken.desk.applications.view import counted, late
from klartecken.desk.storage.tables.applications import APPLICATIONS
from klartecken.desk.work import get

WATCH_API = Subject("watching applications", "Findings, clocks, what is overdue, data sheets.")
S = WATCH_API
On = Annotated[OnDay | None, Query(description="As of that day; today when absent")]


@S.read("/checklists", "view", Checklists)
def list_checklists(_: Connection) -> dict[str, Any]:
    """The checklists that an application may have."""
    names = ("id", "title", "cite", "everywhere", "provision", "policy")
    return {"items": [
        {**{name: getattr(one, name) for name in names}, "items": [dict(i) for i in one.items]}
        for one in checklists().values()
    ]}  # fmt: skip


@S.read("/overdue-applications", "view", Overdue)
def list_overdue(connection: Connection, caller: Caller, on: On = None) -> dict[str, Any]:
    """Applications with a limit that is past. It is shown, and decides nothing."""
    names = ("id", "reference", "acn", "state")
    return {"items": [
        {**{name: row[name] for name in names}, "overdue": past}
        for row, past in late(connection, on or caller.desk.clock().date())
    ]}  # fmt: skip


@S.read("/applications/{ident}/findings", "view", Findings)
def validate(connection: Connection, ident: Ident) -> dict[str, Any]:
    """What stands against filing an application, by part 748."""
    found = findings(connection, get(connection, APPLICATIONS, ident))
    return {"items": [finding.to_dict() for finding in found]}


@S.read("/applications/{ident}/clock", "view", ClockOut)
def clock(connection: Connection, ident: Ident, caller: Caller, on: On = None) -> dict[str, Any]:
    """Days that count and do not, with what is due and overdue, as of a day."""
    row, day = get(connection, APPLICATIONS, ident), on or caller.desk.clock().date()
    return {
        "on": day, "segments": row["clock"], "days": counted(row, day),
        "dues": [due.to_dict() for due in dues(row, day)],
        "overdue": [due.to_dict() for due in overdue(row, day)],
    }  # fmt: skip


@S.read("/applications/{ident}/sheet.html", "view", media="text/html")
def sheet_html(connection: Connection, ident: Ident) -> Answer:
    """The filled data sheet, to be saved and printed, for typing it in at the government's."""
    row = get(connection, APPLICATIONS, ident)
    page = sheet(row, files(connection, ident), findings(connection, row))
    return saved(page.encode(), "text/html; charset=utf-8", f"{row['reference']}.html")


@S.read("/applications/{ident}/sheet.csv", "view", media="text/csv")
def sheet_csv(connection: Connection, ident: Ident) -> Answer:
    """The same as CSV, safe to open in a spreadsheet."""
    row = get(connection, APPLICATIONS, ident)
    text = write_csv(cells(row["form"]))
    return saved(text.encode(), "text/csv; charset=utf-8", f"{row['reference']}.csv")
