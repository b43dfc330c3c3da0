"""How long records are kept, and legal holds."""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import Connection, select

from klartecken.api.answer import Answer, created
from klartecken.api.models.base import Ident, PageOf
from klartecken.api.models.parts import OnDay, Reason
from klartecken.api.models.records import (
    HeldSubject,
    KeepingOut,
    KeptSubject,
    LegalHoldOut,
    NewLegalHold,
)
from klartecken.api.pages import Page, after_of, page_of, paged
from klartecken.api.subject import Caller, Subject
from klartecken.desk.ledger import legalhold, retention
from klartecken.desk.storage.tables.records import LEGAL_HOLDS
from klartecken.desk.work import Work, get

KEEPING_API = Subject(
    "keeping", "How long records are kept (15 CFR 762.6), and legal holds. The desk destroys "
    "nothing: it says what may go, and what may not."
)  # fmt: skip
S = KEEPING_API


def keeping_out(kept: retention.Keeping, today: date) -> dict[str, Any]:
    """How long a record is kept, as it is told."""
    return {"subject": kept.subject, "id": kept.id, "since": kept.since, "because": kept.because,
            "until": kept.until, "legal_holds": list(kept.legal_holds),
            "may_go": kept.may_go(today)}  # fmt: skip


@S.read("/keeping", "audit.read", PageOf[KeepingOut])
def list_may_go(
    connection: Connection, caller: Caller, page: Page,
    on: Annotated[OnDay | None, Query()] = None,
) -> Answer:  # fmt: skip
    """Lines, licences and applications that are no longer required to be kept."""
    today = on or caller.desk.clock().date()
    after = after_of(page, [str, int]) or ("", 0)
    later = (kept for kept in retention.due(connection, today)
             if (kept.subject, kept.id) > after)  # fmt: skip
    rows = list(islice(later, page.limit + 1))
    shown = rows[: page.limit]
    last = [shown[-1].subject, shown[-1].id] if len(rows) > page.limit else None
    return paged([keeping_out(kept, today) for kept in shown], last, page)


@S.read("/keeping/{subject}/{ident}", "audit.read", KeepingOut)
def keep_until(
    connection: Connection, caller: Caller, subject: KeptSubject,
    ident: Ident,
) -> dict[str, Any]:  # fmt: skip
    """How long a record and all that hangs on it are kept."""
    kept = retention.keep_until(connection, subject, ident)
    return keeping_out(kept, caller.desk.clock().date())


@S.read("/legal-holds", "audit.read", PageOf[LegalHoldOut])
def list_holds(
    connection: Connection, page: Page, subject: Annotated[HeldSubject | None, Query()] = None,
    subject_id: Annotated[int | None, Query(ge=0, le=2**53 - 1)] = None,
    lifted: Annotated[bool | None, Query()] = None,
) -> Answer:  # fmt: skip
    """Legal holds by id."""
    query, c = select(LEGAL_HOLDS), LEGAL_HOLDS.c
    for column, wanted in ((c.subject, subject), (c.subject_id, subject_id)):
        if wanted is not None:
            query = query.where(column == wanted)
    if lifted is not None:
        query = query.where(c.lifted_at.is_not(None) if lifted else c.lifted_at.is_(None))
    return page_of(connection, query, [c.id], page)


@S.act("/legal-holds", "legal_hold.set", LegalHoldOut, 201)
def place(work: Work, body: NewLegalHold) -> Answer:
    """Put a hold on a line, a licence, an application, or on everything."""
    ident = legalhold.place(work, body.subject, body.subject_id, body.reason)
    return created(f"/legal-holds/{ident}", work.get(LEGAL_HOLDS, ident))


@S.read("/legal-holds/{ident}", "audit.read", LegalHoldOut)
def one_hold(connection: Connection, ident: Ident) -> dict[str, Any]:
    """A legal hold."""
    return get(connection, LEGAL_HOLDS, ident)


@S.act("/legal-holds/{ident}/lift", "legal_hold.set", LegalHoldOut, codes=(412,))
def lift(work: Work, ident: Ident, body: Reason) -> dict[str, Any]:
    """Lift a hold."""
    return legalhold.lift(work, ident, body.why, body.version)
