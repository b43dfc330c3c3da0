"""People, tokens, approvals, the ledger, and listings in pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI

from klartecken.desk.desk import Desk
from klartecken.desk.people import approvals
from klartecken.desk.people.roles import Person
from klartecken.desk.storage.tables.people import PEOPLE
from klartecken.desk.work import Row, Work, content_hash
from tests.api.asking import Asking, assert_problem, ledger_length
from tests.api.conftest import only_sqlite
from tests.desk.world import HERE, STAFF

By = Callable[[str], Asking]


def test_people(by: By) -> None:
    ada = by("Ada")
    made = ada.post("/people", {"name": " Zoe ", "roles": ["viewer", "approver"],
                                "email": "zoe@example.com", "oidc_subject": "s-1"})  # fmt: skip
    zoe = made.json()
    assert (made.status_code, made.headers["location"]) == (201, f"/people/{zoe['id']}")
    assert (zoe["name"], zoe["roles"]) == ("Zoe", ["approver", "viewer"])
    assert by("Vic").get(made.headers["location"]).json() == zoe
    assert_problem(ada.post("/people", {"name": "Zed", "roles": ["viewer"],
                                        "oidc_subject": "s-1"}), 409, "conflict")  # fmt: skip
    last = ada.patch("/people/1", {"roles": ["viewer"]}, 1)
    assert_problem(last, 409, "refused")  # it would leave no admin


def test_tokens(by: By) -> None:
    ada, pia = by("Ada"), by("Pia")
    made = pia.post("/people/2/tokens", {"expires_at": "2026-01-01T00:00:00+01:00"}).json()
    assert made["expires_at"] == "2025-12-31T23:00:00.000000Z"
    assert_problem(pia.post("/people/2/tokens", {"expires_at": "2024-01-01T00:00:00Z"}),
                   422, "input")  # fmt: skip
    assert_problem(pia.post("/people/3/tokens"), 403, "forbidden")
    assert ada.post("/people/10/tokens", {"label": "importer"}).status_code == 201  # a program
    assert_problem(by("Per").post(f"/tokens/{made['id']}/revoke"), 403, "forbidden")
    gone = pia.post(f"/tokens/{made['id']}/revoke", {"why": "lost"})
    assert gone.json()["revoked_at"]
    assert_problem(Asking(pia.client, made["token"]).get("/me"), 401, "unauthenticated")
    listed = by("Aud").get("/people/2/tokens").json()["items"]
    assert len(listed) == 2
    assert not any("secret" in name or name == "token" for row in listed for name in row)


def test_pages(by: By) -> None:
    """Every row once and in order, whatever the size of a page, also while rows are added."""
    ada, names, path = by("Ada"), [], "/people?limit=3"
    while path:
        answer = ada.get(path)
        page = answer.json()
        names += [row["name"] for row in page["items"]]
        assert ("link" in answer.headers) == (page["next"] is not None)
        path = page["next"]
        if len(names) == 3:
            ada.post("/people", {"name": "Zoe", "roles": ["viewer"]})
    assert names == [*STAFF, "Zoe"]
    follow = ada.get("/people?limit=3&active=true").json()["next"]
    assert ada.get(follow).status_code == 200
    other = follow.replace("active=true", "active=false")
    assert_problem(ada.get(other), 422, "cursor")  # a cursor is of its listing alone
    assert_problem(ada.get(follow.replace("/people", "/approvals").replace("active=true&", "")),
                   422, "cursor")  # fmt: skip
    assert ada.get("/people?active=false").json() == {"items": [], "next": None}


def decide_role(work: Work, row: Row, approve: bool, why: str, expected: int | None) -> Row:
    held = work.get(PEOPLE, row["subject_id"])
    return approvals.decide(work, row["id"], approve, why, content_hash(held["email"]),
                            expected=expected)  # fmt: skip


@pytest.fixture
def asked(desk: Desk, people: dict[str, Person], app: FastAPI) -> int:
    app.state.deciders = {("people", "address"): decide_role}
    with desk.work(people["Pia"], HERE) as work:
        mark = content_hash(work.get(PEOPLE, 3)["email"])
        approvals.ask(work, PEOPLE, 3, "other", mark)
        return approvals.ask(work, PEOPLE, 3, "address", mark)


def test_approvals(by: By, asked: int, desk: Desk) -> None:
    ann, path = by("Ann"), f"/approvals/{asked}/decision"
    assert [row["id"] for row in ann.get("/approvals?state=asked").json()["items"]] == [1, 2]
    assert ann.get("/approvals?subject=people&subject_id=4").json()["items"] == []
    before = ledger_length(desk)
    assert_problem(by("Pia").post(path, {"approve": True, "why": "fine"}), 403, "forbidden")
    assert_problem(ann.post(path, {"approve": True, "why": " "}), 422, "validation")
    assert_problem(ann.post("/approvals/1/decision", {"approve": True, "why": "fine"}),
                   409, "refused")  # fmt: skip
    assert ledger_length(desk) == before
    done = ann.post(path, {"approve": True, "why": "fine"}, key="k")
    assert (done.json()["state"], done.headers["etag"]) == ("approved", '"2"')
    assert ann.post(path, {"approve": True, "why": "fine"}, key="k").json() == done.json()
    assert_problem(by("Ari").post(path, {"approve": False, "why": "no"}), 409, "refused")


def test_an_edit_lets_an_approval_lapse(by: By, asked: int, desk: Desk,
                                        people: dict[str, Person]) -> None:  # fmt: skip
    with desk.work(people["Ada"], HERE) as work:
        work.update(PEOPLE, 3, "people.change", {"email": "new@example.com"})
    answer = by("Ann").post(f"/approvals/{asked}/decision", {"approve": True, "why": "fine"})
    assert_problem(answer, 409, "refused")


def test_the_ledger(by: By, asked: int) -> None:
    aud = by("Aud")
    newest: list[dict[str, Any]] = aud.get("/ledger?newest_first=true&limit=2").json()["items"]
    assert [row["action"] for row in newest] == ["approvals.ask", "approvals.ask"]
    assert newest[0]["previous"] == newest[1]["hash"]
    assert aud.get(f"/ledger/{newest[0]['seq']}").json() == newest[0]
    found = aud.get("/ledger?subject=people&subject_id=2").json()["items"]
    assert [row["action"] for row in found] == ["people.add"]
    assert aud.get("/ledger?action=people.add&person=2").json()["items"] == []
    assert aud.get("/ledger?party=nobody&country=CN&reference=x").json()["items"] == []
    assert_problem(aud.get("/ledger/9999"), 404, "not-found")


def test_the_ledger_says_by_what_way(by: By) -> None:
    by("Ada").post("/people", {"name": "Zoe", "roles": ["viewer"]})
    last = by("Aud").get("/ledger?newest_first=true&limit=1").json()["items"][0]
    assert (last["person"], last["channel"]) == (1, "api testclient")


@only_sqlite
def test_metrics(by: By) -> None:
    by("Pia").post("/determinations", {"item": "nvidia-h20", "to": "CN", "on": "2025-07-15",
                                       "exporter": "NVIDIA"})  # fmt: skip
    answer = by("Vic").get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    for line in (
        'klartecken_requests_total{route="/determinations",status="200"} 1.0',
        'klartecken_determinations_total{outcome="licence_required"} 1.0',
        'klartecken_lines{state="held"} 0.0', 'klartecken_deliveries{state="waiting"} 0.0',
        "klartecken_ledger_head 20.0",
    ):  # fmt: skip
        assert line in answer.text
