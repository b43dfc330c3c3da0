"""Setting up, bringing up to date, and what a database itself refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DatabaseError

from klartecken.desk.desk import Desk, open_desk
from klartecken.desk.errors import StorageError
from klartecken.desk.storage.connect import open_engine, reading, writing
from klartecken.desk.storage.guards import GUARDED, expected, missing, present
from klartecken.desk.storage.migrate import (
    configuration,
    newest,
    require_current,
    revision,
    upgrade,
)
from klartecken.desk.storage.tables import METADATA
from tests.desk.clock import Clock
from tests.desk.world import nobody_listed


def test_the_migrated_schema_is_that_of_the_code(url: str) -> None:
    engine = open_engine(url)
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
        found = inspect(connection)
        for table in METADATA.sorted_tables:
            checks = {row["name"] for row in found.get_check_constraints(table.name)}
            said = {c.name for c in table.constraints if c.__visit_name__ == "check_constraint"}
            assert {str(name) for name in said} <= checks, table.name
    engine.dispose()


def test_every_table_is_checked_by_somebody() -> None:
    """A new table holds records, or verification must learn of it."""
    plain = {t.name for t in METADATA.sorted_tables if not t.info.get("record")}
    assert plain == {*GUARDED, "verdicts", "line_holds", "idempotency", "deliveries",
                     "webhook_secrets"}  # fmt: skip


def test_down_and_up_again(url: str) -> None:
    engine = open_engine(url)
    with writing(engine) as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        assert present(connection) & expected(connection.dialect.name) == frozenset()
    assert revision(engine) == "0001"
    with pytest.raises(StorageError, match="older version") as err:
        require_current(engine)
    assert err.value.next_step
    assert upgrade(engine) == ("0001", newest())
    with reading(engine) as connection:
        assert missing(connection) == []
    assert upgrade(engine) == (newest(), newest())  # nothing left to do
    with writing(engine) as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
    engine.dispose()


@pytest.mark.parametrize("table", GUARDED)
def test_what_is_written_once_stays(busy: Desk, table: str) -> None:
    column = {"ledger": "why", "ledger_keys": "key", "receipts": "body", "blobs": "body"}[table]
    statements = [f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"]
    if busy.engine.dialect.name == "postgresql":
        statements.append(f"TRUNCATE {table}")
    for statement in statements:
        with pytest.raises(DatabaseError, match="only ever added"), writing(busy.engine) as work:
            work.execute(text(statement))


def test_foreign_tables_are_not_touched(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "other.sqlite")
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE customers (id INTEGER)"))
    with pytest.raises(StorageError, match="customers") as err:
        upgrade(engine)
    assert err.value.next_step
    with reading(engine) as connection:
        assert inspect(connection).get_table_names() == ["customers"]
    engine.dispose()


def test_a_database_of_a_newer_program(url: str) -> None:
    engine = open_engine(url)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for attempt in (require_current, upgrade):
        with pytest.raises(StorageError, match="newer version") as err:
            attempt(engine)  # type: ignore[operator]
        assert err.value.next_step
    engine.dispose()


def test_a_desk_that_was_never_set_up(tmp_path: Path) -> None:
    for path in (tmp_path / "none.sqlite", tmp_path / "empty.sqlite"):
        if path.name == "empty.sqlite":
            path.touch()
        with pytest.raises(StorageError) as err:
            open_desk(path, clock=Clock(), context=nobody_listed)
        assert "klartecken desk init" in err.value.next_step
    assert not (tmp_path / "none.sqlite").exists()


@pytest.mark.parametrize(
    "url",
    ["", ":memory:", "sqlite:///:memory:", "sqlite://", "mysql://h/x", "postgresql:/", "a b://c"],
)
def test_what_names_no_database(url: str) -> None:
    with pytest.raises(StorageError):
        open_engine(url)


def test_a_server_that_does_not_answer_is_told_without_its_password() -> None:
    engine = open_engine("postgresql://desk:secret@127.0.0.1:1/desk")
    with pytest.raises(StorageError) as err, reading(engine):
        pass
    assert err.value.next_step
    assert "secret" not in str(err.value)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "letter.sqlite"
    path.write_bytes(b"Dear customer, " * 400)
    engine = open_engine(path)
    with pytest.raises(StorageError), reading(engine) as connection:
        connection.execute(text("SELECT 1 FROM sqlite_master"))


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "no" / "desk.sqlite")
    with pytest.raises(StorageError) as err:
        upgrade(engine)
    assert err.value.next_step


def test_a_database_that_is_not_on_the_server(postgresql: str) -> None:
    engine = open_engine(f"{postgresql}/no_such_database")
    with pytest.raises(StorageError, match="no_such_database") as err, reading(engine):
        pass
    assert err.value.next_step
    engine.dispose()


def test_the_urls_of_one_database(tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite"
    upgrade(open_engine(path))
    assert revision(open_engine(f"sqlite:///{path}")) == newest()
    assert create_engine(f"sqlite:///{path}").dialect.name == "sqlite"
