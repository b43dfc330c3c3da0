"""One writer at a time, readers not held up: on both databases, with real threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import nullcontext

import pytest
from sqlalchemy.exc import DatabaseError

from klartecken.desk.desk import Desk
from klartecken.desk.errors import StorageError
from klartecken.desk.ledger.verify import verify
from klartecken.desk.people.roles import DESK
from klartecken.desk.storage import connect
from klartecken.desk.storage.tables.people import PEOPLE
from klartecken.desk.storage.tables.plumbing import SETTINGS
from klartecken.desk.work import find
from tests.desk.world import HERE


def together(*jobs: Callable[[], None]) -> list[BaseException]:
    """Run jobs in threads of their own; what they raised."""
    raised: list[BaseException] = []

    def guarded(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as err:
            raised.append(err)

    threads = [threading.Thread(target=guarded, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return raised


def test_many_writers_and_one_chain(desk: Desk) -> None:
    """Each reads a number and writes the next one: none is lost, none is given twice."""
    with desk.work(DESK, HERE) as work:
        work.insert(SETTINGS, "settings.set", {"name": "count", "value": 0})
    start = threading.Barrier(6)

    def count() -> None:
        start.wait(30)
        for _ in range(5):
            with desk.work(DESK, HERE) as work:
                row = work.get(SETTINGS, 1)
                work.update(SETTINGS, 1, "settings.set", {"value": row["value"] + 1})
                number = row["value"] + 1
                work.insert(SETTINGS, "settings.set", {"name": f"n{number}", "value": number})

    assert together(*[count] * 6) == []
    with desk.read() as connection:
        assert find(connection, SETTINGS, name="count")[0]["value"] == 30
        names = [row["name"] for row in find(connection, SETTINGS)]
        report = verify(connection)
    assert sorted(names) == sorted(["count", *(f"n{n}" for n in range(1, 31))])
    assert report.ok, report.findings


def test_two_writers_both_commit(desk: Desk) -> None:
    """The second one begins while the first one is at work, and waits for it."""
    inside, begun, order = threading.Event(), threading.Event(), []

    def first() -> None:
        with desk.work(DESK, HERE) as work:
            inside.set()
            assert begun.wait(30)
            work.update(PEOPLE, 2, "people.change", {"email": "one"})
            order.append("first")

    def second() -> None:
        assert inside.wait(30)
        begun.set()
        with desk.work(DESK, HERE) as work:
            order.append("second")
            assert work.get(PEOPLE, 2)["email"] == "one"
            work.update(PEOPLE, 2, "people.change", {"email": "two"})

    assert together(first, second) == []
    assert order == ["first", "second"]
    with desk.read() as connection:
        row = find(connection, PEOPLE, id=2)[0]
        assert (row["email"], row["version"]) == ("two", 3)
        assert verify(connection).ok


def test_readers_do_not_wait_and_see_one_state(desk: Desk) -> None:
    with desk.read() as early:
        assert find(early, PEOPLE, id=2)[0]["email"] == ""
        with desk.work(DESK, HERE) as work:
            work.update(PEOPLE, 2, "people.change", {"email": "new"})
            with desk.read() as during:
                assert find(during, PEOPLE, id=2)[0]["email"] == ""
                assert verify(during).ok
        assert find(early, PEOPLE, id=2)[0]["email"] == ""  # still the state that it began with
        assert verify(early).ok
    with desk.read() as late:
        assert find(late, PEOPLE, id=2)[0]["email"] == "new"


def test_a_reader_cannot_write(desk: Desk, kind: str) -> None:
    """On PostgreSQL the database refuses it; on SQLite nothing of it stays."""
    refused = nullcontext() if kind == "sqlite" else pytest.raises(DatabaseError, match="read-only")
    with refused, desk.read() as connection:
        connection.execute(PEOPLE.update().values(email="gone"))
    with desk.read() as connection:
        assert {row["email"] for row in find(connection, PEOPLE)} == {""}


def test_who_waits_too_long_is_told(
    desk: Desk, kind: str, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setattr(connect, "WAIT", 0.05 if kind == "sqlite" else 1)
    other = connect.open_engine(url)
    with (
        desk.work(DESK, HERE),
        pytest.raises(StorageError) as err,
        connect.writing(other),
    ):
        pass
    assert err.value.next_step
    other.dispose()
