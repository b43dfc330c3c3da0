"""Time travel: a record as it stood at a moment, and what was answered then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from klartecken.desk.errors import NotFound
from klartecken.desk.ledger.fold import State, fold, is_note, shown, typed
from klartecken.desk.storage.tables.ledger import LEDGER
from klartecken.desk.storage.tables.orders import LINES, RELEASES, VERDICTS
from klartecken.desk.storage.tables.records import RECEIPTS
from klartecken.desk.work import Row


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a record, and the record after it.

    Attributes:
        seq, at, person, channel, action, why: of the entry.
        before, after: the columns that it changed; of a new record ``before`` is empty.
        record: the whole record after it, or None before there is one.
    """

    seq: int
    at: datetime
    person: int
    channel: str
    action: str
    why: str
    before: State
    after: State
    record: State | None


def changes(connection: Connection, table: Table, ident: int) -> Iterator[Change]:
    """Everything that happened to a record, in order; secrets are left out."""
    query = select(LEDGER).where(LEDGER.c.subject == table.name, LEDGER.c.subject_id == ident)
    state: State | None = None
    for row in connection.execute(query.order_by(LEDGER.c.seq)).mappings():
        state = fold(state, row["new"])
        yield Change(
            row["seq"], row["at"], row["person"], row["channel"], row["action"], row["why"],
            shown(table.name, row["old"] or {}), shown(table.name, row["new"]),
            shown(table.name, state),
        )  # fmt: skip


def as_of(connection: Connection, table: Table, ident: int, moment: datetime) -> Row:
    """A record as it stood at a moment, with the types of its table.

    Raises:
        NotFound: it was not there yet.
    """
    state: State | None = None
    for change in changes(connection, table, ident):
        if change.at > moment:
            break
        state = change.record
    if state is None:
        raise NotFound(f"record {ident} in {table.name} was not there on {moment:%Y-%m-%d %H:%M}")
    return typed(table, state)


def since(
    connection: Connection, table: Table, ident: int, moment: datetime
) -> dict[str, tuple[Any, Any]]:
    """What changed of a record since a moment: column -> value then and now.

    Raises:
        NotFound: it was not there yet.
    """
    then = as_of(connection, table, ident, moment)
    last = None
    for change in changes(connection, table, ident):
        last = change.record
    now = typed(table, last or {})
    return {name: (then.get(name), value) for name, value in now.items()
            if then.get(name) != value}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answered:
    """What the desk said of an order line at a moment.

    Attributes:
        line: the line as it stood: its state, outcome, holds, authorisation, and what they
            rest on (``under``).
        verdict: the answer in full, or None where there was none.
        release: the release that was valid then, or None.
        receipt: the receipt of that release, which can be replayed, or None.
        by: the entry that gave this answer: number, moment, person, action; or None.
    """

    line: Row
    verdict: Any
    release: Row | None
    receipt: Any
    by: Change | None


def answered(connection: Connection, line: int, moment: datetime) -> Answered:
    """What did we answer then?

    Raises:
        NotFound: the line was not there yet.
    """
    row = as_of(connection, LINES, line, moment)
    by = None
    for change in changes(connection, LINES, line):
        if change.at <= moment and not is_note(change.after) and (
            {"outcome", "holds", "state", "id"} & change.after.keys()
        ):  # fmt: skip
            by = change
    verdict = release = receipt = None
    if row["case_id"]:
        query = select(VERDICTS.c.body).where(VERDICTS.c.case_id == row["case_id"])
        verdict = connection.execute(query).scalar()
    if row["release"] is not None and row["state"] in ("released", "shipped", "returned"):
        release = as_of(connection, RELEASES, row["release"], moment)
        seal = select(RECEIPTS.c.body).where(RECEIPTS.c.seal == release["receipt"])
        receipt = connection.execute(seal).scalar()
    return Answered(row, verdict, release, receipt, by)
