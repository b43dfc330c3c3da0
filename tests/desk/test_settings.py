"""Settings: a default, bounds, and a change that is written down."""

from __future__ import annotations

from typing import Any

import pytest

from klartecken.desk.desk import Desk
from klartecken.desk.errors import Forbidden, Stale
from klartecken.desk.people.roles import Person
from klartecken.desk.settings import NUMBERS, change_setting, setting
from klartecken.desk.storage.tables.ledger import LEDGER
from klartecken.desk.storage.tables.plumbing import SETTINGS
from klartecken.desk.work import find
from klartecken.errors import InputError
from tests.desk.world import HERE


def value(desk: Desk, name: str) -> int:
    with desk.read() as connection:
        return setting(connection, name)


def test_defaults_lie_within_their_bounds(desk: Desk) -> None:
    for name, known in NUMBERS.items():
        assert known.least <= value(desk, name) == known.usual <= known.most
    assert NUMBERS["retention_years"].least == 5  # 762.6


def test_a_change_is_kept_and_written_down(desk: Desk, people: dict[str, Person]) -> None:
    for given in (0, 30, 30):
        with desk.work(people["Rut"], HERE) as work:
            change_setting(work, "release_days", given, "as agreed")
        assert value(desk, "release_days") == given
    with desk.read() as connection:
        assert len(find(connection, SETTINGS)) == 1
        last = connection.execute(LEDGER.select().order_by(LEDGER.c.seq.desc())).first()
    assert last is not None
    assert (last.person, last.why, last.old, last.new) == (
        people["Rut"].id, "as agreed", {"value": 0}, {"value": 30},
    )  # fmt: skip


def test_what_is_no_value_changes_nothing(desk: Desk, people: dict[str, Person]) -> None:
    odd: list[Any] = [-1, 31, 2.0, "5", True, None, 10**40, [], float("nan")]
    for given in odd:
        with pytest.raises(InputError), desk.work(people["Rut"], HERE) as work:
            change_setting(work, "release_days", given)
    assert value(desk, "release_days") == 5


def test_who_may_and_what_there_is(desk: Desk, people: dict[str, Person]) -> None:
    for name in ("Ann", "Pia", "Liv", "Aud", "Vic", "Sam"):
        with pytest.raises(Forbidden), desk.work(people[name], HERE) as work:
            change_setting(work, "release_days", 1)
    for odd in ("colour", "", "\0", "release_days "):
        with pytest.raises(InputError), desk.work(people["Ada"], HERE) as work:
            change_setting(work, odd, 1)
        with pytest.raises(InputError):
            value(desk, odd)


def test_the_version_that_was_seen(desk: Desk, people: dict[str, Person]) -> None:
    with desk.work(people["Ada"], HERE) as work:
        change_setting(work, "release_days", 1)
        change_setting(work, "release_days", 2, expected=1)
    with pytest.raises(Stale), desk.work(people["Ada"], HERE) as work:
        change_setting(work, "release_days", 3, expected=1)
