"""Lines that leave and come back."""

from __future__ import annotations

from datetime import date

from klartecken.desk.desk import Desk
from klartecken.desk.errors import Refused
from klartecken.desk.licences.balance import consume, give_back, unreserve
from klartecken.desk.machines.line import LINE
from klartecken.desk.orders.judge import LICENCE, read_books
from klartecken.desk.orders.reasons import read_reason
from klartecken.desk.orders.release import fresh
from klartecken.desk.orders.settle import USED, VALID
from klartecken.desk.storage.tables.orders import LINES, RELEASES
from klartecken.desk.work import Row, Work, expect
from klartecken.errors import InputError
from klartecken.facts.text import one_line


def ship(
    desk: Desk, work: Work, ident: int, on: date | None = None, itn: str = "", why: str = "",
    expected: int | None = None,
) -> Row:  # fmt: skip
    """Record that a released line has left. The answer of that day is worked out once more.

    Args:
        on: the day it left; by default today.
        itn: the internal transaction number that the filing returned.

    Raises:
        Refused: the release does not hold on that day or for this content, or something
            stands against the line on that day.
        Forbidden, NotFound, Stale, IllegalEvent, InputError: as usual.
    """
    work.require("line.ship")
    row = work.get(LINES, ident)
    expect(row, expected, "lines")
    move = LINE.move(row["state"], "ship")
    day = on or work.today
    held = work.get(RELEASES, row["release"])
    given = held["released_at"].date()
    if day > work.today:
        raise InputError("lies in the future", where="on")
    good = held["state"] == VALID and held["content"] == row["content"]
    if not good or not given <= day <= held["until"]:
        raise Refused(
            f"the release holds from {given} to {held['until']}, for the line as it was then",
            next_step="Release it again",
        )
    books = read_books(work.connection, work.now, [ident], desk.context.register)
    found, _ = fresh(desk, row, books, day)
    if found.case_id != row["case_id"]:
        raise Refused("the answer is no longer the one that it was released on",
                      next_step="Evaluate it, and release it again")  # fmt: skip
    if held["authorisation"] == LICENCE:
        consume(work, row, why)
    elif row["licence_line"] is not None:
        unreserve(work, row, "it left without needing the licence")
    work.update(RELEASES, held["id"], "release.use", {"state": USED}, why)
    changes = {"state": move.target, "shipped_at": work.now, "shipped_on": day,
               "itn": one_line(itn, "itn") if itn.strip() else ""}  # fmt: skip
    work.update_many(LINES, "line.ship", [(row, changes)], why)
    work.tell("line.shipped", {"line": ident, "external_id": row["external_id"],
                               "on": day.isoformat()})  # fmt: skip
    return work.get(LINES, ident)


def take_back(work: Work, ident: int, why: str, expected: int | None = None) -> Row:
    """Record that a shipped line came back: what it used of a licence may be used again.

    Raises:
        InputError: no reason is given.
        Forbidden, NotFound, Stale, IllegalEvent: as usual.
    """
    work.require("line.ship")
    row = work.get(LINES, ident)
    expect(row, expected, "lines")
    move = LINE.move(row["state"], "take_back")
    why = read_reason(why)
    if work.get(RELEASES, row["release"])["authorisation"] == LICENCE:
        give_back(work, row, why)
    work.update_many(LINES, "line.take_back", [(row, {"state": move.target})], why)
    return work.get(LINES, ident)
