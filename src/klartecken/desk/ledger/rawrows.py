"""Rows as the database holds them, streamed: what a check must see, and not what we make of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, select, type_coerce
from sqlalchemy.types import NullType

BATCH = 2000


def raw(table: Table, *names: str) -> Select[Any]:
    """A query of columns without our types; all columns by default."""
    columns: list[ColumnElement[Any]] = [
        type_coerce(table.c[name], NullType()).label(name)
        for name in names or [c.name for c in table.columns]
    ]
    return select(*columns)


def stream(connection: Connection, query: Select[Any], batch: int = BATCH) -> Iterator[Any]:
    """The rows of a query as tuples, a batch at a time in memory."""
    options = {"stream_results": True, "yield_per": batch}
    result = connection.execute(query, execution_options=options)
    for rows in result.partitions():
        yield from rows


@contextmanager
def any_text(connection: Connection) -> Iterator[None]:
    """Within it, text that is no UTF-8 (only SQLite can hold it) is read, and found wrong."""
    held = connection.connection.driver_connection
    if connection.dialect.name != "sqlite" or held is None:
        yield
        return
    before = held.text_factory
    held.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
    try:
        yield
    finally:
        held.text_factory = before
