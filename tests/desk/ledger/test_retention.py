"""Five years from the latest of export, known reexport, and end of the transaction (762.6)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from klartecken.desk.desk import Desk
from klartecken.desk.errors import Forbidden, NotFound, Refused
from klartecken.desk.ledger.legalhold import lift, open_holds, place
from klartecken.desk.ledger.retention import due, keep_until, keepings
from klartecken.desk.ledger.verify import verify
from klartecken.desk.people.roles import DESK, Person
from klartecken.desk.settings import change_setting, setting
from klartecken.desk.storage.tables.applications import APPLICATIONS
from klartecken.desk.storage.tables.ledger import LEDGER
from klartecken.desk.storage.tables.licences import LICENCE_LINES, LICENCES
from klartecken.desk.storage.tables.orders import LINES
from klartecken.desk.storage.tables.plumbing import SETTINGS
from klartecken.desk.storage.tables.records import EVIDENCE
from klartecken.desk.work import Work, get
from klartecken.errors import InputError
from tests.desk.clock import Clock
from tests.desk.ledger.things import put, put_line
from tests.desk.world import HERE


def ship(work: Work, line: int, day: date) -> None:
    work.update(LINES, line, "lines.ship", {"state": "shipped", "shipped_on": day})


def until(desk: Desk, subject: str = "lines", ident: int = 1) -> date | None:
    with desk.read() as connection:
        return keep_until(connection, subject, ident).until


def test_five_years_from_the_latest(desk: Desk, clock: Clock) -> None:
    """As one thing after another happens to a shipment of 2025-07-15."""
    with desk.work(DESK, HERE) as work:
        put_line(work)
    assert until(desk) is None  # it is not over
    with desk.work(DESK, HERE) as work:
        ship(work, 1, date(2025, 7, 15))
    assert until(desk) == date(2030, 7, 15)
    clock.go("2026-03-01")
    with desk.work(DESK, HERE) as work:
        evidence = put(work, EVIDENCE, subject="lines", subject_id=1, kind="reexport",
                       on=date(2026, 2, 10))  # fmt: skip
    assert until(desk) == date(2031, 2, 10)
    with desk.work(DESK, HERE) as work:
        work.update(EVIDENCE, evidence, "evidence.withdraw", {"withdrawn": True})
    assert until(desk) == date(2030, 7, 15)
    clock.go("2027-01-05")
    with desk.work(DESK, HERE) as work:
        work.update(LINES, 1, "lines.take_back", {"state": "returned"})
    assert until(desk) == date(2032, 1, 5)
    with desk.read() as connection:
        kept = keep_until(connection, "lines", 1)
        assert (kept.since, kept.because) == (date(2027, 1, 5), "end of the transaction")
        assert [*due(connection, date(2032, 1, 5))] == []
        assert [k.id for k in due(connection, date(2032, 1, 6))] == [1]


def test_a_leap_day_counts_to_the_next_day(desk: Desk, clock: Clock) -> None:
    clock.go("2024-02-29")
    with desk.work(DESK, HERE) as work:
        put_line(work)
        ship(work, 1, date(2024, 2, 29))
    assert until(desk) == date(2029, 3, 1)


def test_an_open_line_keeps_its_order_and_papers(desk: Desk, clock: Clock) -> None:
    with desk.work(DESK, HERE) as work:
        licence, part = a_licence(work)
        put_line(work, 1, order_number="SO-1", licence_line=part)
        put_line(work, 2, order_number="SO-1")
        put_line(work, 3, order_number="SO-2")
        for line in (1, 3):
            ship(work, line, date(2025, 7, 15))
    assert until(desk, "lines", 1) is None
    assert until(desk, "lines", 3) == date(2030, 7, 15)
    assert until(desk, "licences", licence) is None
    clock.go("2032-06-01")
    with desk.work(DESK, HERE) as work:
        work.update(LINES, 2, "lines.cancel", {"state": "cancelled"})
    for subject, ident in (("lines", 1), ("lines", 2), ("licences", 1), ("applications", 1)):
        assert until(desk, subject, ident) == date(2037, 6, 1), subject


def a_licence(work: Work) -> tuple[int, int]:
    application = put(work, APPLICATIONS, reference="A-1", state="approved")
    licence = put(work, LICENCES, number="D1", issued_on=date(2025, 1, 1), state="issued",
                  expires_on=date(2029, 1, 31), application=application)  # fmt: skip
    part = put(work, LICENCE_LINES, licence=licence, quantity="9", value="9", value_limit="9")
    return licence, part


def test_a_licence_is_kept_from_its_expiry_also_unused(desk: Desk) -> None:
    with desk.work(DESK, HERE) as work:
        a_licence(work)
    for subject in ("licences", "applications"):
        assert until(desk, subject) == date(2034, 1, 31)


def test_never_less_than_five_years(desk: Desk, people: dict[str, Person]) -> None:
    with desk.work(DESK, HERE) as work:
        put_line(work)
        ship(work, 1, date(2025, 7, 15))
    for years in (4, 0, -1, 101, 5.5, "ten", True, None):
        value: Any = years
        with pytest.raises(InputError), desk.work(people["Ada"], HERE) as work:
            change_setting(work, "retention_years", value)
    with pytest.raises(Forbidden), desk.work(people["Pia"], HERE) as work:
        change_setting(work, "retention_years", 10)
    with desk.work(people["Ada"], HERE) as work:
        change_setting(work, "retention_years", 7, "as counsel wishes")
        change_setting(work, "retention_years", 10, "as counsel wishes")
    assert until(desk) == date(2035, 7, 15)
    with desk.read() as connection:
        assert setting(connection, "retention_years") == 10
        assert get(connection, SETTINGS, 1)["version"] == 2
        with pytest.raises(InputError):
            setting(connection, "colour")


def test_a_legal_hold_keeps_it_beyond_any_day(desk: Desk, people: dict[str, Person]) -> None:
    far = date(2099, 1, 1)
    with desk.work(DESK, HERE) as work:
        _, part = a_licence(work)
        put_line(work, 1, order_number="SO-1", licence_line=part)
        put_line(work, 2, order_number="SO-1")
        put_line(work, 3, order_number="SO-3")
        for line in (1, 2, 3):
            ship(work, line, date(2025, 7, 15))
    with desk.work(people["Aud"], HERE) as work:
        hold = place(work, "lines", 2, "BIS asked by telephone")
    with desk.read() as connection:
        assert get(connection, LINES, 2)["legal_hold"] is True
        assert {(k.subject, k.id) for k in due(connection, far)} == {("lines", 3)}
        assert keep_until(connection, "licences", 1).legal_holds == (hold,)
    with desk.work(people["Aud"], HERE) as work:
        other = place(work, "lines", 2, "and in writing")
        lift(work, hold, "answered")
    with desk.read() as connection:
        assert get(connection, LINES, 2)["legal_hold"] is True  # the other one stands
        assert [row["id"] for row in open_holds(connection)] == [other]
    with desk.work(people["Aud"], HERE) as work:
        lift(work, other, "answered")
        everything = place(work, "general", 77, "a subpoena")
    with desk.read() as connection:
        assert get(connection, LINES, 2)["legal_hold"] is False
        assert [*due(connection, far)] == []
    with desk.work(people["Aud"], HERE) as work:
        lift(work, everything, "withdrawn")
    with desk.read() as connection:
        assert len([*due(connection, far)]) == 5
        assert verify(connection).ok


def test_who_may_hold_and_why(desk: Desk, people: dict[str, Person]) -> None:
    with desk.work(DESK, HERE) as work:
        put_line(work)
    for name in ("Ada", "Ann", "Pia"):
        with pytest.raises(Forbidden), desk.work(people[name], HERE) as work:
            place(work, "lines", 1, "why")
    cases: list[tuple[str, int, str, type[Exception]]] = [
        ("lines", 9, "why", NotFound), ("lines", 1, " ", InputError),
        ("people", 1, "x", InputError), ("lines", 1, "x" * 4001, InputError),
        ("lines", 1, "a\0", InputError),
    ]  # fmt: skip
    for subject, ident, reason, error in cases:
        with pytest.raises(error), desk.work(people["Aud"], HERE) as work:
            place(work, subject, ident, reason)
    with desk.work(people["Aud"], HERE) as work:
        hold = place(work, "lines", 1, "asked")
        lift(work, hold, "answered")
    with pytest.raises(Refused), desk.work(people["Aud"], HERE) as work:
        lift(work, hold, "again")
    with desk.read() as connection:
        query = select(LEDGER.c.action, LEDGER.c.why).where(LEDGER.c.subject == "legal_holds")
        assert [tuple(row) for row in connection.execute(query)] == [
            ("legal_hold.place", "asked"), ("legal_hold.lift", "answered")]  # fmt: skip


def test_asking_destroys_nothing(desk: Desk) -> None:
    with desk.work(DESK, HERE) as work:
        put_line(work)
        ship(work, 1, date(2025, 7, 15))
    with desk.read() as connection:
        before = [*keepings(connection)]
        assert [*due(connection, date(2099, 1, 1))] == before
        assert [*keepings(connection)] == before
        with pytest.raises(NotFound):
            keep_until(connection, "lines", 2)
