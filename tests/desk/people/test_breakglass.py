"""Two people may set aside what the desk itself asks for, and nothing that the law asks for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from klartecken.desk.desk import Desk
from klartecken.desk.errors import Forbidden, IllegalEvent, NotFound, Refused
from klartecken.desk.holds import HOLDS
from klartecken.desk.hooks.webhooks import add_webhook
from klartecken.desk.ledger.search import entries
from klartecken.desk.ledger.verify import verify
from klartecken.desk.machines.breakglass import BREAKGLASS
from klartecken.desk.orders.content import content_of
from klartecken.desk.people.breakglass import (
    ask,
    end,
    of_line,
    overrides,
    report,
    reports_due,
    second,
)
from klartecken.desk.people.roles import DESK, Person
from klartecken.desk.settings import change_setting
from klartecken.desk.storage.tables.orders import LINES
from klartecken.desk.storage.tables.people import BREAK_GLASS
from klartecken.desk.storage.tables.plumbing import DELIVERIES
from klartecken.desk.work import Work, find, get
from klartecken.errors import InputError
from tests.desk.clock import Clock
from tests.desk.ledger.things import put_line
from tests.desk.world import HERE


@pytest.fixture
def line(desk: Desk) -> int:
    """A line with one hold of the desk's own making, one by hand, and one of law."""
    with desk.work(DESK, HERE) as work:
        add_webhook(work, "https://example.org/desk")
        return put_line(work, 1, "licence_required", "not_approved", "manual")


def edit(work: Work, line: int, **said: object) -> None:
    """What an edit leaves: other data, and the hash of them."""
    row = work.update(LINES, line, "lines.edit", said)
    work.update(LINES, line, "lines.edit", {"content": content_of(row)})


def now_overridden(desk: Desk, clock: Clock, line: int) -> frozenset[str]:
    with desk.read() as connection:
        return overrides(connection, get(connection, LINES, line), clock())


def opened(desk: Desk, people: dict[str, Person], line: int, *codes: str) -> int:
    with desk.work(people["Per"], HERE) as work:
        ident = ask(work, line, codes or ["not_approved"], "nobody can be reached")
    with desk.work(people["Ann"], HERE) as work:
        second(work, ident, "I agree")
    return ident


def test_two_people_and_some_hours(
    desk: Desk, people: dict[str, Person], line: int, clock: Clock
) -> None:
    with desk.work(people["Per"], HERE) as work:
        ident = ask(work, line, ["not_approved", "manual"], "the approvers are in hospital")
    assert now_overridden(desk, clock, line) == frozenset()
    with desk.work(people["Ann"], HERE) as work:
        row = second(work, ident, "I agree")
        assert row["ends_at"] == work.now + timedelta(hours=24)
    assert now_overridden(desk, clock, line) == {"not_approved", "manual"}
    with desk.read() as connection:
        held = get(connection, LINES, line)
        assert overrides(connection, held, row["ends_at"] - timedelta(microseconds=1))
        assert overrides(connection, held, row["ends_at"]) == frozenset()
        assert reports_due(connection, row["ends_at"] - timedelta(seconds=1)) == []
        assert [r["id"] for r in reports_due(connection, row["ends_at"])] == [ident]
        assert {hold["code"] for hold in held["holds"]} >= {"not_approved"}  # it stands as it was
    clock.pass_days(2)
    with desk.work(people["Per"], HERE) as work:
        row = report(work, ident, "Shipped to the hospital; approval asked for on Monday")
    assert (row["state"], row["reported_by"]) == ("reported", people["Per"].id)
    with desk.read() as connection:
        assert reports_due(connection, clock()) == []
        assert verify(connection).ok
        told = [r["event"] for r in connection.execute(DELIVERIES.select()).mappings()]
        assert told == ["breakglass.asked", "breakglass.opened", "breakglass.reported"]


def test_an_auditor_sees_all_of_it(desk: Desk, people: dict[str, Person], line: int) -> None:
    ident = opened(desk, people, line)
    with desk.read() as connection:
        assert [row["id"] for row in of_line(connection)] == [ident]
        assert of_line(connection, line + 1) == []
        seen = [(e["action"], e["person"], e["why"]) for e in
                entries(connection, subject="break_glass").rows]  # fmt: skip
    assert seen == [("breakglass.ask", people["Per"].id, "nobody can be reached"),
                    ("breakglass.second", people["Ann"].id, "I agree")]  # fmt: skip


@pytest.mark.parametrize("code", [code for code in HOLDS if not HOLDS[code].overridable])
def test_never_a_hold_of_law(code: str) -> None:
    from klartecken.desk.people.breakglass import read_codes

    with pytest.raises(Refused):
        read_codes([code])
    with pytest.raises(Refused):
        read_codes(["manual", code])


def test_a_hold_of_law_is_not_overridden_by_a_record_either(
    desk: Desk, people: dict[str, Person], line: int, clock: Clock
) -> None:
    """Not even when somebody wrote it into the database."""
    ident = opened(desk, people, line)
    with desk.work(DESK, HERE) as work:
        work.update(BREAK_GLASS, ident, "x", {"holds": "licence_required not_approved nonsense"})
    assert now_overridden(desk, clock, line) == {"not_approved"}


def test_only_the_two_that_the_table_of_holds_names() -> None:
    assert {code for code, kind in HOLDS.items() if kind.overridable} == {"not_approved", "manual"}


def test_nobody_is_two_people(desk: Desk, people: dict[str, Person], line: int) -> None:
    with desk.work(people["Ann"], HERE) as work:
        ident = ask(work, line, ["manual"], "why")
    with pytest.raises(Refused), desk.work(people["Ann"], HERE) as work:
        second(work, ident, "me too")
    for name in ("Per", "Ada", "Aud", "Vic", "Sam", "Liv"):
        with pytest.raises(Forbidden), desk.work(people[name], HERE) as work:
            second(work, ident, "me")
    for name in ("Ada", "Aud", "Vic", "Sam", "Rut"):
        with pytest.raises(Forbidden), desk.work(people[name], HERE) as work:
            ask(work, line, ["manual"], "why")
    with desk.work(DESK, HERE) as work:
        work.update(LINES, line, "lines.edit", {"edited_by": people["Ari"].id})
    with pytest.raises(Refused), desk.work(people["Ari"], HERE) as work:
        second(work, ident, "I only edited it")


def test_an_edit_ends_what_it_counts_for(
    desk: Desk, people: dict[str, Person], line: int, clock: Clock
) -> None:
    opened(desk, people, line)
    with desk.work(DESK, HERE) as work:
        edit(work, line, quantity="9")
    assert now_overridden(desk, clock, line) == frozenset()
    with desk.work(DESK, HERE) as work:
        edit(work, line, quantity="8")
    assert now_overridden(desk, clock, line) == {"not_approved"}


def test_another_assignment_is_not_what_was_set_aside(
    desk: Desk, people: dict[str, Person], line: int, clock: Clock
) -> None:
    opened(desk, people, line)
    with desk.work(DESK, HERE) as work:
        work.update(LINES, line, "lines.assign", {"authorisation": "licence", "licence_line": 7})
    assert now_overridden(desk, clock, line) == frozenset()


def test_an_edit_before_the_second_person(desk: Desk, people: dict[str, Person], line: int) -> None:
    with desk.work(people["Per"], HERE) as work:
        ident = ask(work, line, ["manual"], "why")
    with desk.work(DESK, HERE) as work:
        edit(work, line, quantity="9")
    with pytest.raises(Refused), desk.work(people["Ann"], HERE) as work:
        second(work, ident, "I agree")


def test_another_line_is_not_touched(
    desk: Desk, people: dict[str, Person], line: int, clock: Clock
) -> None:
    with desk.work(DESK, HERE) as work:
        other = put_line(work, 1, "not_approved", external_id="E-9")
    opened(desk, people, line)
    assert now_overridden(desk, clock, other) == frozenset()


def test_ended_by_hand(desk: Desk, people: dict[str, Person], line: int, clock: Clock) -> None:
    ident = opened(desk, people, line)
    with desk.work(people["Ari"], HERE) as work:
        end(work, ident, "no longer needed")
    assert now_overridden(desk, clock, line) == frozenset()
    with desk.read() as connection:
        assert [row["id"] for row in reports_due(connection, clock())] == [ident]
    with desk.work(people["Ann"], HERE) as work:
        report(work, ident, "nothing was shipped")


def test_refused_needs_no_report(
    desk: Desk, people: dict[str, Person], line: int, clock: Clock
) -> None:
    with desk.work(people["Per"], HERE) as work:
        ident = ask(work, line, ["manual"], "why")
        end(work, ident, "not so urgent")
    with desk.read() as connection:
        assert reports_due(connection, clock()) == []
    with pytest.raises(Refused), desk.work(people["Per"], HERE) as work:
        report(work, ident, "nothing happened")


def test_reporting_ends_it(desk: Desk, people: dict[str, Person], line: int, clock: Clock) -> None:
    ident = opened(desk, people, line)
    with desk.work(people["Ann"], HERE) as work:
        report(work, ident, "done at once")
    assert now_overridden(desk, clock, line) == frozenset()


def test_the_hours_are_a_setting(
    desk: Desk, people: dict[str, Person], line: int, clock: Clock
) -> None:
    with desk.work(people["Rut"], HERE) as work:
        change_setting(work, "break_glass_hours", 2)
    opened(desk, people, line)
    clock.now += timedelta(hours=1, minutes=59)
    assert now_overridden(desk, clock, line) == {"not_approved"}
    clock.now += timedelta(minutes=1)
    assert now_overridden(desk, clock, line) == frozenset()
    with pytest.raises(InputError), desk.work(people["Rut"], HERE) as work:
        change_setting(work, "break_glass_hours", 0)


def test_bad_input_changes_nothing(desk: Desk, people: dict[str, Person], line: int) -> None:
    cases = [([], "why", InputError), (["x"], "why", InputError), (["manual"], " ", InputError),
             (["manual"], "x" * 5000, InputError)]  # fmt: skip
    for codes, why, error in cases:
        with pytest.raises(error), desk.work(people["Per"], HERE) as work:
            ask(work, line, codes, why)
    with pytest.raises(NotFound), desk.work(people["Per"], HERE) as work:
        ask(work, 99, ["manual"], "why")
    with desk.work(DESK, HERE) as work:
        bare = put_line(work, 2, "manual")
        work.update(LINES, line, "lines.cancel", {"state": "cancelled"})
    with pytest.raises(Refused), desk.work(people["Per"], HERE) as work:
        ask(work, bare, ["not_approved"], "it has no such hold")
    with pytest.raises(Refused), desk.work(people["Per"], HERE) as work:
        ask(work, line, ["manual"], "it is cancelled")
    with desk.read() as connection:
        assert find(connection, BREAK_GLASS) == []


def test_what_cannot_happen_changes_nothing(
    desk: Desk, people: dict[str, Person], line: int
) -> None:
    """All states times all events."""
    does = {"second": second, "end": end, "report": report}
    assert set(does) == set(BREAKGLASS.events)
    for state in BREAKGLASS.states:
        with desk.work(people["Per"], HERE) as work:
            ident = ask(work, line, ["manual"], "why")
        if state != "asked":
            with desk.work(people["Ann"], HERE) as work:
                second(work, ident, "I agree")
                if state in ("ended", "reported"):
                    (end if state == "ended" else report)(work, ident, "so")
        allowed = {move.event for move in BREAKGLASS.after(state)}
        with desk.read() as connection:
            before = get(connection, BREAK_GLASS, ident)
        assert before["state"] == state
        for event in set(does) - allowed:
            with pytest.raises((IllegalEvent, Refused)), desk.work(people["Ari"], HERE) as work:
                does[event](work, ident, "so")
            with desk.read() as connection:
                assert get(connection, BREAK_GLASS, ident) == before
