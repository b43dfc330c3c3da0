"""Records by the names that people give them on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from klartecken.errors import InputError

if TYPE_CHECKING:
    from klartecken.desk.work import Row


def line_of(connection: Any, name: str) -> Row:
    """A line by its external id, or by its number as ``#12``.

    Raises:
        InputError: there is none.
    """
    from klartecken.desk.storage.tables.orders import LINES

    return _named(connection, LINES, name, ("external_id",), "line", "worklist")


def licence_of(connection: Any, name: str) -> Row:
    """A licence by the number on it, or by its number at the desk as ``#12``.

    Raises:
        InputError: there is none.
    """
    from klartecken.desk.storage.tables.licences import LICENCES

    return _named(connection, LICENCES, name, ("number",), "licence", "licence list")


def application_of(connection: Any, name: str) -> Row:
    """An application by its reference or control number, or by its number as ``#12``.

    Raises:
        InputError: there is none.
    """
    from klartecken.desk.storage.tables.applications import APPLICATIONS

    columns = ("reference", "acn")
    return _named(connection, APPLICATIONS, name, columns, "application", "application list")


def subject_of(
    connection: Any, line: str | None, application: str | None, licence: str | None
) -> tuple[str, int] | None:  # fmt: skip
    """The table and id of the one record that options name, or None where none does.

    Raises:
        InputError: there is none such, or more than one is named.
    """
    if sum(name is not None for name in (line, application, licence)) > 1:
        raise InputError("name one record", where="--line, --application, --licence")
    if line is not None:
        return "lines", line_of(connection, line)["id"]
    if application is not None:
        return "applications", application_of(connection, application)["id"]
    if licence is not None:
        return "licences", licence_of(connection, licence)["id"]
    return None


def names_of(connection: Any, subject: str, idents: set[int]) -> dict[int, str]:
    """What people call some records of a table."""
    from klartecken.desk.storage.tables import METADATA
    from klartecken.desk.work import find

    column = {"lines": "external_id", "licences": "number", "applications": "reference"}[subject]
    table = METADATA.tables[subject]
    rows = find(connection, table, table.c.id.in_(sorted(idents))) if idents else []
    return {row["id"]: row[column] for row in rows}


def _named(
    connection: Any, table: Any, name: str, columns: tuple[str, ...], what: str, see: str
) -> Row:  # fmt: skip
    from klartecken.desk.storage.columns import storable
    from klartecken.desk.work import find

    storable(name)
    if name.startswith("#") and name[1:].isascii() and name[1:].isdigit() and len(name) < 18:
        columns, wanted = ("id",), int(name[1:])
    else:
        wanted = name  # type: ignore[assignment]
    for column in columns:
        rows = find(connection, table, **{column: wanted})
        if rows:
            return rows[0]
    raise InputError(f"there is no {what} {name!r}", where=what,
                     next_step=f"See klartecken desk {see}")  # fmt: skip
