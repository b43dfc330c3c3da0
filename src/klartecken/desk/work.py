"""A piece of work: one transaction by one person, and the ledger entries that it leaves.

All records are changed here and nowhere else. So each change has its entry, in the same
transaction, and what the tables hold is what the ledger says.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam, func, insert, select, update

from klartecken.desk.errors import Forbidden, NotFound, Stale
from klartecken.desk.hooks.outbox import enqueue
from klartecken.desk.ledger.entry import START, Entry
from klartecken.desk.ledger.keys import indexed, keys_of
from klartecken.desk.people.roles import DESK, Person
from klartecken.desk.storage.columns import LARGEST, Exact, Json, canonical, plain, scaled
from klartecken.desk.storage.tables.ledger import LEDGER, LEDGER_KEYS

Row = dict[str, Any]


@dataclass
class Work:
    """One transaction by one person.

    Attributes:
        connection: in a writing transaction: nobody else writes meanwhile.
        person: who does it.
        now: when, for all that it changes.
        channel: where and on what it was entered.
    """

    connection: Connection
    person: Person
    now: datetime
    channel: str
    _entries: list[Entry] = field(default_factory=list)
    _told: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    _ids: dict[str, int] = field(default_factory=dict)
    _head: tuple[int, str] | None = None

    @property
    def today(self) -> date:
        """The day of ``now``, in UTC."""
        return self.now.date()

    # -- who -------------------------------------------------------------------------------
    def require(self, permission: str) -> None:
        """Raises Forbidden unless the person may do that."""
        if self.person is not DESK and not self.person.may(permission):
            raise Forbidden(
                f"{self.person.name} may not do that (needs {permission})",
                next_step="Ask an admin for the role, or somebody who has it",
            )

    # -- reading ---------------------------------------------------------------------------
    def get(self, table: Table, ident: int) -> Row:
        """The row of an id.

        Raises:
            NotFound: there is none.
        """
        return get(self.connection, table, ident)

    def find(self, table: Table, *where: Any, **equal: Any) -> list[Row]:
        """All rows that fit, by id."""
        return find(self.connection, table, *where, **equal)

    # -- changing --------------------------------------------------------------------------
    def insert(self, table: Table, action: str, values: Mapping[str, Any], why: str = "") -> int:
        """A new record; its id."""
        return self.insert_many(table, action, [values], why)[0]

    def insert_many(
        self, table: Table, action: str, rows: Sequence[Mapping[str, Any]], why: str = ""
    ) -> list[int]:
        """New records, each with its entry; their ids in order."""
        if not rows:
            return []
        first = self._next_id(table, len(rows))
        full = [whole(table, {**row, "id": first + n, "version": 1}) for n, row in enumerate(rows)]
        self.connection.execute(insert(table), full)
        for row in full:
            self._enter(action, table.name, row["id"], why, None, row, row)
        return [row["id"] for row in full]

    def update(
        self, table: Table, ident: int, action: str, changes: Mapping[str, Any], why: str = "",
        expected: int | None = None,
    ) -> Row:  # fmt: skip
        """Change a record; what is the same stays unsaid. The row as it is now.

        Raises:
            NotFound: there is none.
            Stale: ``expected`` is not its version.
        """
        row = self.get(table, ident)
        expect(row, expected, table.name)
        self.update_many(table, action, [(row, changes)], why)
        return self.get(table, ident)

    def update_many(
        self, table: Table, action: str, changes: Iterable[tuple[Row, Mapping[str, Any]]],
        why: str = "",
    ) -> int:  # fmt: skip
        """Change records whose rows were just read; how many did change."""
        by_columns: dict[tuple[str, ...], list[Row]] = {}
        count = 0
        for row, wanted in changes:
            wanted = {name: normal(table, name, value) for name, value in wanted.items()}
            new = {name: value for name, value in wanted.items() if row[name] != value}
            if not new:
                continue
            count += 1
            old = {name: row[name] for name in new}
            columns = tuple(sorted(new))
            values = {"b_id": row["id"], "b_version": row["version"] + 1,
                      **{f"n_{name}": new[name] for name in columns}}  # fmt: skip
            by_columns.setdefault(columns, []).append(values)
            self._enter(action, table.name, row["id"], why, old, new, {**row, **new})
        for columns, values_of in by_columns.items():
            statement = update(table).where(table.c.id == bindparam("b_id")).values(
                version=bindparam("b_version"), **{n: bindparam(f"n_{n}") for n in columns}
            )  # fmt: skip
            self.connection.execute(statement, values_of)
        return count

    def note(
        self, action: str, table: Table, ident: int, why: str = "",
        told: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        """An entry about a record that changes none of its columns."""
        row = self.get(table, ident) if ident else {}
        self._enter(action, table.name, ident, why, None, {"noted": dict(told or {})}, row)

    def tell(self, event: str, body: Mapping[str, Any]) -> None:
        """An event for the webhooks, delivered only if this transaction is committed."""
        self._told.append((event, body))

    # -- the ledger ------------------------------------------------------------------------
    def _enter(
        self, action: str, subject: str, ident: int, why: str, old: Any, new: Any,
        row: Mapping[str, Any],
    ) -> None:  # fmt: skip
        seq, previous = self._head or self._read_head()
        changed = None if "id" in new else new.keys()
        entry = Entry(
            seq + 1, self.now, self.person.id, self.channel, action, subject, ident, why,
            old, new, keys_of(subject, row, changed), previous,
        )  # fmt: skip
        entry = replace(entry, hash=entry.sealed())
        self._head = (entry.seq, entry.hash)
        self._entries.append(entry)

    @property
    def head(self) -> int:
        """The number of the ledger's last entry, those of this work among them."""
        return (self._head or self._read_head())[0]

    def _read_head(self) -> tuple[int, str]:
        last = self.connection.execute(
            select(LEDGER.c.seq, LEDGER.c.hash).order_by(LEDGER.c.seq.desc()).limit(1)
        ).one_or_none()
        return (0, START) if last is None else (last.seq, last.hash)

    def _next_id(self, table: Table, count: int) -> int:
        """Ids without a gap; nothing is ever deleted, and nobody else writes."""
        if table.name not in self._ids:
            highest = self.connection.execute(select(func.max(table.c.id))).scalar()
            self._ids[table.name] = highest or 0
        first = self._ids[table.name] + 1
        self._ids[table.name] += count
        return first

    def finish(self) -> None:
        """Write the entries, their keys and the deliveries; called once, before the commit."""
        names = [c.name for c in LEDGER.columns]
        entries = [{name: getattr(entry, name) for name in names} for entry in self._entries]
        if entries:
            self.connection.execute(insert(LEDGER), entries)
        keys = [
            {"seq": entry.seq, "kind": kind, "key": key}
            for entry in self._entries
            for kind, key in indexed(entry.keys)
        ]  # fmt: skip
        if keys:
            self.connection.execute(insert(LEDGER_KEYS), keys)
        enqueue(self.connection, self.now, self._told, self._next_id)
        self._entries, self._told = [], []


def whole(table: Table, row: Mapping[str, Any]) -> Row:
    """A row with all columns of its table, so that the ledger holds the whole of a new record."""
    kinds = _kinds(table)
    foreign = row.keys() - kinds.keys()
    assert not foreign, f"{table.name} has no {', '.join(sorted(foreign))}"
    return {name: _normal(kind, row.get(name)) for name, kind in kinds.items()}


def normal(table: Table, name: str, value: Any) -> Any:
    """A value as it will be read back."""
    return _normal(_kinds(table)[name], value)


@cache
def _kinds(table: Table) -> dict[str, Any]:
    return {column.name: column.type for column in table.columns}


def _normal(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, Exact):
        return plain(Decimal(scaled(value, kind.places)).scaleb(-kind.places))
    return json.loads(canonical(value)) if isinstance(kind, Json) and value else value


def get(connection: Connection, table: Table, ident: int) -> Row:
    """The row of an id.

    Raises:
        NotFound: there is none.
    """
    query = select(table).where(table.c.id == ident)
    known = 0 < ident <= LARGEST  # no database looks for larger ones
    row = connection.execute(query).mappings().one_or_none() if known else None
    if row is None:
        raise NotFound(f"there is no record {ident} in {table.name}")
    return dict(row)


def find(connection: Connection, table: Table, *where: Any, **equal: Any) -> list[Row]:
    """All rows that fit, by id."""
    tests = [*where, *(table.c[name] == value for name, value in equal.items())]
    query = select(table).where(*tests).order_by(table.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def expect(row: Mapping[str, Any], expected: int | None, what: str) -> None:
    """Raises Stale where the row is no longer the version that the caller saw."""
    if expected is not None and row["version"] != expected:
        raise Stale(
            f"record {row['id']} in {what} is at version {row['version']}, not {expected}",
            next_step="Read it again and repeat the change",
        )


def content_hash(data: Any) -> str:
    """SHA-256 of plain data: the same data has the same hash."""
    return hashlib.sha256(canonical(data).encode()).hexdigest()


Clock = Callable[[], datetime]
