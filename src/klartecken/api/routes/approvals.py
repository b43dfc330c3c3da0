"""Approvals: what waits for a second person, and deciding it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import Connection, select

from klartecken.api.answer import Answer
from klartecken.api.models.approvals import ApprovalOut, Decision, State
from klartecken.api.models.base import Ident, Line, PageOf
from klartecken.api.pages import Page, page_of
from klartecken.api.subject import Caller, Subject
from klartecken.desk.errors import Refused
from klartecken.desk.storage.tables.people import APPROVALS
from klartecken.desk.work import Work, get

APPROVALS_API = Subject("approvals", "What one person prepared and a second one approves.")
S = APPROVALS_API


@S.read("/approvals", "view", PageOf[ApprovalOut])
def list_approvals(
    connection: Connection, page: Page, state: Annotated[State | None, Query()] = None,
    subject: Annotated[Line | None, Query(description="Table of the record")] = None,
    subject_id: Annotated[Ident | None, Query()] = None,
) -> Answer:  # fmt: skip
    """Approvals by id; `state=asked` is what waits."""
    query = select(APPROVALS)
    for column, wanted in ((APPROVALS.c.state, state), (APPROVALS.c.subject, subject),
                           (APPROVALS.c.subject_id, subject_id)):  # fmt: skip
        if wanted is not None:
            query = query.where(column == wanted)
    return page_of(connection, query, [APPROVALS.c.id], page)


@S.read("/approvals/{ident}", "view", ApprovalOut)
def one_approval(connection: Connection, ident: Ident) -> dict[str, Any]:
    """An approval."""
    return get(connection, APPROVALS, ident)


@S.act("/approvals/{ident}/decision", "approve", ApprovalOut)
def decide(work: Work, ident: Ident, body: Decision, caller: Caller) -> dict[str, Any]:
    """Approve or refuse what somebody else prepared; it must still be as it was then."""
    row = work.get(APPROVALS, ident)
    found = caller.request.app.state.deciders.get((row["subject"], row["what"]))
    if found is None:
        raise Refused(f"a {row['what']} of {row['subject']} is not decided here")
    found(work, row, body.approve, body.why, None)
    return work.get(APPROVALS, ident)
