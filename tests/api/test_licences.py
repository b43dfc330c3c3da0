"""Licences over HTTP: registering, verifying, assigning, changing, conditions and caps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from klartecken.desk.desk import Desk
from klartecken.desk.licences.balance import consume, reserve
from klartecken.desk.orders import assign, enter
from klartecken.desk.people.roles import DESK, Person
from klartecken.desk.storage.tables.orders import LINES
from tests.api.asking import Asking, assert_problem, ledger_length
from tests.api.conftest import only_sqlite
from tests.api.papers import CAP, CONDITION
from tests.desk.licences.world import LETTER, add_line, licence, licence_line, line_now
from tests.desk.world import HERE, h20

By = Callable[[str], Asking]
People = dict[str, Person]


def waiting(asking: Asking, subject: str) -> int:
    """The id of the approval that waits for a second person."""
    (row,) = asking.get(f"/approvals?state=asked&subject={subject}").json()["items"]
    return int(row["id"])


@pytest.fixture
def registered(by: By) -> dict[str, Any]:
    """A licence that Liv registered and Ann verified."""
    body = by("Liv").post("/licences", licence()).json()
    path = f"/approvals/{waiting(by('Ann'), 'licences')}/decision"
    assert by("Ann").post(path, {"approve": True, "why": "compared"}).status_code == 200
    return by("Vic").get(f"/licences/{body['id']}").json()


def test_registered_verified_by_a_second_person_and_assigned(
    by: By, desk: Desk, people: People
) -> None:
    liv, ann = by("Liv"), by("Ann")
    made = liv.post("/licences", licence(), key="k")
    assert (made.status_code, made.headers["location"]) == (201, "/licences/1")
    assert (made.json()["verified"], made.json()["lines"][0]["left_value"]) == (False, "1375000")
    assert liv.post("/licences", licence(), key="k").json() == made.json()
    assert_problem(liv.post("/licences", licence()), 409, "conflict")
    path = f"/approvals/{waiting(ann, 'licences')}/decision"
    yes = {"approve": True, "why": "compared with the document"}
    assert_problem(liv.post(path, yes), 403, "forbidden")
    assert ann.post(path, yes).json()["state"] == "approved"
    assert_problem(ann.post(path, yes), 409, "refused")
    assert ann.get("/licences/1").json()["verified"]

    with desk.work(people["Pia"], HERE) as work:
        line = enter.enter(desk, work, h20())
    cover = by("Vic").get(f"/licence-lines/1/cover?line={line['id']}").json()
    assert cover == {"covers": True, "reasons": [], "enough": True,
                     "left": "100 number and 1375000 USD are left"}  # fmt: skip
    found = by("Vic").get(f"/lines/{line['id']}/licence-lines").json()["licence_lines"]
    assert [held["id"] for held in found] == [1]
    with desk.work(people["Liv"], HERE) as work:
        assign.assign_licence(desk, work, line["id"], 1)
    held = by("Vic").get("/licences/1").json()["lines"][0]
    assert (held["reserved_quantity"], held["left_quantity"]) == ("8", "92")
    moves = by("Vic").get("/licences/1/movements").json()["items"]
    assert [(m["kind"], m["quantity"], m["value"]) for m in moves] == [("reserve", "8", "100000")]
    filing = by("Vic").get(f"/lines/{line['id']}/filing").json()
    assert (filing["code"], filing["licence"], filing["eccn"]) == ("C30", "D1000001", "3A090.b")
    assert filing["after_departure"] is False
    assert any("758.1(b)(10)" in text for text in filing["needed"])


def test_the_reasons_why_a_licence_does_not_cover(by: By, desk: Desk, registered: Any) -> None:
    line = add_line(desk, 1, consignee="Somebody Else", quantity="200")
    found = by("Vic").get(f"/licence-lines/1/cover?line={line['id']}&on=2029-07-01").json()
    assert (found["covers"], found["enough"]) == (False, False)
    assert "Somebody Else is no consignee on it" in found["reasons"]
    assert any("expires" in reason for reason in found["reasons"])
    assert by("Vic").get(f"/lines/{line['id']}/licence-lines").json() == {"licence_lines": []}


def test_an_edit_is_verified_anew(by: By, registered: dict[str, Any]) -> None:
    """An old approval, asked before the edit, decides nothing any more."""
    liv, ann = by("Liv"), by("Ann")
    version, party = registered["version"], registered["parties"][0]
    change = {"why": "the address moved", "parties": [{"id": party["id"], "address": "9 Road"}],
              "lines": [{"id": 1, "quantity": "120"}]}  # fmt: skip
    assert_problem(liv.patch("/licences/1", change, version + 7), 412, "stale")
    changed = liv.patch("/licences/1", change, version)
    assert (changed.status_code, changed.json()["verified"]) == (200, False)
    assert changed.json()["lines"][0]["quantity"] == "120"
    assert changed.json()["parties"][0] == {**party, "address": "9 Road",
                                            "version": party["version"] + 1}  # fmt: skip
    first = waiting(ann, "licences")
    liv.patch(
        "/licences/1", {"why": "again", "riders": "r"}, int(changed.headers["etag"].strip('"'))
    )
    yes = {"approve": True, "why": "fine"}
    assert_problem(ann.post(f"/approvals/{first}/decision", yes), 409, "refused")
    assert not ann.get("/licences/1").json()["verified"]
    assert ann.post(f"/approvals/{waiting(ann, 'licences')}/decision", yes).status_code == 200
    assert ann.get("/licences/1").json()["verified"]


def test_what_can_change_without_the_record_is_never_not_changed(
    by: By, desk: Desk, registered: dict[str, Any]
) -> None:
    tag = by("Vic").get("/licences/1").headers["etag"]
    line = add_line(desk)
    with desk.work(DESK, HERE) as work:
        reserve(work, 1, line)
    again = by("Vic").get("/licences/1", **{"If-None-Match": tag})
    assert (again.status_code, again.headers["etag"]) == (200, tag)
    assert again.json()["lines"][0]["reserved_quantity"] == "8"


def test_events_of_a_licence(by: By, registered: Any, desk: Desk) -> None:
    liv = by("Liv")
    events, before = "/licences/1/events", ledger_length(desk)
    assert_problem(liv.post(events, {"event": "expire", "why": "x"}), 422, "validation")
    assert_problem(liv.post(events, {"event": "reinstate", "why": "x"}), 409, "illegal-event")
    assert_problem(liv.post(events, {"event": "suspend", "why": "x", "version": 9}), 412, "stale")
    assert ledger_length(desk) == before
    done = liv.post(events, {"event": "suspend", "why": "BIS wrote", "version": 1})
    assert done.json()["state"] == "suspended"
    assert_problem(liv.post(events, {"event": "reinstate", "why": "x"}), 422, "input")
    back = liv.post(events, {"event": "reinstate", "why": "x", "letter": LETTER}).json()
    assert (back["state"], back["verified"], back["letters"]) == ("reinstated", False, [LETTER])
    longer = {"until": "2030-06-30", "letter": LETTER, "why": "BIS extended it"}
    assert liv.post("/licences/1/extension", longer).json()["expires_on"] == "2030-06-30"
    to = {"to": "Example GmbH", "approval": LETTER, "why": "sold"}
    assert liv.post("/licences/1/transfer", to).json()["state"] == "transferred"
    void = liv.post(events, {"event": "void", "why": "on a false fact"}).json()
    assert void["state"] == "void"
    assert by("Vic").get("/licences?state=void&destination=China").json()["items"][0]["id"] == 1
    assert by("Vic").get("/licences?state=issued").json()["items"] == []


def test_one_that_replaces_another(by: By, registered: Any) -> None:
    new = by("Liv").post("/licences", licence("D2", acn="", replaces=1)).json()
    assert new["replaces"] == 1
    assert by("Vic").get("/licences/1").json()["state"] == "replaced"


@only_sqlite
@pytest.mark.parametrize(("change", "status", "name"), [
    ({"expires_on": "2025-06-30"}, 422, "input"), ({"expires_on": "9999-12-31"}, 422, "input"),
    ({"number": "Z123456"}, 422, "input"), ({"lines": []}, 422, "validation"),
    ({"lines": [licence_line(quantity="-1")]}, 422, "input"),
    ({"lines": [licence_line(quantity="1.0001")]}, 422, "input"),
    ({"lines": [licence_line(currency="usd")]}, 422, "validation"),
    ({"parties": [{"role": "consignee", "name": "A", "country": "CN"}]}, 422, "input"),
    ({"application": 99}, 404, "not-found"), ({"destination": "Atlantis"}, 422, "input"),
    ({"unknown": 1}, 422, "validation"), ({"in_hand_on": "2026-01-01"}, 422, "input"),
    ({"document_sha256": "x"}, 422, "validation"), ({"holder": "a\u202eb"}, 422, "input"),
])  # fmt: skip
def test_what_is_not_registered(by: By, desk: Desk, change: dict[str, Any], status: int,
                                name: str) -> None:  # fmt: skip
    before = ledger_length(desk)
    assert_problem(by("Liv").post("/licences", {**licence(), **change}), status, name)
    assert ledger_length(desk) == before


def test_reminders(by: By, registered: Any) -> None:
    texts = by("Vic").get("/licences/reminders?on=2029-06-01").json()["items"]
    assert [(one["what"], one["level"], one["on"]) for one in texts] == [
        ("expiry", 30, "2029-06-30")]  # fmt: skip
    assert by("Vic").get("/licences/reminders").json() == {"items": []}


def test_conditions(by: By, registered: Any) -> None:
    liv = by("Liv")
    said = {**CONDITION, "licence": 1, "due_on": "2025-07-31", "recurs": "monthly"}
    made = liv.post("/conditions", said)
    assert made.headers["location"] == "/conditions/1"
    assert not liv.get("/licences/1").json()["verified"]
    due = liv.get("/conditions/due?on=2025-08-01").json()["items"]
    assert [(one["id"], one["overdue"]) for one in due] == [(1, True)]
    met = liv.post("/conditions/1/meet", {"evidence": "report 7"}).json()
    assert (met["state"], met["next"], met["evidence"]) == ("met", 2, "report 7")
    assert liv.get("/conditions/2").json()["due_on"] == "2025-08-31"
    assert_problem(liv.post("/conditions/1/meet", {"evidence": "x"}), 409, "illegal-event")
    assert liv.post("/conditions/1/reopen", {"why": "wrong report"}).json()["state"] == "open"
    assert by("Ann").post("/conditions/2/end", {"why": "750.7(i)"}).json()["state"] == "ended"
    states = liv.get("/conditions?licence=1").json()["items"]
    assert [one["state"] for one in states] == ["open", "ended"]
    assert liv.get("/conditions?state=ended&kind=reporting").json()["items"][0]["id"] == 2
    task = by("Pia").post("/conditions/notify-bis", {"text": "a new owner", "licence": 1}).json()
    assert task["kind"] == "notify_bis"
    assert_problem(by("Pia").post("/conditions/notify-bis", {"text": "x"}), 422, "input")


def test_caps(by: By, desk: Desk) -> None:
    liv = by("Liv")
    made = liv.post("/caps", {**CAP, "outside_reference": "10000.5", "source": "sales report"})
    assert (made.status_code, made.json()["outside_reference"]) == (201, "10000.5")
    assert_problem(liv.post("/caps", CAP), 409, "conflict")
    changed = liv.patch("/caps/1", {"percent": 40, "why": "the rule"}, 1).json()
    assert (changed["percent"], changed["outside_reference"], changed["version"]) == (
        40, "10000.5", 2)  # fmt: skip
    assert_problem(liv.patch("/caps/1", {"percent": 41, "why": "x"}, 1), 412, "stale")
    line = add_line(desk, 1, quantity="1")
    with desk.work(DESK, HERE) as work:
        work.update(LINES, line["id"], "x", {"state": "released"})
    left = by("Vic").get("/caps/1/left").json()
    assert left == {"on": "2025-07-15", "binds": True, "shipped": "0", "released": "2368",
                    "allowed": "4000.2", "left": "1632.2", "unknown": []}  # fmt: skip
    other = add_line(desk, 2, item="nvidia-h20", quantity="1", unit="racks")
    with desk.work(DESK, HERE) as work:
        work.update(LINES, other["id"], "x", {"state": "released"})
    left = by("Vic").get("/caps/1/left").json()
    assert (left["left"], left["unknown"]) in ((None, [2]), ("-735.8", []))


def test_reconciling_with_the_report(by: By, desk: Desk, registered: Any) -> None:
    line = add_line(desk)
    with desk.work(DESK, HERE) as work:
        reserve(work, 1, line)
        consume(work, line)
        work.update(LINES, line["id"], "x", {
            "state": "shipped", "itn": "X20250715000001", "shipped_on": work.today})  # fmt: skip
    assert line_now(desk, line)["itn"]
    before, vic = ledger_length(desk), by("Vic")
    same = "licence,itn,quantity,value\r\nD1000001,X20250715000001,8,100000\r\n"
    path = "/licences/reconciliation"
    assert vic.send(path, same, "text/csv").json() == {"differences": []}
    found = vic.send(path, same.replace("100000\r", "99999.5\r"), "text/csv").json()
    assert found == {
        "differences": [
            {
                "licence": "D1000001",
                "itn": "X20250715000001",
                "kind": "value",
                "desk": "100000",
                "report": "99999.5",
            }
        ]
    }
    assert vic.send(f"{path}?start=2025-07-16", "licence,itn,quantity,value", "text/csv").json() == {
        "differences": []}  # fmt: skip
    assert_problem(vic.send(path, "x,y\n", "text/csv"), 422, "input")
    assert_problem(vic.send(path, b"\xff", "text/csv"), 400, "text")
    assert_problem(vic.send(path, "{}", "application/json"), 415, "media-type")
    assert ledger_length(desk) == before
