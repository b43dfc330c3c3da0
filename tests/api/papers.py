"""What the tests of all endpoints need of those on licences, applications, evidence, records."""

from __future__ import annotations

from typing import Any

from klartecken.desk.applications.records import create
from klartecken.desk.attachments import add
from klartecken.desk.evidence.ladder import record
from klartecken.desk.licences.caps import set_cap
from klartecken.desk.licences.licence import register
from klartecken.desk.storage.tables.orders import LINES
from klartecken.desk.work import Work
from tests.desk.applications.make import ready
from tests.desk.licences.world import LETTER, licence, put_line

FILES = {"applications": "application.edit", "lines": "line.edit", "licences": "licence.register",
         "conditions": "condition.close", "evidence": "evidence.record"}  # fmt: skip
NEEDS: dict[tuple[str, str], str] = {
    ("GET", "/licences"): "view",
    ("POST", "/licences"): "licence.register",
    ("GET", "/licences/reminders"): "view",
    ("GET", "/licences/{ident}"): "view",
    ("PATCH", "/licences/{ident}"): "licence.change",
    ("POST", "/licences/{ident}/events"): "licence.change",
    ("POST", "/licences/{ident}/extension"): "licence.change",
    ("POST", "/licences/{ident}/transfer"): "licence.change",
    ("GET", "/licences/{ident}/movements"): "view",
    ("GET", "/licence-lines/{ident}/cover"): "view",
    ("GET", "/lines/{ident}/licence-lines"): "view",
    ("GET", "/lines/{ident}/filing"): "view",
    ("POST", "/licences/reconciliation"): "view",
    ("GET", "/conditions"): "view",
    ("POST", "/conditions"): "licence.change",
    ("GET", "/conditions/due"): "view",
    ("POST", "/conditions/notify-bis"): "hold.place",
    ("GET", "/conditions/{ident}"): "view",
    ("POST", "/conditions/{ident}/meet"): "condition.close",
    ("POST", "/conditions/{ident}/end"): "licence.verify",
    ("POST", "/conditions/{ident}/reopen"): "condition.close",
    ("GET", "/caps"): "view",
    ("POST", "/caps"): "cap.edit",
    ("GET", "/caps/{ident}"): "view",
    ("PATCH", "/caps/{ident}"): "cap.edit",
    ("GET", "/caps/{ident}/left"): "view",
    ("GET", "/applications"): "view",
    ("POST", "/applications"): "application.edit",
    ("POST", "/applications/prefill"): "application.edit",
    ("POST", "/applications/statuses"): "application.file",
    ("GET", "/applications/{ident}"): "view",
    ("PATCH", "/applications/{ident}"): "application.edit",
    ("POST", "/applications/{ident}/approval"): "application.ask_approval",
    ("POST", "/applications/{ident}/events"): "application.file|application.edit",
    ("POST", "/applications/{ident}/ticks"): "application.edit",
    ("POST", "/applications/{ident}/material-change"): "application.edit",
    ("POST", "/applications/{ident}/resubmission"): "application.edit",
    ("GET", "/checklists"): "view",
    ("GET", "/overdue-applications"): "view",
    ("GET", "/applications/{ident}/findings"): "view",
    ("GET", "/applications/{ident}/clock"): "view",
    ("GET", "/applications/{ident}/sheet.html"): "view",
    ("GET", "/applications/{ident}/sheet.csv"): "view",
    ("GET", "/evidence"): "view",
    ("POST", "/evidence"): "evidence.record",
    ("GET", "/evidence/best"): "view",
    ("GET", "/evidence/events"): "view",
    ("POST", "/evidence/events"): "evidence.record",
    ("GET", "/evidence/{ident}"): "view",
    ("POST", "/evidence/{ident}/verify"): "evidence.verify",
    ("POST", "/evidence/{ident}/withdraw"): "evidence.record|evidence.verify",
    **{("GET", f"/{name}/{{ident}}/attachments"): "view" for name in FILES},
    **{("POST", f"/{name}/{{ident}}/attachments"): needed for name, needed in FILES.items()},
    **{("POST", f"/{name}/{{ident}}/attachments/{{attachment}}/remove"): needed
       for name, needed in FILES.items()},
    ("GET", "/attachments/{ident}"): "view",
    ("GET", "/attachments/{ident}/content"): "view",
    ("GET", "/records/search"): "audit.read",
    ("GET", "/records/named"): "audit.read",
    ("GET", "/records/spellings"): "audit.read",
    ("GET", "/records/anchor"): "audit.read",
    ("GET", "/records/verification"): "audit.read",
    ("GET", "/records/lines/{ident}/answered"): "audit.read",
    ("GET", "/records/{subject}/{ident}/transaction"): "audit.read",
    ("GET", "/records/{subject}/{ident}/history"): "audit.read",
    ("GET", "/records/{subject}/{ident}/as-of"): "audit.read",
    ("GET", "/bundle"): "audit.read",
    ("GET", "/keeping"): "audit.read",
    ("GET", "/keeping/{subject}/{ident}"): "audit.read",
    ("GET", "/legal-holds"): "audit.read",
    ("POST", "/legal-holds"): "legal_hold.set",
    ("GET", "/legal-holds/{ident}"): "audit.read",
    ("POST", "/legal-holds/{ident}/lift"): "legal_hold.set",
}  # fmt: skip

CONDITION = {"text": "Report the installation", "kind": "reporting", "why": "x"}
CAP = {"name": "half", "item": "nvidia-h20", "destinations": ["CN"], "reference": ["US"],
       "percent": 50, "why": "x"}  # fmt: skip
RUNG = {"subject": "general", "subject_id": 0, "rung": 1, "on": "2025-07-14", "source": "a page"}


def likely(number: int) -> dict[str, dict[str, Any]]:
    """Bodies that fit, by address; some with a number that makes them differ."""
    why = {"why": "x"}
    return {
        "/licences": licence(f"D{number}"), "/licences/{ident}": {**why, "riders": f"r{number}"},
        "/licences/{ident}/events": {**why, "event": "suspend"},
        "/licences/{ident}/extension": {**why, "until": "2029-12-31", "letter": LETTER},
        "/licences/{ident}/transfer": {**why, "to": "Example GmbH", "approval": LETTER},
        "/conditions": {**CONDITION, "licence": 1, "due_on": "2025-08-01", "recurs": "monthly"},
        "/conditions/notify-bis": {"text": "an owner", "licence": 1},
        "/conditions/{ident}/meet": {"evidence": "a letter"}, "/conditions/{ident}/end": why,
        "/conditions/{ident}/reopen": why, "/caps": {**CAP, "name": f"cap {number}"},
        "/caps/{ident}": {**why, "percent": 40}, "/applications": {"form": ready()},
        "/applications/{ident}": {"form": {"end_use": f"use {number}"}},
        "/applications/prefill": {"line": 1}, "/applications/{ident}/approval": why,
        "/applications/{ident}/events": {**why, "event": "withdraw"},
        "/applications/{ident}/ticks": {"item": "common.acn", "evidence": "x"},
        "/applications/{ident}/material-change": {"what": "an owner"},
        "/applications/{ident}/resubmission": {"reference": f"R{number}"},
        "/evidence": RUNG, "/evidence/events": {"subject": "licences", "subject_id": 1},
        "/evidence/{ident}/verify": why, "/evidence/{ident}/withdraw": why,
        "/legal-holds": {"subject": "licences", "subject_id": 1, "reason": "x"},
        "/legal-holds/{ident}/lift": why,
        **{f"/{name}/{{ident}}/attachments/{{attachment}}/remove": why for name in FILES},
    }  # fmt: skip


NAMES = ["number", "lines", "parties", "conditions", "letters", "issued_on", "expires_on",
         "in_hand_on", "document_sha256", "holder", "destination", "quantity", "value", "event",
         "letter", "until", "version", "form", "paths", "line", "licence", "due_on", "recurs",
         "percent", "destinations", "reference", "outside_capped", "subject", "subject_id",
         "kind", "rung", "known_from", "source", "sha256", "acn", "reason_code", "what",
         "evidence", "item", "done", "reason", "replaces", "application", "order"]  # fmt: skip
QUERIES = ["on", "at", "within", "kind", "part", "subject", "subject_id", "reference", "country",
           "order", "application", "head", "start", "until", "since", "line", "name", "on_file",
           "newest_first", "withdrawn", "destination", "expires_by"]  # fmt: skip


def stock(work: Work) -> None:
    """One or two records of each kind, so that what is asked of ids 1 and 2 is asked of them."""
    for number in (1, 2):
        put_line(work, number)
        register(work, licence(f"D{9000 + number}", conditions=[{"text": "Report"}]))
        create(work, ready(narrative=f"number {number}"))
        record(work, "lines", number, rung=2, on=work.today, source="a page")
        set_cap(work, {name: CAP[name] for name in CAP if name != "why"}, "x")
        add(work, LINES, number, name=f"{number}.txt", body=b"x")
