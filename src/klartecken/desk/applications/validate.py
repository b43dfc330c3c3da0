"""What stands against filing an application, by part 748.

Blocking findings stop the internal approval and the filing. Warnings are for the person who
approves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, or_

from klartecken.desk.applications.finding import Finding
from klartecken.desk.applications.rules.around import Around, Other
from klartecken.desk.applications.rules.items import of_items
from klartecken.desk.applications.rules.papers import of_papers
from klartecken.desk.applications.rules.people import of_people
from klartecken.desk.errors import Refused
from klartecken.desk.storage.tables.applications import APPLICATIONS
from klartecken.desk.storage.tables.orders import LINES
from klartecken.desk.storage.tables.records import ATTACHMENTS
from klartecken.desk.work import Row, find


def validate(form: Mapping[str, Any], around: Around) -> list[Finding]:
    """All findings about a form, those that block in front; pure.

    Args:
        form: as of :func:`.form.read_form`.
        around: what it is judged with.
    """
    found = [*of_people(form, around), *of_items(form), *of_papers(form, around)]
    return sorted(found, key=lambda finding: not finding.blocks)


def findings(connection: Connection, row: Mapping[str, Any]) -> list[Finding]:
    """All findings about an application as it is kept."""
    return validate(row["form"], around(connection, row))


def around(connection: Connection, row: Mapping[str, Any]) -> Around:
    """What an application is judged with."""
    c = APPLICATIONS.c
    same = or_(c.transaction_key == row["transaction_key"],
               c.acn == row["form"]["resubmission_of"])  # fmt: skip
    others = find(connection, APPLICATIONS, same, c.id != row["id"])
    lines = find(connection, LINES, id=row["line"]) if row["line"] is not None else []
    return Around(
        attachments=files(connection, row["id"]),
        others=[Other(o["reference"], o["acn"], o["state"], o["transaction_key"]) for o in others],
        line_state=lines[0]["state"] if lines else "",
        checklist=row["checklist"], review_policy=row["review_policy"],
    )  # fmt: skip


def files(connection: Connection, ident: int) -> list[Row]:
    """The attachments of an application that were not removed."""
    return find(connection, ATTACHMENTS, subject=APPLICATIONS.name, subject_id=ident,
                removed=False)  # fmt: skip


def refuse_blocked(found: Iterable[Finding]) -> None:
    """Raises Refused where a finding blocks; all of them are told."""
    blocking = [finding for finding in found if finding.blocks]
    if blocking:
        told = "; ".join(f"{f.where}: {f.text}" for f in blocking[:50])
        raise Refused(f"{len(blocking)} findings block it: {told}",
                      next_step="Correct them, and try again")  # fmt: skip
