"""A piece of work: records and their ledger entries come together, or not at all."""

from __future__ import annotations

import itertools

import pytest
from sqlalchemy import select

from klartecken.desk.desk import Desk
from klartecken.desk.errors import Forbidden, NotFound, Stale
from klartecken.desk.people.accounts import add_person, change_person, new_token, who
from klartecken.desk.people.roles import Person
from klartecken.desk.storage.tables.ledger import LEDGER
from klartecken.desk.storage.tables.people import PEOPLE
from tests.desk.clock import Clock
from tests.desk.world import HERE, STAFF


def entries(desk: Desk) -> list[dict[str, object]]:
    with desk.read() as connection:
        return [dict(row) for row in connection.execute(
            select(LEDGER).order_by(LEDGER.c.seq)).mappings()]  # fmt: skip


def test_each_record_has_its_entry(desk: Desk) -> None:
    held = entries(desk)
    assert [entry["seq"] for entry in held] == list(range(1, len(STAFF) + 1))
    assert held[0]["new"]["name"] == "Ada"  # type: ignore[index]
    assert all(a["hash"] == b["previous"] for a, b in itertools.pairwise(held))


def test_an_error_undoes_everything(desk: Desk, people: dict[str, Person]) -> None:
    before = entries(desk)
    with pytest.raises(NotFound), desk.work(people["Ada"], HERE) as work:  # noqa: PT012
        add_person(work, "Zoe", ["viewer"])
        work.get(PEOPLE, 999)
    assert entries(desk) == before
    with desk.read() as connection:
        assert not connection.execute(select(PEOPLE).where(PEOPLE.c.name == "Zoe")).all()


def test_who_may(desk: Desk, people: dict[str, Person]) -> None:
    with pytest.raises(Forbidden), desk.work(people["Ann"], HERE) as work:
        add_person(work, "Zoe", ["viewer"])


def test_an_old_version_is_refused(desk: Desk, people: dict[str, Person]) -> None:
    with desk.work(people["Ada"], HERE) as work:
        change_person(work, 2, roles=["viewer"], expected=1)
    with pytest.raises(Stale), desk.work(people["Ada"], HERE) as work:
        change_person(work, 2, roles=["preparer"], expected=1)


def test_tokens(desk: Desk, people: dict[str, Person], clock: Clock) -> None:
    with desk.work(people["Pia"], HERE) as work:
        _, token = new_token(work, people["Pia"].id, "laptop")
    with desk.read() as connection:
        assert who(connection, token, clock()) == people["Pia"]
