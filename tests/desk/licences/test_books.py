"""What a licence covers, and what keeps a line from leaving on it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from klartecken.desk.desk import Desk
from klartecken.desk.licences.balance import consume, reserve
from klartecken.desk.licences.books import LicenceBook, read_licences
from klartecken.desk.licences.change import edit
from klartecken.desk.licences.conditions import add, meet
from klartecken.desk.licences.cover import Scope
from klartecken.desk.licences.events import fire
from klartecken.desk.machines.licence import LICENCE
from klartecken.desk.people.roles import DESK, Person
from klartecken.desk.storage.tables.licences import LICENCES
from klartecken.desk.work import Row
from klartecken.parties.party import Party
from klartecken.parties.register.record import Register, Registered
from tests.desk.licences.world import (
    CUSTOMER,
    LETTER,
    add_licence,
    add_line,
    change_line,
    day,
    licence_line,
    parties,
    plain_line,
    whole,
)
from tests.desk.world import HERE

People = dict[str, Person]
TODAY = day()


def assigned(desk: Desk, people: People, held: int, number: int = 1, **said: Any) -> Row:
    """An order line on a licence line, reserved."""
    line = add_line(desk, number, **said)
    with desk.work(people["Liv"], HERE) as work:
        reserve(work, held, line)
    return change_line(desk, line, licence_line=held, authorisation="licence")


def book(desk: Desk, register: Register | None = None) -> LicenceBook:
    with desk.read() as connection:
        return read_licences(connection, register)


def codes(desk: Desk, line: Row, on: str = "2025-07-15") -> list[str]:
    return [hold.code for hold in book(desk).holds(line, day(on))]


def detail(desk: Desk, line: Row, on: str = "2025-07-15") -> str:
    return "; ".join(hold.detail for hold in book(desk).holds(line, day(on)))


def test_nothing_stands_against_a_covered_line(desk: Desk, people: People) -> None:
    _, (held,) = add_licence(desk, people)
    line = assigned(desk, people, held)
    assert book(desk).holds(line, TODAY) == []


def test_a_line_without_a_licence_is_none_of_its_business(desk: Desk) -> None:
    assert book(desk).holds(add_line(desk), TODAY) == []


def test_no_such_licence_line(desk: Desk) -> None:
    line = change_line(desk, add_line(desk), licence_line=9)
    assert codes(desk, line) == ["licence_not_covering"]


# -- the sixth rung: verified, in hand, in force ------------------------------------------------
def test_not_verified(desk: Desk, people: People) -> None:
    _, (held,) = add_licence(desk, people, verified=False)
    line = assigned(desk, people, held)
    assert "no second person has verified" in detail(desk, line)


def test_an_approval_without_the_document_releases_nothing(desk: Desk, people: People) -> None:
    _, (held,) = add_licence(desk, people, in_hand_on=None)
    line = assigned(desk, people, held)
    assert "not in hand" in detail(desk, line)


def test_it_counts_from_the_day_it_was_in_hand(desk: Desk, people: People) -> None:
    _, (held,) = add_licence(desk, people, in_hand_on="2025-07-10")
    line = assigned(desk, people, held)
    assert codes(desk, line, "2025-07-09") == ["licence_not_covering"]
    assert codes(desk, line, "2025-07-10") == []


def test_out_of_force_750_8(desk: Desk, people: People) -> None:
    ident, (held,) = add_licence(desk, people)
    line = assigned(desk, people, held)
    left = {**line, "state": "shipped", "shipped_on": TODAY}
    for state in LICENCE.states:
        with desk.work(DESK, HERE) as work:
            work.update(LICENCES, ident, "tests.state", {"state": state})
        assert (codes(desk, line) == []) == (state in ("issued", "reinstated")), state
        stands = state not in ("suspended", "revoked", "void")  # it left while it was in force
        assert (codes(desk, left) == []) == stands, state


def test_expiry_is_about_departure_758_4_b(desk: Desk, people: People) -> None:
    _, (held,) = add_licence(desk, people)
    line = assigned(desk, people, held)
    for on, fits in (("2025-07-01", False), ("2025-07-02", True), ("2029-06-30", True),
                     ("2029-07-01", False)):  # fmt: skip
        assert (codes(desk, line, on) == []) == fits, on
    planned = change_line(desk, line, ship_on=day("2029-07-01"))
    assert "expires on 2029-06-30" in detail(desk, planned)


# -- scope --------------------------------------------------------------------------------------
def wrong_with(said: dict[str, Any], register: Register | None = None, **stated: Any) -> str:
    """Why a line is not covered, without a database."""
    line = plain_line(**said)
    held = LicenceBook({1: Scope(whole(**stated), True)}, {}, {1: (
        "reserve", 1, line["quantity"], line["quantity"] * line["unit_price"],
    )}, register)  # fmt: skip
    return "; ".join(hold.detail for hold in held.holds(line, TODAY))


@pytest.mark.parametrize(("said", "words"), [
    ({"item": "nvidia-h200-sxm"}, "covers nvidia-h20"),
    ({"item": "nvidia-hgx-h20"}, "covers nvidia-h20"),  # a server is not its chip
    ({"item": "server:8xh20"}, "covers nvidia-h20"),
    ({"item": "H20 made up"}, "covers nvidia-h20"), ({"item": "h20.yaml"}, "covers nvidia-h20"),
    ({"destination": "HK"}, "it is for CN"), ({"destination": "MO"}, "it is for CN"),
    ({"destination": "Nowhere"}, "it is for CN"), ({"destination": ""}, "nowhere"),
    ({"consignee": "Lantern Cloud Computing Ltd"}, "no consignee on it"),
    ({"consignee": "Lantern Cloud Computin"}, "no consignee on it"),
    ({"consignee": f"{CUSTOMER}|Another"}, "Another is no consignee"),
    ({"consignee": f"{CUSTOMER};Another"}, "no consignee"),
    ({"consignee": ""}, "names no consignee"), ({"consignee": " | "}, "names no consignee"),
    ({"end_user": "Another"}, "no end user on it"), ({"end_user": ""}, "names no end user"),
    ({"purchaser": "Another"}, "no purchaser on it"),
    ({"intermediate": "Another"}, "no intermediate consignee on it"),
    ({"end_use": "military"}, "for the end use commercial"), ({"end_use": ""}, "unsaid"),
    ({"exporter": "NVIDIA Corporation"}, "its exporter is NVIDIA"), ({"exporter": ""}, "unsaid"),
    ({"currency": "EUR"}, "in EUR"), ({"unit": "kg"}, "counts kg"),
])  # fmt: skip
def test_only_what_it_names_750_7_a(said: dict[str, Any], words: str) -> None:
    assert words in wrong_with(said)


@pytest.mark.parametrize("said", [
    {}, {"item": "H20"}, {"item": "Nvidia-H20"}, {"destination": "China"},
    {"consignee": "  lantern CLOUD  computing."}, {"unit": "each"},
    {"consignee": f"{CUSTOMER} | {CUSTOMER}"}, {"exporter": "Nvidia"}, {"purchaser": CUSTOMER},
], ids=str)  # fmt: skip
def test_the_same_however_it_is_typed(said: dict[str, Any]) -> None:
    listed = parties({"role": "purchaser", "name": CUSTOMER})
    assert wrong_with(said, parties=listed) == ""


def test_a_family_covers_its_chips() -> None:
    lines = [licence_line(item="H100")]
    assert wrong_with({"item": "nvidia-h100-pcie"}, lines=lines) == ""
    assert "covers H100" in wrong_with({"item": "nvidia-dgx-h100"}, lines=lines)


@pytest.mark.parametrize(("stated", "said", "fits"), [
    ({"activity": "export"}, {"activity": "export"}, True),
    ({"activity": "export"}, {"activity": ""}, False),
    ({"activity": "export"}, {"activity": "reexport"}, False),
    ({"activity": ""}, {"activity": "reexport"}, True),
    ({"ship_from": "US"}, {"ship_from": "US"}, True),
    ({"ship_from": "US"}, {"ship_from": "SG"}, False),
    ({"ship_from": "US"}, {"ship_from": ""}, False),
    ({"exporter": "Another Exporter"}, {"exporter": "NVIDIA"}, False),
    ({"end_use": "commercial|nuclear"}, {"end_use": "nuclear"}, True),
])  # fmt: skip
def test_when_it_is_stated(stated: dict[str, Any], said: dict[str, Any], fits: bool) -> None:
    assert (wrong_with(said, **stated) == "") == fits


def test_a_named_purchaser_is_the_purchaser() -> None:
    listed = parties({"role": "purchaser", "name": "Zorbla Werke"})
    assert "names the purchaser" in wrong_with({}, parties=listed)
    assert wrong_with({"purchaser": "Zorbla Werke"}, parties=listed) == ""


def test_a_role_is_a_role_and_no_role_is_any() -> None:
    listed = parties({"role": "intermediate", "name": "Hub One"}, {"role": "", "name": "Any One"})
    assert wrong_with({"consignee": "Hub One"}, parties=listed) != ""
    assert wrong_with({"consignee": "Any One"}, parties=listed) == ""
    assert wrong_with({"intermediate": "Hub One|Any One"}, parties=listed) == ""


def test_a_struck_party_covers_nothing(desk: Desk, people: People) -> None:
    ident, (held,) = add_licence(desk, people, parties=parties({"role": "", "name": "Any One"}))
    with desk.work(people["Liv"], HERE) as work:
        edit(work, ident, {"parties": [{"id": 3, "struck": True}]}, "misread")
    assert "no consignee" in detail(desk, assigned(desk, people, held, consignee="Any One"))


def register_of(country: str) -> Register:
    return Register((Registered(Party("Hub One", aliases=("H1",), id="P-7", country=country)),))


@pytest.mark.parametrize(("country", "fits"), [("CN", True), ("SG", False), ("", False)])
def test_a_new_intermediate_in_the_destination_country_750_7_c(country: str, fits: bool) -> None:
    said = {"intermediate": "Hub One"}
    assert (wrong_with(said, register_of(country)) == "") == fits
    assert "its country is not known (750.7(c))" in wrong_with(said)


def test_the_register_s_number_stands_for_the_name_alone() -> None:
    listed, held = parties(name="Hub One"), register_of("CN")
    assert wrong_with({"consignee": "P-7", "end_user": "P-7"}, held, parties=listed) == ""
    assert wrong_with({"consignee": "H1", "end_user": "H1"}, held, parties=listed) != ""


# -- amounts ------------------------------------------------------------------------------------
def test_nothing_leaves_that_is_not_reserved(desk: Desk, people: People) -> None:
    _, (held,) = add_licence(desk, people)
    line = change_line(desk, add_line(desk), licence_line=held, authorisation="licence")
    assert "nothing of it is reserved" in detail(desk, line)


def test_reserved_on_another_licence(desk: Desk, people: People) -> None:
    _, (first,) = add_licence(desk, people)
    _, (second,) = add_licence(desk, people, number="D2")
    line = change_line(desk, assigned(desk, people, first), licence_line=second)
    assert "nothing of it is reserved" in detail(desk, line)


def test_an_edited_line_is_not_what_was_reserved(desk: Desk, people: People) -> None:
    _, (held,) = add_licence(desk, people)
    line = assigned(desk, people, held)
    tiny = {"quantity": Decimal("0.001"), "unit_price": Decimal("0.0001")}
    for change in ({"quantity": Decimal(9)}, {"unit_price": Decimal(1)}, tiny):
        assert codes(desk, {**line, **change}) == ["licence_not_covering"]


def test_what_has_left_is_still_covered(desk: Desk, people: People) -> None:
    ident, (held,) = add_licence(desk, people, lines=[licence_line(quantity="8")])
    line = assigned(desk, people, held)
    with desk.work(people["Liv"], HERE) as work:
        consume(work, line)
    left = change_line(desk, line, state="shipped", shipped_on=TODAY)
    assert codes(desk, left) == []
    with desk.work(people["Liv"], HERE) as work:
        fire(work, ident, "void", "a false statement (750.7(a)(2))")
    assert "it is void" in detail(desk, left)


# -- conditions ---------------------------------------------------------------------------------
def test_a_condition_before_shipment_holds_750_7_d(desk: Desk, people: People) -> None:
    conditions = [{"kind": "security_plan", "text": "A plan.", "before_shipment": True}]
    _, (held,) = add_licence(desk, people, conditions=conditions)
    line = assigned(desk, people, held)
    assert codes(desk, line) == ["licence_conditions"]
    with desk.work(people["Liv"], HERE) as work:
        meet(work, 1, "plan.pdf, sent on the 14th")
    assert codes(desk, line) == []


def test_an_overdue_report_holds_only_if_the_licence_says_so(desk: Desk, people: People) -> None:
    for number, stops in enumerate((False, True), 1):
        conditions = [{"kind": "reporting", "text": "Report.", "due_on": "2025-09-30",
                       "recurs": "quarterly", "stops_when_overdue": stops}]  # fmt: skip
        _, (held,) = add_licence(desk, people, number=f"D{number}", conditions=conditions)
        line = assigned(desk, people, held, number)
        assert codes(desk, line, "2025-09-30") == []
        assert codes(desk, line, "2025-10-01") == (["licence_conditions"] if stops else [])


def test_a_condition_that_has_fallen_away_750_7_i(desk: Desk, people: People) -> None:
    conditions = [{"kind": "inspection", "text": "Let them in.", "before_shipment": True,
                   "ends_on": "2025-07-31"}]  # fmt: skip
    _, (held,) = add_licence(desk, people, conditions=conditions)
    line = assigned(desk, people, held)
    assert codes(desk, line, "2025-07-31") == ["licence_conditions"]
    assert codes(desk, line, "2025-08-01") == []


def test_a_condition_of_one_line_holds_that_line(desk: Desk, people: People) -> None:
    _, (held,) = add_licence(desk, people)
    line, other = assigned(desk, people, held), assigned(desk, people, held, 2)
    with desk.work(people["Liv"], HERE) as work:
        add(work, {"text": "Ask first.", "before_shipment": True}, "asked by BIS", line=line["id"])
    assert codes(desk, line) == ["licence_conditions"]
    assert codes(desk, other) == []


# -- many lines ---------------------------------------------------------------------------------
def test_candidates_are_those_that_cover_and_have_enough(desk: Desk, people: People) -> None:
    _, (small,) = add_licence(desk, people, lines=[licence_line(quantity="7")])
    _, (late,) = add_licence(desk, people, number="D2")
    _, (soon,) = add_licence(desk, people, number="D3", expires_on="2026-06-30")
    add_licence(desk, people, number="D4", destination="SG")
    add_licence(desk, people, number="D5", verified=False)
    found = book(desk).candidates(add_line(desk), TODAY)
    assert found == [soon, late]
    assert small not in found


def test_a_letter_of_reinstatement_is_verified_first(desk: Desk, people: People) -> None:
    ident, (held,) = add_licence(desk, people)
    line = assigned(desk, people, held)
    with desk.work(people["Liv"], HERE) as work:
        fire(work, ident, "suspend", "mail")
        fire(work, ident, "reinstate", "letter", letter=LETTER)
    assert "no second person has verified" in detail(desk, line)
