"""The record, emergencies, people, settings and webhooks by commands."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from klartecken.desk.demo.lists import keep_invented
from tests.cli.desk.office import DAY, H20, LISTED, Office, csv_of, on_day


@pytest.fixture
def held(office: Office) -> Office:
    """A desk with two lines, one of them ready."""
    office.tell("import", office.file("orders.csv", csv_of(LISTED, H20)))
    return office


def test_an_alteration_is_found(held: Office, tmp_path: Path) -> None:
    anchor = str(tmp_path / "anchor.txt")
    held.tell("audit", "anchor", "-o", anchor, by="Aud")
    assert "Nothing was altered." in held.tell("audit", "verify", "--head", f"@{anchor}", by="Aud")
    with sqlite3.connect(held.url) as base:
        base.execute("UPDATE lines SET quantity = 999000 WHERE id = 1")
    base.close()
    told = held.ask("audit", "verify", by="Aud", code=1)
    (found,) = told["findings"]
    assert (found["table"], found["column"], found["held"]) == ("lines", "quantity", "999000")
    assert "ALTERED" in held.tell("audit", "verify", by="Ada", code=1)
    assert "was altered outside the desk" in held.fails("release", "E-1", by="Ann")


def test_finding_and_time_travel(held: Office) -> None:
    for key in (("--party", "lantern cloud COMPUTING"), ("--country", "China"),
                ("--reference", "SO-2"), ("--reference", "E-2")):  # fmt: skip
        found = held.ask("audit", "search", *key, by="Aud")
        assert {"subject": "lines", "id": 2} in found["records"]
        assert {"subject": "lines", "id": 1} not in found["records"]
        assert {entry["action"] for entry in found["entries"]} == {"line.enter", "line.evaluate"}
    found = held.ask("audit", "search", "--party", "lantern", by="Aud")
    assert (found["records"], found["near"]) == ([], ["lantern cloud computing"])
    assert "lantern cloud computing" in held.tell("audit", "search", "--party", "lantern", by="Aud")
    page = held.ask("audit", "search", "--party", "NVIDIA", "--limit", "1", by="Aud")
    rest = held.ask("audit", "search", "--party", "NVIDIA", "--after", str(page["after"]), by="Aud")
    assert len(page["entries"]) == 1
    assert rest["after"] is None
    with on_day(DAY.replace(day=21)):
        held.tell("edit", "E-2", "--set", "quantity=5", "--why", "the customer asked")
    changes = held.ask("audit", "history", "--line", "E-2", by="Aud")
    assert [one["action"] for one in changes][-2:] == ["line.edit", "line.evaluate"]
    assert changes[-2]["after"]["quantity"] == "5"
    assert "quantity: 100 -> 5" in held.tell("audit", "history", "--line", "E-2", by="Aud")
    then = held.ask("audit", "history", "--line", "E-2", "--at", DAY.isoformat(), by="Aud")
    assert then["record"]["quantity"] == "100"
    assert then["answered"]["verdict"]["outcome"] == "licence_required"


def test_legal_holds_and_retention(held: Office) -> None:
    told = held.ask("audit", "legal-hold", "place", "BIS asked", "--line", "E-1", by="Aud")
    assert (told["subject"], told["subject_id"]) == ("lines", 1)
    assert "line E-1" in held.tell("audit", "legal-hold", "list", by="Aud")
    held.tell("cancel", "E-1", "--why", "no longer wanted")
    kept = held.ask("audit", "retention", "--line", "E-1", "--on", "2040-01-01", by="Aud")
    assert (kept[0]["until"], kept[0]["may_go"]) == ("2031-11-20", False)
    held.tell("audit", "legal-hold", "lift", "1", "--why", "over", by="Aud")
    assert held.ask("audit", "legal-hold", "list", by="Aud") == []
    assert len(held.ask("audit", "legal-hold", "list", "--all", by="Aud")) == 1
    assert "E-1" in held.tell("audit", "retention", "--on", "2040-01-01", by="Aud")
    assert held.ask("audit", "retention", by="Aud") == []
    assert len(held.ask("audit", "retention", "--all", by="Aud")) == 2
    held.tell("audit", "legal-hold", "place", "all of it", "--everything", by="Aud")
    assert "everything" in held.tell("audit", "legal-hold", "list", by="Aud")


def test_an_emergency(held: Office) -> None:
    assert "held by hand: a doubt" in held.tell("hold", "E-1", "a doubt", by="Ann")
    asked = held.ask("break-glass", "ask", "E-1", "--hold", "manual", "--why", "a hospital",
                     by="Per")  # fmt: skip
    assert (asked["state"], asked["line_state"]) == ("asked", "held")
    ident = str(asked["id"])
    told = held.ask("break-glass", "second", ident, "--why", "agreed", by="Ann")
    assert (told["state"], told["line_state"]) == ("open", "ready")
    assert "released" in held.tell("release", "E-1", by="Ari")
    with on_day(DAY.replace(day=22)):
        keep_invented(held.folder / "home", DAY.replace(day=22))
        (row,) = held.ask("break-glass", "list", "--due")
        assert row["report_due"] is True
        assert "break-glass 1: its report is due" in held.tell("licence", "reminders")
        told = held.ask("break-glass", "report", ident, "what was done", by="Per")
    assert (told["state"], told["line_state"]) == ("reported", "held")
    assert held.ask("break-glass", "list", "--due") == []
    again = held.ask("break-glass", "ask", "E-1", "--hold", "manual", "--why", "x", by="Per")
    assert held.ask("break-glass", "end", str(again["id"]), "--why", "no", by="Ann")["state"] \
        == "ended"  # fmt: skip
    held.tell("lift", "E-1", "--why", "cleared", by="Ann")
    assert held.ask("show", "E-1")["line"]["state"] == "ready"


def test_the_night(held: Office) -> None:
    held.tell("release", "E-1", by="Ann")
    with on_day(DAY.replace(day=29)):  # the lists are nine days old, the release is over
        told = held.ask("reevaluate")
    assert (told["lines"], told["held_again"]) == (2, 1)
    rows = held.ask("worklist", "--hold", "lists_old")["lines"]
    assert [row["external_id"] for row in rows] == ["E-1", "E-2"]
    assert held.ask("look-backs") == []
    assert "a reason is needed" in held.fails("look-backs", "--close", "1", by="Ann")
    assert held.ask("worklist", "--summary")["states"] == {"held": 2}


def test_the_worklist_as_a_file(held: Office, tmp_path: Path) -> None:
    for name in ("w.csv", "w.xlsx"):
        assert "2 lines" in held.tell("worklist", "-o", str(tmp_path / name))
    assert "E-2" in (tmp_path / "w.csv").read_text()
    page = held.ask("worklist", "--limit", "1")
    assert (len(page["lines"]), page["after"]) == (1, 1)
    assert "and more: --after 1" in held.tell("worklist", "--limit", "1")
    assert "Nothing to do here." in held.tell("worklist", "--to", "FR")


def test_rejected_rows(held: Office, tmp_path: Path) -> None:
    path = held.file("more.csv", csv_of({**H20, "external_id": "E-3", "destination": "Atlantis"},
                                        {**H20, "external_id": "E-4"}))  # fmt: skip
    told = held.ask("import", path, code=1)
    assert (told["new"], told["rejected"]) == (1, 1)
    assert "Atlantis" in (tmp_path / "more.rejects.csv").read_text()
    assert told["rejects_file"] == str(tmp_path / "more.rejects.csv")


def test_several_lines_each_by_itself(held: Office) -> None:
    told = held.ask("release", "E-1", "E-2", "E-9", by="Ann", code=1)
    assert [one.get("state", "refused") for one in told] == ["released", "refused", "refused"]
    assert "a licence is required" in told[1]["error"]


def test_news_and_statements(held: Office) -> None:
    made = held.ask("evidence", "news", "E-2")["evidence"]
    assert made
    assert held.ask("evidence", "news", "E-2")["evidence"] == []
    told = held.ask("evidence", "list", "--line", "E-2")
    assert len(told["evidence"]) == len(made)
    assert told["best"]["rung"] < 6
    row = held.ask("evidence", "withdraw", str(made[0]), "--why", "not about us")
    assert row["withdrawn"] is True
    assert "the firm" in held.tell("evidence", "record", "--rung", "0", "--on", "2026-11-01",
                                   "--source", "press") + held.tell("evidence", "list")  # fmt: skip
    told = held.ask("filing", "E-1")
    assert (told["code"], told["after_departure"]) == ("C33", None)
    assert held.ask("filing", "E-2")["code"] == ""


def test_people_settings_and_webhooks(held: Office, tmp_path: Path) -> None:
    row = held.ask("people", "add", "Zoe", "--role", "viewer", "--email", "z@example.com", by="Ada")
    ident = str(row["id"])
    changed = held.ask("people", "change", ident, "--role", "auditor", "--why", "x", by="Ada")
    assert changed["roles"] == ["auditor"]
    assert any(one["name"] == "Zoe" for one in held.ask("people", "list"))
    assert "'king' is no role" in held.fails("people", "add", "X", "--role", "king", by="Ada")
    assert held.ask("people", "invite", ident, by="Ada")["token"].startswith("kt_")
    assert held.ask("settings", "release_days", "3", "--why", "x", by="Rut")["release_days"] == 3
    assert "from 0 to 30" in held.fails("settings", "release_days", "99", by="Rut")
    add = ("webhook", "add", "https://example.com/hooks", "--event", "line.released")
    secret = tmp_path / "secret"
    assert held.ask(*add, "--keep", str(secret), by="Ada") == {
        "id": 1, "url": "https://example.com/hooks", "secret": None,
    }  # fmt: skip
    assert secret.read_text().startswith("whsec_")
    assert held.ask(*add, by="Ada")["secret"].startswith("whsec_")
    for url in ("http://example.com/x", "https://127.0.0.1/x", "https://localhost/x"):
        assert held.fails("webhook", "add", url, by="Ada")
    held.tell("release", "E-1", by="Ann")
    (row,) = held.ask("webhook", "deliveries", "1", "--state", "waiting", by="Ada")
    assert row["event"] == "line.released"
    told = held.fails("webhook", "deliveries", "1", "--replay", str(row["id"]), by="Ada")
    assert "waits already" in told
    assert held.ask("webhook", "change", "1", "--off", by="Ada")["active"] is False
    assert [one["active"] for one in held.ask("webhook", "list", by="Ada")] == [False, True]
    assert "secret" not in held.run("webhook", "list", "--json", by="Ada").out
