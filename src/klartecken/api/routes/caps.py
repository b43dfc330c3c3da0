"""Cumulative caps, and how much of them is left."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import Connection, select

from klartecken.api.answer import Answer, created
from klartecken.api.models.base import Ident, PageOf
from klartecken.api.models.conditions import CapChange, CapLeft, CapOut, NewCap
from klartecken.api.models.licences import said_of
from klartecken.api.models.parts import OnDay
from klartecken.api.pages import Page, page_of
from klartecken.api.subject import Caller, Subject, Version
from klartecken.desk.errors import Conflict
from klartecken.desk.licences.caps import FIELDS, exact, read_caps, set_cap
from klartecken.desk.storage.tables.licences import CAPS
from klartecken.desk.work import Work, get

CAPS_API = Subject(
    "caps", "Cumulative caps over shipments: performance sent to some places, against that sent "
    "to others. They are counted in total processing performance and never in units."
)  # fmt: skip
S = CAPS_API


@S.read("/caps", "view", PageOf[CapOut])
def list_caps(connection: Connection, page: Page) -> Answer:
    """Caps by id."""
    return page_of(connection, select(CAPS), [CAPS.c.id], page)


@S.act("/caps", "cap.edit", CapOut, 201)
def add(work: Work, body: NewCap) -> Answer:
    """A new cap."""
    if work.find(CAPS, name=body.name):
        raise Conflict(f"there is already a cap {body.name!r}", next_step="Change that one")
    ident = set_cap(work, said_of(body, "why"), body.why)
    return created(f"/caps/{ident}", work.get(CAPS, ident))


@S.read("/caps/{ident}", "view", CapOut)
def one_cap(connection: Connection, ident: Ident) -> dict[str, Any]:
    """A cap."""
    return get(connection, CAPS, ident)


@S.edit("/caps/{ident}", "cap.edit", CapOut)
def change(work: Work, ident: Ident, body: CapChange, version: Version) -> dict[str, Any]:
    """What a cap says otherwise; what is not said stays."""
    row = work.get(CAPS, ident)
    said = {name: row[name] for name in FIELDS} | said_of(body, "why")
    set_cap(work, said, body.why, version)
    return work.get(CAPS, ident)


@S.read("/caps/{ident}/left", "view", CapLeft)
def left(
    connection: Connection, ident: Ident, caller: Caller,
    on: Annotated[OnDay | None, Query()] = None,
) -> dict[str, Any]:  # fmt: skip
    """How much may still leave, with all that is released counted as gone."""
    row, day = get(connection, CAPS, ident), on or caller.desk.clock().date()
    found = read_caps(connection).standing(ident, day)
    return {
        "on": day, "binds": row["starts_on"] is None or day >= row["starts_on"],
        "shipped": exact(found.shipped), "released": exact(found.released),
        "allowed": exact(found.allowed), "unknown": list(found.unknown),
        "left": None if found.left is None else exact(found.left),
    }  # fmt: skip
