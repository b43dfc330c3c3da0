"""Applications over HTTP: from the draft to the grant, and what is shown on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from klartecken.desk.applications.cells_csv import read_csv
from klartecken.desk.applications.checklist import checklists
from klartecken.desk.desk import Desk
from klartecken.desk.people.roles import Person
from tests.api.asking import Asking, assert_problem, ledger_length
from tests.api.test_licences import waiting
from tests.desk.applications.make import ready
from tests.desk.clock import Clock
from tests.desk.licences.world import add_line

By = Callable[[str], Asking]


def drafted(by: By, **more: Any) -> dict[str, Any]:
    """A draft of Pia's with its checklist ticked."""
    pia = by("Pia")
    said = {"form": ready(), "review_policy": "presumption_of_denial", **more}
    body: dict[str, Any] = pia.post("/applications", said).json()
    for item in checklists()["common"].items:
        tick = {"item": f"common.{item['id']}", "evidence": "note 1"}
        body = pia.post(f"/applications/{body['id']}/ticks", tick).json()
    return body


def event(by: By, ident: int, name: str, **said: Any) -> dict[str, Any]:
    answer = by("Liv").post(f"/applications/{ident}/events", {"event": name, **said})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def approved(by: By, **more: Any) -> int:
    """Approved within the firm."""
    ident = int(drafted(by, **more)["id"])
    by("Pia").post(f"/applications/{ident}/approval")
    yes = {"approve": True, "why": "complete"}
    done = by("Ann").post(f"/approvals/{waiting(by('Ann'), 'applications')}/decision", yes)
    assert done.json()["state"] == "approved"
    return ident


def test_from_the_draft_to_the_grant(by: By, clock: Clock) -> None:
    pia, ann = by("Pia"), by("Ann")
    draft = drafted(by)
    path = f"/applications/{draft['id']}"
    assert (draft["reference"], draft["state"]) == ("A-00001", "draft")
    assert not [one for one in draft["findings"] if one["severity"] == "blocking"]
    asked = pia.post(f"{path}/approval", {"why": "please", "version": draft["version"]})
    assert (asked.status_code, asked.headers["location"]) == (201, "/approvals/1")
    yes = {"approve": True, "why": "complete"}
    assert_problem(pia.post("/approvals/1/decision", yes), 403, "forbidden")
    assert ann.post("/approvals/1/decision", yes).json()["state"] == "approved"
    assert pia.get(path).json()["state"] == "internally_approved"
    assert_problem(pia.post(f"{path}/events", {"event": "submit"}), 403, "forbidden")
    event(by, 1, "submit", acn="Z000001")
    assert event(by, 1, "register")["rung"] == 4
    clock.pass_days(12)
    assert event(by, 1, "refer")["days"] == {"counted": 12, "not_counted": 0}
    done = event(by, 1, "grant_with_conditions")
    assert (done["state"], done["rung"], done["events"]) == ("approved_with_conditions", 5, [])
    assert [step["event"] for step in done["steps"]] == [
        "approve_internally", "submit", "register", "refer", "grant_with_conditions"]  # fmt: skip


def test_an_edit_takes_the_version_and_lets_the_approval_lapse(by: By, desk: Desk) -> None:
    pia, ident = by("Pia"), approved(by)
    path, seen = f"/applications/{ident}", by("Pia").get(f"/applications/{ident}")
    change = {"form": {"end_use": "Training of models"}}
    before = ledger_length(desk)
    assert_problem(pia.patch(path, change, 1), 412, "stale")
    assert ledger_length(desk) == before
    edited = pia.patch(path, change, seen.headers["etag"]).json()
    assert (edited["state"], edited["form"]["end_use"]) == ("draft", "Training of models")
    assert edited["form"]["lines"] == seen.json()["form"]["lines"]  # not named: as it was
    states = [one["state"] for one in pia.get("/approvals?subject=applications").json()["items"]]
    assert states == ["lapsed"]
    assert_problem(by("Liv").post(f"{path}/events", {"event": "submit"}), 409, "illegal-event")


def test_an_approval_that_lapsed_decides_nothing(by: By) -> None:
    """Who asks anew has the new one decided, and not by the address of the old one."""
    path = f"/applications/{drafted(by)['id']}"
    by("Pia").post(f"{path}/approval")
    by("Pia").post(f"{path}/approval")
    yes = {"approve": True, "why": "complete"}
    assert_problem(by("Ann").post("/approvals/1/decision", yes), 409, "refused")
    assert by("Vic").get(path).json()["state"] == "draft"
    assert by("Ann").post("/approvals/2/decision", yes).json()["state"] == "approved"


def test_mistakes_of_a_form_all_at_once(by: By, desk: Desk) -> None:
    form = ready(filed_on="2025-02-30", ship_from="Atlantis")
    before = ledger_length(desk)
    told = assert_problem(by("Pia").post("/applications", {"form": form}), 422, "input")
    assert {one["where"] for one in told["errors"]} == {"filed_on", "ship_from"}
    assert ledger_length(desk) == before


def test_findings_block(by: By) -> None:
    pia = by("Pia")
    made = pia.post("/applications", {"form": {"narrative": "empty"}}).json()
    path = f"/applications/{made['id']}"
    found = pia.get(f"{path}/findings").json()["items"]
    assert found == made["findings"]
    assert found[0]["severity"] == "blocking"
    assert_problem(pia.post(f"{path}/approval"), 409, "refused")


def test_the_clock_and_what_is_overdue(by: By, clock: Clock) -> None:
    ident = approved(by)
    event(by, ident, "submit", acn="Z000002")
    event(by, ident, "register")
    clock.pass_days(5)
    event(by, ident, "stop_clock", reason="pre_licence_check")
    clock.pass_days(10)
    event(by, ident, "restart_clock")
    clock.pass_days(10)
    vic = by("Vic")
    now = vic.get(f"/applications/{ident}/clock").json()
    assert now["days"] == {"counted": 15, "not_counted": 10}
    assert [(part["running"], part["reason"]) for part in now["segments"]] == [
        (True, ""), (False, "pre_licence_check"), (True, "")]  # fmt: skip
    assert [(due["code"], due["overdue"]) for due in now["overdue"]] == [("first_action", 6)]
    (late,) = vic.get("/overdue-applications").json()["items"]
    assert (late["reference"], late["overdue"]) == ("A-00001", now["overdue"])
    earlier = vic.get(f"/applications/{ident}/clock?on=2025-07-18").json()
    assert (earlier["days"]["counted"], earlier["overdue"]) == (3, [])
    assert vic.get("/overdue-applications?on=2025-07-18").json() == {"items": []}


def test_prefilled_from_an_order_line(by: By, desk: Desk) -> None:
    line = add_line(desk, 1, activity="export", end_user="Lantern Cloud Computing | Second House")
    said = {"line": line["id"], "applicant": {"name": "Orrery Accelerators Inc", "country": "US"}}
    before = ledger_length(desk)
    found = by("Pia").post("/applications/prefill", said).json()
    assert ledger_length(desk) == before
    assert found["review_policy"] == "presumption_of_denial"
    names = [party["name"] for party in found["form"]["parties"] if party["role"] == "end_user"]
    assert names == ["Lantern Cloud Computing", "Second House"]
    assert found["form"]["lines"][0]["total"] == "100000"
    more = {"form": found["form"], "line": line["id"], "paths": found["paths"],
            "review_policy": found["review_policy"]}  # fmt: skip
    made = by("Pia").post("/applications", more)
    assert (made.status_code, made.json()["form"]) == (201, found["form"])
    assert by("Vic").get(f"/applications?line={line['id']}").json()["items"][0]["id"] == 1
    assert_problem(by("Vic").post("/applications/prefill", said), 403, "forbidden")


def test_the_data_sheet(by: By) -> None:
    path = f"/applications/{drafted(by, form=ready(special_purpose='=1+1'))['id']}"
    page = by("Vic").get(f"{path}/sheet.html")
    assert page.headers["content-disposition"].startswith('attachment; filename="A-00001.html"')
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.text.startswith("<!doctype html>")
    sheet = by("Vic").get(f"{path}/sheet.csv")
    assert sheet.headers["content-type"].startswith("text/csv")
    assert "'=1+1" in sheet.text
    assert "=1+1" in [cell.value for cell in read_csv(sheet.content.decode())]


def test_statuses_pasted_and_as_csv(by: By) -> None:
    ident = approved(by)
    event(by, ident, "submit", acn="Z000003")
    pasted = ("Control number\tStatus\tDate\nZ000003\tRegistered\t15 Jul 2025\n"
              "Z000009\tApproved\t2025-07-15\nZ000003;;\n")  # fmt: skip
    first = by("Liv").send("/applications/statuses", pasted, "text/plain").json()["rows"]
    assert [(row["result"], row["state"]) for row in first] == [
        ("applied", "registered"), ("rejected", ""), ("rejected", "")]  # fmt: skip
    again = by("Liv").send("/applications/statuses", pasted, "text/plain").json()["rows"]
    assert [row["result"] for row in again] == ["unchanged", "rejected", "rejected"]
    csv = 'acn,status,date\r\n"Z000003","Referred","2025-07-15"\r\n'
    (row,) = by("Liv").send("/applications/statuses", csv, "text/csv").json()["rows"]
    assert (row["result"], row["state"]) == ("applied", "referred")
    assert_problem(by("Pia").send("/applications/statuses", csv, "text/csv"), 403, "forbidden")
    nul = by("Liv").send("/applications/statuses", "Z000003,a\0b,2025-07-15", "text/csv")
    assert_problem(nul, 422, "input")


def test_a_material_change_and_a_resubmission(by: By) -> None:
    ident = approved(by)
    path = f"/applications/{ident}"
    assert_problem(by("Pia").post(f"{path}/material-change", {"what": "x"}), 409, "refused")
    event(by, ident, "submit", acn="Z000004")
    told = by("Pia").post(f"{path}/material-change", {"what": "a new owner of the end user"})
    assert (told.status_code, told.headers["location"]) == (201, f"/conditions?application={ident}")
    (task,) = by("Vic").get(told.headers["location"]).json()["items"]
    assert (task["id"], task["kind"]) == (told.json()["conditions"][0], "notify_bis")
    event(by, ident, "register")
    back = event(by, ident, "return", reason_code="deficiency")
    assert back["note"].startswith("A return without action says nothing")
    anew = by("Pia").post(f"{path}/resubmission", {"reference": "R-1"}).json()
    assert (anew["reference"], anew["form"]["resubmission_of"]) == ("R-1", "Z000004")


def test_the_list(by: By, people: dict[str, Person]) -> None:
    pia = by("Pia")
    for number in range(5):
        pia.post("/applications", {"form": ready(), "reference": f"Q-{number}"})
    found, path = [], "/applications?limit=2&party=lantern%20cloud%20computing"
    while path:
        page = pia.get(path).json()
        found += [row["reference"] for row in page["items"]]
        path = page["next"]
    assert found == [f"Q-{number}" for number in range(5)]
    assert pia.get("/applications?limit=5").json()["next"] is None
    assert pia.get("/applications?state=pending").json()["items"] == []
    assert [row["id"] for row in pia.get("/applications?reference=Q-3").json()["items"]] == [4]
    assert_problem(pia.get("/applications?state=nothing"), 422, "validation")
    lists = pia.get("/checklists").json()["items"]
    assert {"common", "january_2026"} <= {one["id"] for one in lists}
