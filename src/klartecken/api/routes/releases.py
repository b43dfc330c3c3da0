"""Releases and shipments: one line, or many, each by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from fastapi import Query
from sqlalchemy import Connection, select

from klartecken.api.answer import Answer
from klartecken.api.idempotency import Steps
from klartecken.api.models.base import Ident, PageOf
from klartecken.api.models.lines import LineOut, Reason
from klartecken.api.models.releases import (
    ManyDone,
    ManyReleasing,
    ManyShipping,
    OneLine,
    OneShipped,
    ReleaseOut,
    Releasing,
    Shipping,
)
from klartecken.api.pages import Page, page_of
from klartecken.api.problems import refused_part
from klartecken.api.routes.lines import line_out
from klartecken.api.subject import Caller, Subject
from klartecken.desk.orders import leave
from klartecken.desk.orders.release import release
from klartecken.desk.storage.tables.orders import RELEASES
from klartecken.desk.storage.tables.records import RECEIPTS
from klartecken.desk.work import Row, Work, get
from klartecken.errors import InputError, KlarteckenError

RELEASES_API = Subject(
    "releases", "A release is given on a fresh determination, by a second person, for the line as "
    "it is and for some days. Evidence that is no licence in hand releases nothing."
)  # fmt: skip
S = RELEASES_API


@S.act("/lines/{ident}/release", "line.release", LineOut, codes=(412,))
def release_line(work: Work, ident: Ident, body: Releasing, caller: Caller) -> dict[str, Any]:
    """Release a ready line. Not by who entered, edited or assigned it."""
    return line_out(
        release(caller.desk, work, ident, body.why or "", body.days, body.version)
    )  # fmt: skip


@S.act("/lines/{ident}/ship", "line.ship", LineOut, codes=(412,))
def ship_line(work: Work, ident: Ident, body: Shipping, caller: Caller) -> dict[str, Any]:
    """Record that a released line has left. The answer of that day is worked out once more."""
    return line_out(
        leave.ship(caller.desk, work, ident, body.on, body.itn, body.why or "", body.version)
    )


@S.act("/lines/{ident}/take-back", "line.ship", LineOut, codes=(412,))
def take_back_line(work: Work, ident: Ident, body: Reason) -> dict[str, Any]:
    """Record that a shipped line came back: what it used of a licence may be used again."""
    return line_out(leave.take_back(work, ident, body.why, body.version))


@S.run("/releases/bulk", "line.release", ManyDone)
def release_many(steps: Steps, body: ManyReleasing) -> dict[str, Any]:
    """Release up to 500 lines, each by itself; one that is refused hinders no other."""
    desk = steps.call.desk

    def one(work: Work, said: OneLine) -> Row:
        return release(desk, work, said.line, body.why or "", body.days, said.version)

    return each(steps, body.lines, one)


@S.run("/shipments/bulk", "line.ship", ManyDone)
def ship_many(steps: Steps, body: ManyShipping) -> dict[str, Any]:
    """Record that up to 500 released lines have left, each by itself."""
    desk = steps.call.desk

    def one(work: Work, said: OneShipped) -> Row:
        return leave.ship(desk, work, said.line, said.on, said.itn, body.why or "", said.version)

    return each(steps, body.lines, one)


def each(steps: Steps, lines: Sequence[Any], run: Callable[[Work, Any], Row]) -> dict[str, Any]:
    """Do the same to each line, in a transaction of its own, and tell what came of each.

    Raises:
        InputError: a line stands twice.
    """
    if len({one.line for one in lines}) != len(lines):
        raise InputError("a line stands twice", where="lines")
    results = [_one(steps, place, said, run) for place, said in enumerate(lines)]
    done = sum(one["error"] is None for one in results)
    return {"results": results, "done": done, "failed": len(results) - done}


def _one(
    steps: Steps, place: int, said: Any, run: Callable[[Work, Any], Row]
) -> dict[str, Any]:  # fmt: skip
    def part(work: Work) -> dict[str, Any]:
        row = run(work, said)
        return {"line": row["id"], "state": row["state"], "version": row["version"], "error": None}

    try:
        found: dict[str, Any] = steps.once(place, part)
    except KlarteckenError as err:
        return {"line": said.line, "state": None, "version": None, "error": refused_part(err)}
    return found


@S.read("/releases", "view", PageOf[ReleaseOut])
def list_releases(
    connection: Connection, page: Page, line: Annotated[Ident | None, Query()] = None,
    state: Annotated[Literal["valid", "used", "lapsed", "withdrawn"] | None, Query()] = None,
) -> Answer:  # fmt: skip
    """Releases by id."""
    query = select(RELEASES)
    if line is not None:
        query = query.where(RELEASES.c.line == line)
    if state is not None:
        query = query.where(RELEASES.c.state == state)
    return page_of(connection, query, [RELEASES.c.id], page)


@S.read("/releases/{ident}", "view", ReleaseOut)
def one_release(connection: Connection, ident: Ident) -> dict[str, Any]:
    """A release."""
    return get(connection, RELEASES, ident)


@S.read("/releases/{ident}/receipt", "view")
def receipt_of_release(connection: Connection, ident: Ident) -> Answer:
    """The sealed receipt of the determination that a release rests on, to replay it."""
    seal = get(connection, RELEASES, ident)["receipt"]
    query = select(RECEIPTS.c.body).where(RECEIPTS.c.seal == seal)
    return Answer(connection.execute(query).scalar_one())
