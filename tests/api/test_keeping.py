"""The ledger by transaction, history, verification, bundles, retention and legal holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from klartecken.api.routes import records
from klartecken.desk.desk import Desk
from klartecken.desk.ledger.bundlecheck import check_bundle
from klartecken.desk.people.roles import DESK
from klartecken.desk.storage.connect import writing
from tests.api.asking import Asking, assert_problem, ledger_length
from tests.api.conftest import only_sqlite
from tests.desk.applications.make import ready
from tests.desk.clock import Clock
from tests.desk.ledger.things import a_desk_at_work
from tests.desk.licences.world import licence
from tests.desk.world import HERE

By = Callable[[str], Asking]


@pytest.fixture
def at_work(desk: Desk) -> dict[str, int]:
    """An order of two lines with all that belongs to it."""
    with desk.work(DESK, HERE) as work:
        return a_desk_at_work(work)


def test_a_bundle_is_checked_offline(by: By, at_work: dict[str, int], tmp_path: Path) -> None:
    for number, query in enumerate(("order=SO-00001", "application=1")):
        got = by("Aud").get(f"/bundle?{query}")
        assert got.headers["content-type"] == "application/zip"
        assert got.headers["content-disposition"].startswith("attachment; ")
        path = tmp_path / f"{number}.zip"
        path.write_bytes(got.content)
        found = check_bundle(path)
        assert found.ok, found.findings
        assert found.digest == got.headers["klartecken-bundle-digest"]
        assert found.entries > 5
        path.write_bytes(got.content.replace(b"Lantern", b"Lintern"))
        assert not check_bundle(path).ok
    assert_problem(by("Aud").get("/bundle"), 422, "input")
    assert_problem(by("Aud").get("/bundle?order=none"), 404, "not-found")
    assert_problem(by("Liv").get("/bundle?order=SO-00001"), 403, "forbidden")


@pytest.mark.parametrize("query", ["party=MULLER%20sohne%20sa", "reference=SO-00001",
                                   "country=China"])  # fmt: skip
def test_each_key_finds_the_whole_transaction(by: By, at_work: dict[str, int], query: str) -> None:
    if query.startswith("party"):
        query = "party=m%C3%BCller%20sohne%2C%20s%20a"
    path, seqs, tables = f"/records/search?limit=4&{query}", [], set()
    while path:
        page = by("Aud").get(path).json()
        seqs += [entry["seq"] for entry in page["items"]]
        tables = {held["subject"] for held in page["records"]}
        path = page["next"]
    assert seqs == sorted(set(seqs))
    assert {"lines", "applications", "licences", "licence_lines", "evidence"} <= tables
    named = by("Aud").get(f"/records/named?{query}").json()["items"]
    assert {"subject": "lines", "id": 2} in named or query.startswith("ref")
    whole = by("Aud").get("/records/lines/2/transaction?limit=500").json()
    assert {entry["seq"] for entry in whole["items"]} <= {*seqs}
    assert_problem(by("Aud").get("/records/search"), 422, "input")
    assert_problem(by("Aud").get("/records/search?party=a&country=CN"), 422, "input")


def test_the_list_of_entries_finds_keys_and_periods(by: By, at_work: dict[str, int], clock: Clock,
                                                    desk: Desk) -> None:  # fmt: skip
    aud = by("Aud")
    assert aud.get("/ledger?country=china").json()["items"]
    assert aud.get("/ledger?party=muller%20sohne%20s%20a").json()["items"]
    clock.pass_days(1)
    by("Pia").post("/applications", {"form": ready()})
    later = aud.get("/ledger?since=2025-07-16T00:00:00Z").json()["items"]
    assert [entry["action"] for entry in later] == ["applications.create"]
    count = ledger_length(desk)
    earlier = aud.get("/ledger?until=2025-07-16T00:00:00Z&limit=500").json()["items"]
    assert len(earlier) == count - 1
    shown = aud.get("/ledger?subject=tokens&limit=500").json()["items"]
    assert {entry["new"]["secret_hash"] for entry in shown} == {"(not shown)"}
    assert aud.get("/records/spellings?kind=party&part=lantern").json()["items"]


def test_a_record_as_it_stood(by: By, clock: Clock) -> None:
    by("Liv").post("/licences", licence())
    clock.pass_days(1)
    by("Liv").patch("/licences/1", {"riders": "a rider", "why": "it was missing"}, 1)
    aud, path = by("Aud"), "/records/licences/1"
    changes = aud.get(f"{path}/history?limit=1").json()
    assert [one["action"] for one in changes["items"]] == ["licences.register"]
    (second,) = aud.get(changes["next"]).json()["items"]
    assert (second["before"], second["after"], second["why"]) == (
        {"riders": ""}, {"riders": "a rider"}, "it was missing")  # fmt: skip
    then = aud.get(f"{path}/as-of?at=2025-07-15T23:00:00Z").json()
    assert (then["record"]["riders"], then["since"]["riders"]) == ("", ["", "a rider"])
    assert_problem(aud.get(f"{path}/as-of?at=2025-07-01T00:00:00Z"), 404, "not-found")
    assert_problem(aud.get("/records/blobs/1/history"), 404, "not-found")
    assert_problem(aud.get("/records/ledger/1/as-of?at=2025-07-01T00:00:00Z"), 404, "not-found")


def test_what_was_answered_then(by: By, at_work: dict[str, int]) -> None:
    found = by("Aud").get("/records/lines/1/answered?at=2025-07-15T23:00:00Z").json()
    assert found["line"]["state"] == "shipped"
    assert found["verdict"]["outcome"]
    assert found["receipt"]["seal"] == found["release"]["receipt"]
    before = by("Aud").get("/records/lines/1/answered?at=2025-07-15T08:00:00Z")
    assert_problem(before, 404, "not-found")


def test_verification(by: By, at_work: dict[str, int], desk: Desk,
                      monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    aud = by("Aud")
    anchor = aud.get("/records/anchor").json()
    assert anchor["text"] == f"{anchor['seq']}:{anchor['hash']}"
    path = f"/records/verification?head={anchor['text']}"
    found = aud.get(path).json()
    assert (found["entries"], found["head"]) == (ledger_length(desk), anchor["text"])
    guards = {one["kind"] for one in found["findings"]}
    assert found["ok"], guards
    assert_problem(aud.get("/records/verification?head=x"), 422, "input")
    with records._VERIFYING:
        assert_problem(aud.get(path), 409, "conflict")
    with writing(desk.engine) as connection:
        connection.exec_driver_sql("UPDATE licences SET riders = 'forged'")
    assert not aud.get(path).json()["ok"]
    monkeypatch.setattr(records, "MOST_ENTRIES", 3)
    assert_problem(aud.get(path), 409, "refused")


def test_how_long_and_legal_holds(by: By, at_work: dict[str, int], clock: Clock) -> None:
    aud = by("Aud")
    kept = aud.get("/keeping/lines/1").json()
    assert (kept["may_go"], kept["legal_holds"]) == (False, [])
    assert aud.get("/keeping").json()["items"] == []
    on = "/keeping?on=2060-01-01"
    rows: list[dict[str, Any]] = []
    path = f"{on}&limit=1"
    while path:
        page = aud.get(path).json()
        rows += page["items"]
        path = page["next"]
    assert rows == aud.get(on).json()["items"]
    assert_problem(by("Ada").post("/legal-holds", {"subject": "lines", "subject_id": 1,
                                                   "reason": "x"}), 403, "forbidden")  # fmt: skip
    made = aud.post("/legal-holds", {"subject": "general", "reason": "an agency asked"})
    assert (made.status_code, made.headers["location"]) == (201, "/legal-holds/1")
    assert aud.get(on).json()["items"] == []
    assert aud.get("/keeping/lines/1").json()["legal_holds"] == [1]
    assert_problem(aud.post("/legal-holds/1/lift", {"why": "x", "version": 7}), 412, "stale")
    assert aud.post("/legal-holds/1/lift", {"why": "closed"}).json()["lifted_by"] == 8
    assert aud.get("/legal-holds?lifted=false").json()["items"] == []
    assert aud.get("/legal-holds?subject=general").json()["items"][0]["id"] == 1
    assert aud.get(on).json()["items"] == rows
    assert_problem(aud.get("/keeping/lines/99"), 404, "not-found")
    assert_problem(aud.get("/keeping/people/1"), 422, "validation")


@only_sqlite
def test_nothing_of_these_changes_anything(by: By, at_work: dict[str, int], desk: Desk) -> None:
    before = ledger_length(desk)
    for path in ("/records/search?country=CN", "/records/verification", "/bundle?application=1",
                 "/keeping?on=2060-01-01"):  # fmt: skip
        assert by("Aud").get(path).status_code == 200
    assert ledger_length(desk) == before
