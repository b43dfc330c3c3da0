"""A record as it stood at a moment, and what was answered then."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from klartecken.decide.replay import replay
from klartecken.desk.desk import Desk
from klartecken.desk.errors import NotFound
from klartecken.desk.ledger.history import answered, as_of, changes, since
from klartecken.desk.people.roles import DESK, Person
from klartecken.desk.storage.tables.orders import LINES, RELEASES
from klartecken.desk.storage.tables.people import PEOPLE, TOKENS
from klartecken.desk.work import find, get
from tests.desk.clock import Clock
from tests.desk.ledger.things import put_line
from tests.desk.world import HERE


def test_a_record_as_it_stood(desk: Desk, people: dict[str, Person], clock: Clock) -> None:
    """With the very types and values of its table, at each moment in between."""
    moments, rows = [], []
    with desk.work(people["Pia"], HERE) as work:
        put_line(work)
        moments.append(work.now)
    for changed in ({"quantity": "2.5"}, {"ship_on": date(2025, 8, 1), "unit_price": "1.25"},
                    {"facts": {"x": "y"}, "legal_hold": True, "ship_on": None}):  # fmt: skip
        with desk.read() as connection:
            rows.append(get(connection, LINES, 1))
        clock.pass_days(1)
        with desk.work(people["Per"], HERE) as work:
            work.update(LINES, 1, "lines.edit", changed, "so said the customer")
            moments.append(work.now)
    with desk.read() as connection:
        rows.append(get(connection, LINES, 1))
        for moment, row in zip(moments, rows, strict=True):
            assert as_of(connection, LINES, 1, moment) == row
            assert as_of(connection, LINES, 1, moment + timedelta(hours=3)) == row
        with pytest.raises(NotFound):
            as_of(connection, LINES, 1, moments[0] - timedelta(seconds=1))
        with pytest.raises(NotFound):
            as_of(connection, LINES, 2, moments[-1])
        assert rows[1]["quantity"] == Decimal("2.5")
        told = since(connection, LINES, 1, moments[2])
        assert told == {"facts": (rows[2]["facts"], {"x": "y"}), "legal_hold": (False, True),
                        "ship_on": (date(2025, 8, 1), None), "version": (3, 4)}  # fmt: skip


def test_every_record_folds_to_what_its_table_holds(busy: Desk) -> None:
    from klartecken.desk.ledger.compare import record_tables
    from klartecken.desk.ledger.fold import shown

    with busy.read() as connection:
        for table in record_tables():
            for row in find(connection, table):
                assert as_of(connection, table, row["id"], busy.clock()) == shown(table.name, row)


def test_what_did_we_answer_then(busy: Desk) -> None:
    with busy.read() as connection:
        end = busy.clock()
        now = answered(connection, 1, end)
        assert now.line["state"] == "shipped"
        assert now.verdict["outcome"] == "no_licence_required"
        assert now.release == get(connection, RELEASES, 1)
        assert replay(now.receipt).same
        assert now.by is not None
        assert (now.by.action, now.by.why) == ("lines.ship", "left by truck")
        held = answered(connection, 2, end)
        assert [hold["code"] for hold in held.line["holds"]] == ["manual", "licence_required"]
        assert (held.verdict, held.release, held.receipt) == (None, None, None)
        assert held.by is not None
        assert held.by.action == "lines.enter"  # the assignment and the note answered nothing
        with pytest.raises(NotFound):
            answered(connection, 99, end)


def test_changes_in_order_with_who_and_why(busy: Desk) -> None:
    with busy.read() as connection:
        found = list(changes(connection, LINES, 1))
    assert [change.action for change in found] == ["lines.enter", "lines.release", "lines.ship"]
    assert found[0].before == {}
    assert found[1].before["state"] == "held"
    assert found[1].record is not None
    assert (found[1].record["state"], found[1].record["version"]) == ("released", 2)
    assert {change.person for change in found} == {0}


def test_no_secret_in_history(desk: Desk, people: dict[str, Person]) -> None:
    from klartecken.desk.people.accounts import new_token

    with desk.work(people["Pia"], HERE) as work:
        new_token(work, people["Pia"].id)
    with desk.read() as connection:
        (change,) = changes(connection, TOKENS, 1)
        held = get(connection, TOKENS, 1)["secret_hash"]
        assert held not in str(change)
        assert as_of(connection, PEOPLE, 1, desk.clock())["name"] == "Ada"


def test_a_note_changes_nothing(desk: Desk) -> None:
    with desk.work(DESK, HERE) as work:
        work.note("people.look", PEOPLE, 1, "seen", {"by": "x"})
    with desk.read() as connection:
        first, second = changes(connection, PEOPLE, 1)
    assert second.record == first.record
    assert second.after == {"noted": {"by": "x"}}
