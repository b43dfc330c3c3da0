"""Which records belong to a transaction.

A transaction is an order with all its lines, the licences that they use, the applications
behind these, and whatever hangs on one of them. From a licence or an application it is these
with all lines that use them. From a line it is the line's own order and papers, and not the
other customers of the same licence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Column, ColumnElement, Connection, Table, select

from klartecken.desk.storage.tables.applications import APPLICATIONS
from klartecken.desk.storage.tables.licences import (
    CONDITIONS,
    LICENCE_LINES,
    LICENCE_PARTIES,
    LICENCES,
    MOVEMENTS,
)
from klartecken.desk.storage.tables.orders import LINES, LOOK_BACKS, MANUAL_HOLDS, RELEASES
from klartecken.desk.storage.tables.people import APPROVALS, BREAK_GLASS
from klartecken.desk.storage.tables.records import ATTACHMENTS, EVIDENCE, LEGAL_HOLDS

CHUNK = 500  # ids in one query
MANY = 5000
Ids = frozenset[int]

#: What hangs on a line, a licence or an application, by the column that names it.
OF_LINE = ((MANUAL_HOLDS, "line"), (RELEASES, "line"), (LOOK_BACKS, "line"), (MOVEMENTS, "line"),
           (BREAK_GLASS, "line"), (CONDITIONS, "line"))  # fmt: skip
OF_LICENCE = ((LICENCE_LINES, "licence"), (LICENCE_PARTIES, "licence"), (CONDITIONS, "licence"))
OF_APPLICATION = ((CONDITIONS, "application"),)
#: What names the record that it is about by table and id.
OF_ANY = (APPROVALS, EVIDENCE, ATTACHMENTS, LEGAL_HOLDS)
#: name of a root's table -> what hangs on it
HANGS = {"lines": OF_LINE, "licences": OF_LICENCE, "applications": OF_APPLICATION}


@dataclass(frozen=True, slots=True)
class Roots:
    """The lines, licences and applications of a transaction, by id."""

    lines: Ids = frozenset()
    licences: Ids = frozenset()
    applications: Ids = frozenset()


def roots_of(connection: Connection, records: Iterable[tuple[str, int]]) -> Roots:
    """The transactions to which records belong.

    Args:
        records: names of tables and ids; those that belong to no transaction are passed over.
    """
    asked: dict[str, set[int]] = {"lines": set(), "licences": set(), "applications": set()}
    for name, ident in _lifted(connection, records):
        if name in asked:
            asked[name].add(ident)
    lines, licences, applications = asked["lines"], asked["licences"], asked["applications"]
    # downwards: from applications to their licences, from licences to the lines that use them
    licences |= ids(connection, LICENCES, "application", applications)
    lines |= _named(connection, APPLICATIONS.c.line, APPLICATIONS.c.id, applications)
    parts = ids(connection, LICENCE_LINES, "licence", licences)
    lines |= ids(connection, LINES, "licence_line", parts)
    lines |= _named(connection, MOVEMENTS.c.line, MOVEMENTS.c.licence_line, parts)
    orders = _named(connection, LINES.c.order_number, LINES.c.id, lines) - {""}
    lines |= ids(connection, LINES, "order_number", orders)
    # upwards: from lines to their papers
    used = _named(connection, LINES.c.licence_line, LINES.c.id, lines)
    for table in (RELEASES, MOVEMENTS):
        used |= _named(connection, table.c.licence_line, table.c.line, lines)
    licences |= _named(connection, LICENCE_LINES.c.licence, LICENCE_LINES.c.id, used)
    applications |= _named(connection, LICENCES.c.application, LICENCES.c.id, licences)
    applications |= ids(connection, APPLICATIONS, "line", lines)
    return Roots(frozenset(lines), frozenset(licences), frozenset(applications))


def records_of(connection: Connection, roots: Roots) -> list[tuple[str, int]]:
    """All records of transactions, as tables and ids, in order; each once."""
    held_by = {"lines": roots.lines, "licences": roots.licences,
               "applications": roots.applications}  # fmt: skip
    found = {(name, n) for name, owners in held_by.items() for n in owners}
    for name, owners in held_by.items():
        for table, column in HANGS[name]:
            found |= {(table.name, n) for n in ids(connection, table, column, owners)}
    fresh = found
    while fresh:  # a file may hang on evidence that hangs on a line
        fresh = _hanging(connection, fresh) - found
        found |= fresh
    return sorted(found)


def _hanging(connection: Connection, records: set[tuple[str, int]]) -> set[tuple[str, int]]:
    """What names one of the records by table and id."""
    by_table: dict[str, set[int]] = {}
    for name, ident in records:
        by_table.setdefault(name, set()).add(ident)
    return {
        (table.name, n)
        for table in OF_ANY
        for name, held in by_table.items()
        for n in ids(connection, table, "subject_id", held, table.c.subject == name)
    }


def ids(
    connection: Connection,
    table: Table,
    column: str,
    values: Iterable[object],
    *where: ColumnElement[bool],
) -> set[int]:
    """Ids of the rows of a table whose column holds one of the values."""
    return _named(connection, table.c.id, table.c[column], values, *where)


def _named(
    connection: Connection, wanted: Column[int], column: Column[int], values: Iterable[object],
    *where: ColumnElement[bool],
) -> set[int]:  # fmt: skip
    """The values, but none, of a column in the rows whose other column holds one of some."""
    found: set[int] = set()
    held = sorted(values, key=str)
    if len(held) > MANY:  # one look at the whole table is faster
        sought = {*held}
        rows = connection.execute(select(wanted, column).where(*where))
        return {value for value, named in rows if named in sought} - {None}
    for start in range(0, len(held), CHUNK):
        query = select(wanted).where(column.in_(held[start : start + CHUNK]), *where)
        found.update(connection.execute(query).scalars())
    return found - {None}


def _lifted(
    connection: Connection, records: Iterable[tuple[str, int]]
) -> Iterable[tuple[str, int]]:
    """Records of their own, and for what hangs on one the record that it hangs on."""
    waiting, seen = list(records), set()
    while waiting:
        name, ident = waiting.pop()
        if (name, ident) in seen:
            continue
        seen.add((name, ident))
        yield name, ident
        for parent, groups in HANGS.items():
            for table, column in groups:
                if table.name == name:
                    up = _named(connection, table.c[column], table.c.id, [ident])
                    waiting += [(parent, n) for n in up]
        for table in OF_ANY:
            if table.name == name:
                query = select(table.c.subject, table.c.subject_id).where(table.c.id == ident)
                waiting += [(subject, n) for subject, n in connection.execute(query)]
