"""The ladder of evidence: what says that a licence exists, or will.

Rumour, statement, assurance, application, pending, approved: rungs 0 to 5 move forecasts and
nothing else. The sixth is never recorded here: it is a licence of this desk, registered,
verified by a second person, in hand and in force. No record of this table releases a shipment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from klartecken.desk.errors import Refused
from klartecken.desk.licences import fields
from klartecken.desk.licences.content import read_whole, verified
from klartecken.desk.licences.cover import Scope, standing
from klartecken.desk.storage.tables.applications import APPLICATIONS
from klartecken.desk.storage.tables.licences import LICENCE_LINES, LICENCES
from klartecken.desk.storage.tables.orders import LINES
from klartecken.desk.storage.tables.records import EVIDENCE
from klartecken.desk.work import Row, Work, find, get
from klartecken.errors import InputError
from klartecken.facts.events import RUNGS

RUNG = "rung"
TOP = 6
GENERAL = "general"  # about no single record
SUBJECTS = {table.name: table for table in (LINES, APPLICATIONS, LICENCES)}
#: Papers beside the ladder that some lines need: kind -> what it is.
PAPERS: dict[str, str] = {
    "end_user_statement": "end-user statement sealed by China's commerce ministry (748.10(a))",
    "eus_exempt": "why no end-user statement is needed (748.9(c))",
    "uvl_statement": "signed statement of a party on the Unverified List (744.15(b))",
    "nac_notice": "notification for exception NAC (740.8)",
    "nac_number": "number that BIS gave the notification, without objection (740.8)",
    "purchase_order": "written purchase order (740.8)",
    "single_end_user": "one ultimate consignee and end user, no distributor (740.8)",
    "nac_six_items": "at most six items in the notification (740.8)",
}
#: What is known of goods that went on, or elsewhere: their records are kept from that day (762.6).
ONWARD: dict[str, str] = {
    "reexport": "known reexport of goods shipped",
    "diversion": "known diversion of goods shipped",
}
WITH_FILE = ("end_user_statement", "uvl_statement")  # the paper itself must be there


@dataclass(frozen=True, slots=True)
class Best:
    """The highest rung reached.

    Attributes:
        rung: 0 to 6, or None where nothing is recorded.
        title: of the rung, in words.
        verified: by a second person.
        evidence: the record, for rungs 0 to 5.
        licence: number of the licence, for the sixth.
    """

    rung: int | None
    title: str
    verified: bool
    evidence: Row | None
    licence: str = ""


def record(
    work: Work, subject: str, ident: int, *, rung: int | None = None, kind: str = RUNG,
    on: date | str, known_from: date | str | None = None, text: str = "", source: str,
    event: str = "", sha256: str = "", party: str = "",
) -> int:  # fmt: skip
    """Record a step of the ladder, or a paper; its id. It cannot be edited, only withdrawn.

    Args:
        subject, ident: ``lines``, ``applications`` or ``licences`` and an id; or ``general``, 0.
        rung: 0 to 5, of a step of the ladder.
        kind: ``rung``, or one of :data:`PAPERS` or :data:`ONWARD`.
        on: when it happened; known_from: when we knew (by default the same day).
        source: where it is known from.
        party: whose statement it is.

    Raises:
        Refused: the sixth rung.
        InputError, Forbidden, NotFound: as usual.
    """
    work.require("evidence.record")
    if rung == TOP and kind == RUNG:
        raise Refused("the sixth rung is a licence in hand, and not a record of evidence",
                      next_step="Register the licence, and have it verified")  # fmt: skip
    where = _subject(work, subject, ident)
    said = {"on": on, "known_from": known_from or on, "text": text, "source": source,
            "sha256": sha256, "party": party, "event": event, "kind": kind}  # fmt: skip
    held = {
        **where, "kind": fields.one_of(said, "kind", (RUNG, *PAPERS, *ONWARD)),
        "rung": _rung(kind, rung),
        "on": fields.needed_day(said, "on"), "known_from": fields.needed_day(said, "known_from"),
        "text": fields.prose(said, "text"), "source": fields.name(said, "source", need=True),
        "event": fields.name(said, "event"), "party": fields.name(said, "party"),
        "sha256": fields.sha256(said, "sha256", need=kind in WITH_FILE),
        "recorded_by": work.person.id, "verified_by": None, "withdrawn": False,
    }  # fmt: skip
    _days(work, held)
    return work.insert(EVIDENCE, "evidence.record", held)


def _subject(work: Work, subject: str, ident: int) -> dict[str, Any]:
    if subject == GENERAL and ident == 0:
        return {"subject": GENERAL, "subject_id": 0}
    if subject not in SUBJECTS:
        raise InputError(f"{str(subject)[:40]!r} is nothing that evidence is about",
                         where="subject",
                         next_step="Use " + ", ".join(SUBJECTS) + ", or general and 0")  # fmt: skip
    work.get(SUBJECTS[subject], ident)
    return {"subject": subject, "subject_id": ident}


def _rung(kind: str, rung: int | None) -> int | None:
    if kind != RUNG:
        if rung is not None:
            raise InputError("a paper is no rung", where="rung")
        return None
    if isinstance(rung, bool) or rung not in RUNGS:
        raise InputError("is no rung", where="rung", next_step="Use 0 to 5")
    return rung


def _days(work: Work, held: Mapping[str, Any]) -> None:
    if held["on"] > work.today or held["known_from"] > work.today:
        raise InputError("lies in the future", where="on" if held["on"] > work.today
                         else "known_from")  # fmt: skip
    if held["known_from"] < held["on"]:
        raise InputError("it was known before it happened", where="known_from")


def verify(work: Work, ident: int, why: str, expected: int | None = None) -> Row:
    """Say that a record is what its source says; by a second person.

    Raises:
        Refused: by who recorded it, withdrawn, or verified already.
        InputError, Forbidden, NotFound, Stale: as usual.
    """
    work.require("evidence.verify")
    row = work.get(EVIDENCE, ident)
    if row["withdrawn"] or row["verified_by"] is not None:
        raise Refused("it is withdrawn" if row["withdrawn"] else "it is verified already")
    if row["recorded_by"] == work.person.id:
        raise Refused("who recorded it cannot verify it", next_step="Ask a second person")
    row = work.update(EVIDENCE, ident, "evidence.verify", {"verified_by": work.person.id},
                      fields.reason(why), expected)  # fmt: skip
    work.tell("evidence.verified", _told(row))
    return row


def withdraw(work: Work, ident: int, why: str, expected: int | None = None) -> Row:
    """Say that a record no longer counts; it stays to be read.

    Raises:
        Refused: withdrawn already.
        InputError, Forbidden, NotFound, Stale: as usual.
    """
    if not work.person.may("evidence.verify"):
        work.require("evidence.record")
    row = work.get(EVIDENCE, ident)
    if row["withdrawn"]:
        raise Refused("it is withdrawn already")
    row = work.update(EVIDENCE, ident, "evidence.withdraw", {"withdrawn": True},
                      fields.reason(why), expected)  # fmt: skip
    work.tell("evidence.withdrawn", _told(row))
    return row


def _told(row: Row) -> dict[str, Any]:
    return {"evidence": row["id"], "subject": row["subject"], "subject_id": row["subject_id"],
            "kind": row["kind"]}  # fmt: skip


def best(connection: Connection, subject: str, ident: int, day: date | None = None) -> Best:
    """The highest rung that a line, an application or a licence has reached.

    Args:
        day: what was known by then; None: everything that is recorded.

    Raises:
        NotFound: no such record.
    """
    number = _in_hand(connection, subject, ident, day)
    if number:
        return Best(TOP, RUNGS[TOP], True, None, number)
    rows = [
        row for row in find(connection, EVIDENCE, subject=subject, subject_id=ident, kind=RUNG)
        if not row["withdrawn"] and row["rung"] is not None and 0 <= row["rung"] < TOP
        and (day is None or row["known_from"] <= day)
    ]  # fmt: skip
    if not rows:
        return Best(None, "nothing is recorded", False, None)
    top = max(rows, key=lambda row: (row["rung"], row["verified_by"] is not None, row["id"]))
    return Best(top["rung"], RUNGS[top["rung"]], top["verified_by"] is not None, top)


def _in_hand(connection: Connection, subject: str, ident: int, day: date | None) -> str:
    """The number of a licence that is the sixth rung for a record, or nothing."""
    if subject == LICENCES.name:
        licences = [ident]
    elif subject == APPLICATIONS.name:
        get(connection, APPLICATIONS, ident)
        licences = [row["id"] for row in find(connection, LICENCES, application=ident)]
    elif subject == LINES.name:
        held = get(connection, LINES, ident)["licence_line"]
        licences = [] if held is None else [get(connection, LICENCE_LINES, held)["licence"]]
    else:
        licences = []
    for licence in licences:
        whole = read_whole(connection, licence)
        scope = Scope(whole, verified(connection, whole) is not None)
        row = whole.licence
        at = day or max(row["issued_on"], row["in_hand_on"] or row["issued_on"])
        if not any(standing(scope, at)):
            return str(row["number"])
    return ""
