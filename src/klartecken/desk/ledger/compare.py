"""The entries of each record, folded, against what the record's table holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table, func, select

from klartecken.desk.ledger.fold import (
    HIDDEN,
    SECRET,
    State,
    fold,
    is_note,
    is_record,
    short,
    stored,
)
from klartecken.desk.ledger.rawrows import raw, stream
from klartecken.desk.ledger.report import Finding
from klartecken.desk.storage.tables import METADATA
from klartecken.desk.storage.tables.ledger import LEDGER
from klartecken.errors import InputError


def record_tables() -> list[Table]:
    """All tables whose changes are entered in the ledger."""
    return [table for table in METADATA.sorted_tables if table.info.get("record")]


class Comparison:
    """One comparison of all tables; ``count`` is known when it is over."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.count = 0

    def findings(self) -> Iterator[Finding]:
        """Everything that differs."""
        tables = record_tables()
        for table in tables:
            yield from self._table(table)
        names = [table.name for table in tables]
        query = (
            select(LEDGER.c.subject, func.min(LEDGER.c.seq))
            .where(LEDGER.c.subject.not_in(names)).group_by(LEDGER.c.subject)
        )  # fmt: skip
        for subject, seq in self.connection.execute(query):
            yield Finding("contradiction", f"entry {seq} is about {subject!r}, which is no table",
                          "ledger", seq, "subject")  # fmt: skip

    def _table(self, table: Table) -> Iterator[Finding]:
        """Both sides by id, side by side."""
        about = raw(LEDGER, "subject_id", "seq", "old", "new")
        about = about.where(LEDGER.c.subject == table.name)
        entries = stream(self.connection, about.order_by(LEDGER.c.subject_id, LEDGER.c.seq))
        said = ((ident, _History(table, ident, rows)) for ident, rows in
                groupby(entries, key=itemgetter(0)))  # fmt: skip
        held = ((row[0], row) for row in stream(self.connection, raw(table).order_by(table.c.id)))
        expected = _Expected(table, self.connection.dialect.name)
        for ident, history, row in beside(said, held):
            if history is None:
                self.count += 1
                yield Finding("unrecorded", f"record {ident} has no entries",
                              table.name, ident)  # fmt: skip
                continue
            state = yield from history.folded()
            if row is not None:
                self.count += 1
            if state is None:
                if row is not None or not history.only_notes:
                    yield Finding("contradiction", f"record {ident} has no first entry",
                                  table.name, ident)  # fmt: skip
            elif row is None:
                yield Finding("lost", f"record {ident} was removed", table.name, ident)
            else:
                yield from expected.compare(ident, state, tuple(row))


def beside(
    left: Iterator[tuple[Any, Any]], right: Iterator[tuple[Any, Any]]
) -> Iterator[tuple[Any, Any, Any]]:
    """Two streams in the order of their first value, joined by it; None where one has nothing.

    >>> list(beside(iter([(1, "a"), (2, "b")]), iter([(2, "x"), (3, "y")])))
    [(1, 'a', None), (2, 'b', 'x'), (3, None, 'y')]
    """
    one, other = next(left, None), next(right, None)
    while one is not None or other is not None:
        if other is None or (one is not None and rank(one[0]) < rank(other[0])):
            assert one is not None
            yield one[0], one[1], None
            one = next(left, None)
        elif one is None or rank(other[0]) < rank(one[0]):
            yield other[0], None, other[1]
            other = next(right, None)
        else:
            yield one[0], one[1], other[1]
            one, other = next(left, None), next(right, None)


def rank(value: Any) -> tuple[int, Any]:
    """Values in SQLite's order, which lets text stand in a column of numbers."""
    if isinstance(value, int):
        return 1, value
    return (2, value) if isinstance(value, str) else (3 if value is not None else 0, repr(value))


class _History:
    """The entries of one record."""

    def __init__(self, table: Table, ident: int, rows: Iterator[Any]) -> None:
        self.table, self.ident = table, ident
        self.rows = list(rows)  # grouped rows must be taken before the next group
        self.only_notes = True

    def folded(self) -> Generator[Finding, None, State | None]:
        """What contradicts itself; returns the record as the entries say it is."""
        state: State | None = None
        for _, seq, old_text, new_text in self.rows:
            try:
                old, new = _parsed(old_text), _parsed(new_text)
            except (TypeError, ValueError):
                yield Finding("altered", f"entry {seq} holds no data", "ledger", seq)
                continue
            if is_note(new):
                continue
            self.only_notes = False
            if is_record(new):
                if state is not None:
                    yield Finding("contradiction", f"entry {seq} begins a record that is there",
                                  self.table.name, self.ident)  # fmt: skip
            elif state is not None:
                for name, value in (old or {}).items():
                    if state.get(name) != value:
                        yield Finding(
                            "contradiction", f"entry {seq} says that it was another value",
                            self.table.name, self.ident, name,
                            *_told(self.table, name, state.get(name), value),
                        )  # fmt: skip
            state = fold(state, new)
        return state


class _Expected:
    """What a table must hold by the ledger."""

    def __init__(self, table: Table, dialect: str) -> None:
        self.table = table
        self.columns: list[tuple[str, Callable[[Any], Any]]] = stored(table, dialect)

    def compare(self, ident: int, state: State, row: tuple[Any, ...]) -> Iterator[Finding]:
        """One finding for each column that differs."""
        for (name, convert), held in zip(self.columns, row, strict=True):
            value = state.get(name)
            try:
                wanted = None if value is None else convert(value)
            except (TypeError, ValueError, InputError):
                wanted = value
            if wanted != held or (wanted is None) != (held is None):
                yield Finding("value", f"{name} is not what the ledger says", self.table.name,
                              ident, name, *_told(self.table, name, wanted, held))  # fmt: skip


def _told(table: Table, name: str, said: Any, held: Any) -> tuple[str, str]:
    """Both values for a message; a secret stays one."""
    if name in SECRET.get(table.name, ()):
        return HIDDEN, HIDDEN
    return short(said), short(held)


def _parsed(text: Any) -> Any:
    return None if text is None else json.loads(text)
