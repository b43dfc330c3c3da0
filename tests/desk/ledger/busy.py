"""One busy desk for many tests: whatever they do to it is undone."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from klartecken.desk.desk import Desk, open_desk
from klartecken.desk.people.roles import DESK
from tests.desk.clock import Clock
from tests.desk.ledger.things import a_desk_at_work
from tests.desk.postgresql import create_database
from tests.desk.world import HERE, nobody_listed, staff


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def busy(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """A desk with records of all kinds; leave it as it is (see ``things.undone``)."""
    if request.param == "sqlite":
        url = str(tmp_path_factory.mktemp("busy") / "desk.sqlite")
        with open(url, "wb") as file:
            file.write(request.getfixturevalue("sqlite_model").read_bytes())
    else:
        server = request.getfixturevalue("postgresql")
        name = f"busy_{os.getpid()}_{request.module.__name__.rsplit('_', 1)[-1]}"
        url = create_database(server, name, "template_desk")
    desk = open_desk(url, clock=Clock(), context=nobody_listed)
    with desk.work(DESK, HERE) as work:
        staff(work)
        a_desk_at_work(work)
    yield desk
    desk.close()
