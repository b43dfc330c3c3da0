"""What to file for an order line as it is at the desk now: its export, or an application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from klartecken.desk.applications.prefill import Prefilled, prefill
from klartecken.desk.desk import Desk
from klartecken.desk.evidence.papers import read_papers
from klartecken.desk.licences.filing import Filing, filing_of
from klartecken.desk.orders.evaluate import ask
from klartecken.desk.orders.screened import Parties
from klartecken.desk.storage.tables.licences import LICENCE_LINES, LICENCES
from klartecken.desk.storage.tables.orders import LINES, VERDICTS
from klartecken.desk.work import get

VEU = "VEU"  # symbol of the authorisation of validated end users


def filing_of_line(desk: Desk, connection: Connection, ident: int) -> Filing:
    """The filing of a line, on the day on which it left, or today.

    Its classes are those of the answer that it was last given; a line that was never answered
    has none, and none is guessed.

    Raises:
        InputError: its parties cannot be read.
        NotFound: there is no such line.
    """
    row = get(connection, LINES, ident)
    body = connection.execute(
        select(VERDICTS.c.body).where(VERDICTS.c.case_id == (row["case_id"] or ""))
    ).scalar()
    held = body["classification"] if body else {"certain": (), "possible": ()}
    licence = licence_line = None
    if row["licence_line"] is not None:
        licence_line = get(connection, LICENCE_LINES, row["licence_line"])
        licence = get(connection, LICENCES, licence_line["licence"])
    day = row["shipped_on"] or desk.clock().date()
    _, on_uvl = Parties(desk.context).of(row, day)
    return filing_of(
        row, [*held["certain"], *held["possible"]], licence=licence, licence_line=licence_line,
        on_uvl=on_uvl, is_veu=row["authorisation"] == "exception" and row["exception"] == VEU,
    )  # fmt: skip


def prefilled_of_line(
    desk: Desk, connection: Connection, ident: int, applicant: Mapping[str, Any] | None = None
) -> Prefilled:
    """The form of an application for a line, from its determination of today.

    Raises:
        InputError: the line cannot be read.
        NotFound: there is no such line.
    """
    row, day = get(connection, LINES, ident), desk.clock().date()
    facts = read_papers(connection).facts(row, day)
    return prefill(ask(row, day, desk.world, desk.context, facts), row, applicant)
