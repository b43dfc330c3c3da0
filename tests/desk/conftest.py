"""Every test of the desk runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from klartecken.desk.desk import Desk, open_desk
from klartecken.desk.people.accounts import person
from klartecken.desk.people.roles import DESK, Person
from klartecken.desk.storage.connect import open_engine
from klartecken.desk.storage.migrate import upgrade
from klartecken.parties.resolve.context import Context
from tests.desk.clock import Clock
from tests.desk.postgresql import cluster, create_database, programs
from tests.desk.world import HERE, nobody_listed, staff

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL server of the tests' own."""
    found = programs()
    if found is None:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail("PostgreSQL is not installed, and CI needs it")
        pytest.skip("PostgreSQL (initdb, postgres) is not installed")
    with cluster(found) as url:
        model = open_engine(create_database(url, "template_desk"))
        upgrade(model)
        model.dispose()
        yield url


@pytest.fixture(scope="session")
def sqlite_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set-up SQLite database, to be copied."""
    path = tmp_path_factory.mktemp("model") / "desk.sqlite"
    engine = open_engine(path)
    upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine.dispose()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which database."""
    return str(request.param)


@pytest.fixture
def make_url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[], str]:
    """Makes set-up, empty databases; gives their URLs."""

    def make() -> str:
        number = next(_NUMBERS)
        if kind == "sqlite":
            path = tmp_path / f"desk{number}.sqlite"
            path.write_bytes(request.getfixturevalue("sqlite_model").read_bytes())
            return f"sqlite:///{path}"
        server = request.getfixturevalue("postgresql")
        name = f"desk_{os.getpid()}_{number}"
        return create_database(server, name, "template_desk")

    return make


@pytest.fixture
def empty_url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A database without any table."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite'}"
    server = request.getfixturevalue("postgresql")
    name = f"empty_{os.getpid()}_{next(_NUMBERS)}"
    return create_database(server, name)


@pytest.fixture
def url(make_url: Callable[[], str]) -> str:
    """A set-up, empty database."""
    return make_url()


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until it is moved: 2025-07-15, 09:00 UTC."""
    return Clock()


@pytest.fixture
def context() -> Context:
    """Lists on which nobody stands, fresh on every day."""
    return nobody_listed()


@pytest.fixture
def desk(url: str, clock: Clock, context: Context) -> Iterator[Desk]:
    """A desk with staff: see ``people``."""
    held = open_desk(url, clock=clock, context=lambda: context)
    with held.work(DESK, HERE) as work:
        staff(work)
    yield held
    held.close()


@pytest.fixture
def people(desk: Desk) -> dict[str, Person]:
    """One person for each role, and further ones: see ``tests.desk.world.STAFF``."""
    from tests.desk.world import STAFF

    with desk.read() as connection:
        return {name: person(connection, n + 1) for n, name in enumerate(STAFF)}
