"""What licences say of order lines: covering them, filing them, reconciling what left."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import Connection

from klartecken.api.call import Call
from klartecken.api.models.base import Ident
from klartecken.api.models.cover import Candidates, Cover, FilingOut, Reconciled
from klartecken.api.models.parts import OnDay
from klartecken.api.raw import TEXTS, Text
from klartecken.api.routes.licences import line_out
from klartecken.api.subject import Caller, Subject
from klartecken.desk.desk import Desk
from klartecken.desk.errors import Refused
from klartecken.desk.licences.balance import left_of, value_of
from klartecken.desk.licences.books import LicenceBook, read_licences
from klartecken.desk.licences.reconcile import reconcile
from klartecken.desk.orders.filed import filing_of_line
from klartecken.desk.storage.tables.licences import LICENCE_LINES
from klartecken.desk.storage.tables.orders import LINES
from klartecken.desk.work import Row, get

COVER_API = Subject("cover", "What licences say of order lines, and what is to be filed of them.")
S = COVER_API
On = Annotated[OnDay | None, Query(description="Day of departure; today when absent")]


def book_of(desk: Desk, connection: Connection) -> LicenceBook:
    """The licences, with the names of the firm's own register."""
    return read_licences(connection, desk.context.register)


@S.read("/licence-lines/{ident}/cover", "view", Cover)
def cover(
    connection: Connection, ident: Ident, caller: Caller, line: Annotated[Ident, Query()],
    on: On = None,
) -> dict[str, Any]:  # fmt: skip
    """Does this line of a licence cover that order line? Every reason why not.

    What the line has reserved on it already counts as left.
    """
    held, row = get(connection, LICENCE_LINES, ident), get(connection, LINES, line)
    day = on or caller.desk.clock().date()
    reasons = book_of(caller.desk, connection).reasons(row, day, ident)
    own = row["licence_line"] == ident
    enough = own or _enough(held, row)
    return {"covers": not reasons and enough, "reasons": reasons, "left": str(left_of(held)),
            "enough": enough}  # fmt: skip


def _enough(held: Row, row: Row) -> bool:
    left = left_of(held)
    try:
        return bool(row["quantity"] <= left.quantity and value_of(row) <= left.value)
    except Refused:
        return False


@S.read("/lines/{ident}/licence-lines", "view", Candidates)
def candidates(connection: Connection, ident: Ident, caller: Caller, on: On = None
               ) -> dict[str, Any]:  # fmt: skip
    """Lines of licences that cover an order line and have enough left for it."""
    row, day = get(connection, LINES, ident), on or caller.desk.clock().date()
    found = book_of(caller.desk, connection).candidates(row, day)
    return {"licence_lines": [line_out(get(connection, LICENCE_LINES, held)) for held in found]}


@S.read("/lines/{ident}/filing", "view", FilingOut)
def filing(connection: Connection, ident: Ident, caller: Caller) -> dict[str, Any]:
    """What the export filing and the invoice must say of an order line (758.1, 758.6)."""
    return asdict(filing_of_line(caller.desk, connection, ident))


@S.ask("/licences/reconciliation", "view", Reconciled, takes=TEXTS)
def compare(
    call: Call, body: Text, start: Annotated[OnDay | None, Query()] = None,
    until: Annotated[OnDay | None, Query()] = None,
    whole_money: Annotated[bool, Query(description="The report rounds values to whole units")
                           ] = False,
) -> dict[str, Any]:  # fmt: skip
    """Compare what left on licences with a report of the filing system.

    The report is CSV with the columns licence, itn, quantity and value. Nothing is changed.
    """
    with call.desk.read() as connection:
        found = reconcile(connection, body, start=start, until=until, whole_money=whole_money)
    return {"differences": [asdict(one) for one in found]}
