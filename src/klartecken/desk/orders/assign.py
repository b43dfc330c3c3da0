"""Assigning what a line is to leave on: a line of a licence, or a licence exception."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from klartecken.desk.desk import Desk
from klartecken.desk.errors import NotFound, Refused
from klartecken.desk.licences.balance import reserve, unreserve
from klartecken.desk.machines.line import OPEN
from klartecken.desk.orders.content import assignment
from klartecken.desk.orders.enter import withdraw
from klartecken.desk.orders.hands import writers_of
from klartecken.desk.orders.judge import EXCEPTION, LICENCE
from klartecken.desk.orders.settle import settle
from klartecken.desk.people.approvals import ASKED, ask, decide, lapse
from klartecken.desk.storage.tables.licences import LICENCE_LINES, LICENCES
from klartecken.desk.storage.tables.orders import LINES
from klartecken.desk.storage.tables.people import APPROVALS
from klartecken.desk.work import Row, Work, expect, find
from klartecken.facts.text import one_line


def assign_licence(
    desk: Desk, work: Work, ident: int, licence_line: int, why: str = "",
    expected: int | None = None,
) -> Row:  # fmt: skip
    """Reserve a line's quantity and value on a line of a licence, and ask for approval.

    That the licence covers the line is not asked here: what it lacks shows as holds.

    Raises:
        Refused: not enough is left of it, or the line is no longer open.
        NotFound, Stale: as usual.
    """
    row = _open(work, ident, expected)
    work.get(LICENCE_LINES, licence_line)
    _free(work, row, "another authorisation is assigned")
    reserve(work, licence_line, row, why)
    changes = {"authorisation": LICENCE, "exception": "", "licence_line": licence_line}
    return _assigned(desk, work, row, changes, why)


def assign_exception(
    desk: Desk, work: Work, ident: int, symbol: str, why: str = "", expected: int | None = None
) -> Row:
    """Name the licence exception that a line is to leave on, and ask for approval.

    Raises:
        InputError: there is no such exception in the law.
        Refused, NotFound, Stale: as usual.
    """
    row = _open(work, ident, expected)
    symbol = one_line(symbol, "exception").upper()
    known = sorted({p.symbol for p in desk.world.law.provisions.values() if p.symbol})
    if symbol not in known:
        raise Refused(f"the law has no licence exception {symbol!r}",
                      next_step="Use " + ", ".join(known))  # fmt: skip
    _free(work, row, "another authorisation is assigned")
    changes = {"authorisation": EXCEPTION, "exception": symbol, "licence_line": None}
    return _assigned(desk, work, row, changes, why)


def unassign(desk: Desk, work: Work, ident: int, why: str = "", expected: int | None = None) -> Row:
    """Take an authorisation back; what it reserved is free again."""
    row = _open(work, ident, expected)
    _free(work, row, why)
    lapse(work, LINES, ident, "the authorisation was taken back", "assignment")
    changes = {"authorisation": "", "exception": "", "licence_line": None}
    work.update_many(LINES, "line.unassign", [(row, changes)], why)
    return settle(desk, work, [ident], why)[0]


def decide_assignment(
    desk: Desk, work: Work, approval: int, approve: bool, why: str, expected: int | None = None
) -> Row:
    """Approve or refuse an assignment; not by who entered or edited the line, or assigned.

    Raises:
        Forbidden, Refused, NotFound, Stale: as of approvals.
    """
    asked = work.get(APPROVALS, approval)
    if asked["subject"] != LINES.name or asked["what"] != "assignment":
        raise Refused("this approval is not about an assignment")
    row = work.get(LINES, asked["subject_id"])
    decide(work, approval, approve, why, assignment(row), writers_of(work.connection, row),
           expected=expected)  # fmt: skip
    settle(desk, work, [row["id"]], why)
    return work.get(LINES, row["id"])


def _open(work: Work, ident: int, expected: int | None) -> Row:
    work.require("authorisation.assign")
    row = work.get(LINES, ident)
    expect(row, expected, "lines")
    if row["state"] not in OPEN:
        raise Refused(f"the line is {row['state']}")
    return row


def _free(work: Work, row: Row, why: str) -> None:
    withdraw(work, row, why)
    if row["licence_line"] is not None:
        unreserve(work, row, why)


def _assigned(desk: Desk, work: Work, row: Row, changes: Mapping[str, Any], why: str) -> Row:
    work.update_many(LINES, "line.assign", [(row, changes)], why)
    new = {**row, **changes}
    ask(work, LINES, row["id"], "assignment", assignment(new), why)
    return settle(desk, work, [row["id"]], why)[0]


def licence_line_of(connection: Connection, number: str, place: int) -> int:
    """The id of a line of a licence, by the licence's number.

    Raises:
        NotFound: there is none.
    """
    query = (
        select(LICENCE_LINES.c.id)
        .join(LICENCES, LICENCES.c.id == LICENCE_LINES.c.licence)
        .where(LICENCES.c.number == number, LICENCE_LINES.c.place == place)
    )
    found = connection.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound(f"there is no line {place} of a licence {number!r}")
    return int(found)


def open_assignment(connection: Connection, line: int) -> int:
    """The id of the approval that is asked for a line's authorisation.

    Raises:
        NotFound: none is asked for.
    """
    rows = find(connection, APPROVALS, subject=LINES.name, subject_id=line, what="assignment",
                state=ASKED)  # fmt: skip
    if not rows:
        raise NotFound("no approval is asked for this line")
    return int(rows[-1]["id"])
