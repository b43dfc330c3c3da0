"""The worklist: what to do next; what it adds up to; and all of it as a file."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from sqlalchemy import Connection

from klartecken.api.answer import Answer
from klartecken.api.call import Call
from klartecken.api.models.base import PageOf
from klartecken.api.models.worklist import SummaryOut, WorkOut
from klartecken.api.pages import Page, after_of, paged
from klartecken.api.subject import Caller, Subject
from klartecken.api.wanted import Wanted, narrowed
from klartecken.desk.machines.line import OPEN
from klartecken.desk.orders import worklist
from klartecken.desk.orders.sheets import csv_of, xlsx_of
from klartecken.desk.orders.worklist import COLUMNS, Filter
from klartecken.errors import InputError, UnknownName

WORKLIST_API = Subject("worklist", "What to do next: open lines, and what stands against them.")
S = WORKLIST_API
MOST = {"csv": 200_000, "xlsx": 50_000}  # lines of a file
MAKE = {"csv": csv_of, "xlsx": xlsx_of}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}
Columns = Annotated[
    str | None,
    Query(pattern=r"^[a-z_]+(,[a-z_]+)*$", max_length=1000, examples=["external_id,state,hold"],
          description="Some of " + ", ".join(COLUMNS) + ", parted by commas, in that order"),
]  # fmt: skip


@S.read("/worklist", "view", PageOf[WorkOut])
def work_to_do(connection: Connection, page: Page, wanted: Wanted, caller: Caller) -> Answer:
    """Lines by id, each with the first thing that stands against it; by default the open ones."""
    after = after_of(page, [int])
    found = worklist.page(
        connection, caller.desk.clock(), narrowed(wanted, OPEN), after=max(0, after[0]) if after
        else 0, limit=page.limit,
    )  # fmt: skip
    return paged(found.rows, None if found.after is None else [found.after], page)


@S.read("/worklist/summary", "view", SummaryOut)
def summary_of_work(connection: Connection) -> Answer:
    """Lines by state, open ones by first hold, and the value that is held, by currency."""
    return Answer(worklist.summary(connection))


@S.read("/worklist.csv", "view", media="text/csv")
def worklist_csv(
    connection: Connection, wanted: Wanted, caller: Caller, columns: Columns = None
) -> Answer:
    """All lines that the filter shows, as CSV. No cell begins a formula."""
    return _file(connection, wanted, caller, columns, "csv")


@S.read("/worklist.xlsx", "view", media=XLSX)
def worklist_xlsx(
    connection: Connection, wanted: Wanted, caller: Caller, columns: Columns = None
) -> Answer:
    """All lines that the filter shows, as XLSX. No cell is a formula."""
    return _file(connection, wanted, caller, columns, "xlsx")


def _file(
    connection: Connection, wanted: Filter, caller: Call, columns: str | None, kind: str
) -> Answer:
    names = COLUMNS if columns is None else tuple(dict.fromkeys(columns.split(",")))
    for name in names:
        if name not in COLUMNS:
            raise UnknownName(f"there is no column {name!r}", where="columns", nearest=COLUMNS)
    fits, now = narrowed(wanted, OPEN), caller.desk.clock()
    if len(worklist.fitting(connection, fits, 0, MOST[kind] + 1)) > MOST[kind]:
        raise InputError(f"the filter shows more than {MOST[kind]:,} lines", where="query",
                         next_step="Narrow it")  # fmt: skip
    rows = (worklist.cells(row, names) for row in worklist.every(connection, now, fits))
    name = f"worklist-{now.date().isoformat()}.{kind}"
    return Answer(MAKE[kind](names, rows), media=MEDIA[kind],
                  headers={"Content-Disposition": f'attachment; filename="{name}"'})  # fmt: skip
