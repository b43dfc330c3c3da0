"""Conditions of licences and lines, as tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import Connection, select

from klartecken.api.answer import Answer, created
from klartecken.api.models.base import Ident, Line, PageOf
from klartecken.api.models.conditions import (
    ConditionOut,
    ConditionState,
    Dues,
    Met,
    MetOut,
    NewCondition,
    NotifyBis,
)
from klartecken.api.models.licences import said_of
from klartecken.api.models.parts import OnDay, Reason
from klartecken.api.pages import Page, page_of
from klartecken.api.subject import Caller, Subject
from klartecken.desk.licences import conditions
from klartecken.desk.storage.tables.licences import CONDITIONS
from klartecken.desk.work import Work, get

CONDITIONS_API = Subject("conditions", "Conditions as tasks: due, recurring, met with evidence.")
S = CONDITIONS_API


def condition_out(row: Mapping[str, Any]) -> dict[str, Any]:
    """A condition as it is told."""
    return {**row, "before_shipment": bool(row["before_shipment"]),
            "stops_when_overdue": bool(row["stops_when_overdue"])}  # fmt: skip


@S.read("/conditions", "view", PageOf[ConditionOut])
def list_conditions(
    connection: Connection, page: Page, licence: Annotated[Ident | None, Query()] = None,
    line: Annotated[Ident | None, Query()] = None,
    application: Annotated[Ident | None, Query()] = None,
    kind: Annotated[Line | None, Query()] = None,
    state: Annotated[ConditionState | None, Query()] = None,
) -> Answer:  # fmt: skip
    """Conditions by id."""
    query, c = select(CONDITIONS), CONDITIONS.c
    for column, wanted in ((c.licence, licence), (c.line, line), (c.application, application),
                           (c.kind, kind), (c.state, state)):  # fmt: skip
        if wanted is not None:
            query = query.where(column == wanted)
    return page_of(connection, query, [c.id], page, condition_out)


@S.act("/conditions", "licence.change", ConditionOut, 201)
def add(work: Work, body: NewCondition) -> Answer:
    """A condition of a licence (which is then verified anew), or of one order line.

    If it binds another party than the holder, a task opens to tell that party in writing.
    """
    said = said_of(body, "why", "licence", "line")
    ident = conditions.add(work, said, body.why, licence=body.licence, line=body.line)
    return created(f"/conditions/{ident}", condition_out(work.get(CONDITIONS, ident)))


@S.read("/conditions/due", "view", Dues)
def list_due(
    connection: Connection, caller: Caller,
    within: Annotated[int, Query(ge=0, le=3650, description="Days")] = 30,
    on: Annotated[OnDay | None, Query()] = None,
) -> dict[str, Any]:  # fmt: skip
    """Open tasks that are overdue or due within some days, the most urgent first."""
    day = on or caller.desk.clock().date()
    return {"items": [
        {**condition_out(row), "overdue": row["due_on"] < day}
        for row in conditions.due(connection, day, within)
    ]}  # fmt: skip


@S.act("/conditions/notify-bis", "hold.place", ConditionOut, 201)
def notify_bis(work: Work, body: NotifyBis) -> Answer:
    """A material change is to be reported to BIS (748.6(f)); it holds until that is done."""
    ident = conditions.notify_bis(work, body.text, licence=body.licence, line=body.line,
                                  due_on=body.due_on)  # fmt: skip
    return created(f"/conditions/{ident}", condition_out(work.get(CONDITIONS, ident)))


@S.read("/conditions/{ident}", "view", ConditionOut)
def one_condition(connection: Connection, ident: Ident) -> dict[str, Any]:
    """A condition."""
    return condition_out(get(connection, CONDITIONS, ident))


@S.act("/conditions/{ident}/meet", "condition.close", MetOut, codes=(412,))
def meet(work: Work, ident: Ident, body: Met) -> dict[str, Any]:
    """Say that it is met, and by what; a recurring one opens its next task."""
    following = conditions.meet(work, ident, body.evidence, sha256=body.sha256,
                                expected=body.version)  # fmt: skip
    return {**condition_out(work.get(CONDITIONS, ident)), "next": following}


@S.act("/conditions/{ident}/end", "licence.verify", ConditionOut, codes=(412,))
def end(work: Work, ident: Ident, body: Reason) -> dict[str, Any]:
    """Say that it binds no longer (750.7(i)); not by who registered the licence."""
    return condition_out(conditions.end(work, ident, body.why, expected=body.version))


@S.act("/conditions/{ident}/reopen", "condition.close", ConditionOut, codes=(412,))
def reopen(work: Work, ident: Ident, body: Reason) -> dict[str, Any]:
    """Say that it is not met after all."""
    return condition_out(conditions.reopen(work, ident, body.why, expected=body.version))
