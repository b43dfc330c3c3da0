"""From entries back to records: what a record was after each of its entries."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Date, Table

from klartecken.desk.storage.columns import Exact, Json, Moment, canonical, plain, scaled
from klartecken.desk.work import Row

State = dict[str, Any]  # columns as plain data, as entries hold them

#: Columns whose content is shown to nobody: table -> columns.
SECRET = {"tokens": frozenset({"secret_hash"}), "webhooks": frozenset({"secret_hash"})}
HIDDEN = "(not shown)"


def is_record(new: Any) -> bool:
    """Does an entry hold a whole new record?"""
    return isinstance(new, Mapping) and "id" in new


def is_note(new: Any) -> bool:
    """Does an entry change nothing?"""
    return isinstance(new, Mapping) and "noted" in new and "id" not in new


def fold(state: State | None, new: Any) -> State | None:
    """The record after one more entry; None as long as there is none."""
    if is_record(new):
        return dict(new)
    if state is None or not isinstance(new, Mapping) or is_note(new):
        return state
    return {**state, **new, "version": state["version"] + 1}


def typed(table: Table, state: Mapping[str, Any]) -> Row:
    """A folded record with the types with which its table is read."""
    return {
        name: _READ.get(type(table.c[name].type), _same)(value) if value is not None else None
        for name, value in state.items() if name in table.c
    }  # fmt: skip


def shown(table: str, columns: Any) -> Any:
    """Columns of an entry or a record without what is shown to nobody."""
    hidden = SECRET.get(table)
    if not hidden or not isinstance(columns, Mapping):
        return columns
    return {name: HIDDEN if name in hidden else value for name, value in columns.items()}


def stored(table: Table, dialect: str) -> list[tuple[str, Callable[[Any], Any]]]:
    """For each column, what turns an entry's value into the value that the database holds."""
    found: list[tuple[str, Callable[[Any], Any]]] = []
    for column in table.columns:
        kind = column.type
        if isinstance(kind, Exact):
            found.append((column.name, _whole(kind.places)))
        elif isinstance(kind, Json):
            found.append((column.name, canonical))
        elif dialect == "sqlite" and isinstance(kind, Boolean):
            found.append((column.name, int))
        elif dialect != "sqlite" and isinstance(kind, Date):
            found.append((column.name, date.fromisoformat))
        else:
            found.append((column.name, _same))
    return found


def short(value: Any, longest: int = 200) -> str:
    """A value for a message."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= longest else text[: longest - 3] + "..."


def _whole(places: int) -> Callable[[Any], int]:
    return lambda value: scaled(value, places)


def _same(value: Any) -> Any:
    return value


def _exact(value: Any) -> Any:
    return plain(Decimal(value))


_READ: dict[type, Callable[[Any], Any]] = {
    Exact: _exact, Date: date.fromisoformat, Moment: datetime.fromisoformat,
}  # fmt: skip
