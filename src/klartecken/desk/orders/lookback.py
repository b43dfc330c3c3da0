"""Looking back: what has left, and would be answered otherwise by what is known today."""

from __future__ import annotations

from typing import Any

from klartecken.desk.desk import Desk
from klartecken.desk.errors import Refused
from klartecken.desk.orders.evaluate import Evaluation, evaluate
from klartecken.desk.orders.judge import read_books
from klartecken.desk.orders.reasons import read_reason
from klartecken.desk.people.roles import Person
from klartecken.desk.storage.tables.orders import LINES, LOOK_BACKS, RELEASES
from klartecken.desk.work import Row, Work, find


def look_back(desk: Desk, person: Person, channel: str, run: int) -> int:
    """Ask of all shipped lines, each for its own day, with the law and lists of today.

    What is found is kept as a look-back that somebody must close; one that was found before
    is not found again. How many are new.
    """
    with desk.read() as connection:
        rows = find(connection, LINES, state="shipped")
        books = read_books(connection, desk.clock(), register=desk.context.register)
        releases = {row["id"]: row for row in find(connection, RELEASES, state="used")}
        known = {(row["line"], _mark(row["found"])) for row in find(connection, LOOK_BACKS)}
    days = [row["shipped_on"] for row in rows]
    facts = [books.papers.facts(row, day) for row, day in zip(rows, days, strict=True)]
    found = evaluate(rows, days, desk.world, desk.context, facts)
    new = [
        {"line": row["id"], "run": run, "was": _was(row, releases[row["release"]]),
         "found": _found(one), "state": "open", "closed_why": ""}
        for row, one in zip(rows, found, strict=True)
        if _differs(row, one) and (row["id"], _mark(_found(one))) not in known
    ]  # fmt: skip
    if new:
        with desk.work(person, channel) as work:
            work.insert_many(LOOK_BACKS, "lookback.open", new)
            work.tell("lookback.opened", {"lines": [row["line"] for row in new], "run": run})
    return len(new)


def _differs(row: Row, one: Evaluation) -> bool:
    """Another answer, or a party that nobody had found then."""
    return one.case_id != (row["case_id"] or "") or bool(one.party_holds)


def _was(row: Row, release: Row) -> dict[str, Any]:
    return {"case_id": row["case_id"], "outcome": row["outcome"], "under": release["under"],
            "authorised_by": release["authorised_by"],
            "on": row["shipped_on"].isoformat()}  # fmt: skip


def _found(one: Evaluation) -> dict[str, Any]:
    return {"case_id": one.case_id, "outcome": one.outcome, "unreadable": one.unreadable,
            "holds": [hold.to_dict() for hold in one.party_holds]}  # fmt: skip


def _mark(found: Any) -> str:
    return f"{found['case_id']} {found['outcome']} {found['holds']} {found['unreadable']}"


def close(work: Work, ident: int, why: str, expected: int | None = None) -> Row:
    """Close a look-back, with what came of it.

    Raises:
        InputError: no reason is given.
        Refused: it is closed already.
        Forbidden, NotFound, Stale: as usual.
    """
    work.require("lookback.close")
    row = work.get(LOOK_BACKS, ident)
    if row["state"] != "open":
        raise Refused("this look-back is already closed")
    why = read_reason(why)
    changes = {"state": "closed", "closed_by": work.person.id, "closed_why": why}
    return work.update(LOOK_BACKS, ident, "lookback.close", changes, why, expected)
