"""Legal hold: an agency has asked, and nothing of the subject may be destroyed, however old.

A hold may be put on an order line, a licence, an application, or on everything (15 CFR 762.6).
It reaches whatever belongs to the same transaction.
"""

from __future__ import annotations

from sqlalchemy import Connection

from klartecken.desk.errors import Refused
from klartecken.desk.storage.columns import storable
from klartecken.desk.storage.tables import METADATA
from klartecken.desk.storage.tables.orders import LINES
from klartecken.desk.storage.tables.records import LEGAL_HOLDS
from klartecken.desk.work import Row, Work, find
from klartecken.errors import InputError

EVERYTHING = "general"
SUBJECTS = ("lines", "licences", "applications", EVERYTHING)
LONGEST = 4000


def place(work: Work, subject: str, ident: int, reason: str) -> int:
    """Put a hold on a record, or on everything; its id.

    Args:
        subject: ``lines``, ``licences``, ``applications``, or ``general`` for everything.
        ident: id of the record; 0 for everything.

    Raises:
        Forbidden: not by an auditor.
        InputError: no such kind of record, or no reason.
        NotFound: no such record.
    """
    work.require("legal_hold.set")
    if subject not in SUBJECTS:
        raise InputError(f"a legal hold cannot be put on {subject!r}", where="subject",
                         next_step="Use " + ", ".join(SUBJECTS))  # fmt: skip
    if subject == EVERYTHING:
        ident = 0
    else:
        work.get(METADATA.tables[subject], ident)
    why = read_reason(reason, "reason")
    held = work.insert(LEGAL_HOLDS, "legal_hold.place", {
        "subject": subject, "subject_id": ident, "reason": why, "placed_at": work.now,
        "placed_by": work.person.id, "lifted_at": None, "lifted_by": None, "lifted_why": "",
    }, why)  # fmt: skip
    if subject == "lines":
        work.update(LINES, ident, "legal_hold.place", {"legal_hold": True}, why)
    work.tell("legal_hold.placed", {"legal_hold": held, "subject": subject, "subject_id": ident})
    return held


def lift(work: Work, ident: int, why: str, expected: int | None = None) -> Row:
    """Lift a hold; the row as it is now.

    Raises:
        Forbidden: not by an auditor.
        InputError: no reason.
        NotFound: no such hold.
        Refused: it is lifted already.
        Stale: ``expected`` is not its version.
    """
    work.require("legal_hold.set")
    why = read_reason(why, "why")
    row = work.get(LEGAL_HOLDS, ident)
    if row["lifted_at"] is not None:
        raise Refused("this legal hold is lifted already")
    row = work.update(LEGAL_HOLDS, ident, "legal_hold.lift", {
        "lifted_at": work.now, "lifted_by": work.person.id, "lifted_why": why,
    }, why, expected)  # fmt: skip
    subject, held = row["subject"], row["subject_id"]
    if subject == "lines" and not open_holds(work.connection, subject, held):
        work.update(LINES, held, "legal_hold.lift", {"legal_hold": False}, why)
    work.tell("legal_hold.lifted", {"legal_hold": ident, "subject": subject, "subject_id": held})
    return row


def open_holds(
    connection: Connection, subject: str | None = None, ident: int | None = None
) -> list[Row]:
    """The holds that are not lifted: all, or those on a record."""
    equal = {name: value for name, value in (("subject", subject), ("subject_id", ident))
             if value is not None}  # fmt: skip
    return find(connection, LEGAL_HOLDS, LEGAL_HOLDS.c.lifted_at.is_(None), **equal)


def read_reason(text: str, where: str, longest: int = LONGEST) -> str:
    """A reason in words.

    Raises:
        InputError: there is none, or it is too long or cannot be stored.
    """
    reason = storable(text.strip())
    if not reason:
        raise InputError("a reason is needed", where=where)
    if len(reason) > longest:
        raise InputError(f"has {len(reason)} characters, more than {longest}", where=where)
    return reason
