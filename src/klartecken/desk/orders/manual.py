"""Holds that people place and lift by hand."""

from __future__ import annotations

from sqlalchemy import Connection

from klartecken.desk.desk import Desk
from klartecken.desk.errors import Refused
from klartecken.desk.machines.line import OPEN
from klartecken.desk.orders.reasons import read_reason
from klartecken.desk.orders.settle import settle
from klartecken.desk.storage.tables.orders import LINES, MANUAL_HOLDS
from klartecken.desk.work import Row, Work, find


def place_hold(desk: Desk, work: Work, ident: int, reason: str) -> Row:
    """Hold a line by hand; a released one is held again. The line.

    Raises:
        InputError: no reason is given.
        Refused: the line is no longer open.
        Forbidden, NotFound: as usual.
    """
    work.require("hold.place")
    row = work.get(LINES, ident)
    if row["state"] not in OPEN:
        raise Refused(f"the line is {row['state']}")
    reason = read_reason(reason, "reason")
    work.insert(MANUAL_HOLDS, "hold.place", {
        "line": ident, "reason": reason, "placed_by": work.person.id, "placed_at": work.now,
        "lifted_why": "",
    }, reason)  # fmt: skip
    return settle(desk, work, [ident], reason)[0]


def lift_hold(desk: Desk, work: Work, hold: int, why: str, expected: int | None = None) -> Row:
    """Lift a hold that somebody placed. The line.

    Raises:
        InputError: no reason is given.
        Refused: it is lifted already.
        Forbidden, NotFound, Stale: as usual.
    """
    work.require("hold.lift")
    held = work.get(MANUAL_HOLDS, hold)
    if held["lifted_at"] is not None:
        raise Refused("this hold is already lifted")
    why = read_reason(why)
    changes = {"lifted_by": work.person.id, "lifted_at": work.now, "lifted_why": why}
    work.update(MANUAL_HOLDS, hold, "hold.lift", changes, why, expected)
    settle(desk, work, [held["line"]], why)
    return work.get(LINES, held["line"])


def open_holds(connection: Connection, line: int) -> list[Row]:
    """The holds that people placed on a line and nobody lifted."""
    return find(connection, MANUAL_HOLDS, MANUAL_HOLDS.c.lifted_at.is_(None), line=line)
