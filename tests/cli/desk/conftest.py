"""A desk that is worked by commands: on SQLite for most tests, and one life on PostgreSQL too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.desk.office import Office, office_at, on_day
from tests.desk.conftest import kind, make_url, postgresql, sqlite_model

__all__ = ["kind", "make_url", "postgresql", "sqlite_model"]


@pytest.fixture(autouse=True)
def _a_day(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("KLARTECKEN_DB", "KLARTECKEN_TOKEN", "KLARTECKEN_HOME"):
        monkeypatch.delenv(name, raising=False)
    with on_day():
        yield


@pytest.fixture
def office(sqlite_model: Path, tmp_path: Path) -> Office:
    """An empty desk with staff."""
    path = tmp_path / "desk.sqlite"
    path.write_bytes(sqlite_model.read_bytes())
    return office_at(str(path), tmp_path)
