"""The worklist: what to do next, with the first thing that stands against each line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Context, Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from klartecken.decide.findings import SEVERITY
from klartecken.desk.holds import HOLDS
from klartecken.desk.machines.line import LINE, OPEN
from klartecken.desk.storage.columns import LARGEST, plain, storable
from klartecken.desk.storage.tables.orders import LINE_HOLDS, LINES, RELEASES
from klartecken.errors import InputError

MOST = 500
_EXACT = Context(prec=80)  # quantities and prices have at most 19 digits each
#: The columns of the worklist, with their headings' ids, in order.
COLUMNS = (
    "id", "external_id", "order_number", "state", "first_hold", "hold", "detail", "next_action",
    "who", "holds", "outcome", "item", "quantity", "unit", "unit_price", "currency", "value",
    "destination", "consignee", "end_user", "exporter", "ship_on", "authorisation", "until",
    "age_days", "unit_of_business", "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filter:
    """Which lines; what is left empty does not matter.

    Attributes:
        states: by default those that are open.
        hold: any hold of the line has this code.
        first_hold: the first one has.
        party: part of the name of consignee or end user, whatever its case; a letter that is
            not plain (as ä) meets any one letter.
    """

    states: tuple[str, ...] = OPEN
    hold: str = ""
    first_hold: str = ""
    outcome: str = ""
    destination: str = ""
    item: str = ""
    order_number: str = ""
    external_id: str = ""
    unit_of_business: str = ""
    party: str = ""

    def __post_init__(self) -> None:
        for code in (self.hold, self.first_hold):
            if code and code not in HOLDS:
                raise InputError(f"{code!r} is no hold", where="hold",
                                 next_step="Use " + ", ".join(HOLDS))  # fmt: skip
        for state in self.states:
            if state not in LINE.states:
                raise InputError(f"{state!r} is no state of a line", where="state",
                                 next_step="Use " + ", ".join(LINE.states))  # fmt: skip
        if self.outcome and self.outcome not in SEVERITY:
            raise InputError(f"{self.outcome!r} is no outcome", where="outcome",
                             next_step="Use " + ", ".join(SEVERITY))  # fmt: skip
        for name in ("destination", "item", "order_number", "external_id", "unit_of_business",
                     "party"):  # fmt: skip
            storable(getattr(self, name))


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of the worklist, and where the next ones begin (None: there are none)."""

    rows: tuple[dict[str, Any], ...]
    after: int | None


def page(
    connection: Connection, now: datetime, wanted: Filter | None = None, *, after: int = 0,
    limit: int = 50,
) -> Page:  # fmt: skip
    """A page of the worklist, by id.

    Args:
        after: the last id of the page before.
        limit: how many rows, at most :data:`MOST`.

    Raises:
        InputError: a limit outside its bounds.
    """
    if not 1 <= limit <= MOST:
        raise InputError(f"must be from 1 to {MOST}", where="limit")
    if not 0 <= after <= LARGEST:
        raise InputError("is no id of a line", where="after")
    query = query_of(wanted or Filter()).where(LINES.c.id > after).order_by(LINES.c.id)
    found = connection.execute(query.limit(limit + 1)).mappings().all()
    rows = tuple(_row(row, now) for row in found[:limit])
    return Page(rows, rows[-1]["id"] if len(found) > limit else None)


def every(
    connection: Connection, now: datetime, wanted: Filter | None = None
) -> Iterator[dict[str, Any]]:
    """All rows of the worklist, by id."""
    after: int | None = 0
    while after is not None:
        held = page(connection, now, wanted, after=after, limit=MOST)
        yield from held.rows
        after = held.after


def cells(row: Mapping[str, Any], columns: Sequence[str] = COLUMNS) -> list[Any]:
    """A row of the worklist in some columns."""
    return [
        [hold["code"] for hold in row["holds"]] if name == "holds" else row[name]
        for name in columns
    ]


def summary(connection: Connection) -> dict[str, Any]:
    """Lines by state, open ones by first hold, and the value that is held, by currency."""
    states = connection.execute(select(LINES.c.state, func.count()).group_by(LINES.c.state))
    firsts = connection.execute(
        select(LINES.c.first_hold, func.count())
        .where(LINES.c.state.in_(OPEN), LINES.c.first_hold != "")
        .group_by(LINES.c.first_hold)
    )
    held = {str(row[0]): int(row[1]) for row in firsts}
    return {
        "states": {str(row[0]): int(row[1]) for row in states},
        "first_holds": {code: held[code] for code in HOLDS if code in held},
        "held_value": _held_value(connection),
    }


def _held_value(connection: Connection) -> dict[str, str]:
    """Exact: quantity and price are multiplied as the whole numbers that they are kept as."""
    query = (
        select(LINES.c.currency, LINES.c.quantity, LINES.c.unit_price, func.count())
        .where(LINES.c.state == "held")
        .group_by(LINES.c.currency, LINES.c.quantity, LINES.c.unit_price)
    )
    totals: dict[str, Decimal] = {}
    for currency, quantity, price, count in connection.execute(query):
        held = _EXACT.multiply(_EXACT.multiply(quantity, price), Decimal(count))
        totals[currency] = _EXACT.add(totals.get(currency, Decimal(0)), held)
    return {currency: f"{plain(total):f}" for currency, total in sorted(totals.items())}


def query_of(wanted: Filter) -> Select[Any]:
    """The lines that fit, each with the last day of its release as ``until``; unsorted."""
    query = select(*LINES.columns, RELEASES.c.until.label("until")).select_from(
        LINES.outerjoin(RELEASES, RELEASES.c.id == LINES.c.release)
    )
    tests: list[ColumnElement[bool]] = [LINES.c.state.in_(wanted.states)]
    for name in ("first_hold", "outcome", "destination", "item", "order_number", "external_id",
                 "unit_of_business"):  # fmt: skip
        if getattr(wanted, name):
            tests.append(LINES.c[name] == getattr(wanted, name))
    if wanted.party:
        like = f"%{_pattern(wanted.party)}%"
        tests.append(or_(*(
            func.lower(LINES.c[name]).like(like, escape="\\") for name in ("consignee", "end_user")
        )))  # fmt: skip
    if wanted.hold:
        query = query.join(LINE_HOLDS, and_(LINE_HOLDS.c.line == LINES.c.id,
                                            LINE_HOLDS.c.code == wanted.hold))  # fmt: skip
    return query.where(*tests)


def _pattern(text: str) -> str:
    """For LIKE, whatever the case. Databases know it of plain letters only: any other letter
    meets any one letter, so that too much is shown and nothing is missed.
    """
    return "".join(
        "\\" + c if c in "\\%_" else c.lower() if c.isascii() else "_" for c in text
    )  # fmt: skip


def _row(row: Any, now: datetime) -> dict[str, Any]:
    kind = HOLDS.get(row["first_hold"])
    first = row["holds"][0] if row["holds"] else {"detail": ""}
    return {
        **{name: row[name] for name in COLUMNS if name in row},
        "hold": kind.title if kind else "", "detail": first["detail"],
        "next_action": kind.cure if kind else _NEXT.get(row["state"], ""),
        "who": kind.who if kind else _WHO.get(row["state"], ""),
        "value": plain(_EXACT.multiply(row["quantity"], row["unit_price"])),
        "age_days": (now - row["entered_at"]).days,
    }  # fmt: skip


_NEXT = {"ready": "Release it", "released": "Ship it while the release holds"}
_WHO = {"ready": "approver", "released": "licence_manager"}
