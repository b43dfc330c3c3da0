"""The API of the tests' desk, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from klartecken.api.app import at_work, create_app
from klartecken.api.auth import authenticator
from klartecken.api.settings import Settings
from klartecken.desk.desk import Desk
from klartecken.desk.people.accounts import new_token
from klartecken.desk.people.roles import DESK
from tests.api.asking import Asking
from tests.desk.conftest import (  # noqa: F401
    clock,
    context,
    desk,
    kind,
    make_url,
    people,
    postgresql,
    sqlite_model,
    url,
)
from tests.desk.world import HERE, STAFF

_USUAL: list[FastAPI] = []
only_sqlite = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)


@pytest.fixture
def tokens(desk: Desk) -> dict[str, str]:  # noqa: F811
    """A token of each of the staff."""
    with desk.work(DESK, HERE) as work:
        return {name: new_token(work, n + 1)[1] for n, name in enumerate(STAFF)}


@pytest.fixture
def settings() -> Settings:
    """Of the API."""
    return Settings()


@pytest.fixture
def app(desk: Desk, settings: Settings) -> FastAPI:  # noqa: F811
    """The app; drawn up once for all tests with the usual settings."""
    if settings != Settings():
        return create_app(desk, settings)
    if not _USUAL:
        _USUAL.append(create_app(desk, settings))
    at_work(_USUAL[0], desk, settings, authenticator())
    return _USUAL[0]


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """Nobody in particular."""
    with TestClient(app) as held:
        yield held


@pytest.fixture
def by(client: TestClient, tokens: dict[str, str]) -> Callable[[str], Asking]:
    """Somebody of the staff, asking."""
    return lambda name: Asking(client, tokens[name])
