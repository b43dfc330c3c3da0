"""Licences: as registered, their balances, and what happens to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import Connection, select

from klartecken.api.answer import Answer
from klartecken.api.models.base import Day, Ident, Line, PageOf
from klartecken.api.models.cover import Reminders
from klartecken.api.models.licences import (
    Extension,
    LicenceChange,
    LicenceEvent,
    LicenceOut,
    LicenceRow,
    LicenceState,
    MovementOut,
    NewLicence,
    Transfer,
    said_of,
)
from klartecken.api.models.parts import OnDay
from klartecken.api.pages import Page, page_of
from klartecken.api.routes.conditions import condition_out
from klartecken.api.subject import Caller, Subject, Version
from klartecken.desk.licences import change, events, licence
from klartecken.desk.licences.ageing import reminders
from klartecken.desk.licences.balance import left_of
from klartecken.desk.licences.content import read_whole, verified
from klartecken.desk.licences.same import place_of
from klartecken.desk.storage.tables.licences import LICENCE_LINES, LICENCES, MOVEMENTS
from klartecken.desk.work import Work, get

LICENCES_API = Subject(
    "licences", "Licences as they stand on their documents. One counts once a second person has "
    "verified it: see `approvals`. Quantity and value are both limits."
)  # fmt: skip
S = LICENCES_API


def line_out(row: Mapping[str, Any]) -> dict[str, Any]:
    """A line of a licence with what is left of it."""
    left = left_of(dict(row))
    return {**row, "left_quantity": left.quantity, "left_value": left.value}


def licence_out(connection: Connection, ident: int) -> dict[str, Any]:
    """A licence with its parts."""
    whole = read_whole(connection, ident)
    return {
        **whole.licence, "verified": verified(connection, whole) is not None,
        "lines": [line_out(row) for row in whole.lines], "parties": list(whole.parties),
        "conditions": [condition_out(row) for row in whole.conditions],
    }  # fmt: skip


def licence_now(connection: Connection, ident: int, status: int = 200) -> Answer:
    """A licence with its parts, which may change without it."""
    found = licence_out(connection, ident)
    location = f"/licences/{ident}" if status == 201 else ""
    return Answer(found, status, version=found["version"], location=location, lasting=False)


@S.read("/licences", "view", PageOf[LicenceRow])
def list_licences(
    connection: Connection, page: Page,
    state: Annotated[LicenceState | None, Query()] = None,
    number: Annotated[Line | None, Query()] = None, holder: Annotated[Line | None, Query()] = None,
    destination: Annotated[Line | None, Query(description="Code or name")] = None,
    application: Annotated[Ident | None, Query()] = None,
    expires_by: Annotated[Day | None, Query(description="The last day is this one or before")
                          ] = None,
) -> Answer:  # fmt: skip
    """Licences by id."""
    query = select(LICENCES)
    place = None if destination is None else place_of(destination)
    for column, wanted in ((LICENCES.c.state, state), (LICENCES.c.number, number),
                           (LICENCES.c.holder, holder), (LICENCES.c.destination, place),
                           (LICENCES.c.application, application)):  # fmt: skip
        if wanted is not None:
            query = query.where(column == wanted)
    if expires_by is not None:
        query = query.where(LICENCES.c.expires_on <= expires_by)
    return page_of(connection, query, [LICENCES.c.id], page)


@S.act("/licences", "licence.register", LicenceOut, 201)
def register(work: Work, body: NewLicence) -> Answer:
    """Record a licence as printed; it waits for a second person to verify it.

    Without the day on which its document was received, and the document's hash, it is an
    approval and releases nothing. One that `replaces` another takes its place once in hand.
    """
    ident = licence.register(work, said_of(body, "why"), body.why or "")
    return licence_now(work.connection, ident, 201)


@S.read("/licences/reminders", "view", Reminders)
def list_reminders(
    connection: Connection, caller: Caller, on: Annotated[OnDay | None, Query()] = None
) -> dict[str, Any]:
    """Expiries within 180, 90 and 30 days, lines used to 80, 95 and 100 %, tasks due."""
    found = reminders(connection, on or caller.desk.clock().date())
    names = ("on", "what", "level", "licence", "number", "text")
    return {"items": [{name: getattr(one, name) for name in names} for one in found]}


@S.read("/licences/{ident}", "view", LicenceOut)
def one_licence(connection: Connection, ident: Ident) -> Answer:
    """A licence with lines, balances, parties and conditions."""
    return licence_now(connection, ident)


@S.edit("/licences/{ident}", "licence.change", LicenceOut)
def edit(work: Work, ident: Ident, body: LicenceChange, version: Version) -> Answer:
    """Correct a licence: a second person verifies it anew.

    A line or party with an id is changed, one without is added; `"struck": true` strikes it out
    as a mistake.
    """
    change.edit(work, ident, said_of(body, "why"), body.why, version)
    return licence_now(work.connection, ident)


@S.act("/licences/{ident}/events", "licence.change", LicenceOut, codes=(412,))
def record_event(work: Work, ident: Ident, body: LicenceEvent) -> Answer:
    """Record that a licence was suspended, reinstated, revoked, surrendered, or is void."""
    letter = None if body.letter is None else said_of(body.letter)
    events.fire(work, ident, body.event, body.why, letter=letter, expected=body.version)
    return licence_now(work.connection, ident)


@S.act("/licences/{ident}/extension", "licence.change", LicenceOut, codes=(412,))
def extend(work: Work, ident: Ident, body: Extension) -> Answer:
    """Record BIS's extension of a licence that is still valid (750.7(g))."""
    change.extend(work, ident, body.until, said_of(body.letter), body.why, body.version)
    return licence_now(work.connection, ident)


@S.act("/licences/{ident}/transfer", "licence.change", LicenceOut, codes=(412,))
def transfer(work: Work, ident: Ident, body: Transfer) -> Answer:
    """Record that a licence belongs to another holder, by BIS's prior approval (750.10)."""
    change.transfer(work, ident, body.to, said_of(body.approval), body.why, body.version)
    return licence_now(work.connection, ident)


@S.read("/licences/{ident}/movements", "view", PageOf[MovementOut])
def list_movements(connection: Connection, ident: Ident, page: Page) -> Answer:
    """What was reserved, freed, consumed and given back, in order."""
    get(connection, LICENCES, ident)
    lines = select(LICENCE_LINES.c.id).where(LICENCE_LINES.c.licence == ident)
    query = select(MOVEMENTS).where(MOVEMENTS.c.licence_line.in_(lines))
    return page_of(connection, query, [MOVEMENTS.c.id], page)
