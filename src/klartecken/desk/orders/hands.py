"""Whose hands a line went through: they neither approve nor release it."""

from __future__ import annotations

from sqlalchemy import Connection, select

from klartecken.desk.people.approvals import APPROVED, ASKED
from klartecken.desk.storage.tables.ledger import LEDGER
from klartecken.desk.storage.tables.orders import LINES
from klartecken.desk.storage.tables.people import APPROVALS
from klartecken.desk.work import Row, find

WRITTEN = ("line.enter", "line.edit", "line.assign")


def writers_of(connection: Connection, row: Row) -> frozenset[int]:
    """Everybody who ever entered or edited a line, or assigned something to it.

    Not the last ones alone: what an earlier one wrote may still stand in it.
    """
    query = select(LEDGER.c.person).where(
        LEDGER.c.subject == LINES.name, LEDGER.c.subject_id == row["id"],
        LEDGER.c.action.in_(WRITTEN),
    )  # fmt: skip
    return frozenset({row["entered_by"], row["edited_by"], *connection.execute(query).scalars()})


def hands_of(connection: Connection, row: Row) -> frozenset[int]:
    """The writers, and who asked for the approval of what is assigned."""
    asked = find(connection, APPROVALS, APPROVALS.c.state.in_((ASKED, APPROVED)),
                 subject=LINES.name, subject_id=row["id"], what="assignment")  # fmt: skip
    return writers_of(connection, row) | {held["prepared_by"] for held in asked}
