"""Applications as they are shown: one with its clock, limits and what may follow; lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from klartecken.desk.applications import clock
from klartecken.desk.applications.dues import dues, overdue
from klartecken.desk.applications.validate import files, findings
from klartecken.desk.ledger.keys import COUNTRY, PARTY, REFERENCE, fold
from klartecken.desk.machines.application import APPLICATION, GRANTED, IN_REVIEW, PENDING
from klartecken.desk.storage.tables.applications import APPLICATIONS
from klartecken.desk.storage.tables.ledger import LEDGER, LEDGER_KEYS
from klartecken.desk.work import Row, get
from klartecken.errors import InputError

PAGE, MOST = 50, 500
NO_ANSWER = "A return without action says nothing about any line: determine it anew."


def shown(connection: Connection, ident: int, day: date) -> dict[str, Any]:
    """One application with findings, files, clock, limits and the events that may follow.

    Raises:
        NotFound: there is none.
    """
    row = get(connection, APPLICATIONS, ident)
    found = findings(connection, row) if row["state"] in ("draft", "internally_approved") else []
    return {
        **row, "findings": [finding.to_dict() for finding in found],
        "attachments": files(connection, ident), "rung": rung(row["state"]),
        "days": counted(row, day), "dues": [due.to_dict() for due in dues(row, day)],
        "overdue": [due.to_dict() for due in overdue(row, day)],
        "events": sorted({move.event for move in APPLICATION.after(row["state"])}),
        "note": NO_ANSWER if row["state"] == "returned_without_action" else "",
    }  # fmt: skip


def counted(row: Mapping[str, Any], day: date) -> dict[str, int]:
    """Days since registration that count, and those that do not."""
    held = clock.read(row["clock"])
    return {"counted": clock.days(held, day, running=True),
            "not_counted": clock.days(held, day, running=False)}  # fmt: skip


def rung(state: str) -> int | None:
    """Where a state stands on the ladder of evidence: 3 to 5. None of them releases anything."""
    if state in GRANTED:
        return 5
    if state in IN_REVIEW:
        return 4
    return 3 if state in PENDING else None


def listed(
    connection: Connection, *, state: str | None = None, review_policy: str | None = None,
    line: int | None = None, party: str | None = None, country: str | None = None,
    reference: str | None = None, after: int = 0, limit: int = PAGE,
) -> list[Row]:  # fmt: skip
    """Applications by id, a page at a time.

    Args:
        state: a state, or ``pending`` or ``granted``.
        party, country, reference: found by any name that it holds or ever held, whole.
        after: the last id of the page before.
        limit: at most this many, up to 500.

    Raises:
        InputError: no such state, or no such page.
    """
    c = APPLICATIONS.c
    if not 1 <= limit <= MOST or after < 0:
        raise InputError(f"must be between 1 and {MOST}", where="limit")
    tests: list[ColumnElement[bool]] = [c.id > after]
    if state is not None:
        tests.append(c.state.in_(_states(state)))
    if review_policy is not None:
        tests.append(c.review_policy == review_policy)
    if line is not None:
        tests.append(c.line == line)
    tests += [c.id.in_(_keyed(kind, key)) for kind, key in
              ((PARTY, party), (COUNTRY, country), (REFERENCE, reference)) if key]  # fmt: skip
    query = select(APPLICATIONS).where(*tests).order_by(c.id).limit(limit)
    return [dict(row) for row in connection.execute(query).mappings()]


def late(connection: Connection, day: date) -> Iterator[tuple[Row, list[dict[str, Any]]]]:
    """Applications with a limit that is past, with these limits. Shown; it decides nothing."""
    watched = (*PENDING, "denied")
    query = select(APPLICATIONS).where(APPLICATIONS.c.state.in_(watched))
    for found in connection.execute(query.order_by(APPLICATIONS.c.id)).mappings():
        row = dict(found)
        past = overdue(row, day)
        if past:
            yield row, [due.to_dict() for due in past]


def _states(state: str) -> tuple[str, ...]:
    if state in APPLICATION.states:
        return (state,)
    sets = {"pending": PENDING, "granted": GRANTED}
    if state not in sets:
        raise InputError(f"{state!r} is no state", where="state",
                         next_step="Use " + ", ".join((*sets, *APPLICATION.states)))  # fmt: skip
    return sets[state]


def _keyed(kind: str, key: str) -> Any:
    """The ids of the applications that have, or had, a key."""
    return (
        select(LEDGER.c.subject_id)
        .join(LEDGER_KEYS, LEDGER_KEYS.c.seq == LEDGER.c.seq)
        .where(LEDGER.c.subject == APPLICATIONS.name, LEDGER_KEYS.c.kind == kind,
               LEDGER_KEYS.c.key == fold(key))
    )  # fmt: skip
