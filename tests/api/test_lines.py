"""Order lines over HTTP: entered, edited, assigned, held and cancelled."""

from __future__ import annotations

from typing import Any

import pytest

from klartecken.desk.desk import Desk
from tests.api.asking import assert_problem, ledger_length
from tests.api.conftest import only_sqlite
from tests.api.ordering import By, People, codes, entered, evidence, now
from tests.desk.licences.world import add_licence
from tests.desk.world import h20, line


def test_entered_and_read(by: By) -> None:
    made = by("Pia").post("/lines", line(), key="k")
    row = made.json()
    assert (made.status_code, made.headers["location"]) == (201, f"/lines/{row['id']}")
    assert made.headers["etag"] == f'"{row["version"]}"'
    assert (row["state"], row["outcome"], row["holds"]) == ("ready", "no_licence_required", [])
    assert (row["quantity"], row["unit_price"], row["entered_at"][:10]) == (
        "8", "7200", "2025-07-15")  # fmt: skip
    assert by("Pia").post("/lines", line(), key="k").json() == row
    assert_problem(by("Pia").post("/lines", line()), 409, "conflict")
    read = by("Vic").get(made.headers["location"])
    assert read.json() == row
    same = by("Vic").get("/lines/1", **{"If-None-Match": read.headers["etag"]})
    assert same.status_code == 304


@only_sqlite
def test_numbers_are_exact(by: By) -> None:
    said = line(quantity=0.125, unit_price="12345678901234.5678")
    row = entered(by, said)
    assert (row["quantity"], row["unit_price"]) == ("0.125", "12345678901234.5678")
    (work,) = by("Vic").get("/worklist").json()["items"]
    assert work["value"] == "1543209862654.320975"


@only_sqlite
@pytest.mark.parametrize(("change", "name", "told"), [
    ({"quantity": "0"}, "input", "quantity"), ({"quantity": "1.2345"}, "input", "quantity"),
    ({"currency": "dollars"}, "input", "currency"), ({"destination": "Atlantis"}, "input", "Atl"),
    ({"item": "no-such-chip"}, "input", "item"), ({"facts": {"nosuch": 1}}, "input", "nosuch"),
    ({"consignee": ["A|B", "\u202e"]}, "validation", "consignee"),
    ({"quantity": "8 pieces"}, "validation", "quantity"), ({"colour": "red"}, "validation", "col"),
    ({"ship_on": "15.7.2025"}, "validation", "ship_on"), ({"external_id": " "}, "validation", ""),
    ({"facts": {"listed_entity": "no"}}, "input", "listed_entity"),
])  # fmt: skip
def test_what_cannot_be_entered(
    by: By, desk: Desk, change: dict[str, Any], name: str, told: str
) -> None:
    before = ledger_length(desk)
    problem = assert_problem(by("Pia").post("/lines", line(**change)), 422, name)
    assert told in problem["detail"] + problem["where"]
    assert ledger_length(desk) == before


def test_all_that_is_wrong_is_told_at_once(by: By) -> None:
    said = line(destination="Atlantis", currency="??", quantity="-1")
    detail = assert_problem(by("Pia").post("/lines", said), 422, "input")["detail"]
    assert all(name in detail for name in ("destination", "currency", "quantity"))


def test_edits_say_which_version_they_saw(by: By) -> None:
    row = entered(by)
    pia, path = by("Pia"), f"/lines/{row['id']}"
    done = pia.patch(path, {"quantity": "4", "why": "less"}, row["version"])
    new = done.json()
    assert (new["quantity"], new["state"]) == ("4", "ready")
    assert new["content"] != row["content"]
    assert done.headers["etag"] == f'"{new["version"]}"'
    assert_problem(pia.patch(path, {"quantity": "5"}, row["version"]), 412, "stale")
    assert_problem(pia.raw("PATCH", path, b"{}", Content_Type="application/json"), 428, "if-match")
    assert_problem(pia.patch(path, {"external_id": "E-9"}, new["version"]), 422, "validation")
    assert_problem(pia.patch(path, {"item": None}, new["version"]), 422, "input")
    assert now(by, row["id"]) == new
    assert pia.patch(path, {}, new["version"]).json() == new  # nothing is said: nothing changes
    cleared = pia.patch(path, {"end_user": None}, new["version"]).json()
    assert (cleared["end_user"], codes(cleared)) == ("", ["party_unnamed"])


def test_a_released_line_that_is_edited_is_held_again(by: By) -> None:
    """An edit withdraws the release, whatever it changes of what was said."""
    ident = entered(by, line(destination="DE"))["id"]
    released = by("Ann").post(f"/lines/{ident}/release", {"why": "fine"}).json()
    assert released["state"] == "released"
    said = {"item": "nvidia-h20", "destination": "CN",
            "facts": {"consignee_hq": "CN", "parent_hq": "CN"}}  # fmt: skip
    edited = by("Per").patch(f"/lines/{ident}", said, released["version"]).json()
    assert (edited["state"], edited["release"]) == ("held", None)
    assert "licence_required" in codes(edited)
    assert by("Vic").get("/releases/1").json()["state"] == "withdrawn"
    assert_problem(by("Liv").post(f"/lines/{ident}/ship"), 409, "illegal-event")
    assert_problem(by("Ann").post(f"/lines/{ident}/release"), 409, "illegal-event")


def test_holds_by_hand(by: By) -> None:
    ident = entered(by)["id"]
    held = by("Pia").post(f"/lines/{ident}/holds", {"reason": "credit"}).json()
    assert held["state"] == "held"
    assert held["holds"] == [{"code": "manual", "detail": "credit", "title": "held by hand",
                              "cure": "Lift it, with a reason", "who": "approver",
                              "cite": ""}]  # fmt: skip
    (mine,) = by("Vic").get(f"/lines/{ident}/story").json()["manual_holds"]
    path = f"/lines/{ident}/holds/{mine['id']}/lift"
    other = entered(by, line(2))["id"]
    assert_problem(by("Pia").post(path, {"why": "paid"}), 403, "forbidden")
    assert_problem(by("Ann").post(f"/lines/{other}/holds/1/lift", {"why": "x"}), 404, "not-found")
    assert_problem(by("Ann").post(path, {"why": "paid", "version": 1}), 412, "stale")
    lifted = by("Ann").post(path, {"why": "paid"}).json()
    assert (lifted["state"], lifted["holds"]) == ("ready", [])
    assert_problem(by("Ann").post(path, {"why": "paid"}), 409, "refused")


def test_cancelled(by: By) -> None:
    ident = entered(by)["id"]
    pia, path = by("Pia"), f"/lines/{ident}/cancel"
    assert_problem(pia.post(path), 422, "validation")
    assert_problem(pia.post(path, {"why": "x", "version": 99}), 412, "stale")
    first = pia.post(path, {"why": "not wanted"}, key="k")
    assert first.json()["state"] == "cancelled"
    assert pia.post(path, {"why": "not wanted"}, key="k").json() == first.json()
    assert_problem(pia.post(path, {"why": "not wanted"}), 409, "illegal-event")
    assert_problem(pia.post(f"/lines/{ident}/evaluate"), 409, "refused")
    assert_problem(pia.post(f"/lines/{ident}/holds", {"reason": "x"}), 409, "refused")


def test_evidence_of_the_second_rung_releases_nothing(by: By, desk: Desk, people: People) -> None:
    """The trap of July 2025: the government "has assured" that licences will be granted."""
    ident = entered(by, h20())["id"]
    for rung in (2, 3, 4, 5):
        evidence(desk, people, ident, rung=rung, text="licences will be granted")
        row = by("Pia").post(f"/lines/{ident}/evaluate", {"why": "news"}).json()
        assert (row["state"], row["outcome"]) == ("held", "licence_required")
        assert codes(row)[0] == "licence_required"
        told = assert_problem(by("Ann").post(f"/lines/{ident}/release"), 409, "illegal-event")
        assert "a licence is required" in told["detail"]
        many = by("Ann").post("/releases/bulk", {"lines": [{"line": ident}]}).json()
        assert (many["done"], many["results"][0]["error"]["status"]) == (0, 409)
        assert_problem(by("Liv").post(f"/lines/{ident}/ship"), 409, "illegal-event")
    assert by("Vic").get("/releases").json()["items"] == []


def test_only_a_licence_in_hand_does(by: By, desk: Desk, people: People) -> None:
    """Assigned by one person, approved by another, with China's statement: then it may leave."""
    ident = entered(by, h20(unit="number"))["id"]
    add_licence(desk, people)
    path = f"/lines/{ident}/assignment"
    said = {"licence": "D1000001", "why": "its customer"}
    assert_problem(by("Ann").post(path, said), 403, "forbidden")
    assigned = by("Liv").post(path, said).json()
    assert (assigned["authorisation"], assigned["licence_line"]) == ("licence", 1)
    assert "not_approved" in codes(assigned)
    (asked,) = by("Ann").get(f"/approvals?state=asked&subject=lines&subject_id={ident}"
                             ).json()["items"]  # fmt: skip
    yes, decision = {"approve": True, "why": "seen"}, f"/approvals/{asked['id']}/decision"
    assert_problem(by("Liv").post(decision, yes), 403, "forbidden")
    done = by("Ann").post(decision, yes)
    assert (done.json()["id"], done.json()["state"]) == (asked["id"], "approved")
    assert codes(now(by, ident)) == ["end_user_statement"]
    assert_problem(by("Ari").post(f"/lines/{ident}/release"), 409, "illegal-event")
    evidence(desk, people, ident, kind="end_user_statement", sha256="c" * 64,
             party="Lantern Cloud Computing")  # fmt: skip
    row = by("Liv").post(f"/lines/{ident}/evaluate").json()
    assert (row["state"], row["holds"]) == ("ready", [])
    assert by("Ari").post(f"/lines/{ident}/release").json()["state"] == "released"
    told = by("Vic").get(f"/lines/{ident}/story").json()
    assert [held["authorised_by"] for held in told["releases"]] == ["D1000001"]
    assert [entry["action"] for entry in told["entries"]][:2] == ["line.enter", "line.evaluate"]
    assert told["movements"][0]["kind"] == "reserve"


def test_assignments_that_are_refused_or_taken_back(by: By, desk: Desk, people: People) -> None:
    ident = entered(by, h20())["id"]
    liv, path = by("Liv"), f"/lines/{ident}/assignment"
    for said in ({}, {"none": True, "exception": "NAC"}, {"licence": "X", "licence_line": 1}):
        assert_problem(liv.post(path, said), 422, "input")
    assert_problem(liv.post(path, {"licence": "D9"}), 404, "not-found")
    assert_problem(liv.post(path, {"licence_line": 7}), 404, "not-found")
    assert_problem(liv.post(path, {"exception": "WISH"}), 409, "refused")
    assert_problem(liv.post(path, {"exception": "NAC", "version": 1}), 412, "stale")
    row = liv.post(path, {"exception": "NAC"}).json()
    assert (row["authorisation"], row["exception"]) == ("exception", "NAC")
    back = liv.post(path, {"none": True, "why": "wrong"}).json()
    assert (back["authorisation"], back["exception"]) == ("", "")
    assert by("Ann").get("/approvals?state=asked").json()["items"] == []
