"""Licence applications: drafts, approval within the firm, and what follows."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import Connection

from klartecken.api.answer import Answer, created
from klartecken.api.call import Call
from klartecken.api.models.applications import (
    ApplicationChange,
    ApplicationEvent,
    ApplicationOut,
    ApplicationRow,
    ListedState,
    Material,
    NewApplication,
    Policy,
    PrefillAsk,
    PrefilledOut,
    Resubmission,
    Statuses,
    Tasks,
    Tick,
)
from klartecken.api.models.approvals import ApprovalOut
from klartecken.api.models.base import Ident, Line, PageOf
from klartecken.api.models.form import form_said
from klartecken.api.models.licences import said_of
from klartecken.api.models.parts import MaybeReason
from klartecken.api.pages import Page, after_of, paged
from klartecken.api.raw import TEXTS, Text
from klartecken.api.subject import Caller, Subject, Version
from klartecken.desk.applications import approval, changes, events, records, status
from klartecken.desk.applications.view import listed, shown
from klartecken.desk.orders.filed import prefilled_of_line
from klartecken.desk.storage.tables.applications import APPLICATIONS
from klartecken.desk.storage.tables.people import APPROVALS
from klartecken.desk.work import Work

APPLICATIONS_API = Subject(
    "applications", "Applications for licences: the BIS-748P data set. Granted or not, an "
    "application releases nothing; a return without action says nothing about any line."
)  # fmt: skip
S = APPLICATIONS_API
FIRE = "application.file|application.edit"


def application_now(work: Work, ident: int, status: int = 200) -> Answer:
    """An application with all that is shown of it, which changes with the days too."""
    found = shown(work.connection, ident, work.today)
    location = f"/applications/{ident}" if status == 201 else ""
    return Answer(found, status, version=found["version"], location=location, lasting=False)


@S.read("/applications", "view", PageOf[ApplicationRow])
def list_applications(
    connection: Connection, page: Page, state: Annotated[ListedState | None, Query()] = None,
    review_policy: Annotated[Policy | None, Query()] = None,
    line: Annotated[Ident | None, Query()] = None, party: Annotated[Line | None, Query()] = None,
    country: Annotated[Line | None, Query()] = None,
    reference: Annotated[Line | None, Query()] = None,
) -> Answer:  # fmt: skip
    """Applications by id, also by any name, place or number that they hold or ever held."""
    said: dict[str, Any] = {
        "state": state, "review_policy": review_policy, "line": line, "party": party,
        "country": country, "reference": reference,
    }  # fmt: skip
    (after,) = after_of(page, [int]) or (0,)
    rows = listed(connection, **said, after=max(after, 0), limit=page.limit)
    last = rows[-1]["id"] if len(rows) == page.limit else None
    if last is not None and not listed(connection, **said, after=last, limit=1):
        last = None
    return paged(rows, None if last is None else [last], page)


@S.act("/applications", "application.edit", ApplicationOut, 201)
def create(work: Work, body: NewApplication) -> Answer:
    """A new draft. It may be incomplete: what is missing is shown as findings."""
    ident = records.create(
        work, form_said(body.form), reference=body.reference, line=body.line,
        review_policy=body.review_policy, paths=body.paths, why=body.why or "",
    )  # fmt: skip
    return application_now(work, ident, 201)


@S.ask("/applications/prefill", "application.edit", PrefilledOut)
def prefill(call: Call, body: PrefillAsk) -> dict[str, Any]:
    """The form for an order line, from its determination of today; nothing is kept."""
    firm = None if body.applicant is None else body.applicant.model_dump(exclude_none=True)
    with call.desk.read() as connection:
        return asdict(prefilled_of_line(call.desk, connection, body.line, firm))


@S.act("/applications/statuses", "application.file", Statuses, takes=TEXTS)
def paste(work: Work, body: Text) -> dict[str, Any]:
    """Record statuses, pasted or as CSV: control number, status, date, and a reason.

    Each line has its own result: one that cannot be read or does not fit is rejected with its
    reason, and hinders no other. The same lines a second time change nothing.
    """
    return {"rows": [told.to_dict() for told in status.take(work, body)]}


@S.read("/applications/{ident}", "view", ApplicationOut)
def one_application(connection: Connection, ident: Ident, caller: Caller) -> Answer:
    """An application with findings, files, clock, limits and the events that may follow."""
    found = shown(connection, ident, caller.desk.clock().date())
    return Answer(found, version=found["version"], lasting=False)


@S.edit("/applications/{ident}", "application.edit", ApplicationOut)
def edit(work: Work, ident: Ident, body: ApplicationChange, version: Version) -> Answer:
    """Change a draft, or one approved within the firm: its approval then lapses.

    Blocks of the form that are not named stay as they are; a named one is replaced whole.
    """
    form = None
    if body.form is not None:
        form = {**work.get(APPLICATIONS, ident)["form"], **form_said(body.form)}
    records.edit(work, ident, form, review_policy=body.review_policy, paths=body.paths,
                 expected=version, why=body.why or "")  # fmt: skip
    return application_now(work, ident)


@S.act("/applications/{ident}/approval", "application.ask_approval", ApprovalOut, 201, (412,))
def ask_approval(work: Work, ident: Ident, body: MaybeReason) -> Answer:
    """Ask a second person to approve a draft as it is; see `approvals` for the decision."""
    made = approval.ask_approval(work, ident, body.why or "", body.version)
    return created(f"/approvals/{made}", work.get(APPROVALS, made))


@S.act("/applications/{ident}/events", FIRE, ApplicationOut, codes=(412,))
def record_event(work: Work, ident: Ident, body: ApplicationEvent) -> Answer:
    """Record that something happened to an application, and on which day."""
    said = said_of(body, "event", "on", "version")
    events.fire(work, ident, body.event, body.on, **said, expected=body.version)
    return application_now(work, ident)


@S.act("/applications/{ident}/ticks", "application.edit", ApplicationOut, codes=(412,))
def tick(work: Work, ident: Ident, body: Tick) -> Answer:
    """Tick an item of the checklist with what shows it, or take the tick back."""
    records.tick(work, ident, body.item, body.evidence, done=body.done, expected=body.version)
    return application_now(work, ident)


@S.act("/applications/{ident}/material-change", "application.edit", Tasks, 201, (412,))
def material_change(work: Work, ident: Ident, body: Material) -> Answer:
    """A fact of an application has changed (748.6(f)): nothing leaves before BIS is told."""
    made = changes.material_change(work, ident, body.what, binds=body.binds, due_on=body.due_on,
                                   expected=body.version)  # fmt: skip
    location = f"/conditions?application={ident}"
    return Answer({"conditions": made}, 201, location=location)


@S.act("/applications/{ident}/resubmission", "application.edit", ApplicationOut, 201)
def resubmit(work: Work, ident: Ident, body: Resubmission) -> Answer:
    """A new draft of an application that came back, with the old control number."""
    return application_now(work, changes.resubmit(work, ident, body.reference), 201)
