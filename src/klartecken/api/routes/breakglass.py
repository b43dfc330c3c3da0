"""Break-glass: two people set holds of the desk's own making aside, and report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import Connection, or_, select

from klartecken.api.answer import Answer, created
from klartecken.api.models.base import Ident, PageOf
from klartecken.api.models.breakglass import AskGlass, GlassOut, GlassReport, GlassState
from klartecken.api.models.lines import Reason
from klartecken.api.pages import Page, page_of
from klartecken.api.subject import Caller, Subject
from klartecken.desk.orders.settle import settle
from klartecken.desk.people import breakglass
from klartecken.desk.storage.tables.people import BREAK_GLASS
from klartecken.desk.work import Row, Work, get

BREAKGLASS_API = Subject(
    "break-glass", "In an emergency two people may set holds of the desk's own making aside, for "
    "one line as it is and for some hours. Never a hold of law. A report is due afterwards."
)  # fmt: skip
S = BREAKGLASS_API


def out(row: Mapping[str, Any]) -> dict[str, Any]:
    """A break-glass as it is told."""
    told = {name: row[name] for name in GlassOut.model_fields}
    return {**told, "holds": row["holds"].split()}


@S.read("/break-glass", "view", PageOf[GlassOut])
def list_break_glass(
    connection: Connection, page: Page, caller: Caller,
    line: Annotated[Ident | None, Query()] = None,
    state: Annotated[GlassState | None, Query()] = None,  # type: ignore[valid-type]
    due: Annotated[bool, Query(description="Only those whose report is due")] = False,
) -> Answer:  # fmt: skip
    """Everything that was asked for, by id."""
    table = BREAK_GLASS.c
    query = select(BREAK_GLASS)
    if line is not None:
        query = query.where(table.line == line)
    if state is not None:
        query = query.where(table.state == state)
    if due:
        query = query.where(
            table.seconded_by.is_not(None), table.state.in_(("open", "ended")),
            or_(table.state == "ended", table.ends_at <= caller.desk.clock()),
        )  # fmt: skip
    return page_of(connection, query, [table.id], page, out)


@S.act("/break-glass", "breakglass.ask", GlassOut, 201)
def ask_break_glass(work: Work, body: AskGlass) -> Answer:
    """Ask that holds of a line be set aside. It sets nothing aside before a second one agrees."""
    ident = breakglass.ask(work, body.line, body.holds, body.why)
    return created(f"/break-glass/{ident}", out(work.get(BREAK_GLASS, ident)))


@S.read("/break-glass/{ident}", "view", GlassOut)
def one_break_glass(connection: Connection, ident: Ident) -> dict[str, Any]:
    """What was asked for, and what became of it."""
    return out(get(connection, BREAK_GLASS, ident))


@S.act("/break-glass/{ident}/second", "breakglass.second", GlassOut, codes=(412,))
def second_break_glass(work: Work, ident: Ident, body: Reason, caller: Caller) -> dict[str, Any]:
    """Agree to what another person asked; the line is evaluated anew."""
    row = breakglass.second(work, ident, body.why, body.version)
    return _settled(work, row, caller, body.why)


@S.act("/break-glass/{ident}/end", "breakglass.ask", GlassOut, codes=(412,))
def end_break_glass(work: Work, ident: Ident, body: Reason, caller: Caller) -> dict[str, Any]:
    """End it before its time, or refuse it; the line is evaluated anew."""
    row = breakglass.end(work, ident, body.why, body.version)
    return _settled(work, row, caller, body.why)


@S.act("/break-glass/{ident}/report", "breakglass.ask", GlassOut)
def report_break_glass(
    work: Work, ident: Ident, body: GlassReport, caller: Caller
) -> dict[str, Any]:
    """Write down what was done, and why; if it still ran, it is over."""
    row = breakglass.report(work, ident, body.report)
    return _settled(work, row, caller, "the break-glass is reported")


def _settled(work: Work, row: Row, caller: Caller, why: str) -> dict[str, Any]:
    settle(caller.desk, work, [row["line"]], why)  # what is set aside shows at once
    return out(row)
