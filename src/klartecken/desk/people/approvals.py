"""Four eyes: what one person prepared and another one approved.

An approval is bound to the content that was approved. Whoever asks whether something is
approved gives its content as it is now: an edit lets the approval lapse without anybody
having to think of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Table

from klartecken.desk.errors import Refused
from klartecken.desk.storage.tables.people import APPROVALS
from klartecken.desk.work import Row, Work, find

ASKED, APPROVED, REFUSED, LAPSED = "asked", "approved", "refused", "lapsed"


def ask(work: Work, table: Table, ident: int, what: str, content: str, why: str = "") -> int:
    """Ask for an approval; an earlier one of the same thing lapses. Its id."""
    for row in _open(work.connection, table, ident, what):
        work.update(APPROVALS, row["id"], "approvals.lapse", {"state": LAPSED}, "asked anew")
    ident_of = work.insert(APPROVALS, "approvals.ask", {
        "subject": table.name, "subject_id": ident, "what": what, "content": content,
        "prepared_by": work.person.id, "prepared_at": work.now, "state": ASKED,
        "decided_by": None, "decided_at": None, "why": why,
    })  # fmt: skip
    work.tell("approval.asked", {"approval": ident_of, "what": what, "subject": table.name,
                                 "subject_id": ident})  # fmt: skip
    return ident_of


def decide(
    work: Work, ident: int, approve: bool, why: str, content: str,
    authors: Iterable[int] = (), permission: str = "approve", expected: int | None = None,
) -> Row:  # fmt: skip
    """Approve or refuse what another person prepared.

    Args:
        content: hash of what it is about, as it is now.
        authors: further people who had a hand in it, and so may not approve it.

    Raises:
        Forbidden: the person may not approve.
        Refused: by its own author, without a reason, decided already, or edited meanwhile.
    """
    work.require(permission)
    row = work.get(APPROVALS, ident)
    if row["state"] != ASKED:
        raise Refused(f"this approval is already {row['state']}")
    if work.person.id in {row["prepared_by"], *authors}:
        raise Refused("who prepared it cannot approve it", next_step="Ask a second person")
    if not why.strip():
        raise Refused("a reason is needed", where="why")
    if row["content"] != content:
        work_state = "was edited after approval was asked for"
        raise Refused(work_state, next_step="Ask for approval again")
    return work.update(APPROVALS, ident, "approvals.approve" if approve else "approvals.refuse", {
        "state": APPROVED if approve else REFUSED, "decided_by": work.person.id,
        "decided_at": work.now, "why": why,
    }, why, expected)  # fmt: skip


def approved(
    connection: Connection, table: Table, ident: int, what: str, content: str
) -> Row | None:
    """The approval that counts for the content as it is now, or None."""
    rows = find(connection, APPROVALS, subject=table.name, subject_id=ident, what=what,
                state=APPROVED, content=content)  # fmt: skip
    return rows[-1] if rows else None


def lapse(work: Work, table: Table, ident: int, why: str, what: str | None = None) -> int:
    """Let all approvals of a record lapse, asked or given; how many."""
    rows = list(_open(work.connection, table, ident, what))
    return work.update_many(
        APPROVALS, "approvals.lapse", [(row, {"state": LAPSED}) for row in rows], why
    )


def lapse_of(work: Work, table: Table, idents: Sequence[int], why: str) -> int:
    """Let all approvals of many records lapse, asked or given; how many."""
    rows: list[Row] = []
    for first in range(0, len(idents), 500):
        rows += find(work.connection, APPROVALS, APPROVALS.c.state.in_((ASKED, APPROVED)),
                     APPROVALS.c.subject_id.in_(idents[first : first + 500]),
                     subject=table.name)  # fmt: skip
    return work.update_many(
        APPROVALS, "approvals.lapse", [(row, {"state": LAPSED}) for row in rows], why
    )


def _open(connection: Connection, table: Table, ident: int, what: str | None) -> list[Row]:
    rows = find(connection, APPROVALS, APPROVALS.c.state.in_((ASKED, APPROVED)),
                subject=table.name, subject_id=ident)  # fmt: skip
    return [row for row in rows if what is None or row["what"] == what]
