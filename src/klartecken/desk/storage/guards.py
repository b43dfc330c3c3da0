"""The triggers by which the database itself refuses to alter what is written once.

They are made by a migration. They keep mistakes out; against somebody who owns the database
stands the chain of the ledger, and an anchor kept elsewhere.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

#: Tables to which rows are only ever added.
GUARDED = ("ledger", "ledger_keys", "receipts", "blobs")
EVENTS = {"sqlite": ("update", "delete"), "postgresql": ("update", "delete", "truncate")}


def expected(dialect: str) -> frozenset[str]:
    """Names of the triggers that a database of this kind must have."""
    return frozenset(f"{table}_no_{event}" for table in GUARDED for event in EVENTS[dialect])


def present(connection: Connection) -> frozenset[str]:
    """Names of the triggers that are there and switched on."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    return frozenset(connection.execute(text(query)).scalars())


def missing(connection: Connection) -> list[str]:
    """Names of the triggers that ought to be there, sorted."""
    return sorted(expected(connection.dialect.name) - present(connection))
