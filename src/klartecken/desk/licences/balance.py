"""What is left of a licence line: reserved at order, consumed at export, given back on return.

Both the quantity and the value are bounded (750.7(f)); the value with its tolerance, the
quantity without one (750.11). What a line holds is what its own movements say, never what the
line says today: it may have been edited meanwhile. There is one writer at a time, so a check
holds until the commit; the database checks the bounds once more.

Nothing here asks who may: the orders' own moves do.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection

from klartecken.desk.errors import Refused
from klartecken.desk.licences.events import settle
from klartecken.desk.licences.same import same_unit
from klartecken.desk.machines.licence import LICENCE
from klartecken.desk.storage.columns import MONEY_PLACES, scaled
from klartecken.desk.storage.tables.licences import LICENCE_LINES, LICENCES, MOVEMENTS
from klartecken.desk.work import Row, Work, find
from klartecken.errors import InputError

RESERVE, UNRESERVE, CONSUME, RETURN = "reserve", "unreserve", "consume", "return"
ENDED = tuple(s for s in LICENCE.states if s in (
    "expired", "revoked", "surrendered", "replaced", "transferred", "void",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a licence line.

    Attributes:
        quantity: in the unit of the line.
        value: up to the limit with its tolerance, in the currency of the line.
    """

    quantity: Decimal
    value: Decimal
    unit: str
    currency: str

    def __str__(self) -> str:
        return f"{self.quantity} {self.unit} and {self.value} {self.currency} are left"


def left_of(licence_line: Row) -> Left:
    """What is neither reserved nor has left."""
    return Left(
        licence_line["quantity"] - licence_line["reserved_quantity"]
        - licence_line["shipped_quantity"],
        licence_line["value_limit"] - licence_line["reserved_value"]
        - licence_line["shipped_value"],
        licence_line["unit"], licence_line["currency"],
    )  # fmt: skip


def value_of(line: Row) -> Decimal:
    """Quantity times unit price of an order line, exact.

    Raises:
        Refused: it has more decimal places than a value can have, or is too large.
    """
    value: Decimal = line["quantity"] * line["unit_price"]
    try:
        scaled(value, MONEY_PLACES)
    except InputError as err:
        raise Refused(f"quantity times unit price cannot be kept exactly: {err.what}",
                      next_step="Correct the unit price") from err  # fmt: skip
    return value


def misfit(licence_line: Row, line: Row) -> str:
    """Why a line cannot be counted against a licence line at all; empty when it can."""
    if licence_line["struck"]:
        return "this line of the licence was struck out"
    if line["currency"] != licence_line["currency"]:
        return f"the line is in {line['currency']}, the licence in {licence_line['currency']}"
    if not same_unit(line["unit"], licence_line["unit"]):
        return f"the line counts {line['unit']}, the licence {licence_line['unit']}"
    return ""


def reserve(work: Work, licence_line_id: int, line: Row, why: str = "") -> None:
    """Reserve quantity and value of a licence line for an order line.

    Raises:
        Refused: another currency or unit, too little quantity or value left (it says what is),
            the full quantity has left (750.11), the licence is no longer one, or the line
            holds something reserved already.
        NotFound: no such licence line.
    """
    held = work.get(LICENCE_LINES, licence_line_id)
    licence = work.get(LICENCES, held["licence"])
    if licence["state"] in ENDED:
        raise Refused(f"licence {licence['number']} is {licence['state']}")
    holds = last_movement(work.connection, line["id"])
    if holds is not None and holds["kind"] in (RESERVE, CONSUME):
        done = "reserved" if holds["kind"] == RESERVE else "consumed"
        raise Refused(f"line {line['id']} has {done} {holds['quantity']} already",
                      next_step="Free it first")  # fmt: skip
    wrong = misfit(held, line)
    if wrong:
        raise Refused(wrong, next_step="Assign another line of a licence")
    quantity, value, left = line["quantity"], value_of(line), left_of(held)
    where = f"licence {licence['number']}, place {held['place']}"
    if held["shipped_quantity"] >= held["quantity"]:
        raise Refused("the full quantity has left: nothing more may (750.11)", where=where)
    if quantity > left.quantity or value > left.value:
        raise Refused(f"too little is left for {quantity} at {value} {line['currency']}: {left}",
                      where=where, next_step="Lower the line, or assign another")  # fmt: skip
    _move(work, RESERVE, held, line, quantity, value, why)


def unreserve(work: Work, line: Row, why: str = "") -> None:
    """Free what a line holds reserved; raises Refused where it holds nothing."""
    was = _last(work, line, RESERVE, "nothing is reserved for it")
    held = work.get(LICENCE_LINES, was["licence_line"])
    _move(work, UNRESERVE, held, line, was["quantity"], was["value"], why)


def consume(work: Work, line: Row, why: str = "") -> None:
    """What a line holds reserved has left; raises Refused where it holds nothing."""
    was = _last(work, line, RESERVE, "nothing is reserved for it")
    held = work.get(LICENCE_LINES, was["licence_line"])
    _move(work, CONSUME, held, line, was["quantity"], was["value"], why)
    settle(work, held["licence"])


def give_back(work: Work, line: Row, why: str = "") -> None:
    """What had left came back or was never delivered: free again (758.4(c)).

    Raises:
        Refused: nothing of it has left.
    """
    was = _last(work, line, CONSUME, "nothing of it has left on a licence")
    held = work.get(LICENCE_LINES, was["licence_line"])
    _move(work, RETURN, held, line, was["quantity"], was["value"], why)
    settle(work, held["licence"])


def last_movement(connection: Connection, line: int) -> Row | None:
    """The last movement of an order line: what it holds now."""
    rows = find(connection, MOVEMENTS, line=line)
    return rows[-1] if rows else None


def _last(work: Work, line: Row, kind: str, wrong: str) -> Row:
    row = last_movement(work.connection, line["id"])
    if row is None or row["kind"] != kind:
        raise Refused(f"line {line['id']}: {wrong}")
    return row


#: kind -> what it does to what is reserved and to what has left
_EFFECT = {RESERVE: (1, 0), UNRESERVE: (-1, 0), CONSUME: (-1, 1), RETURN: (0, -1)}


def _move(
    work: Work, kind: str, held: Row, line: Row, quantity: Decimal, value: Decimal, why: str
) -> None:
    reserved, shipped = _EFFECT[kind]
    work.update_many(LICENCE_LINES, f"licences.{kind}", [(held, {
        "reserved_quantity": held["reserved_quantity"] + reserved * quantity,
        "reserved_value": held["reserved_value"] + reserved * value,
        "shipped_quantity": held["shipped_quantity"] + shipped * quantity,
        "shipped_value": held["shipped_value"] + shipped * value,
    })], why)  # fmt: skip
    work.insert(MOVEMENTS, f"movements.{kind}", {
        "licence_line": held["id"], "line": line["id"], "kind": kind, "quantity": quantity,
        "value": value, "at": work.now, "why": why,
    }, why)  # fmt: skip
