"""Order lines: entering, editing, assigning, holding and cancelling them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from klartecken.api.answer import Answer, created
from klartecken.api.models.base import Ident, PageOf
from klartecken.api.models.lines import (
    Assigned,
    HoldReason,
    LineChange,
    LineOut,
    MaybeReason,
    NewLine,
    Reason,
    StoryOut,
)
from klartecken.api.pages import Page, after_of, paged
from klartecken.api.subject import Caller, Subject, Version
from klartecken.api.wanted import Wanted, narrowed
from klartecken.desk.errors import NotFound, Refused
from klartecken.desk.holds import HOLDS
from klartecken.desk.machines.line import LINE, OPEN
from klartecken.desk.orders import assign, enter, manual
from klartecken.desk.orders.settle import read_rows, settle
from klartecken.desk.orders.story import story
from klartecken.desk.orders.worklist import fitting
from klartecken.desk.storage.tables.orders import LINES, MANUAL_HOLDS
from klartecken.desk.work import Work, expect, get
from klartecken.errors import InputError

LINES_API = Subject(
    "lines", "Order lines. Each has its determination, and its holds: what stands against it, and "
    "what would cure that. It leaves only when none is left and a second person released it."
)  # fmt: skip
S = LINES_API


def line_out(row: Mapping[str, Any]) -> dict[str, Any]:
    """A line as it is told: each hold with its cure."""
    told = {name: row[name] for name in LineOut.model_fields}
    told["holds"] = [
        {**hold, "title": kind.title, "cure": kind.cure, "who": kind.who, "cite": kind.cite}
        for hold in row["holds"] for kind in (HOLDS[hold["code"]],)
    ]  # fmt: skip
    return told


@S.read("/lines", "view", PageOf[LineOut])
def list_lines(connection: Connection, page: Page, wanted: Wanted) -> Answer:
    """Lines by id, those that are closed among them."""
    after = after_of(page, [int])
    fits = narrowed(wanted, tuple(LINE.states))
    idents = fitting(connection, fits, max(0, after[0]) if after else 0, page.limit + 1)
    rows = read_rows(connection, idents[: page.limit])
    last = [rows[-1]["id"]] if len(idents) > page.limit else None
    return paged([line_out(row) for row in rows], last, page)


@S.act("/lines", "line.enter", LineOut, 201)
def enter_line(work: Work, body: NewLine, caller: Caller) -> Answer:
    """Enter a line, and evaluate it."""
    row = enter.enter(caller.desk, work, body.model_dump(exclude_unset=True))
    return created(f"/lines/{row['id']}", line_out(row))


@S.read("/lines/{ident}", "view", LineOut)
def one_line(connection: Connection, ident: Ident) -> dict[str, Any]:
    """A line."""
    return line_out(get(connection, LINES, ident))


@S.edit("/lines/{ident}", "line.edit", LineOut)
def edit_line(
    work: Work, ident: Ident, body: LineChange, version: Version, caller: Caller
) -> dict[str, Any]:
    """Change what is said of a line: its release and approvals lapse, and it is evaluated anew."""
    said = body.model_dump(exclude_unset=True)
    why = said.pop("why", None) or ""
    return line_out(enter.edit(caller.desk, work, ident, said, why, version))


@S.read("/lines/{ident}/story", "view", StoryOut)
def story_of_line(connection: Connection, ident: Ident) -> Answer:
    """What happened to a line: entries, releases, approvals, holds by hand, movements."""
    row = get(connection, LINES, ident)
    return Answer({"line": line_out(row), **story(connection, row)})


@S.act("/lines/{ident}/evaluate", "line.reevaluate", LineOut, codes=(412,))
def evaluate_line(work: Work, ident: Ident, body: MaybeReason, caller: Caller) -> dict[str, Any]:
    """Evaluate an open line now, with the law, lists and papers of today."""
    row = work.get(LINES, ident)
    expect(row, body.version, LINES.name)
    if row["state"] not in OPEN:
        raise Refused(f"the line is {row['state']}")
    return line_out(settle(caller.desk, work, [ident], body.why or "")[0])


@S.act("/lines/{ident}/assignment", "authorisation.assign", LineOut, codes=(412,))
def assign_line(work: Work, ident: Ident, body: Assigned, caller: Caller) -> dict[str, Any]:
    """Assign a licence or a licence exception, or take it back. A second person approves it.

    That a licence covers the line is not asked here: what it lacks shows as holds. What is
    assigned of a licence is reserved at once.
    """
    desk, why, version = caller.desk, body.why or "", body.version
    said = [body.licence_line is not None, body.licence is not None, body.exception is not None,
            body.none]  # fmt: skip
    if sum(said) != 1:
        raise InputError("give one of licence_line, licence, exception and none", where="body")
    if body.none:
        return line_out(assign.unassign(desk, work, ident, why, version))
    if body.exception is not None:
        return line_out(
            assign.assign_exception(desk, work, ident, body.exception, why, version)
        )  # fmt: skip
    found = body.licence_line
    if found is None:
        assert body.licence is not None
        found = assign.licence_line_of(work.connection, body.licence, body.place)
    return line_out(assign.assign_licence(desk, work, ident, found, why, version))


@S.act("/lines/{ident}/holds", "hold.place", LineOut)
def place_hold(work: Work, ident: Ident, body: HoldReason, caller: Caller) -> dict[str, Any]:
    """Hold a line by hand; a released one is held again. The holds are in its story."""
    return line_out(manual.place_hold(caller.desk, work, ident, body.reason))


@S.act("/lines/{ident}/holds/{hold}/lift", "hold.lift", LineOut, codes=(412,))
def lift_hold(
    work: Work, ident: Ident, hold: Ident, body: Reason, caller: Caller
) -> dict[str, Any]:
    """Lift a hold that somebody placed by hand, with a reason."""
    row = work.get(LINES, ident)
    expect(row, body.version, LINES.name)
    if work.get(MANUAL_HOLDS, hold)["line"] != ident:
        raise NotFound(f"line {ident} has no hold {hold}")
    return line_out(manual.lift_hold(caller.desk, work, hold, body.why))


@S.act("/lines/{ident}/cancel", "line.cancel", LineOut, codes=(412,))
def cancel_line(work: Work, ident: Ident, body: Reason) -> dict[str, Any]:
    """Cancel an open line; what it reserved of a licence is free again."""
    return line_out(enter.cancel(work, ident, body.why, body.version))
