"""The worklist: what to do next, with the first thing that stands against each line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Context
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    func,
    or_,
    select,
    type_coerce,
    union_all,
)

from klartecken.decide.findings import SEVERITY
from klartecken.desk.holds import HOLDS
from klartecken.desk.machines.line import LINE, OPEN
from klartecken.desk.storage.columns import (
    LARGEST,
    MONEY_PLACES,
    QUANTITY_PLACES,
    plain,
    storable,
)
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
    idents = fitting(connection, wanted or Filter(), after, limit + 1)
    query = (
        select(*LINES.columns, RELEASES.c.until)
        .select_from(LINES.outerjoin(RELEASES, RELEASES.c.id == LINES.c.release))
        .where(LINES.c.id.in_(idents[:limit])).order_by(LINES.c.id)
    )  # fmt: skip
    rows = tuple(_row(row, now) for row in connection.execute(query).mappings())
    return Page(rows, idents[limit - 1] if len(idents) > limit else None)


def fitting(connection: Connection, wanted: Filter, after: int, limit: int) -> list[int]:
    """The ids of the lines that fit, in order, beyond ``after``, at most so many.

    Each state is asked by itself: so its index gives the ids in order, and the database stops
    at the limit. Asked all at once, it would read and sort all lines.
    """
    tests = _tests(wanted, connection.dialect.name)
    if not wanted.states:
        return []
    if wanted.hold:
        query = (
            select(LINE_HOLDS.c.line.label("id"))
            .join(LINES, LINES.c.id == LINE_HOLDS.c.line)
            .where(LINE_HOLDS.c.code == wanted.hold, LINE_HOLDS.c.line > after,
                   LINES.c.state.in_(wanted.states), *tests)
            .order_by(LINE_HOLDS.c.line).limit(limit)
        )  # fmt: skip
        return list(connection.execute(query).scalars())
    if wanted.party:  # no index helps: all are read, and once is enough
        query = select(LINES.c.id).where(
            LINES.c.state.in_(wanted.states), LINES.c.id > after, *tests
        ).order_by(LINES.c.id).limit(limit)  # fmt: skip
        return list(connection.execute(query).scalars())
    parts = [
        select(LINES.c.id).where(LINES.c.state == state, LINES.c.id > after, *tests)
        .order_by(LINES.c.id).limit(limit).subquery() for state in wanted.states
    ]  # fmt: skip
    whole = union_all(*(select(part.c.id) for part in parts)).subquery()
    query = select(whole.c.id).order_by(whole.c.id).limit(limit)
    return list(connection.execute(query).scalars())


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
    states, firsts = Counter[str](), Counter[str]()
    query = (
        select(LINES.c.first_hold, LINES.c.state, func.count())
        .group_by(LINES.c.first_hold, LINES.c.state)  # in the order of an index that holds both
    )  # fmt: skip
    for code, state, count in connection.execute(query):
        states[state] += count
        if code and state in OPEN:
            firsts[code] += count
    return {
        "states": dict(states),
        "first_holds": {code: firsts[code] for code in HOLDS if code in firsts},
        "held_value": _held_value(connection),
    }


def _held_value(connection: Connection) -> dict[str, str]:
    """Exact: quantity and price are multiplied as the whole numbers that they are kept as."""
    amounts = (type_coerce(LINES.c[name], BigInteger) for name in ("quantity", "unit_price"))
    query = select(LINES.c.currency, *amounts).where(LINES.c.state == "held")
    totals: dict[str, int] = {}
    for currency, quantity, price in connection.execute(query):
        totals[currency] = totals.get(currency, 0) + quantity * price
    places = QUANTITY_PLACES + MONEY_PLACES
    return {currency: f"{plain(_EXACT.scaleb(total, -places)):f}"
            for currency, total in sorted(totals.items())}  # fmt: skip


def _tests(wanted: Filter, database: str) -> list[ColumnElement[bool]]:
    """What is asked of a line beside its state."""
    tests: list[ColumnElement[bool]] = [
        LINES.c[name] == getattr(wanted, name)
        for name in ("first_hold", "outcome", "destination", "item", "order_number",
                     "external_id", "unit_of_business") if getattr(wanted, name)
    ]  # fmt: skip
    if wanted.party:
        like = f"%{_pattern(wanted.party)}%"
        names: list[ColumnElement[str]] = [LINES.c.consignee, LINES.c.end_user]
        if database != "sqlite":  # whose LIKE does not mind the case, and is faster alone
            names = [func.lower(name) for name in names]
        tests.append(or_(*(name.like(like, escape="\\") for name in names)))
    return tests


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
