"""Every event in every state: what the table allows happens, everything else changes nothing."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from klartecken.desk.applications.approval import ask_approval, decide
from klartecken.desk.applications.events import RETURN_REASONS, fire
from klartecken.desk.applications.records import edit
from klartecken.desk.desk import Desk
from klartecken.desk.errors import Conflict, Forbidden, IllegalEvent, Refused, Stale
from klartecken.desk.machines.application import APPLICATION, GRANTED, IN_REVIEW
from klartecken.desk.storage.tables.applications import APPLICATIONS
from klartecken.desk.storage.tables.ledger import LEDGER
from klartecken.desk.storage.tables.people import APPROVALS
from klartecken.desk.work import find
from klartecken.errors import InputError
from tests.desk.applications.make import (
    People,
    approved,
    brought,
    drafted,
    entries,
    happened,
    ready,
    row,
)
from tests.desk.clock import Clock
from tests.desk.world import HERE

#: What an event needs to be said beside its day.
NEEDS: dict[str, dict[str, str]] = {
    "register": {"acn": "Z000000"}, "stop_clock": {"reason": "negotiation"},
    "return": {"reason_code": "deficiency"}, "grant_in_part": {"why": "line 1"},
    "withdraw": {"why": "no longer wanted"},
}  # fmt: skip
ELSEWHERE = {"edit", "ask_approval", "approve_internally"}


def snapshot(desk: Desk) -> tuple[list[object], ...]:
    with desk.read() as connection:
        return tuple(
            [tuple(r) for r in connection.execute(select(table)).all()]
            for table in (APPLICATIONS, APPROVALS, LEDGER)
        )


class Undo(Exception):
    pass


@pytest.mark.parametrize("state", list(APPLICATION.states))
def test_all_events_in_a_state(desk: Desk, people: People, state: str) -> None:
    """One application is enough: what is refused leaves no trace, and the rest is undone."""
    ident = brought(desk, people, state)
    before = snapshot(desk)
    for event in (*APPLICATION.events, "fly"):
        moves = [move for move in APPLICATION.after(state) if move.event == event]
        try:
            with desk.work(people["Liv"], HERE) as work:
                done = fire(work, ident, event, **NEEDS.get(event, {}))
                assert moves, (state, event)
                assert done["state"] == moves[0].target
                assert done["steps"][-1]["event"] == event
                raise Undo
        except IllegalEvent:
            assert not moves or event == "resume_referred", (state, event)
        except Forbidden:
            assert event in ELSEWHERE, (state, event)
        except Refused:
            assert moves, (state, event)
            assert event in ELSEWHERE or event == "restart_clock", (state, event)
        except Undo:
            assert event not in ELSEWHERE
        assert snapshot(desk) == before, (state, event)


def test_the_table_is_the_one_of_the_rule() -> None:
    assert APPLICATION.initial == "draft"
    assert set(APPLICATION.final) == {*GRANTED, "returned_without_action", "withdrawn"}
    assert all(move.permission for move in APPLICATION.moves)
    for state in IN_REVIEW:
        events = {move.event for move in APPLICATION.after(state)}
        assert {"grant", "return", "withdraw", "stop_clock"} <= events
    assert next(m.sources for m in APPLICATION.moves if m.target == "denied") == ("intent_to_deny",)


def test_a_day_in_the_past_but_in_order(desk: Desk, people: People, clock: Clock) -> None:
    ident = approved(desk, people)
    clock.go("2025-08-20")
    happened(desk, people, ident, "submit", "2025-07-20", acn="Z000001")
    happened(desk, people, ident, "register", "2025-07-22")
    for wrong in ("2025-07-21", "2025-08-21"):
        with pytest.raises(InputError):
            happened(desk, people, ident, "refer", wrong)
    done = happened(desk, people, ident, "refer", "2025-07-22")
    assert (done["submitted_on"], done["registered_on"], done["referred_on"]) == (
        date(2025, 7, 20), date(2025, 7, 22), date(2025, 7, 22))  # fmt: skip


def test_the_control_number(desk: Desk, people: People) -> None:
    first = approved(desk, people)
    for wrong in ("z000001", "D1234567", "123456", "Z00001"):
        with pytest.raises(InputError):
            happened(desk, people, first, "submit", acn=wrong)
    happened(desk, people, first, "submit")
    with pytest.raises(InputError, match="six digits"):
        happened(desk, people, first, "register")
    assert happened(desk, people, first, "register", acn="Z000001")["acn"] == "Z000001"
    other = ready(end_use="Another one")
    other["lines"][0]["item"] = "nvidia-l20"
    second = approved(desk, people, other)
    with pytest.raises(Conflict, match="A-00001"):
        happened(desk, people, second, "submit", acn="Z000001")


def test_a_return_needs_its_reason(desk: Desk, people: People) -> None:
    ident = brought(desk, people, "referred")
    before = entries(desk)
    for said in ({}, {"reason_code": "denied"}, {"reason_code": "other"}):
        with pytest.raises(InputError):
            happened(desk, people, ident, "return", **said)
    assert entries(desk) == before
    done = happened(desk, people, ident, "return", reason_code="not_controlled")
    assert done["state"] == "returned_without_action"
    assert done["reason_code"] == "not_controlled"
    assert done["decided_on"] is not None
    assert set(RETURN_REASONS) >= {"applicant_withdrew", "exception_applies", "deficiency"}


def test_who_may(desk: Desk, people: People) -> None:
    ident = approved(desk, people)
    for name in ("Pia", "Ann", "Vic", "Ada", "Aud", "Sam"):
        with pytest.raises(Forbidden), desk.work(people[name], HERE) as work:
            fire(work, ident, "submit", acn="Z000001")
    happened(desk, people, ident, "submit", acn="Z000001")
    with pytest.raises(Forbidden), desk.work(people["Pia"], HERE) as work:
        fire(work, ident, "withdraw", why="a mistake")  # a preparer takes back drafts only


def test_four_eyes(desk: Desk, people: People) -> None:
    ident = drafted(desk, people)
    with pytest.raises(Refused, match="nobody asked"), desk.work(people["Ann"], HERE) as work:
        decide(work, ident, True, "fine")
    with desk.work(people["Pia"], HERE) as work:
        ask_approval(work, ident)
    for name in ("Pia", "Liv", "Ada"):
        with pytest.raises(Forbidden), desk.work(people[name], HERE) as work:
            decide(work, ident, True, "fine")
    with pytest.raises(Refused, match="reason"), desk.work(people["Ann"], HERE) as work:
        decide(work, ident, True, " ")
    with desk.work(people["Ann"], HERE) as work:
        assert decide(work, ident, True, "fine")["state"] == "internally_approved"
    with pytest.raises(IllegalEvent), desk.work(people["Ari"], HERE) as work:
        decide(work, ident, True, "fine")


def test_no_author_approves(desk: Desk, people: People) -> None:
    """Whoever had a hand in it may not approve it, however many edited it afterwards."""
    from klartecken.desk.people.roles import Person

    both = Person(people["Ann"].id, "Ann", frozenset({"preparer", "approver"}))
    ident = drafted(desk, people)
    with desk.work(both, HERE) as work:
        edit(work, ident, ready(end_use="Other words"))
    with desk.work(people["Per"], HERE) as work:
        edit(work, ident, ready(end_use="Yet other words"))
    with desk.work(people["Pia"], HERE) as work:
        ask_approval(work, ident)
    with pytest.raises(Refused, match="cannot approve"), desk.work(both, HERE) as work:
        decide(work, ident, True, "fine")
    with desk.work(people["Ari"], HERE) as work:
        decide(work, ident, True, "fine")


def test_a_refusal_leaves_a_draft(desk: Desk, people: People) -> None:
    ident = drafted(desk, people)
    with desk.work(people["Pia"], HERE) as work:
        ask_approval(work, ident)
    with desk.work(people["Ann"], HERE) as work:
        assert decide(work, ident, False, "the address is wrong")["state"] == "draft"
    with pytest.raises(Refused, match="nobody asked"), desk.work(people["Ann"], HERE) as work:
        decide(work, ident, True, "fine after all")


def test_an_edit_lets_the_approval_lapse(desk: Desk, people: People) -> None:
    ident = approved(desk, people)
    with desk.work(people["Pia"], HERE) as work:
        same = edit(work, ident, ready())
    assert same["state"] == "internally_approved"  # nothing is another: nothing lapses
    with desk.work(people["Per"], HERE) as work:
        done = edit(work, ident, ready(narrative="One word more"))
    assert done["state"] == "draft"
    with pytest.raises(IllegalEvent):
        happened(desk, people, ident, "submit", acn="Z000001")
    with desk.work(people["Pia"], HERE) as work:
        ask_approval(work, ident)
        edit(work, ident, ready(narrative="And another"))
    with pytest.raises(Refused, match="nobody asked"), desk.work(people["Ann"], HERE) as work:
        decide(work, ident, True, "fine")


def test_a_withdrawn_draft_keeps_no_approval(desk: Desk, people: People) -> None:
    ident = approved(desk, people)
    with desk.work(people["Pia"], HERE) as work:
        assert fire(work, ident, "withdraw", why="not wanted")["state"] == "withdrawn"
    with desk.read() as connection:
        assert [held["state"] for held in find(connection, APPROVALS)] == ["lapsed"]


def test_what_was_filed_is_not_edited(desk: Desk, people: People) -> None:
    ident = brought(desk, people, "submitted")
    before = row(desk, ident)
    with pytest.raises(IllegalEvent), desk.work(people["Pia"], HERE) as work:
        edit(work, ident, ready(narrative="Too late"))
    assert row(desk, ident) == before


def test_an_old_version_is_refused(desk: Desk, people: People) -> None:
    ident = drafted(desk, people)
    version = row(desk, ident)["version"]
    for change in (lambda work: edit(work, ident, ready(narrative="x"), expected=version - 1),
                   lambda work: ask_approval(work, ident, expected=version - 1),
                   lambda work: fire(work, ident, "withdraw", why="x",
                                     expected=version - 1)):  # fmt: skip
        with pytest.raises(Stale), desk.work(people["Pia"], HERE) as work:
            change(work)


def test_a_draft_with_a_blocking_finding_goes_nowhere(desk: Desk, people: People) -> None:
    ident = drafted(desk, people, ready(total_value="12500001"))
    with pytest.raises(Refused, match="sum of the lines"), desk.work(people["Pia"], HERE) as work:
        ask_approval(work, ident)


def test_what_became_wrong_after_the_approval_stops_the_filing(desk: Desk, people: People) -> None:
    """Two drafts of one transaction may both be approved; only one of them can be filed."""
    first, second = approved(desk, people), approved(desk, people)
    happened(desk, people, first, "submit", acn="Z000001")
    before = entries(desk)
    with pytest.raises(Refused, match="same transaction"):
        happened(desk, people, second, "submit", acn="Z000002")
    assert entries(desk) == before
    happened(desk, people, first, "register")
    happened(desk, people, first, "withdraw", why="no longer wanted")
    happened(desk, people, second, "submit", acn="Z000002")


def test_a_hold_returns_to_where_it_was(desk: Desk, people: People) -> None:
    ident = brought(desk, people, "referred")
    happened(desk, people, ident, "hold", reason="information_missing")
    with pytest.raises(IllegalEvent):
        happened(desk, people, ident, "resume")
    done = happened(desk, people, ident, "resume_referred")
    assert done["state"] == "referred"
    assert [part["running"] for part in done["clock"]] == [True, False, True]


def test_bad_words_change_nothing(desk: Desk, people: People) -> None:
    ident = approved(desk, people)
    before = snapshot(desk)
    for why in ("a\0b", "x" * 3000, "\ud800", "\u202eabc"):
        with pytest.raises(InputError):
            happened(desk, people, ident, "withdraw", why=why)
    assert snapshot(desk) == before
