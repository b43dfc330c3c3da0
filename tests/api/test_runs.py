"""Runs, look-backs, break-glass, settings and reference tables over HTTP."""

from __future__ import annotations

from klartecken.desk.desk import Desk
from klartecken.desk.holds import HOLDS
from klartecken.desk.machines.line import LINE
from klartecken.desk.people.roles import ROLES
from klartecken.desk.storage.tables.orders import LINES, LOOK_BACKS
from tests.api.asking import assert_problem, ledger_length
from tests.api.conftest import only_sqlite
from tests.api.ordering import By, People, codes, entered, now
from tests.desk.clock import Clock
from tests.desk.licences.world import add_licence
from tests.desk.world import HERE, h20, line


def test_all_lines_or_some(by: By, clock: Clock) -> None:
    first, second = entered(by)["id"], entered(by, line(2))["id"]
    by("Ann").post("/releases/bulk", {"lines": [{"line": first}, {"line": second}]})
    clock.pass_days(9)
    pia = by("Pia")
    assert_problem(by("Vic").post("/runs/reevaluate"), 403, "forbidden")
    some = pia.post("/runs/reevaluate", {"lines": [second, 999], "why": "look"}, key="k").json()
    assert (some["lines"], some["lapsed"]) == (1, 1)
    assert pia.post("/runs/reevaluate", {"lines": [second, 999], "why": "look"},
                    key="k").json() == some  # fmt: skip
    assert (now(by, first)["state"], now(by, second)["state"]) == ("released", "ready")
    rest = pia.post("/runs/reevaluate").json()
    assert (rest["lines"], rest["lapsed"], rest["states"]) == (2, 1, {"ready": 2})
    runs = by("Vic").get("/runs?kind=reevaluate&newest_first=true").json()["items"]
    assert [run["id"] for run in runs] == [rest["run"], some["run"]]
    assert runs[0]["finished_at"] is not None
    assert by("Vic").get(f"/runs/{some['run']}").json()["counts"]["lapsed"] == 1


def test_look_backs(by: By, desk: Desk, people: People) -> None:
    """A line that has left under an answer that is another one today."""
    ident = entered(by)["id"]
    by("Ann").post(f"/lines/{ident}/release")
    by("Liv").post(f"/lines/{ident}/ship")
    with desk.work(people["Ada"], HERE) as work:
        work.update(LINES, ident, "test", {"case_id": "000000000000"})
    assert by("Pia").post("/runs/reevaluate").json()["look_backs"] == 1
    (found,) = by("Vic").get(f"/look-backs?state=open&line={ident}").json()["items"]
    assert found["was"]["outcome"] == "no_licence_required"
    path = f"/look-backs/{found['id']}"
    assert by("Vic").get(path).json() == found
    assert_problem(by("Pia").post(f"{path}/close", {"why": "counsel saw it"}), 403, "forbidden")
    closed = by("Ann").post(f"{path}/close", {"why": "counsel saw it"}).json()
    assert (closed["state"], closed["closed_by"]) == ("closed", people["Ann"].id)
    assert_problem(by("Ann").post(f"{path}/close", {"why": "again"}), 409, "refused")
    assert by("Vic").get("/look-backs?state=open").json()["items"] == []
    with desk.read() as connection:
        assert len(connection.execute(LOOK_BACKS.select()).all()) == 1


def test_break_glass(by: By, clock: Clock) -> None:
    """Asked by one, seconded by another: for some hours the hold by hand does not count."""
    ident = entered(by)["id"]
    by("Pia").post(f"/lines/{ident}/holds", {"reason": "nobody knows"})
    said = {"line": ident, "holds": ["manual"], "why": "the hospital waits"}
    made = by("Per").post("/break-glass", said, key="k")
    glass = made.json()
    assert (made.status_code, glass["state"], glass["holds"]) == (201, "asked", ["manual"])
    assert by("Per").post("/break-glass", said, key="k").json() == glass
    path = made.headers["location"]
    assert codes(by("Pia").post(f"/lines/{ident}/evaluate").json()) == ["manual"]
    assert_problem(by("Per").post(f"{path}/second", {"why": "me too"}), 403, "forbidden")
    assert_problem(by("Ann").post(f"{path}/second", {"why": "yes", "version": 7}), 412, "stale")
    opened = by("Ann").post(f"{path}/second", {"why": "yes"}).json()
    assert (opened["state"], opened["ends_at"]) > ("open", "2025-07-16")
    assert now(by, ident)["state"] == "ready"
    assert by("Vic").get("/break-glass?due=true").json()["items"] == []
    clock.pass_days(2)
    assert_problem(by("Ari").post(f"/lines/{ident}/release"), 409, "refused")  # its hours are over
    (due,) = by("Vic").get(f"/break-glass?due=true&line={ident}&state=open").json()["items"]
    assert due["id"] == glass["id"]
    done = by("Per").post(f"{path}/report", {"report": "Nothing was shipped."}).json()
    assert (done["state"], done["report"]) == ("reported", "Nothing was shipped.")
    assert by("Vic").get(path).json() == done
    assert by("Vic").get("/break-glass?due=true").json()["items"] == []
    assert codes(now(by, ident)) == ["manual"]  # and it shows again


def test_no_hold_of_law_is_set_aside(by: By, desk: Desk) -> None:
    ident = entered(by, h20())["id"]
    before = ledger_length(desk)
    for code, status, name in (("licence_required", 409, "refused"), ("manual", 409, "refused"),
                               ("wish", 422, "validation")):  # fmt: skip
        said = {"line": ident, "holds": [code], "why": "please"}
        assert_problem(by("Per").post("/break-glass", said), status, name)
    assert ledger_length(desk) == before


def test_a_break_glass_that_ends_holds_the_line_again(by: By, desk: Desk, people: People) -> None:
    ident = entered(by)["id"]
    by("Pia").post(f"/lines/{ident}/holds", {"reason": "x"})
    said = {"line": ident, "holds": ["manual"], "why": "it waits"}
    path = by("Per").post("/break-glass", said).headers["location"]
    by("Ann").post(f"{path}/second", {"why": "yes"})
    assert by("Ari").post(f"/lines/{ident}/release").json()["state"] == "released"
    assert by("Pia").post(f"{path}/end", {"why": "not needed"}).json()["state"] == "ended"
    row = now(by, ident)
    assert (row["state"], row["release"], codes(row)) == ("held", None, ["manual"])
    assert by("Vic").get("/break-glass?due=true").json()["items"][0]["line"] == ident


def test_settings(by: By) -> None:
    rut, path = by("Rut"), "/settings/release_days"
    held = rut.get(path)
    assert (held.json()["value"], held.json()["most"], held.headers["etag"]) == (5, 30, '"1"')
    assert_problem(by("Pia").patch(path, {"value": 2}, 1), 403, "forbidden")
    assert_problem(rut.patch(path, {"value": 31}, 1), 422, "input")
    assert_problem(rut.patch(path, {"value": 2}, 2), 412, "stale")
    done = rut.patch(path, {"value": 2, "why": "shorter"}, 1)
    assert (done.json()["value"], done.headers["etag"]) == (2, '"2"')
    assert_problem(rut.patch(path, {"value": 3}, 1), 412, "stale")
    assert rut.patch(path, {"value": 3}, 2).json()["version"] == 3
    listed = {row["name"]: row["value"] for row in rut.get("/settings").json()["items"]}
    assert (listed["release_days"], listed["retention_years"]) == (3, 5)
    assert_problem(rut.get("/settings/wish"), 422, "validation")


@only_sqlite
def test_reference(by: By) -> None:
    vic = by("Vic")
    holds = vic.get("/reference/holds").json()["items"]
    assert [row["code"] for row in holds] == list(HOLDS)
    assert [row["code"] for row in holds if row["overridable"]] == ["not_approved", "manual"]
    machines = {row["name"]: row for row in vic.get("/reference/machines").json()["items"]}
    assert set(machines) >= {"order line", "licence", "application", "condition", "break-glass"}
    lines = machines["order line"]
    assert (lines["initial"], set(lines["states"])) == ("held", set(LINE.states))
    assert lines["final"] == ["returned", "cancelled"]
    assert [move["event"] for move in lines["moves"]] == [move.event for move in LINE.moves]
    roles = {row["role"]: row["permissions"] for row in vic.get("/reference/roles").json()["items"]}
    assert roles == {role: sorted(may) for role, may in ROLES.items()}


def test_assigning_does_not_exceed_a_licence(by: By, desk: Desk, people: People) -> None:
    """What is left of a licence is reserved line by line."""
    add_licence(desk, people)
    idents = [entered(by, h20(n, unit="number", quantity="60"))["id"] for n in (1, 2)]
    liv = by("Liv")
    assert liv.post(f"/lines/{idents[0]}/assignment", {"licence_line": 1}).status_code == 200
    assert_problem(liv.post(f"/lines/{idents[1]}/assignment", {"licence_line": 1}), 409, "refused")
    liv.post(f"/lines/{idents[0]}/cancel", {"why": "not wanted"})
    assert liv.post(f"/lines/{idents[1]}/assignment", {"licence_line": 1}).status_code == 200
