"""Hands for the tests of order lines, and a database of PostgreSQL that all of them share."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from sqlalchemy import create_engine, text

from klartecken.desk.desk import Desk
from klartecken.desk.people.roles import Person
from klartecken.desk.storage.tables import METADATA
from tests.desk.clock import Clock
from tests.desk.orders.hand import Hand


@pytest.fixture(scope="session")
def shared(postgresql: str) -> str:
    """The URL of a set-up database: to make one takes longer than to empty it."""
    name = f"orders_{os.getpid()}"
    _run(f"{postgresql}/postgres", f"CREATE DATABASE {name} TEMPLATE template_desk")
    return f"{postgresql}/{name}"


@pytest.fixture
def url(kind: str, make_url: Callable[[], str], request: pytest.FixtureRequest) -> str:
    """A set-up, empty database."""
    if kind == "sqlite":
        return make_url()
    found = str(request.getfixturevalue("shared"))
    _run(
        found,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
        "SET session_replication_role = replica",  # some tables let nothing be deleted
        *(f'DELETE FROM "{table.name}"' for table in METADATA.sorted_tables),
    )
    return found


def _run(url: str, *statements: str) -> None:
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"),
                           isolation_level="AUTOCOMMIT")  # fmt: skip
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def hand(desk: Desk, people: dict[str, Person], clock: Clock) -> Hand:
    """Does what people do with order lines."""
    return Hand(desk, people, clock)
