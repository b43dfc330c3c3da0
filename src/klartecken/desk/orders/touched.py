"""Order lines that another record touches: evaluated anew as soon as it changes.

A release or a shipment is judged afresh in any case; this keeps the worklist from saying
something else until the night.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from klartecken.desk.desk import Desk
from klartecken.desk.machines.line import OPEN
from klartecken.desk.orders.settle import settle
from klartecken.desk.storage.tables.licences import LICENCE_LINES, LICENCES
from klartecken.desk.storage.tables.orders import LINE_HOLDS, LINES
from klartecken.desk.work import Row, Work


def settle_licence(desk: Desk, work: Work, ident: int, why: str = "") -> list[Row]:
    """Evaluate the open lines on a licence anew; these lines as they now are."""
    return settle(desk, work, on_licences(work.connection, [ident]), why)


def settle_about(desk: Desk, work: Work, record: Mapping[str, Any], why: str = "") -> list[Row]:
    """Evaluate the open lines anew that a paper or a task is about.

    Args:
        record: a row of evidence or of conditions.
    """
    return settle(desk, work, _touched(work.connection, record), why)


def on_licences(connection: Connection, licences: list[int]) -> list[int]:
    """The ids of the open lines that are on some licences."""
    query = (
        select(LINES.c.id)
        .join(LICENCE_LINES, LICENCE_LINES.c.id == LINES.c.licence_line)
        .where(LICENCE_LINES.c.licence.in_(licences), LINES.c.state.in_(OPEN))
    )
    return list(connection.execute(query).scalars())


def _touched(connection: Connection, record: Mapping[str, Any]) -> list[int]:
    if "subject" not in record:  # a task: of a line, of a licence, or of an application
        found = [] if record["licence"] is None else on_licences(connection, [record["licence"]])
        return found if record["line"] is None else [*found, record["line"]]
    subject, ident = record["subject"], record["subject_id"]
    if subject == LINES.name:
        return [ident]
    if subject == LICENCES.name:
        return on_licences(connection, [ident])
    if subject == "applications":
        query = select(LICENCES.c.id).where(LICENCES.c.application == ident)
        return on_licences(connection, list(connection.execute(query).scalars()))
    waiting = select(LINE_HOLDS.c.line).where(LINE_HOLDS.c.code == record["kind"])
    return list(connection.execute(waiting).scalars())
