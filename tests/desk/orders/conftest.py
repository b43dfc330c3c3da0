"""Hands for the tests of order lines, and a database of PostgreSQL that all of them share."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from klartecken.desk.desk import Desk
from klartecken.desk.people.roles import Person
from klartecken.desk.storage.tables import METADATA
from tests.desk.clock import Clock
from tests.desk.orders.hand import Hand
from tests.desk.postgresql import create_database, run_at


@pytest.fixture(scope="session")
def shared(postgresql: str) -> str:
    """The URL of a set-up database: to make one takes longer than to empty it."""
    return create_database(postgresql, f"orders_{os.getpid()}", "template_desk")


@pytest.fixture
def url(kind: str, make_url: Callable[[], str], request: pytest.FixtureRequest) -> str:
    """A set-up, empty database."""
    if kind == "sqlite":
        return make_url()
    found = str(request.getfixturevalue("shared"))
    run_at(
        found,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
        "SET session_replication_role = replica",  # some tables let nothing be deleted
        *(f'DELETE FROM "{table.name}"' for table in METADATA.sorted_tables),
    )
    return found


@pytest.fixture
def hand(desk: Desk, people: dict[str, Person], clock: Clock) -> Hand:
    """Does what people do with order lines."""
    return Hand(desk, people, clock)
