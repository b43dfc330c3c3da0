"""Papers with holds of their own: NAC's notice, statements, reports to BIS."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from klartecken.desk.desk import Desk
from klartecken.desk.evidence.ladder import record, verify, withdraw
from klartecken.desk.evidence.papers import NOTICE_DAYS, PaperBook, read_papers
from klartecken.desk.licences.conditions import meet, notify_bis
from klartecken.desk.people.roles import Person
from klartecken.desk.work import Row
from klartecken.law.load import load_law
from tests.desk.clock import Clock
from tests.desk.evidence.test_ladder import SHA, put
from tests.desk.licences.world import (
    add_licence,
    add_line,
    change_line,
    day,
    licence_line,
    plain_line,
)
from tests.desk.world import HERE

People = dict[str, Person]
UNSIGNED = PaperBook({}, {}, {})


def book(desk: Desk) -> PaperBook:
    with desk.read() as connection:
        return read_papers(connection)


def holds(held: PaperBook, line: Row, on: str = "2025-07-15", **more: Any) -> list[str]:
    asked = {"outcome": "licence_required", "exceptions_text": "", "confirmed_uvl": False,
             "eccns": ["3A090.b"], **more}  # fmt: skip
    return [hold.code for hold in held.holds(line, day(on), **asked)]


# -- China's end-user statement -----------------------------------------------------------------
EUS: tuple[tuple[list[str], str, bool], ...] = (
    (["4A090.b"], "1", True), (["4A003.z.1"], "1", True), (["3A090.b"], "50000", False),
    (["3A090.b"], "50000.0001", True), ([], "1", True), (["3A090.b", "4A090.b"], "1", True),
)  # fmt: skip


def test_computers_at_any_value_others_above_50_000_usd_748_10_a() -> None:
    for eccns, value, needed in EUS:
        held = PaperBook({}, {1: (1, None, Decimal(value))}, {})
        assert holds(held, plain_line(), eccns=eccns) == ["end_user_statement"] * needed, eccns


def test_the_total_is_that_of_the_licence_748_10_a(desk: Desk, people: People) -> None:
    lines = [licence_line(value="25000"), licence_line(value="25000.01")]
    _, (held, _) = add_licence(desk, people, lines=lines)
    _, (euros,) = add_licence(desk, people, number="D2",
                              lines=[licence_line(value="1", currency="EUR")])  # fmt: skip
    line = {**add_line(desk), "authorisation": "licence"}
    for ident in (held, euros):
        assert holds(book(desk), {**line, "licence_line": ident}) == ["end_user_statement"]


@pytest.mark.parametrize(("said", "needed"), [
    ({"destination": "HK"}, True), ({"destination": "Nowhere"}, True),
    ({"destination": "MO"}, False), ({"destination": "DE"}, False),
    ({"authorisation": "exception", "exception": "ACA"}, False),
    ({"authorisation": "", "licence_line": None}, True),
])  # fmt: skip
def test_of_china_and_of_licensed_items(said: dict[str, Any], needed: bool) -> None:
    assert (holds(UNSIGNED, plain_line(**said)) == ["end_user_statement"]) == needed
    free = plain_line(**{**said, "authorisation": "nlr"})
    assert holds(UNSIGNED, free, outcome="no_licence_required") == []


def test_nothing_leaves_until_the_holder_has_it_748_9_e(
    desk: Desk, people: People, clock: Clock
) -> None:
    """Even with a valid licence; and only once a second person has seen the paper."""
    ident, (held,) = add_licence(desk, people)
    line = change_line(desk, add_line(desk), licence_line=held, authorisation="licence")
    other = change_line(desk, add_line(desk, 2), licence_line=held, authorisation="licence")
    assert holds(book(desk), line) == ["end_user_statement"]
    with desk.work(people["Pia"], HERE) as work:
        paper = record(work, "licences", ident, kind="end_user_statement", on="2025-07-10",
                       known_from="2025-07-12", source="the customer", sha256=SHA)  # fmt: skip
    assert holds(book(desk), line) == ["end_user_statement"]
    with desk.work(people["Ann"], HERE) as work:
        verify(work, paper, "seal and name are right")
    assert holds(book(desk), line) == holds(book(desk), other) == []
    assert holds(book(desk), line, "2025-07-11") == ["end_user_statement"]
    with desk.work(people["Ann"], HERE) as work:
        withdraw(work, paper, "another customer's")
    assert holds(book(desk), line) == ["end_user_statement"]


def test_an_exemption_is_recorded_and_verified_748_9_c(desk: Desk, people: People) -> None:
    line = add_line(desk)
    put(desk, people, line["id"], kind="eus_exempt", text="an exemption of 748.9(c)")
    assert holds(book(desk), line) == []
    assert holds(book(desk), add_line(desk, 2)) == ["end_user_statement"]


# -- NAC ------------------------------------------------------------------------------------------
def test_the_notice_is_as_old_as_the_law_says_740_8() -> None:
    versions = load_law().provisions["NAC"].versions
    assert {version.params["notice_days"] for version in versions} == {NOTICE_DAYS}


def test_twenty_five_days_and_the_number_740_8(desk: Desk, people: People, clock: Clock) -> None:
    line = change_line(desk, add_line(desk, item="nvidia-rtx-4090"), authorisation="exception",
                       exception="NAC")  # fmt: skip
    assert holds(book(desk), line) == ["nac_notice"]
    with desk.work(people["Pia"], HERE) as work:
        paper = record(work, "lines", line["id"], kind="nac_notice", on="2025-07-01",
                       source="SNAP-R")  # fmt: skip
    assert book(desk).facts(line, day("2025-07-26")) == {}
    with desk.work(people["Ann"], HERE) as work:
        verify(work, paper, "seen")
    put(desk, people, line["id"], kind="nac_number", text="A123456", on="2025-07-15")
    held = book(desk)
    assert holds(held, line, "2025-07-25") == ["nac_notice"]
    assert holds(held, line, "2025-07-26") == []
    assert held.facts(line, day("2025-07-26")) == {
        "nac_notice_days": "25", "nac_number_received": "yes",
    }  # fmt: skip
    assert held.facts(line, day("2025-07-10")) == {"nac_notice_days": "9"}
    assert held.facts(line, day("2025-06-30")) == {}


def test_what_a_person_claims_is_no_notice_740_8(desk: Desk) -> None:
    """Facts typed into the line may convince the determination, and not this hold."""
    claimed = {"nac_notice_days": "30", "nac_number_received": "yes"}
    line = change_line(desk, add_line(desk, facts=claimed), authorisation="exception",
                       exception="NAC")  # fmt: skip
    assert holds(UNSIGNED, line, outcome="exception_available",
                 exceptions_text="NAC available") == ["nac_notice"]  # fmt: skip


def test_without_the_number_it_waits_740_8(desk: Desk, people: People) -> None:
    line = change_line(desk, add_line(desk), authorisation="exception", exception="NAC")
    put(desk, people, line["id"], kind="nac_notice", on="2025-06-01")
    assert holds(book(desk), line) == ["nac_notice"]


def test_other_papers_are_facts(desk: Desk, people: People) -> None:
    line = add_line(desk)
    for kind in ("purchase_order", "single_end_user", "nac_six_items"):
        put(desk, people, line["id"], kind=kind)
    facts = book(desk).facts(line, date(2025, 7, 15))
    assert facts == dict.fromkeys(("purchase_order", "single_end_user", "nac_six_items"), "yes")
    known = load_law().vocabulary.facts
    assert {*facts, "nac_notice_days", "nac_number_received"} <= {*known}


# -- the Unverified List --------------------------------------------------------------------------
def test_a_uvl_statement_of_each_party_744_15_b(desk: Desk, people: People) -> None:
    line = add_line(desk, consignee="Zorbla Werke", end_user="Quornfeld Oy")
    asked: dict[str, Any] = {"outcome": "no_licence_required", "confirmed_uvl": True}
    assert holds(book(desk), line, **asked) == ["uvl_statement"]
    put(desk, people, 0, "general", kind="uvl_statement", sha256=SHA, party="ZORBLA werke")
    held = book(desk)
    assert holds(held, line, **asked, uvl_parties=["Zorbla Werke"]) == []
    assert holds(held, line, **asked, uvl_parties=["Zorbla Werke", "Quornfeld Oy"]) == [
        "uvl_statement"
    ]
    assert holds(held, line, **asked) == ["uvl_statement"]  # whose it is was not said
    put(desk, people, line["id"], kind="uvl_statement", sha256=SHA)
    assert holds(book(desk), line, **asked) == []
    assert holds(UNSIGNED, line, outcome="no_licence_required") == []


# -- a material change ----------------------------------------------------------------------------
def test_a_material_change_holds_until_it_is_reported_748_6_f(desk: Desk, people: People) -> None:
    ident, (held,) = add_licence(desk, people)
    line = change_line(desk, add_line(desk), licence_line=held, authorisation="licence",
                       destination="DE")  # fmt: skip
    other = add_line(desk, 2, destination="DE")
    with desk.work(people["Pia"], HERE) as work:
        task = notify_bis(work, "The customer has a new owner.", licence=ident)
    assert holds(book(desk), line) == ["notify_bis"]
    assert holds(book(desk), other, outcome="no_licence_required") == []
    with desk.work(people["Pia"], HERE) as work:
        second = notify_bis(work, "Another end use.", line=other["id"])
    assert holds(book(desk), other) == ["notify_bis"]
    for ident_of in (task, second):
        with desk.work(people["Liv"], HERE) as work:
            meet(work, ident_of, "letter to BIS of the 15th")
    assert holds(book(desk), line) == holds(book(desk), other) == []
