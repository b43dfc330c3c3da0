"""Licences that end by themselves, and reminders before they do."""

from __future__ import annotations

from typing import Any

from klartecken.desk.desk import Desk
from klartecken.desk.licences.ageing import age, reminders
from klartecken.desk.licences.balance import consume, reserve
from klartecken.desk.people.roles import DESK, Person
from klartecken.desk.storage.tables.licences import LICENCES
from klartecken.desk.work import get
from tests.desk.clock import Clock
from tests.desk.licences.world import add_licence, add_line, day, licence_line
from tests.desk.world import HERE

People = dict[str, Person]


def aged(desk: Desk) -> dict[str, int]:
    with desk.work(DESK, HERE) as work:
        return age(work)


def told(desk: Desk, on: str) -> list[tuple[str, int]]:
    with desk.read() as connection:
        return [(found.what, found.level) for found in reminders(connection, day(on))]


def test_the_last_day_is_good_to_its_end_758_4_b(desk: Desk, people: People, clock: Clock) -> None:
    ident, _ = add_licence(desk, people)
    clock.go("2029-06-30")
    assert aged(desk) == {"expired": 0, "exhausted": 0}
    clock.go("2029-07-01")
    assert aged(desk) == {"expired": 1, "exhausted": 0}
    assert aged(desk) == {"expired": 0, "exhausted": 0}
    with desk.read() as connection:
        assert get(connection, LICENCES, ident)["state"] == "expired"


def test_exhausted_by_quantity_or_by_value(desk: Desk, people: People) -> None:
    cases: tuple[tuple[dict[str, Any], str, str], ...] = (
        ({"quantity": "8"}, "12499", "exhausted"), ({"value": "90909.0909"}, "12499", "issued"),
        ({"value": "100000", "tolerance": 0}, "12500", "exhausted"), ({}, "12499", "issued"),
    )  # fmt: skip
    for number, (line, price, state) in enumerate(cases, 1):
        ident, (held,) = add_licence(
            desk, people, number=f"D{number}", lines=[licence_line(**line)]
        )
        order = add_line(desk, number, unit_price=price)
        with desk.work(people["Liv"], HERE) as work:
            reserve(work, held, order)
        assert aged(desk)["exhausted"] == 0  # reserved is not gone
        with desk.work(people["Liv"], HERE) as work:
            consume(work, order)
        with desk.read() as connection:
            assert get(connection, LICENCES, ident)["state"] == state, line


def test_reminders_of_expiry(desk: Desk, people: People) -> None:
    add_licence(desk, people)
    found: dict[str, Any] = {}
    for on in ("2028-12-31", "2029-01-01", "2029-04-01", "2029-05-31", "2029-06-30", "2029-07-01"):
        found[on] = told(desk, on)
    assert found == {
        "2028-12-31": [], "2029-01-01": [("expiry", 180)], "2029-04-01": [("expiry", 90)],
        "2029-05-31": [("expiry", 30)], "2029-06-30": [("expiry", 30)], "2029-07-01": [],
    }  # fmt: skip


def test_reminders_of_use(desk: Desk, people: People) -> None:
    _, (held,) = add_licence(desk, people, lines=[licence_line(quantity="10")])
    for number, (more, found) in enumerate(
        (("7.9", []), ("0.1", [("quantity", 80)]), ("1.5", [("quantity", 95)]),
         ("0.5", [("quantity", 100)])), 1
    ):  # fmt: skip
        order = add_line(desk, number, quantity=more, unit_price="1")
        with desk.work(people["Liv"], HERE) as work:
            reserve(work, held, order)
        assert told(desk, "2025-07-15") == found


def test_reminders_of_tasks(desk: Desk, people: People) -> None:
    add_licence(desk, people, conditions=[{"text": "Report.", "due_on": "2025-08-14"}])
    assert told(desk, "2025-07-14") == []
    assert told(desk, "2025-07-15") == [("condition", 0)]
    assert told(desk, "2025-08-15") == [("overdue", 0)]
