"""Evidence: steps of the ladder, papers, and events."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import Connection, select

from klartecken.api.answer import Answer, created
from klartecken.api.models.base import Ident, PageOf
from klartecken.api.models.evidence import (
    About,
    AnyAbout,
    Attach,
    Attached,
    BestOut,
    Events,
    EvidenceOut,
    Kind,
    NewEvidence,
)
from klartecken.api.models.licences import said_of
from klartecken.api.models.parts import OnDay, Reason
from klartecken.api.pages import Page, page_of
from klartecken.api.subject import Caller, Subject
from klartecken.desk.evidence import happened, ladder
from klartecken.desk.storage.tables.records import EVIDENCE
from klartecken.desk.work import Work, find, get

EVIDENCE_API = Subject(
    "evidence", "What says that a licence exists, or will: rungs 0 to 5. Nothing here releases a "
    "shipment; the sixth rung is a licence, registered and verified. And papers beside it."
)  # fmt: skip
S = EVIDENCE_API
WITHDRAW = "evidence.record|evidence.verify"


@S.read("/evidence", "view", PageOf[EvidenceOut])
def list_evidence(
    connection: Connection, page: Page, subject: Annotated[AnyAbout | None, Query()] = None,
    subject_id: Annotated[int | None, Query(ge=0, le=2**53 - 1)] = None,
    kind: Annotated[Kind | None, Query()] = None,
    withdrawn: Annotated[bool | None, Query()] = None,
    verified: Annotated[bool | None, Query()] = None,
) -> Answer:  # fmt: skip
    """Evidence by id."""
    query, c = select(EVIDENCE), EVIDENCE.c
    for column, wanted in ((c.subject, subject), (c.subject_id, subject_id), (c.kind, kind),
                           (c.withdrawn, withdrawn)):  # fmt: skip
        if wanted is not None:
            query = query.where(column == wanted)
    if verified is not None:
        query = query.where(c.verified_by.is_not(None) if verified else c.verified_by.is_(None))
    return page_of(connection, query, [c.id], page)


@S.act("/evidence", "evidence.record", EvidenceOut, 201)
def record(work: Work, body: NewEvidence) -> Answer:
    """Record a step or a paper. It cannot be edited, only withdrawn."""
    said = said_of(body, "subject", "subject_id")
    ident = ladder.record(work, body.subject, body.subject_id, **said)
    return created(f"/evidence/{ident}", work.get(EVIDENCE, ident))


@S.read("/evidence/best", "view", BestOut)
def best(
    connection: Connection, subject: Annotated[About, Query()],
    subject_id: Annotated[Ident, Query()],
    on: Annotated[OnDay | None, Query(description="What was known by then")] = None,
) -> dict[str, Any]:  # fmt: skip
    """The highest rung that a record has reached."""
    return asdict(ladder.best(connection, subject, subject_id, on))


@S.read("/evidence/events", "view", Events)
def events(
    connection: Connection, caller: Caller,
    subject: Annotated[About, Query()],
    subject_id: Annotated[Ident, Query()], on: Annotated[OnDay | None, Query()] = None,
) -> dict[str, Any]:  # fmt: skip
    """The events of the ledger of events that a record concerns, as its exporter knew them."""
    items, place, exporter = happened.subject_of(connection, subject, subject_id)
    held = {row["event"] for row in find(connection, EVIDENCE, subject=subject,
                                         subject_id=subject_id)}  # fmt: skip
    found = happened.concerning(items, place, exporter, on or caller.desk.clock().date())
    return {"items": [
        {"id": one.id, "day": one.day, "public_from": one.public_from, "summary": one.summary,
         "rung": one.rung, "direction": one.direction, "attached": one.id in held,
         "source": one.source_url or one.source_title}
        for one in found
    ]}  # fmt: skip


@S.act("/evidence/events", "evidence.record", Attached)
def attach_events(work: Work, body: Attach) -> dict[str, Any]:
    """Record the events with a rung that concern a record, each once."""
    about = happened.subject_of(work.connection, body.subject, body.subject_id)
    return {"evidence": happened.attach(work, body.subject, body.subject_id, *about)}


@S.read("/evidence/{ident}", "view", EvidenceOut)
def one_record(connection: Connection, ident: Ident) -> dict[str, Any]:
    """A record of evidence."""
    return get(connection, EVIDENCE, ident)


@S.act("/evidence/{ident}/verify", "evidence.verify", EvidenceOut, codes=(412,))
def verify(work: Work, ident: Ident, body: Reason) -> dict[str, Any]:
    """Say that it is what its source says; not by who recorded it."""
    return ladder.verify(work, ident, body.why, body.version)


@S.act("/evidence/{ident}/withdraw", WITHDRAW, EvidenceOut, codes=(412,))
def withdraw(work: Work, ident: Ident, body: Reason) -> dict[str, Any]:
    """Say that it no longer counts; it stays to be read."""
    return ladder.withdraw(work, ident, body.why, body.version)
