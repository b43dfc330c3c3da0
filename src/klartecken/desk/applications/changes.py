"""After the filing: material changes are reported to BIS, what was returned is filed anew."""

from __future__ import annotations

from datetime import date

from klartecken.desk.applications.checklist import checklists, paths_of
from klartecken.desk.applications.reading import long_text
from klartecken.desk.applications.records import create, form_of
from klartecken.desk.errors import Refused
from klartecken.desk.machines.application import GRANTED, PENDING
from klartecken.desk.storage.tables.applications import APPLICATIONS
from klartecken.desk.storage.tables.licences import CONDITIONS, LICENCES
from klartecken.desk.work import Work, expect
from klartecken.errors import InputError

KIND = "notify_bis"
OVER = ("returned_without_action", "denied", "withdrawn")


def material_change(
    work: Work, ident: int, what: str, *, binds: str = "", due_on: date | None = None,
    expected: int | None = None,
) -> list[int]:  # fmt: skip
    """A party, owner, end use or other fact of an application has changed (748.6(f)).

    It leaves a task to notify BIS, before which nothing may leave: one for the application and
    its order line, and one for each licence that came of it. The ids of the tasks.

    Raises:
        InputError: it is not said what changed.
        Refused: nothing of it is with BIS or granted: edit the draft instead.
        Forbidden, NotFound, Stale: as usual.
    """
    work.require("application.edit")
    row = work.get(APPLICATIONS, ident)
    expect(row, expected, APPLICATIONS.name)
    said, bound = long_text(what, "what"), long_text(binds, "binds")
    if not said:
        raise InputError("must be said", where="what")
    if row["state"] not in (*PENDING, *GRANTED):
        raise Refused(f"the application is {row['state'].replace('_', ' ')}: there is nothing "
                      "at BIS to correct", next_step="Edit the draft, if it is one")  # fmt: skip
    licences = [licence["id"] for licence in work.find(LICENCES, application=ident)]
    tasks = [(row["line"], None), *((None, licence) for licence in licences)]
    made = work.insert_many(CONDITIONS, "applications.material_change", [{
        "application": ident, "line": line, "licence": licence, "kind": KIND,
        "text": f"Notify BIS: {said}", "binds": bound, "before_shipment": 1, "due_on": due_on,
        "stops_when_overdue": 0, "due_day": due_on.day if due_on else None, "follows": None,
        "recurs": "", "ends_on": None, "state": "open", "evidence": "", "evidence_sha256": "",
        "closed_by": None, "closed_at": None,
    } for line, licence in tasks], said)  # fmt: skip
    work.tell("application.material_change", {
        "application": ident, "reference": row["reference"], "what": said, "conditions": made,
        "line": row["line"], "licences": licences,
    })  # fmt: skip
    return made


def resubmit(work: Work, ident: int, reference: str = "") -> int:
    """A new draft of an application that came back, with the old control number; its id.

    Its clock starts anew (750.4(a)(2)), and nothing that was ticked or attached comes with it.

    Raises:
        Refused: the old one is not over, or never had a control number.
        Conflict, Forbidden, InputError, NotFound: as usual.
    """
    work.require("application.edit")
    row = work.get(APPLICATIONS, ident)
    if row["state"] not in OVER or not row["acn"]:
        raise Refused("only what BIS had, and has no longer, is filed anew")
    form = form_of(row)
    note = f"Resubmission of {row['acn']}."
    form |= {
        "resubmission": True, "resubmission_of": row["acn"], "filed_on": "",
        "laden_or_exported": None, "certifier": None, "documents_submitted": [],
        "narrative": "\n".join(part for part in (note, form["narrative"]) if part),
    }  # fmt: skip
    paths = [name for name in paths_of(row["checklist"]) if name in checklists()]
    return create(work, form, reference=reference, line=row["line"], paths=paths,
                  review_policy=row["review_policy"], why=note)  # fmt: skip
