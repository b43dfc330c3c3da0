"""Connections: SQLite with a write-ahead log, or PostgreSQL, by URL.

There is one writer at a time on both: ``BEGIN IMMEDIATE`` on SQLite, an advisory lock on
PostgreSQL. So a check made in a writing transaction still holds when it is committed, and the
chain of the ledger never forks. Readers are not held up.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, OperationalError

from klartecken.desk.errors import StorageError

LOCK = 0x4B6C6172  # the advisory lock of the one writer
MAPPED = 1 << 30  # bytes of an SQLite file that are read without being copied
WAIT = 30  # seconds that a writer waits for another


def open_engine(url: str | Path) -> Engine:
    """An engine for a database.

    Args:
        url: ``sqlite:///desk.sqlite``, ``postgresql://user@host/name``, or the path of an
            SQLite file.

    Raises:
        StorageError: no such kind of database, or its driver is not installed.
    """
    where = read_url(url)
    try:
        if where.get_backend_name() == "sqlite":
            engine = create_engine(where, connect_args={"timeout": WAIT})
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
            return engine
        return create_engine(where, pool_pre_ping=True, pool_size=8, max_overflow=24)
    except ModuleNotFoundError as err:
        raise StorageError(
            f"the driver {err.name} is not installed", where=shown(where),
            next_step="pip install 'klartecken[postgresql]'",
        ) from err  # fmt: skip


def read_url(url: str | Path) -> URL:
    """A URL or path as a URL with the driver that we use.

    Raises:
        StorageError: it is neither, or of another kind of database.
    """
    raw = str(url)
    if "://" not in raw:
        if not raw.strip() or raw.startswith((":memory:", "sqlite:", "postgres:", "postgresql:")):
            raise StorageError(f"{raw!r} names no database", next_step="Give a file or a URL")
        return URL.create("sqlite", database=str(Path(raw).expanduser()))
    try:
        found = make_url(raw)
    except ArgumentError as err:
        raise StorageError("cannot be read as the URL of a database", where="--db") from err
    kind = found.get_backend_name()
    if kind == "postgres":  # the older name of the scheme
        kind, found = "postgresql", found.set(drivername="postgresql")
    if kind == "postgresql":
        return found.set(drivername="postgresql+psycopg")
    if kind == "sqlite" and found.database not in (None, "", ":memory:"):
        return found.set(drivername="sqlite")
    raise StorageError(
        f"{shown(found)} is no database for a desk", where="--db",
        next_step="Use a file (sqlite:///desk.sqlite) or postgresql://user@host/name",
    )  # fmt: skip


def shown(url: URL) -> str:
    """A URL without its password."""
    return url.render_as_string(hide_password=True)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON",
                   f"busy_timeout={WAIT * 1000}", f"mmap_size={MAPPED}"):  # fmt: skip
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state of the database throughout, and changes nothing."""
    with _told(engine), engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        with connection.begin() as transaction:
            yield connection
            transaction.rollback()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """The one writing transaction; commits at the end, or undoes everything on an error."""
    with _told(engine), engine.connect() as connection:
        connection = connection.execution_options(writes=True)
        with connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT}s'"))
                connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
            yield connection


@contextmanager
def _told(engine: Engine) -> Iterator[None]:
    """What the database itself cannot do, as an error of ours."""
    try:
        yield
    except (OperationalError, InterfaceError) as err:
        reason = _reason(err)
        raise StorageError(
            f"the database cannot be used ({reason})", where=shown(engine.url),
            next_step=_step(engine, reason),
        ) from err  # fmt: skip
    except DatabaseError as err:
        if "is not a database" in str(err):
            raise StorageError("is not a database", where=shown(engine.url),
                               next_step="Give the file of a desk") from err  # fmt: skip
        raise


def _step(engine: Engine, reason: str) -> str:
    """What to do about what the database said."""
    if "locked" in reason or "lock timeout" in reason:
        return "Another program is writing: try again"
    if engine.dialect.name == "sqlite":
        return "Look whether the folder is there, may be written, and has room"
    return "Look whether the server runs, and whether the URL, name and password are right"


def _reason(err: Exception) -> str:
    return str(getattr(err, "orig", None) or err).strip().splitlines()[0]
