"""Entering, editing and cancelling order lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from klartecken.desk.desk import Desk
from klartecken.desk.errors import Conflict, Refused
from klartecken.desk.licences.balance import unreserve
from klartecken.desk.machines.line import LINE
from klartecken.desk.orders.content import SAID, content_of
from klartecken.desk.orders.reading import Problem, read_line, refuse
from klartecken.desk.orders.reasons import read_reason
from klartecken.desk.orders.settle import WITHDRAWN, index_holds, settle
from klartecken.desk.people.approvals import lapse, lapse_of
from klartecken.desk.storage.tables.orders import LINES, RELEASES
from klartecken.desk.work import Row, Work, expect

UNEVALUATED = [{"code": "not_evaluated", "detail": ""}]


def enter(desk: Desk, work: Work, said: Mapping[str, Any]) -> Row:
    """A new line, evaluated.

    Raises:
        InputError: with everything that is wrong with it.
        Conflict: there is a line of this external id.
    """
    work.require("line.enter")
    values, problems = read_line(said, desk.world)
    refuse(problems)
    if work.find(LINES, external_id=values["external_id"]):
        raise Conflict(f"there is already a line {values['external_id']!r}",
                       next_step="Edit that one")  # fmt: skip
    (ident,) = insert_lines(work, [values])
    return settle(desk, work, [ident])[0]


def insert_lines(work: Work, values: Sequence[Mapping[str, Any]], why: str = "") -> list[int]:
    """New lines, not evaluated yet; their ids."""
    rows = [
        {**one, "content": content_of(one), "entered_by": work.person.id,
         "entered_at": work.now, "edited_by": work.person.id, "state": LINE.initial,
         "holds": UNEVALUATED, "first_hold": "not_evaluated", "authorisation": "",
         "exception": "", "itn": "", "legal_hold": False}
        for one in values
    ]  # fmt: skip
    idents = work.insert_many(LINES, "line.enter", rows, why)
    index_holds(work.connection, [({"id": i}, {"holds": UNEVALUATED}) for i in idents])
    return idents


def edit(
    desk: Desk, work: Work, ident: int, said: Mapping[str, Any], why: str = "",
    expected: int | None = None,
) -> Row:  # fmt: skip
    """Change what is said of a line: approvals and release lapse, and it is evaluated anew.

    Raises:
        InputError, NotFound, Stale, IllegalEvent: as usual; then nothing is changed.
    """
    work.require("line.edit")
    values, problems = read_line(said, desk.world, partly=True)
    row = work.get(LINES, ident)
    whole, more = reread(desk, row, said)
    refuse([*problems, *(p for p in more if p not in problems)])
    if "external_id" in values and values["external_id"] != row["external_id"]:
        raise Refused("the external id of a line is its name and stays")
    expect(row, expected, "lines")
    if change_lines(work, [(row, {name: whole[name] for name in values})], why):
        settle(desk, work, [ident], why)
    return work.get(LINES, ident)


def change_lines(
    work: Work, changes: Sequence[tuple[Row, Mapping[str, Any]]], why: str
) -> list[int]:  # fmt: skip
    """Write down edits; the lines are not evaluated yet. The ids of those that changed.

    Args:
        changes: lines as they are now, with the columns that are said anew.

    Raises:
        IllegalEvent: a line is no longer open; then nothing is changed.
    """
    told = "the line was edited"
    new_of = []
    for row, values in changes:
        move = LINE.move(row["state"], "edit")
        new = {name: value for name, value in values.items() if row[name] != value}
        if new:
            new_of.append((row, new, move.target))
    beside = [(row, new) for row, new, _ in new_of if not {*new} & {*SAID}]
    asked = [held for held in new_of if {*held[1]} & {*SAID}]
    for row, _, _ in asked:
        withdraw(work, row, told)
        if row["licence_line"] is not None:
            unreserve(work, row, told)
    lapse_of(work, LINES, [row["id"] for row, _, _ in asked], told)
    edits = [
        (row, {
            **new, "content": content_of({**row, **new}), "edited_by": work.person.id,
            "state": state, "authorisation": "", "exception": "", "licence_line": None,
            "release": None, "holds": UNEVALUATED, "first_hold": "not_evaluated",
        })
        for row, new, state in asked
    ]  # fmt: skip
    work.update_many(LINES, "line.edit", [*beside, *edits], why)
    index_holds(work.connection, edits)
    return [row["id"] for row, _, _ in new_of]


def reread(
    desk: Desk, row: Row, said: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Problem]]:  # fmt: skip
    """A line as it would be with some columns said anew, and everything wrong with it."""
    kept = {name: row[name] for name in (*SAID, "external_id")}
    return read_line({**kept, **said}, desk.world)


def withdraw(work: Work, row: Row, why: str) -> None:
    """Withdraw the release of a line, if it has one."""
    if row["release"] is not None and row["state"] == "released":
        ended = {"state": WITHDRAWN, "ended_why": why}
        work.update(RELEASES, row["release"], "release.end", ended, why)
        work.tell("line.hold_again", {"line": row["id"], "external_id": row["external_id"],
                                      "why": why})  # fmt: skip


def cancel(work: Work, ident: int, why: str, expected: int | None = None) -> Row:
    """A line that will not be shipped: what it reserved is free again.

    Raises:
        InputError: no reason is given.
        NotFound, Stale, IllegalEvent: as usual.
    """
    work.require("line.cancel")
    row = work.get(LINES, ident)
    expect(row, expected, "lines")
    move = LINE.move(row["state"], "cancel")
    why = read_reason(why)
    withdraw(work, row, why)
    if row["licence_line"] is not None:
        unreserve(work, row, why)
    lapse(work, LINES, ident, why)
    changes: dict[str, Any] = {"state": move.target, "release": None, "holds": [],
                               "first_hold": ""}  # fmt: skip
    work.update_many(LINES, "line.cancel", [(row, changes)], why)
    index_holds(work.connection, [(row, changes)])
    return work.get(LINES, ident)
