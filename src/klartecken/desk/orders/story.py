"""What happened to a line: its entries in the ledger, releases, approvals, movements."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from klartecken.desk.storage.columns import stamp
from klartecken.desk.storage.tables.ledger import LEDGER
from klartecken.desk.storage.tables.licences import MOVEMENTS
from klartecken.desk.storage.tables.orders import LINES, MANUAL_HOLDS, RELEASES, VERDICTS
from klartecken.desk.storage.tables.people import APPROVALS, PEOPLE
from klartecken.desk.work import Row, find


def story(connection: Connection, row: Row) -> dict[str, Any]:
    """All that belongs to a line, oldest first."""
    ident = row["id"]
    names = {held["id"]: held["name"] for held in find(connection, PEOPLE)}
    entries = connection.execute(
        select(LEDGER).where(LEDGER.c.subject == LINES.name, LEDGER.c.subject_id == ident)
        .order_by(LEDGER.c.seq)
    ).mappings()  # fmt: skip
    return {
        "verdict": verdict(connection, row["case_id"]),
        "releases": find(connection, RELEASES, line=ident),
        "approvals": find(connection, APPROVALS, subject=LINES.name, subject_id=ident),
        "manual_holds": find(connection, MANUAL_HOLDS, line=ident),
        "movements": find(connection, MOVEMENTS, line=ident),
        "entries": [
            {"seq": entry["seq"], "at": stamp(entry["at"]), "action": entry["action"],
             "by": names.get(entry["person"], "the desk"), "channel": entry["channel"],
             "why": entry["why"], "old": entry["old"], "new": entry["new"]}
            for entry in entries
        ],
    }  # fmt: skip


def verdict(connection: Connection, case: str | None) -> Any:
    """The answer of a case id as plain data, or None."""
    if case is None:
        return None
    return connection.execute(
        select(VERDICTS.c.body).where(VERDICTS.c.case_id == case)
    ).scalar_one_or_none()
