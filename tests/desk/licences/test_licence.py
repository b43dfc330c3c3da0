"""Registering, verifying, correcting, extending, replacing, transferring a licence."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from klartecken.desk.desk import Desk
from klartecken.desk.errors import Conflict, Forbidden, IllegalEvent, NotFound, Refused, Stale
from klartecken.desk.licences.balance import reserve
from klartecken.desk.licences.change import edit, extend, transfer
from klartecken.desk.licences.content import read_whole, verified
from klartecken.desk.licences.events import BY_HAND, fire, step
from klartecken.desk.licences.licence import register, value_limit, verify
from klartecken.desk.machines.licence import IN_FORCE, LICENCE
from klartecken.desk.people.roles import DESK, Person
from klartecken.desk.storage.tables.ledger import LEDGER
from klartecken.desk.storage.tables.licences import LICENCES
from klartecken.desk.work import get
from klartecken.errors import InputError
from tests.desk.clock import Clock
from tests.desk.licences.world import (
    CUSTOMER,
    LETTER,
    SHA,
    add_licence,
    add_line,
    day,
    licence,
    licence_line,
    licence_line_now,
    parties,
)
from tests.desk.world import HERE

People = dict[str, Person]


def row_of(desk: Desk, ident: int) -> dict[str, Any]:
    with desk.read() as connection:
        return get(connection, LICENCES, ident)


def is_verified(desk: Desk, ident: int) -> bool:
    with desk.read() as connection:
        return verified(connection, read_whole(connection, ident)) is not None


def entries(desk: Desk) -> int:
    with desk.read() as connection:
        return len(connection.execute(select(LEDGER.c.seq)).all())


def test_as_printed(desk: Desk, people: People) -> None:
    ident, (held,) = add_licence(desk, people, number="  D0001234 ", letters=[LETTER])
    row = row_of(desk, ident)
    assert (row["number"], row["acn"], row["state"]) == ("D0001234", "Z123456", "issued")
    assert row["expires_on"] == day("2029-06-30")
    assert licence_line_now(desk, held)["value_limit"] == Decimal("1375000")
    assert is_verified(desk, ident)


def test_who_may(desk: Desk, people: People) -> None:
    for name in ("Pia", "Ann", "Ada", "Rut", "Aud", "Vic", "Sam"):
        with pytest.raises(Forbidden), desk.work(people[name], HERE) as work:
            register(work, licence())
    ident, _ = add_licence(desk, people, verified=False)
    for name in ("Pia", "Liv", "Ada", "Rut", "Aud", "Vic", "Sam"):
        with pytest.raises(Forbidden), desk.work(people[name], HERE) as work:
            verify(work, ident, "seen")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"number": ""}, "number"),
    ({"number": 1234567}, "number"),
    ({"number": "D\0"}, "number"),
    ({"number": "Z123456"}, "number"),
    ({"holder": None}, "holder"),
    ({"holder": " "}, "holder"),
    ({"destination": "Atlantis"}, "destination"),
    ({"destination": ""}, "destination"),
    ({"expires_on": None}, "expires_on"),
    ({"expires_on": "2025-06-30"}, "expires_on"),
    ({"expires_on": "30/06/2029"}, "expires_on"),
    ({"issued_on": "2025-02-30"}, "issued_on"),
    ({"in_hand_on": "2025-07-16"}, "in_hand_on"),
    ({"in_hand_on": "2025-06-30"}, "in_hand_on"),
    ({"document_sha256": ""}, "document_sha256"),
    ({"document_sha256": "zz"}, "document_sha256"),
    ({"regime": "uk"}, "regime"),
    ({"activity": "smuggle"}, "activity"),
    ({"end_use": ""}, "end_use"),
    ({"lines": []}, "lines"),
    ({"lines": None}, "lines"),
    ({"lines": "many"}, "lines"),
    ({"parties": []}, "parties"),
    ({"parties": [{"role": "consignee", "name": CUSTOMER}]}, "parties"),
    ({"parties": [{"role": "forwarder", "name": CUSTOMER}]}, "parties[0].role"),
    ({"lines": [licence_line(quantity="0")]}, "lines[0].quantity"),
    ({"lines": [licence_line(quantity=1.5)]}, "lines[0].quantity"),
    ({"lines": [licence_line(quantity=True)]}, "lines[0].quantity"),
    ({"lines": [licence_line(quantity="1.0001")]}, "lines[0].quantity"),
    ({"lines": [licence_line(value="-1")]}, "lines[0].value"),
    ({"lines": [licence_line(value="NaN")]}, "lines[0].value"),
    ({"lines": [licence_line(value="1e17")]}, "lines[0].value"),
    ({"lines": [licence_line(currency="usd")]}, "lines[0].currency"),
    ({"lines": [licence_line(tolerance=101)]}, "lines[0].tolerance"),
    ({"lines": [licence_line(tolerance="ten")]}, "lines[0].tolerance"),
    ({"lines": [licence_line(item="")]}, "lines[0].item"),
    ({"lines": [licence_line(unit="")]}, "lines[0].unit"),
    ({"lines": ["h20"]}, "lines[0]"),
    ({"lines": [licence_line(left=1)]}, "lines[0]"),
    ({"letters": [{"name": "a"}]}, "letters[0].sha256"),
    ({"scope": "a\0b"}, ""),
    ({"scope": "x" * 20_001}, "scope"),
    ({"state": "issued"}, "licence"),
    ({"replaces": "first"}, "replaces"),
    ({"application": True}, "application"),
]


def test_what_is_wrong_is_said_and_changes_nothing(desk: Desk, people: People) -> None:
    before = entries(desk)
    for said, where in WRONG:
        with pytest.raises(InputError) as caught, desk.work(people["Liv"], HERE) as work:
            register(work, licence(**said))
        assert where in caught.value.where, said
    assert entries(desk) == before


def test_one_of_a_number(desk: Desk, people: People) -> None:
    add_licence(desk, people)
    with pytest.raises(Conflict), desk.work(people["Liv"], HERE) as work:
        register(work, licence())


def test_no_such_application_or_licence(desk: Desk, people: People) -> None:
    for name in ("application", "replaces"):
        with pytest.raises(NotFound), desk.work(people["Liv"], HERE) as work:
            register(work, licence(**{name: 7}))


# -- four eyes ---------------------------------------------------------------------------------
def test_who_registered_it_does_not_verify_it(desk: Desk, people: People) -> None:
    both = Person(people["Liv"].id, "Liv", frozenset({"licence_manager", "approver"}))
    ident, _ = add_licence(desk, people, verified=False)
    with pytest.raises(Refused), desk.work(both, HERE) as work:
        verify(work, ident, "seen")
    assert not is_verified(desk, ident)


def test_a_reason_and_the_version_that_was_seen(desk: Desk, people: People) -> None:
    ident, _ = add_licence(desk, people, verified=False)
    with pytest.raises(Refused), desk.work(people["Ann"], HERE) as work:
        verify(work, ident, "  ")
    with pytest.raises(Stale), desk.work(people["Ann"], HERE) as work:
        verify(work, ident, "seen", expected=7)
    with desk.work(people["Ann"], HERE) as work:
        verify(work, ident, "seen", expected=1)
    with pytest.raises(Refused, match="nothing"), desk.work(people["Ann"], HERE) as work:
        verify(work, ident, "seen")


def test_a_refused_licence_is_not_verified(desk: Desk, people: People) -> None:
    ident, _ = add_licence(desk, people, verified=False)
    with desk.work(people["Ann"], HERE) as work:
        verify(work, ident, "the date is another one", approve=False)
    assert not is_verified(desk, ident)


EDITS: list[dict[str, Any]] = [
    {"expires_on": "2028-06-30"}, {"number": "D9"}, {"holder": "NVIDIA Two"},
    {"exporter": "NVIDIA Two"}, {"destination": "MO"}, {"end_use": "supercomputer"},
    {"in_hand_on": "2025-07-03"}, {"in_hand_on": None}, {"document_sha256": "c" * 64},
    {"letters": [LETTER]}, {"scope": "More."}, {"riders": "None."}, {"activity": "export"},
    {"ship_from": "US"}, {"acn": "Z7"},
    {"lines": [{"id": 1, "quantity": "101"}]}, {"lines": [{"id": 1, "value": "1"}]},
    {"lines": [{"id": 1, "tolerance": 0}]}, {"lines": [{"id": 1, "item": "nvidia-h200-sxm"}]},
    {"lines": [licence_line()]}, {"parties": [{"id": 1, "name": "Somebody Else"}]},
    {"parties": [{"role": "purchaser", "name": "Somebody Else"}]},
    {"parties": [{"role": "", "name": "Any Role"}, {"id": 1, "struck": True}]},
]  # fmt: skip


def test_an_edit_lets_the_verification_lapse(desk: Desk, people: People) -> None:
    both = Person(people["Liv"].id, "Liv", frozenset({"licence_manager", "approver"}))
    ident, _ = add_licence(desk, people)
    for changes in EDITS:
        with desk.work(people["Liv"], HERE) as work:
            edit(work, ident, changes, "misread")
        assert not is_verified(desk, ident), changes
        with pytest.raises(Refused), desk.work(both, HERE) as work:
            verify(work, ident, "seen")
        with desk.work(people["Ari"], HERE) as work:
            verify(work, ident, "seen")
        assert is_verified(desk, ident)


def test_all_hands_since_the_last_verification_are_barred(desk: Desk, people: People) -> None:
    ari = Person(people["Ari"].id, "Ari", frozenset({"licence_manager", "approver"}))
    ident, _ = add_licence(desk, people, verified=False)
    with desk.work(ari, HERE) as work:
        edit(work, ident, {"scope": "More."}, "misread")
    with desk.work(people["Liv"], HERE) as work:
        edit(work, ident, {"scope": "Less."}, "misread")
    with pytest.raises(Refused), desk.work(ari, HERE) as work:
        verify(work, ident, "seen")


BAD_EDITS: list[tuple[dict[str, Any], type[Exception]]] = [
    ({"lines": [{"id": 1, "quantity": "7.999"}]}, Refused),
    ({"lines": [{"id": 1, "value": "90909"}]}, Refused),  # 99,999.9 with the tolerance
    ({"lines": [{"id": 1, "unit": "kg"}]}, Refused),
    ({"lines": [{"id": 1, "currency": "EUR"}]}, Refused),
    ({"lines": [{"id": 1, "struck": True}, licence_line()]}, Refused),
    ({"lines": [{"id": 1, "struck": True}]}, InputError),
    ({"lines": [{"id": 9}]}, NotFound),
    ({"parties": [{"id": True}]}, NotFound),
    ({"lines": [licence_line(struck=True)]}, InputError),
    ({"parties": [{"id": 1, "struck": True}]}, InputError),
    ({"state": "issued"}, InputError),
    ({"replaces": 1}, InputError),
    ({"in_hand_on": "2026-01-01"}, InputError),
]


def test_a_line_in_use_keeps_what_it_holds(desk: Desk, people: People) -> None:
    ident, (held,) = add_licence(desk, people)
    line = add_line(desk)
    with desk.work(people["Liv"], HERE) as work:
        reserve(work, held, line)
    before = entries(desk)
    for changes, error in BAD_EDITS:
        with pytest.raises(error), desk.work(people["Liv"], HERE) as work:
            edit(work, ident, changes, "misread")
    assert entries(desk) == before
    assert is_verified(desk, ident)
    with desk.work(people["Liv"], HERE) as work:  # as far as it goes
        edit(work, ident, {"lines": [{"id": held, "quantity": "8", "value": "90910"}]}, "misread")


# -- the machine -------------------------------------------------------------------------------
def test_all_states_and_all_events(desk: Desk, people: People) -> None:
    """Every event that the table does not name raises, and changes nothing."""
    ident, _ = add_licence(desk, people)
    for state in LICENCE.states:
        with desk.work(DESK, HERE) as work:
            work.update(LICENCES, ident, "tests.state", {"state": state})
        every_event(desk, people, ident, state)


def every_event(desk: Desk, people: People, ident: int, state: str) -> None:
    row = row_of(desk, ident)
    legal = {move.event: move.target for move in LICENCE.after(state)}
    for event in LICENCE.events:
        before = entries(desk)
        if event not in legal:
            with pytest.raises(IllegalEvent), desk.work(people["Liv"], HERE) as work:
                step(work, row, event, "a reason")
            with pytest.raises(IllegalEvent), desk.work(people["Liv"], HERE) as work:
                fire(work, ident, event, "a reason", letter=LETTER)
            assert entries(desk) == before
            assert row_of(desk, ident) == row
            continue
        with pytest.raises(ZeroDivisionError), desk.work(people["Liv"], HERE) as work:  # noqa: PT012
            assert step(work, row, event, "a reason")["state"] == legal[event]
            raise ZeroDivisionError  # undone
        if event not in BY_HAND:
            with pytest.raises(Refused), desk.work(people["Liv"], HERE) as work:
                fire(work, ident, event, "a reason", letter=LETTER)
        assert row_of(desk, ident) == row


def test_only_two_states_are_in_force() -> None:
    assert IN_FORCE == ("issued", "reinstated")
    assert LICENCE.final == ("void",)


def test_nobody_below_a_licence_manager_fires(desk: Desk, people: People) -> None:
    ident, _ = add_licence(desk, people)
    for name in ("Pia", "Ann", "Ada", "Aud", "Sam"):
        with pytest.raises(Forbidden), desk.work(people[name], HERE) as work:
            fire(work, ident, "revoke", "letter")


def test_a_reinstatement_needs_a_letter_and_a_second_person_750_8(
    desk: Desk, people: People
) -> None:
    ident, _ = add_licence(desk, people)
    with desk.work(people["Liv"], HERE) as work:
        fire(work, ident, "suspend", "BIS's mail of today")
    assert is_verified(desk, ident)
    with pytest.raises(InputError), desk.work(people["Liv"], HERE) as work:
        fire(work, ident, "reinstate", "BIS's letter")
    with desk.work(people["Liv"], HERE) as work:
        fire(work, ident, "reinstate", "BIS's letter", letter=LETTER)
    assert row_of(desk, ident)["state"] == "reinstated"
    assert row_of(desk, ident)["letters"] == [LETTER]
    assert not is_verified(desk, ident)
    with desk.work(people["Ann"], HERE) as work:
        verify(work, ident, "read the letter")
    assert is_verified(desk, ident)


def test_a_reason_is_needed(desk: Desk, people: People) -> None:
    ident, _ = add_licence(desk, people)
    with pytest.raises(InputError), desk.work(people["Liv"], HERE) as work:
        fire(work, ident, "revoke", " ")
    with pytest.raises(Stale), desk.work(people["Liv"], HERE) as work:
        fire(work, ident, "revoke", "letter", expected=9)


# -- extension, replacement, transfer ----------------------------------------------------------
def test_extension_while_still_valid_750_7_g(desk: Desk, people: People, clock: Clock) -> None:
    ident, _ = add_licence(desk, people)
    clock.go("2029-06-30")  # its last day
    with desk.work(people["Liv"], HERE) as work:
        extend(work, ident, "2030-06-30", LETTER, "letter of BIS")
    assert row_of(desk, ident)["expires_on"] == day("2030-06-30")
    assert not is_verified(desk, ident)
    clock.go("2030-07-01")
    with pytest.raises(Refused), desk.work(people["Liv"], HERE) as work:
        extend(work, ident, "2031-06-30", LETTER, "letter of BIS")


def test_an_extension_is_later_and_has_its_letter(desk: Desk, people: People) -> None:
    ident, _ = add_licence(desk, people)
    with pytest.raises(Refused), desk.work(people["Liv"], HERE) as work:
        extend(work, ident, "2029-06-30", LETTER, "letter of BIS")
    with pytest.raises(InputError), desk.work(people["Liv"], HERE) as work:
        extend(work, ident, "2030-06-30", None, "letter of BIS")


def test_a_replacement_ends_the_old_one_once_it_is_in_hand(desk: Desk, people: People) -> None:
    old, _ = add_licence(desk, people)
    new, _ = add_licence(desk, people, number="D2", replaces=old, in_hand_on=None,
                         document_sha256="", document_name="")  # fmt: skip
    assert row_of(desk, old)["state"] == "issued"
    with desk.work(people["Liv"], HERE) as work:
        edit(work, new, {"in_hand_on": "2025-07-15", "document_name": "new.pdf",
                         "document_sha256": SHA}, "it has come")  # fmt: skip
    assert row_of(desk, old)["state"] == "replaced"
    assert row_of(desk, new)["state"] == "issued"
    third, _ = add_licence(desk, people, number="D3", replaces=new)
    assert row_of(desk, new)["state"] == "replaced"
    assert row_of(desk, third)["state"] == "issued"


def test_a_transfer_has_bis_s_prior_approval_750_10(desk: Desk, people: People) -> None:
    ident, _ = add_licence(desk, people)
    with pytest.raises(InputError), desk.work(people["Liv"], HERE) as work:
        transfer(work, ident, "Another Co", None, "sold the business")
    late = {**LETTER, "date": "2025-07-16"}
    with pytest.raises(Refused), desk.work(people["Liv"], HERE) as work:
        transfer(work, ident, "Another Co", late, "sold the business")
    with desk.work(people["Liv"], HERE) as work:
        transfer(work, ident, "Another Co", LETTER, "sold the business")
    with pytest.raises(IllegalEvent), desk.work(people["Liv"], HERE) as work:  # once
        transfer(work, ident, "A Third Co", LETTER, "again")


@given(st.decimals(0, 10**9, places=4), st.integers(0, 100))
def test_no_value_lies_between_the_limit_and_its_four_places(
    value: Decimal, tolerance: int
) -> None:
    limit, exact = value_limit(value, tolerance), value * (100 + tolerance) / 100
    assert limit <= exact < limit + Decimal("0.0001")


def test_found_by_party_country_and_number(desk: Desk, people: People) -> None:
    """762.5(c): any one of them finds the entry."""
    listed = parties({"role": "", "name": "Zorbla Werke", "country": "DE"})
    add_licence(desk, people, number="D77", parties=listed)
    with desk.read() as connection:
        keys = [row[0] for row in connection.execute(select(LEDGER.c["keys"]))]
    assert {"party": ["NVIDIA"], "country": ["CN"], "reference": ["D77", "Z123456"]} in keys
    assert {"party": ["Zorbla Werke"], "country": ["DE"]} in keys
