"""Licences, conditions, caps and applications by commands."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.desk.office import H20, Office, csv_of, licence
from tests.house.program import klartecken

PDF = b"%PDF-1.4 invented"


@pytest.fixture
def held(office: Office) -> Office:
    """A desk with an H20 line, and a licence in hand and verified for it."""
    office.tell("import", office.file("orders.csv", csv_of(H20)))
    conditions = [
        {"kind": "reporting", "text": "Report each shipment", "due_on": "2026-12-10",
         "recurs": "quarterly"},
        {"kind": "no_resale", "text": "No resale", "binds": "Lantern Cloud Computing"},
    ]  # fmt: skip
    paper = office.file("licence.json", licence(conditions=conditions))
    office.tell("licence", "register", paper, "--document", office.file("l.pdf", PDF), "--in-hand",
                "2026-11-05", by="Liv")  # fmt: skip
    office.tell("licence", "verify", "D1234567", "--why", "compared", by="Ann")
    return office


def codes(office: Office) -> list[str]:
    return [hold["code"] for hold in office.ask("show", "E-2")["line"]["holds"]]


def test_what_happens_to_a_licence_reaches_its_lines(held: Office) -> None:
    held.tell("assign", "E-2", "--licence", "D1234567", by="Liv")
    held.tell("approve", "E-2", "--why", "fits", by="Ann")
    assert codes(held) == ["licence_conditions", "end_user_statement"]
    held.tell("condition", "close", "3", "--evidence", "letter", "--file",
              held.file("told.txt", "told"), by="Liv")  # fmt: skip
    assert codes(held) == ["end_user_statement"]
    told = held.ask("licence", "event", "D1234567", "suspend", "--why", "BIS said so", by="Liv")
    assert (told["state"], [line["state"] for line in told["lines"]]) == ("suspended", ["held"])
    assert "licence_not_covering" in codes(held)
    letter = ("--letter", held.file("letter.pdf", PDF + b"2"), "--letter-on", "2026-11-19")
    told = held.ask("licence", "event", "D1234567", "reinstate", *letter, "--why", "x", by="Liv")
    assert told["state"] == "reinstated"
    assert "licence_not_covering" in codes(held)  # until it is verified anew
    held.tell("licence", "verify", "D1234567", "--why", "letter read", by="Ann")
    assert codes(held) == ["end_user_statement"]
    told = held.ask("licence", "event", "D1234567", "extend", "--until", "2031-08-31", *letter,
                    "--why", "extended", by="Liv")  # fmt: skip
    assert told["expires_on"] == "2031-08-31"
    assert held.ask("audit", "verify", by="Aud")["ok"] is True
    files = held.ask("licence", "show", "D1234567")["attachments"]
    assert [file["name"] for file in files] == ["l.pdf", "letter.pdf"]


def test_a_licence_that_is_not_in_hand_yet(office: Office) -> None:
    paper = office.file("l.yaml", (
        "number: D1\nholder: NVIDIA\ndestination: NO\nend_use: commercial\nissued_on: 2026-11-02\n"
        "expires_on: 2030-08-31\nlines:\n- {item: nvidia-h20, quantity: 5, unit: pieces,\n"
        "   value: 62500.00, currency: USD}\nparties:\n- {role: '', name: Fjord AS, country: NO}\n"
    ))  # fmt: skip
    told = office.tell("licence", "register", paper, by="Liv")
    assert "it is not in hand and releases nothing" in told
    assert office.ask("licence", "list")[0]["destination"] == "NO"
    row = office.ask("licence", "edit", "D1", "--document", office.file("l.pdf", PDF), "--in-hand",
                     "2026-11-19", "--why", "it arrived", by="Liv")  # fmt: skip
    assert (row["in_hand_on"], row["document_name"]) == ("2026-11-19", "l.pdf")
    shown = office.tell("licence", "show", "#1")
    assert "value: 68750 USD = 0 reserved + 0 shipped + 68750 left" in shown
    line = office.ask("licence", "show", "D1")["lines"][0]["id"]
    change = office.file("c.yaml", f"lines:\n- {{id: {line}, quantity: 6, value: 75000}}\n")
    office.tell("licence", "edit", "D1", change, "--why", "misread", by="Liv")
    assert office.ask("licence", "show", "D1")["lines"][0]["quantity"] == "6"


def test_what_is_due(held: Office) -> None:
    told = held.ask("licence", "reminders")
    assert [one["what"] for one in told["licences"]] == ["condition"]
    later = held.tell("licence", "reminders", "--on", "2030-08-01")
    assert "D1234567 expires in 30 days, on 2030-08-31" in later
    assert "was due on 2026-12-10" in later
    rows = held.ask("condition", "list", "--licence", "D1234567")
    assert [row["kind"] for row in rows] == ["reporting", "no_resale", "communicate"]
    row = held.ask("condition", "close", "1", "--evidence", "report of 20 November", by="Liv")
    assert (row["state"], row["next"]) == ("met", 4)
    assert held.ask("condition", "close", "1", "--reopen", "--why", "misfiled", by="Liv")["state"] \
        == "open"  # fmt: skip
    assert "may not do that" in held.fails("condition", "close", "2", "--end", "--why", "x",
                                           by="Liv")  # fmt: skip
    assert held.ask("condition", "close", "2", "--end", "--why", "750.7(i)", by="Ann")["state"] \
        == "ended"  # fmt: skip
    assert len(held.ask("condition", "list", "--all")) == 4


def test_reconciling_with_the_report(held: Office) -> None:
    report = held.file("aes.csv", "licence,itn,quantity,value\nD1234567,X1,1,12500\n")
    (found,) = held.ask("licence", "reconcile", report, code=1)
    assert (found["kind"], found["report"]) == ("not_at_desk", "1 at 12500")
    assert "not at desk" in held.tell("licence", "reconcile", report, code=1)
    empty = held.file("empty.csv", "licence,itn,quantity,value\n")
    assert held.ask("licence", "reconcile", empty) == []
    assert "say the same" in held.tell("licence", "reconcile", empty)


def test_caps(held: Office) -> None:
    cap = {"name": "H20", "item": "nvidia-h20", "percent": 50, "destinations": ["CN", "MO"],
           "reference": ["US"], "cite": "(dd)(1)(iii)"}  # fmt: skip
    row = held.ask("cap", "add", held.file("cap.json", cap), "--why", "the rule", by="Liv")
    assert (row["percent"], row["destinations"]) == (50, ["CN", "MO"])
    assert "Nothing" not in held.tell("cap", "list")
    held.tell("reevaluate")
    assert "cap" in codes(held)


APPLICANT = {"name": "NVIDIA", "address": "1 Example Way", "country": "US",
             "contact": "Pia Example", "telephone": "+1 555 0100"}  # fmt: skip
FILLED = (
    "application_type=export", "contact.name=Pia Example", "contact.telephone=+1 555 0100",
    "end_use=Training of language models", "certifier.name=Pia Example", "certifier.title=Officer",
    "laden_or_exported=false", "lines[0].eccn=3A090.b", "lines[0].performance=TPP 2368",
    "parties[1].address=1 Lantern Road", "parties[1].forwarder=false",
    "parties[2].address=1 Lantern Road", "parties[2].forwarder=false",
)  # fmt: skip


def ready(office: Office) -> None:
    """An application for E-2, approved within the firm."""
    office.tell("application", "prefill", "E-2", "--applicant", office.file("us.json", APPLICANT))
    pairs = [part for pair in FILLED for part in ("--set", pair)]
    office.tell("application", "edit", "A-00001", *pairs)
    items = [item["id"] for item in office.ask("application", "show", "A-00001")["checklist"]]
    office.tell("application", "tick", "A-00001", *items, "--evidence", "file 7")
    office.tell("application", "ask-approval", "A-00001")
    office.tell("application", "approve", "A-00001", "--why", "read", by="Ann")


def test_the_way_of_an_application(held: Office, tmp_path: Path) -> None:
    ready(held)
    for name in ("s.html", "s.csv"):
        told = held.ask("application", "sheet", "A-00001", "-o", str(tmp_path / name))
        assert told["blocking"] == 0
    assert "Lantern Cloud Computing" in (tmp_path / "s.html").read_text()
    cells = list(csv.DictReader(io.StringIO((tmp_path / "s.csv").read_text())))
    assert [row["value"] for row in cells if row["block"] == "22(a)"] == ["3A090.b"]
    event = ("application", "event", "A-00001")
    held.tell(*event, "submit", by="Liv")
    row = held.ask(*event, "register", "--acn", "Z123456", by="Liv")
    assert (row["state"], row["acn"]) == ("registered", "Z123456")
    statuses = held.file("statuses.csv", "Z123456, Referred, 2026-11-20\nZ9, Granted, 2026-11-20\n")
    told = held.ask("application", "statuses", statuses, by="Liv", code=1)
    assert [one["result"] for one in told] == ["applied", "rejected"]
    told = held.ask("application", "statuses", statuses, by="Liv", code=1)
    assert [one["result"] for one in told] == ["unchanged", "rejected"]
    late = held.ask("application", "list", "--on", "2027-06-01", "--state", "pending")
    (row,) = late["applications"]
    assert {due["code"] for due in row["overdue"]} >= {"agency_recommendation", "resolution"}
    assert "OVERDUE" in held.tell("application", "show", "Z123456", "--on", "2027-06-01")
    made = held.ask("application", "change", "A-00001", "the consignee has a new owner")
    assert codes(held)[:1] == ["licence_required"]
    assert "notify_bis" in codes(held)
    held.tell("condition", "close", str(made["conditions"][0]), "--evidence", "letter", by="Liv")
    assert "notify_bis" not in codes(held)
    told = held.tell(*event, "grant", by="Liv")
    assert "Nothing may ship on it yet" in told
    assert codes(held)[:1] == ["licence_required"]  # granted, and nothing is released
    best = held.ask("evidence", "list", "--application", "A-00001")["best"]
    assert best["rung"] is None or best["rung"] < 6
    out = str(tmp_path / "a.zip")
    held.tell("audit", "bundle", "--application", "Z123456", "-o", out, by="Aud")
    assert "as it was made" in klartecken("desk", "audit", "check-bundle", out).out


def test_a_return_is_neither_denied_nor_free(held: Office) -> None:
    ready(held)
    event = ("application", "event", "A-00001")
    held.tell(*event, "submit", "--acn", "Z123456", by="Liv")
    held.tell(*event, "register", by="Liv")
    assert "needs its reason" in held.fails(*event, "return", by="Liv")
    told = held.tell(*event, "return", "--code", "deficiency", by="Liv")
    assert "says nothing about any line" in told
    assert codes(held)[:1] == ["licence_required"]
    row = held.ask("application", "resubmit", "Z123456")
    assert (row["reference"], row["form"]["resubmission_of"]) == ("A-00002", "Z123456")


def test_an_edit_lets_the_approval_lapse(held: Office) -> None:
    ready(held)
    row = held.ask("application", "edit", "A-00001", "--set", "end_use=Something else")
    assert row["state"] == "draft"
    assert "cannot happen" in held.fails("application", "event", "A-00001", "submit", by="Liv")
    held.tell("application", "attach", "A-00001", held.file("spec.pdf", PDF), "--kind",
              "technical_specification", "--submitted")  # fmt: skip
    findings = held.ask("application", "show", "A-00001")["findings"]
    assert "document_unsaid" in {found["code"] for found in findings}
    held.tell("application", "edit", "A-00001", "--set",
              "documents_submitted=technical_specification")  # fmt: skip
    told = held.ask("application", "show", "A-00001")
    assert "document_unsaid" not in {found["code"] for found in told["findings"]}


def test_statuses_that_are_pasted(held: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    ready(held)
    text = b"A-00001; Submitted; Nov 20, 2026\nA-00001; Received; Nov 20, 2026; Z654321\n"
    pasted: Any = io.TextIOWrapper(io.BytesIO(text), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", pasted)
    told = held.ask("application", "statuses", "-", by="Liv")
    assert [(one["result"], one["state"]) for one in told] == [
        ("applied", "submitted"), ("applied", "registered"),
    ]  # fmt: skip


def test_a_form_of_ones_own(office: Office) -> None:
    form = office.file("form.yaml", (
        "application_type: export\nship_from: US\nlines:\n- {eccn: 3A090.b, quantity: 3,\n"
        "   unit: pieces, unit_price: 12500.50}\n"
    ))  # fmt: skip
    row = office.ask("application", "new", form, "--reference", "OURS-1", "--policy",
                     "presumption_of_denial", "--path", "january_2026", by="Liv")  # fmt: skip
    assert (row["reference"], row["form"]["lines"][0]["unit_price"]) == ("OURS-1", "12500.5")
    assert any(item["id"].startswith("january_2026") for item in row["checklist"])
    row = office.ask("application", "edit", "OURS-1", form, "--set", "contact.name=Liv", by="Liv")
    assert row["form"]["total_value"] == "37501.5"
    told = office.fails("application", "new", office.file("bad.json", {
        "lines": [{"quantity": 1.5, "unit_price": "x"}], "nonsense": 1,
    }))  # fmt: skip
    assert "lines[0].unit_price" in told
    assert "nonsense" in told
