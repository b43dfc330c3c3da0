"""Four eyes: an application is approved within the firm before it is filed."""

from __future__ import annotations

from klartecken.desk.applications.reading import long_text
from klartecken.desk.applications.records import content_of, step
from klartecken.desk.applications.validate import files, findings, refuse_blocked
from klartecken.desk.errors import Refused
from klartecken.desk.machines.application import APPLICATION
from klartecken.desk.people import approvals
from klartecken.desk.storage.tables.applications import APPLICATIONS
from klartecken.desk.storage.tables.people import APPROVALS
from klartecken.desk.work import Row, Work, expect, find

WHAT = "application"


def ask_approval(work: Work, ident: int, why: str = "", expected: int | None = None) -> int:
    """Ask a second person to approve a draft as it is; the id of the approval.

    Raises:
        Refused: a finding blocks.
        IllegalEvent: it is no draft.
        Forbidden, NotFound, Stale: as usual.
    """
    work.require("application.ask_approval")
    row = work.get(APPLICATIONS, ident)
    expect(row, expected, APPLICATIONS.name)
    APPLICATION.move(row["state"], "ask_approval")
    refuse_blocked(findings(work.connection, row))
    return approvals.ask(work, APPLICATIONS, ident, WHAT, content_now(work, row),
                         long_text(why, "why"))  # fmt: skip


def decide(
    work: Work, ident: int, approve: bool, why: str, expected: int | None = None
) -> Row:  # fmt: skip
    """Approve a draft for filing, or send it back, with a reason. The application.

    Raises:
        Forbidden: the person may not approve.
        Refused: nobody asked, by one of its authors, without a reason, edited meanwhile, or a
            finding blocks.
        IllegalEvent: it is no draft.
    """
    work.require("approve")
    why = long_text(why, "why")
    row = work.get(APPLICATIONS, ident)
    expect(row, expected, APPLICATIONS.name)
    move = APPLICATION.move(row["state"], "approve_internally")
    asked = find(work.connection, APPROVALS, subject=APPLICATIONS.name, subject_id=ident,
                 what=WHAT, state=approvals.ASKED)  # fmt: skip
    if not asked:
        raise Refused("nobody asked for its approval", next_step="Ask for it first")
    content = content_now(work, row)
    if approve:
        refuse_blocked(findings(work.connection, row))
    approvals.decide(work, asked[-1]["id"], approve, why, content, row["authors"])
    if not approve:
        return row
    done = step(move.event, move.target, work.today, why)
    changes = {"state": move.target, "content": content, "steps": [*row["steps"], done]}
    work.update_many(APPLICATIONS, f"applications.{move.event}", [(row, changes)], why)
    work.tell("application.changed", {"application": ident, "reference": row["reference"],
                                      "event": move.event, "state": move.target})  # fmt: skip
    return work.get(APPLICATIONS, ident)


def content_now(work: Work, row: Row) -> str:
    """Hash of what is to be approved, as it is now."""
    return content_of(row, files(work.connection, row["id"]))
