"""Our balances beside the filing system's report: what differs.

AES counts down the value of BIS licences and only informs when one is passed; it stops nothing.
So the desk's own balances are the only brake, and are compared month by month.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection, func, select

from klartecken.desk.licences import fields
from klartecken.desk.licences.balance import CONSUME
from klartecken.desk.storage.columns import MONEY_PLACES, QUANTITY_PLACES
from klartecken.desk.storage.tables.licences import LICENCE_LINES, LICENCES, MOVEMENTS
from klartecken.desk.storage.tables.orders import LINES
from klartecken.errors import InputError

HEADER = ("licence", "itn", "quantity", "value")
LONGEST = 20_000_000  # characters of a report
Key = tuple[str, str]  # licence number, ITN
Amounts = tuple[Decimal, Decimal]  # quantity, value


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """One shipment that the two do not say alike.

    Attributes:
        kind: ``not_in_report``, ``not_at_desk``, ``unknown_licence``, ``quantity`` or ``value``.
        desk, report: what each says, as text; empty where it says nothing.
    """

    licence: str
    itn: str
    kind: str
    desk: str
    report: str


def reconcile(
    connection: Connection, text: str, *, start: date | None = None, until: date | None = None,
    whole_money: bool = False,
) -> list[Difference]:  # fmt: skip
    """Compare what left on licences with a report.

    Args:
        text: CSV with the columns :data:`HEADER`; several rows of one shipment are added up.
        start, until: shipments of the desk from and up to these days, both included.
        whole_money: the report rounds each row's value to whole units of money.

    Raises:
        InputError: the report cannot be read (the row is named); nothing is compared.
    """
    theirs, rows = read_report(text)
    ours = shipments(connection, start, until)
    known = set(connection.execute(select(LICENCES.c.number)).scalars())
    found = []
    for key in sorted({*theirs, *ours}):
        mine, other = ours.get(key), theirs.get(key)
        if mine is None or other is None:
            kind = "not_in_report" if other is None else (
                "not_at_desk" if key[0] in known else "unknown_licence"
            )  # fmt: skip
            found.append(Difference(*key, kind, _told(mine), _told(other)))
            continue
        if mine[0] != other[0]:
            found.append(Difference(*key, "quantity", str(mine[0]), str(other[0])))
        if abs(mine[1] - other[1]) > (Decimal(rows[key]) if whole_money else 0):
            found.append(Difference(*key, "value", str(mine[1]), str(other[1])))
    return found


def _told(amounts: Amounts | None) -> str:
    return "" if amounts is None else f"{amounts[0]} at {amounts[1]}"


def shipments(
    connection: Connection, start: date | None = None, until: date | None = None
) -> dict[Key, Amounts]:
    """What left on licences and did not come back, by licence number and ITN."""
    last = select(func.max(MOVEMENTS.c.id)).group_by(MOVEMENTS.c.line)
    query = (
        select(LICENCES.c.number, LINES.c.itn, MOVEMENTS.c.quantity, MOVEMENTS.c.value)
        .join(LICENCE_LINES, LICENCE_LINES.c.id == MOVEMENTS.c.licence_line)
        .join(LICENCES, LICENCES.c.id == LICENCE_LINES.c.licence)
        .join(LINES, LINES.c.id == MOVEMENTS.c.line)
        .where(MOVEMENTS.c.id.in_(last), MOVEMENTS.c.kind == CONSUME)
    )
    if start is not None:
        query = query.where(LINES.c.shipped_on >= start)
    if until is not None:
        query = query.where(LINES.c.shipped_on <= until)
    found: dict[Key, Amounts] = {}
    for number, itn, quantity, value in connection.execute(query):
        _add(found, (number, itn), (quantity, value))
    return found


def _add(found: dict[Key, Amounts], key: Key, amounts: Amounts) -> None:
    held = found.get(key, (Decimal(0), Decimal(0)))
    found[key] = (held[0] + amounts[0], held[1] + amounts[1])


def read_report(text: str) -> tuple[dict[Key, Amounts], dict[Key, int]]:
    """A report's amounts, and the number of its rows, by licence number and ITN.

    Raises:
        InputError: too long, a column is missing, or a cell cannot be read.
    """
    found: dict[Key, Amounts] = {}
    rows: dict[Key, int] = {}
    for number, cells in _rows(text):
        where = f"row {number}, "
        key = (fields.name(cells, "licence", where, need=True), fields.name(cells, "itn", where))
        _add(found, key, (
            fields.number(cells, "quantity", QUANTITY_PLACES, where),
            fields.number(cells, "value", MONEY_PLACES, where),
        ))  # fmt: skip
        rows[key] = rows.get(key, 0) + 1
    return found, rows


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    if len(text) > LONGEST:
        raise InputError(f"the report has more than {LONGEST} characters")
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        missing = [name for name in HEADER if header.count(name) != 1]
        if missing:
            raise InputError(f"the column {missing[0]!r} is missing or stands twice",
                             where="row 1", next_step="Columns: " + ", ".join(HEADER))  # fmt: skip
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                raise InputError(f"has {len(cells)} cells, not {len(header)}",
                                 where=f"row {reader.line_num}")  # fmt: skip
            yield reader.line_num, dict(zip(header, (c.strip() for c in cells), strict=True))
    except csv.Error as err:
        raise InputError(f"is no CSV ({err})", where=f"row {reader.line_num}") from err
