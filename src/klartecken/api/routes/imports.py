"""Importing order lines: rows, or a file. Importing the same twice changes nothing."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import Connection

from klartecken.api.answer import Answer
from klartecken.api.idempotency import Steps
from klartecken.api.models.base import Line, Prose
from klartecken.api.models.runs import ImportOut, Rows
from klartecken.api.subject import Subject, Upload
from klartecken.desk.orders.importing import (
    Imported,
    import_file,
    import_rows,
    rejects_csv,
    template_csv,
)

IMPORTS_API = Subject(
    "imports", "Order lines from a table. A row is known by its `external_id`: one that says "
    "something else than before edits its line. All good rows come in; the others are told."
)  # fmt: skip
S = IMPORTS_API
FILES = (
    "text/csv", "text/tab-separated-values", "application/octet-stream",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)  # fmt: skip


def told(found: Imported) -> dict[str, Any]:
    """What became of the rows, with the rejected ones as a file to correct."""
    rejects = rejects_csv(found.rejects).decode("utf-8-sig") if found.rejects else None
    return {**found.to_dict(), "rejects_csv": rejects}


@S.run("/imports", "line.enter", ImportOut)
def import_some(steps: Steps, body: Rows) -> dict[str, Any]:
    """Import up to 5,000 rows, numbered from 1, and evaluate what came in."""
    call = steps.call
    rows = list(enumerate(body.rows, 1))
    return told(import_rows(call.desk, call.person, call.channel, rows, body.source,
                            why=body.why or ""))  # fmt: skip


@S.run("/imports/file", "line.enter", ImportOut, FILES)
def import_a_file(
    steps: Steps, raw: Upload,
    name: Annotated[Line, Query(description="Of the file; ends in .csv, .tsv or .xlsx",
                                examples=["orders.csv"])],
    why: Annotated[Prose | None, Query()] = None,
) -> dict[str, Any]:  # fmt: skip
    """Import a CSV, TSV or XLSX file, which is the body as it is, and evaluate what came in."""
    call = steps.call
    return told(import_file(call.desk, call.person, call.channel, name, raw, why=why or ""))


@S.read("/imports/template", "view", media="text/csv")
def template(_: Connection) -> Answer:
    """An empty table with all headings. Any fact may be a further column."""
    return Answer(template_csv(), media="text/csv; charset=utf-8",
                  headers={"Content-Disposition": 'attachment; filename="lines.csv"'})  # fmt: skip
