"""The desk reads lists, decisions, register and owners anew as soon as they change on the disc."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from klartecken.desk.desk import Desk, open_desk
from klartecken.desk.errors import NotFound, StorageError
from klartecken.desk.orders.enter import enter
from klartecken.desk.orders.release import release
from klartecken.desk.people.accounts import person
from klartecken.desk.people.roles import DESK
from klartecken.desk.storage.tables.orders import LINES
from klartecken.errors import KlarteckenError
from klartecken.parties.resolve.context import Context
from klartecken.parties.resolve.home import WRITTEN, home_mark
from tests.desk.clock import Clock
from tests.desk.world import HERE, line, nobody_listed, staff
from tests.parties import fake


def test_a_mark_changes_with_whatever_is_written(tmp_path: Path) -> None:
    marks = [home_mark(tmp_path)]
    for name in WRITTEN:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        if name in ("lists", "parties"):
            path.mkdir(exist_ok=True)
            (path / "one").mkdir()
        else:
            path.write_text("one\n")
        marks.append(home_mark(tmp_path))
    with (tmp_path / "decisions.jsonl").open("a") as log:
        log.write("two\n")
    marks.append(home_mark(tmp_path))
    index = tmp_path / "owners" / "index.part"
    index.write_text("one\n")  # of the same size, put in its place
    os.replace(index, tmp_path / "owners" / "index.json")
    marks.append(home_mark(tmp_path))
    assert len({*marks}) == len(marks)
    assert home_mark(tmp_path) == marks[-1]


def test_it_reads_once_until_something_changes(url: str, clock: Clock, tmp_path: Path) -> None:
    home, read = tmp_path / "home", []
    home.mkdir()

    def context() -> Context:
        read.append(1)
        return nobody_listed()

    desk = Desk(open_desk(url, clock=clock).engine, context, clock, mark=lambda: home_mark(home))
    for _ in range(3):
        with desk.work(DESK, HERE):
            assert desk.context is desk.context
    assert len(read) == 1
    (home / "lists").mkdir()
    assert desk.context is desk.context  # within a piece of work nothing changes under its hands
    with desk.work(DESK, HERE):
        assert desk.context
    assert len(read) == 2
    desk.close()


def test_lists_that_cannot_be_read_hinder_only_what_needs_them(url: str, clock: Clock) -> None:
    def broken() -> Context:
        raise KlarteckenError("the lists are damaged")

    desk = open_desk(url, clock=clock, context=broken)
    with desk.work(DESK, HERE) as work:
        staff(work)
    with desk.read() as connection:
        pia = person(connection, 2)
    with pytest.raises(KlarteckenError, match="damaged"), desk.work(pia, HERE) as work:
        enter(desk, work, line())
    desk.close()


def test_a_release_looks_at_the_lists_of_now(url: str, clock: Clock) -> None:
    """A server that runs for weeks while `lists update` runs beside it."""
    held: dict[str, Any] = {"context": nobody_listed(), "mark": 1}
    desk = Desk(open_desk(url, clock=clock).engine, lambda: held["context"], clock,
                mark=lambda: held["mark"])  # fmt: skip
    with desk.work(DESK, HERE) as work:
        staff(work)
    with desk.read() as connection:
        pia, ann = person(connection, 2), person(connection, 4)
    with desk.work(pia, HERE) as work:
        ident = enter(desk, work, line())["id"]
    listed = fake.Entry("EL-new", "EL", line()["consignee"])
    held.update(context=nobody_listed(fake.snapshot((listed,))), mark=2)
    with pytest.raises(KlarteckenError, match=r"may be on a list|lists are missing"), desk.work(
        ann, HERE
    ) as work:  # fmt: skip
        release(desk, work, ident)
    desk.close()


def test_ids_that_no_database_looks_for(desk: Desk) -> None:
    with desk.work(DESK, HERE) as work:
        for ident in (0, -1, 99, 2**62, 2**63, 10**40):
            with pytest.raises(NotFound):
                work.get(LINES, ident)


def test_a_database_that_was_not_set_up(tmp_path: Path, clock: Clock) -> None:
    with pytest.raises(StorageError):
        open_desk(tmp_path / "new.sqlite", clock=clock)
