"""Statuses as people paste them."""

from __future__ import annotations

from datetime import date

import pytest

from klartecken.desk.applications.status import NOTED, WORDS, read_day, read_line, take, words
from klartecken.desk.desk import Desk
from klartecken.desk.errors import Forbidden
from klartecken.desk.machines.application import APPLICATION, GRANTED
from klartecken.errors import InputError
from tests.desk.applications.make import People, brought, entries, happened, ready, row
from tests.desk.clock import Clock
from tests.desk.world import HERE


def pasted(desk: Desk, people: People, text: str) -> list[tuple[str, str]]:
    with desk.work(people["Liv"], HERE) as work:
        return [(told.result, told.reason) for told in take(work, text)]


@pytest.mark.parametrize(("text", "day"), [
    ("2025-08-08", "2025-08-08"), ("8 Aug 2025", "2025-08-08"), ("08 August 2025", "2025-08-08"),
    ("Aug. 8, 2025", "2025-08-08"), ("August 8 2025", "2025-08-08"), ("8-Aug-2025", "2025-08-08"),
    ("07/15/2025", "2025-07-15"), ("15/7/2025", "2025-07-15"), ("8/8/2025", "2025-08-08"),
    ("2025/08/08", "2025-08-08"),
])  # fmt: skip
def test_days_as_people_write_them(text: str, day: str) -> None:
    assert read_day(text) == date.fromisoformat(day)


@pytest.mark.parametrize("text", ["07/08/2025", "", "soon", "2025-02-30", "13/13/2025", "8.8.25"])
def test_days_that_are_none_or_two(text: str) -> None:
    with pytest.raises(InputError):
        read_day(text)


@pytest.mark.parametrize("text", [
    "Z123456, Hold Without Action, 2025-08-08", "z123456\tHOLD-WITHOUT-ACTION\t8 Aug 2025",
    '"Z123456";"Hold without action";"2025-08-08"',
    " Z123456 | hold  without action | Aug 8, 2025 ",
    "\ufeffZ123456,HWA,8/8/2025,waiting for a letter",
])  # fmt: skip
def test_lines_as_people_paste_them(text: str) -> None:
    line = read_line(1, text)
    assert (line.whom, WORDS[line.status], line.on) == ("Z123456", "hold", date(2025, 8, 8))


def test_the_words_lead_to_events() -> None:
    assert {*WORDS.values()} <= {*APPLICATION.events, NOTED}
    assert all(words(text) == text for text in WORDS)
    bill = ("received", "on hold", "referred", "signed off by a licensing officer",
            "countersigned", "validated")  # fmt: skip
    assert {*bill} <= WORDS.keys()
    for text in ("signed off by a licensing officer", "countersigned", "pending"):
        assert WORDS[text] == NOTED  # on the way is not granted
    granting = {move.event for move in APPLICATION.moves if move.target in GRANTED}
    assert {text for text, event in WORDS.items() if event in granting} == {
        "validated", "approved", "granted", "issued", "approved with conditions",
        "approved in part", "partially approved",
    }  # fmt: skip


def test_a_paste(desk: Desk, people: People, clock: Clock) -> None:
    ident = brought(desk, people, "submitted", acn="Z123456")
    clock.go("2025-09-01")
    text = """ACN, Status, Date
Z123456, Received, 2025-07-20
Z123456, Referred to agencies, 2025-07-27

Z123456, Countersigned, Aug 20, 2025
Z123456, Blessed, 2025-08-21
Y999999, Approved, 2025-08-21
Z123456, Approved with conditions, 07/08/2025
Z123456, Denied, 2025-08-22
Z123456, Approved, 2025-09-02
Z123456, RWA, 2025-08-23
nonsense
Z123456, Approved with conditions, 2025-08-24
Z123456, Hold, 2025-08-30
"""
    found = pasted(desk, people, text)
    assert [result for result, _ in found] == [
        "applied", "applied", "applied", *["rejected"] * 7, "applied", "rejected",
    ]  # fmt: skip
    for (_, reason), why in zip(found[3:10], (
        "'blessed' is not known", "no application has the number", "may be two days",
        "cannot happen", "in the future", "needs its reason", "must be",
    ), strict=True):  # fmt: skip
        assert why in reason
    held = row(desk, ident)
    assert held["state"] == "approved_with_conditions"
    assert held["registered_on"] == date(2025, 7, 20)
    assert [step["event"] for step in held["steps"]][-4:] == [
        "register", "refer", "status", "grant_with_conditions",
    ]  # fmt: skip
    before = entries(desk)
    again = pasted(desk, people, text)
    assert [result for result, _ in again] == [
        "unchanged", "unchanged", "unchanged", *["rejected"] * 7, "unchanged", "rejected",
    ]  # fmt: skip
    assert entries(desk) == before


def test_by_reference_with_the_control_number(desk: Desk, people: People) -> None:
    ident = brought(desk, people, "internally_approved")
    found = pasted(
        desk, people, "A-00001;submitted;2025-07-15\nA-00001;registered;2025-07-15;z123456"
    )
    assert [result for result, _ in found] == ["applied", "applied"]
    assert row(desk, ident)["acn"] == "Z123456"
    assert pasted(desk, people, "Z123456,returned without action,2025-07-15,Not controlled") == [
        ("applied", "")
    ]
    assert row(desk, ident)["reason_code"] == "not_controlled"


def test_a_rejected_line_leaves_nothing_half_done(desk: Desk, people: People) -> None:
    """A withdrawal of a draft lets its approvals lapse: not when the line is rejected."""
    ident = brought(desk, people, "internally_approved")
    before = entries(desk), row(desk, ident)
    found = pasted(desk, people, f"A-00001;withdrawn;2025-07-15;{'x' * 3000}\nA-00001;withdrawn;"
                   "2025-07-15;a\0b\nA-00001;submitted;2025-07-15;\ud800")  # fmt: skip
    assert [result for result, _ in found] == ["rejected"] * 3
    assert (entries(desk), row(desk, ident)) == before


def test_who_may(desk: Desk, people: People) -> None:
    for name in ("Pia", "Ann", "Vic"):
        with pytest.raises(Forbidden), desk.work(people[name], HERE) as work:
            take(work, "Z123456, approved, 2025-07-15")


def test_an_approval_by_paste_needs_four_eyes_too(desk: Desk, people: People) -> None:
    ident = brought(desk, people, "draft")
    assert pasted(desk, people, "A-00001, submitted, 2025-07-15")[0][0] == "rejected"
    assert row(desk, ident)["state"] == "draft"


def test_the_same_status_on_a_later_day_is_another_step(
    desk: Desk, people: People, clock: Clock
) -> None:
    ident = brought(desk, people, "registered", acn="Z123456")
    clock.go("2025-09-01")
    happened(desk, people, ident, "hold", "2025-07-20")
    happened(desk, people, ident, "resume", "2025-07-25")
    text = (
        "Z123456, on hold, 2025-08-10\nZ123456, pending, 2025-08-11\nZ123456, pending, 2025-08-12"
    )
    assert [result for result, _ in pasted(desk, people, text)] == ["applied"] * 3
    assert [step["on"][5:] for step in row(desk, ident)["steps"]][-3:] == [
        "08-10", "08-11", "08-12"]  # fmt: skip


def test_the_same_step_twice_in_one_paste(desk: Desk, people: People) -> None:
    ident = brought(desk, people, "registered", acn="Z123456", form=ready())
    found = pasted(desk, people, "Z123456, referred, 2025-07-15\n" * 3)
    assert [result for result, _ in found] == ["applied", "unchanged", "unchanged"]
    assert row(desk, ident)["state"] == "referred"
    with pytest.raises(InputError):
        happened(desk, people, ident, "escalate_oc", "2025-07-14")
