"""Evidence, events and files over HTTP."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest

from klartecken.desk.desk import Desk
from tests.api.asking import Asking, assert_problem, ledger_length
from tests.api.conftest import only_sqlite
from tests.api.papers import FILES, RUNG
from tests.desk.applications.make import ready
from tests.desk.licences.world import add_line, licence

By = Callable[[str], Asking]
PDF = b"%PDF-1.4 a statement, invented"


def test_steps_of_the_ladder(by: By, desk: Desk) -> None:
    pia, line = by("Pia"), add_line(desk)["id"]
    step = {**RUNG, "subject": "lines", "subject_id": line, "rung": 2}
    made = pia.post("/evidence", step)
    assert (made.status_code, made.headers["location"]) == (201, "/evidence/1")
    assert made.json()["known_from"] == "2025-07-14"
    assert_problem(pia.post("/evidence", {**step, "rung": 6}), 409, "refused")
    assert_problem(pia.post("/evidence", {**step, "on": "2025-07-16"}), 422, "input")
    assert_problem(pia.post("/evidence", {**step, "rung": None}), 422, "input")
    assert_problem(pia.post("/evidence/1/verify", {"why": "seen"}), 403, "forbidden")
    best = f"/evidence/best?subject=lines&subject_id={line}"
    assert (pia.get(best).json()["rung"], pia.get(best).json()["verified"]) == (2, False)
    assert pia.get(f"{best}&on=2025-07-13").json()["rung"] is None
    done = by("Ann").post("/evidence/1/verify", {"why": "seen", "version": 1})
    assert (done.json()["verified_by"], pia.get(best).json()["verified"]) == (4, True)
    assert_problem(by("Ann").post("/evidence/1/withdraw", {"why": "x", "version": 1}), 412, "stale")
    assert by("Ann").post("/evidence/1/withdraw", {"why": "it was wrong"}).json()["withdrawn"]
    assert_problem(by("Aud").post("/evidence/1/withdraw", {"why": "x"}), 403, "forbidden")
    assert pia.get(best).json()["title"] == "nothing is recorded"
    assert len(pia.get(f"/evidence?subject=lines&subject_id={line}").json()["items"]) == 1
    assert pia.get("/evidence?withdrawn=false").json()["items"] == []


def test_the_assurance_is_no_licence_and_the_licence_is_the_sixth(by: By) -> None:
    by("Liv").post("/licences", licence())
    best = "/evidence/best?subject=licences&subject_id=1"
    assert by("Vic").get(best).json()["rung"] is None
    by("Ann").post("/approvals/1/decision", {"approve": True, "why": "compared"})
    assert by("Vic").get(best).json() == {"rung": 6, "title": "licence in hand", "verified": True,
                                          "evidence": None, "licence": "D1000001"}  # fmt: skip


def test_events_of_the_ledger_of_events(by: By, desk: Desk) -> None:
    line = add_line(desk)["id"]
    by("Pia").post("/applications", {"form": ready()})
    by("Liv").post("/licences", licence())
    for subject, ident in (("lines", line), ("applications", 1), ("licences", 1)):
        path = f"/evidence/events?subject={subject}&subject_id={ident}"
        found = by("Pia").get(path).json()["items"]
        assert any(one["rung"] == 2 for one in found), subject  # the assurance of July
        assert not any(one["attached"] or one["day"] > "2025-07-15" for one in found)
    said = {"subject": "lines", "subject_id": line}
    made = by("Pia").post("/evidence/events", said).json()["evidence"]
    assert made
    assert by("Pia").post("/evidence/events", said).json() == {"evidence": []}
    attached = [one for one in by("Pia").get(f"/evidence/events?subject=lines&subject_id={line}")
                .json()["items"] if one["attached"]]  # fmt: skip
    assert len(attached) == len(made)
    top = by("Pia").get(f"/evidence/best?subject=lines&subject_id={line}").json()
    assert top["rung"] < 6
    assert_problem(by("Pia").get("/evidence/events?subject=general&subject_id=1"), 422,
                   "validation")  # fmt: skip


def test_a_file_from_end_to_end(by: By, desk: Desk) -> None:
    by("Pia").post("/applications", {"form": ready()})
    path = "/applications/1/attachments"
    named = f"{path}?name=Erkl%C3%A4rung%20%221%22.pdf"
    assert_problem(by("Pia").send(named, PDF), 422, "input")  # a quotation mark is no file name
    named = f"{path}?name=Erkl%C3%A4rung%201.pdf&kind=end_user_statement&on_file=submitted"
    made = by("Pia").send(named, PDF, key="k")
    assert made.status_code == 201
    assert made.json()["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert by("Pia").send(named, PDF, key="k").json() == made.json()
    assert_problem(by("Pia").send(named, PDF + b"x", key="k"), 422, "idempotency-key")
    got = by("Vic").get(f"{made.headers['location']}/content")
    assert got.content == PDF
    assert got.headers["content-type"] == "application/pdf"
    assert got.headers["content-disposition"] == (
        "attachment; filename=\"Erkl_rung 1.pdf\"; filename*=UTF-8''Erkl%C3%A4rung%201.pdf"
    )
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-security-policy"].startswith("default-src 'none'")
    assert [one["id"] for one in by("Vic").get(path).json()["items"]] == [1]
    assert by("Vic").get("/applications/1").json()["attachments"] == [made.json()]
    gone = by("Pia").post(f"{path}/1/remove", {"why": "the wrong one"})
    assert gone.json()["removed"]
    assert by("Vic").get(path).json()["items"] == []
    assert len(by("Vic").get(f"{path}?removed=true").json()["items"]) == 1
    assert by("Vic").get("/attachments/1/content").content == PDF  # nothing is destroyed


@only_sqlite
def test_files_that_are_refused(by: By, desk: Desk) -> None:
    line = add_line(desk)["id"]
    path, pia = f"/lines/{line}/attachments", by("Pia")
    before = ledger_length(desk)
    for query, body in (("?name=a.pdf", b"no pdf"), ("?name=../a.txt", b"x"), ("?name=a.txt", b""),
                        ("?name=.hidden", b"x")):  # fmt: skip
        assert_problem(pia.send(path + query, body), 422, "input")
    assert_problem(pia.send(path, b"x"), 422, "validation")
    assert_problem(pia.send(f"{path}?name=a&name=b", b"x"), 422, "parameter")
    assert_problem(pia.send(f"{path}?name=a.txt", b"x", "text/plain"), 415, "media-type")
    assert_problem(pia.send("/lines/99/attachments?name=a.txt", b"x"), 404, "not-found")
    assert_problem(by("Vic").send(f"{path}?name=a.txt", b"x"), 403, "forbidden")
    assert ledger_length(desk) == before
    page = pia.send(f"{path}?name=page.html", b"<script>").json()
    assert page["media_type"] == "application/octet-stream"
    assert_problem(by("Liv").post("/licences/1/attachments/1/remove", {"why": "x"}), 404,
                   "not-found")  # fmt: skip


@only_sqlite
def test_a_file_may_be_larger_than_other_bodies(by: By, desk: Desk) -> None:
    path, pia = f"/lines/{add_line(desk)['id']}/attachments?name=a.bin", by("Pia")
    assert pia.send(path, b"x" * 9_000_000).status_code == 201
    assert_problem(pia.raw("POST", "/lines", b"x" * 9_000_000), 413, "too-large")
    assert_problem(pia.send(path, b"x" * (25 * 1024 * 1024 + 1)), 422, "input")


@only_sqlite
@pytest.mark.parametrize("name", FILES)
def test_files_of_every_kind_of_record(by: By, desk: Desk, name: str) -> None:
    add_line(desk)
    by("Liv").post("/licences", {**licence(), "conditions": [{"text": "Report"}]})
    by("Liv").post("/applications", {"form": ready()})
    by("Liv").post("/evidence", RUNG)
    path = f"/{name}/1/attachments"
    assert by("Liv").send(f"{path}?name=a.txt", b"x").json()["subject"] == name
    assert by("Liv").post(f"{path}/1/remove", {"why": "x"}).json()["removed"]
    again = by("Liv").post(f"{path}/1/remove", {"why": "x"})
    assert_problem(again, 409, "illegal-event")
