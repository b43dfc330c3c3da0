"""Registering a licence as it stands on its document, and verifying it by a second person."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from klartecken.desk.errors import Conflict, Refused
from klartecken.desk.licences import fields
from klartecken.desk.licences.conditions import add_stated
from klartecken.desk.licences.content import VERIFIED, read_whole
from klartecken.desk.licences.events import ask_again, step
from klartecken.desk.machines.licence import LICENCE
from klartecken.desk.people.approvals import APPROVED, ASKED, LAPSED, decide
from klartecken.desk.storage.columns import MONEY_PLACES, QUANTITY_PLACES, plain
from klartecken.desk.storage.tables.applications import APPLICATIONS
from klartecken.desk.storage.tables.licences import LICENCE_LINES, LICENCE_PARTIES, LICENCES
from klartecken.desk.storage.tables.people import APPROVALS
from klartecken.desk.work import Row, Work, expect
from klartecken.errors import InputError

TOLERANCE = 10  # percent of the value, unless the licence states its own (750.11)
ROLES = ("", "purchaser", "intermediate", "consignee", "end_user")  # empty: any role
ACTIVITIES = ("", "export", "reexport", "transfer")
LINE_FIELDS = ("item", "eccn", "quantity", "unit", "value", "currency", "tolerance")
PARTY_FIELDS = ("role", "name", "country", "address")
FIELDS = (
    "number", "regime", "application", "acn", "holder", "exporter", "activity", "ship_from",
    "destination", "end_use", "issued_on", "expires_on", "in_hand_on", "document_name",
    "document_sha256", "letters", "scope", "riders", "replaces",
)  # fmt: skip
_NOTHING_USED = dict.fromkeys(
    ("reserved_quantity", "reserved_value", "shipped_quantity", "shipped_value"), 0
)


def register(work: Work, data: Mapping[str, Any], why: str = "") -> int:
    """Record a licence as printed; its id. It counts once a second person has verified it.

    Args:
        data: the :data:`FIELDS`, and ``lines`` (:data:`LINE_FIELDS`), ``parties``
            (:data:`PARTY_FIELDS`) and ``conditions`` (see :func:`.conditions.add`). The number
            is text and is not the application control number (``acn``). ``expires_on`` is read
            on the document (750.7(g)). Without ``in_hand_on`` and the document's hash it is an
            approval, and releases nothing. ``exporter`` is the holder unless said.

    Raises:
        Conflict: there is a licence of this number.
        InputError, Forbidden, NotFound: as usual; nothing was changed.
    """
    work.require("licence.register")
    fields.known(data, (*FIELDS, "lines", "parties", "conditions"), "licence")
    said = read_fields(work, data)
    lines = [read_line(said_of, n) for n, said_of in enumerate(fields.entries(data, "lines"))]
    parties = [read_party(p, n) for n, p in enumerate(fields.entries(data, "parties"))]
    require_whole(lines, parties)
    ident = work.insert(LICENCES, "licences.register", {
        **said, "state": LICENCE.initial, "registered_by": work.person.id,
        "registered_at": work.now,
    }, why)  # fmt: skip
    insert_lines(work, ident, lines, 1)
    insert_parties(work, ident, parties)
    for place, condition in enumerate(fields.entries(data, "conditions")):
        add_stated(work, condition, f"conditions[{place}].", licence=ident, holder=said["holder"])
    ask_again(work, ident, why or "registered")
    put_in_place(work, ident)
    work.tell("licence.registered", {"licence": ident, "number": said["number"]})
    return ident


def read_fields(
    work: Work, data: Mapping[str, Any], ident: int | None = None
) -> dict[str, Any]:  # fmt: skip
    """The columns that :data:`FIELDS` give, checked.

    Raises:
        InputError, Conflict, NotFound: see :func:`register`.
    """
    said: dict[str, Any] = {
        "number": fields.name(data, "number", need=True),
        "regime": fields.one_of(data, "regime", ("us-ear",), default="us-ear"),
        "application": _reference(work, data, "application", APPLICATIONS),
        "acn": fields.name(data, "acn"), "holder": fields.name(data, "holder", need=True),
        "exporter": fields.name(data, "exporter"),
        "activity": fields.one_of(data, "activity", ACTIVITIES),
        "ship_from": fields.country(data, "ship_from"),
        "destination": fields.country(data, "destination", need=True),
        "end_use": fields.name(data, "end_use", need=True),
        "issued_on": fields.needed_day(data, "issued_on"),
        "expires_on": fields.needed_day(data, "expires_on"),
        "in_hand_on": fields.day(data, "in_hand_on"),
        "document_name": fields.name(data, "document_name"),
        "document_sha256": fields.sha256(data, "document_sha256"),
        "letters": [fields.letter(held, f"letters[{n}]")
                    for n, held in enumerate(fields.entries(data, "letters"))],
        "scope": fields.prose(data, "scope"), "riders": fields.prose(data, "riders"),
        "replaces": _reference(work, data, "replaces", LICENCES),
    }  # fmt: skip
    if said["expires_on"] < said["issued_on"]:
        raise InputError("it expires before it is issued", where="expires_on")
    if said["acn"] and said["acn"] == said["number"]:
        raise InputError("is the application control number", where="number",
                         next_step="Read the licence's own number (748.6(b))")  # fmt: skip
    _in_hand(work, said)
    others = work.find(LICENCES, LICENCES.c.number == said["number"], LICENCES.c.id != (ident or 0))
    if others:
        raise Conflict(f"there is already a licence {said['number']!r}")
    if ident is not None and said["replaces"] == ident:
        raise InputError("a licence cannot replace itself", where="replaces")
    return said


def _in_hand(work: Work, said: Mapping[str, Any]) -> None:
    held = said["in_hand_on"]
    if held is None:
        return
    if held > work.today or held < said["issued_on"]:
        raise InputError("lies in the future" if held > work.today else "lies before its issue",
                         where="in_hand_on")  # fmt: skip
    if not said["document_sha256"] or not said["document_name"]:
        raise InputError("a licence in hand has a document", where="document_sha256",
                         next_step="Give its name and its SHA-256")  # fmt: skip


def _reference(work: Work, data: Mapping[str, Any], field: str, table: Any) -> int | None:
    value = data.get(field)
    if value is None or value == "":
        return None
    ident = fields.whole(data, field, 1, 2**31, 1)
    work.get(table, ident)
    return ident


def read_line(said: Any, place: int) -> dict[str, Any]:
    """The columns of a licence line, checked; the value's limit holds the tolerance (750.11).

    Raises:
        InputError: a field that cannot be used.
    """
    at = f"lines[{place}]."
    fields.known(said, LINE_FIELDS, at.rstrip("."))
    quantity = fields.number(said, "quantity", QUANTITY_PLACES, at)
    if not quantity:
        raise InputError("is zero", where=f"{at}quantity")
    value = fields.number(said, "value", MONEY_PLACES, at)
    tolerance = fields.whole(said, "tolerance", 0, 100, TOLERANCE, at)
    return {
        "item": fields.name(said, "item", at, need=True), "eccn": fields.name(said, "eccn", at),
        "quantity": quantity, "unit": fields.name(said, "unit", at, need=True), "value": value,
        "currency": fields.currency(said, "currency", at), "tolerance": tolerance,
        "value_limit": value_limit(value, tolerance), "struck": False,
    }  # fmt: skip


def value_limit(value: Decimal, tolerance: int) -> Decimal:
    """The value with its tolerance, cut to the four places that every value has: no value that
    can be kept lies between the two.

    >>> str(value_limit(Decimal("100.0005"), 10))
    '110.0005'
    """
    exact = value * (100 + tolerance) / 100
    return plain(exact.quantize(Decimal("0.0001"), rounding=ROUND_FLOOR))


def read_party(said: Any, place: int) -> dict[str, Any]:
    """The columns of a party of a licence, checked.

    Raises:
        InputError: a field that cannot be used.
    """
    at = f"parties[{place}]."
    fields.known(said, PARTY_FIELDS, at.rstrip("."))
    return {
        "role": fields.one_of(said, "role", ROLES, at), "name": fields.name(said, "name", at, True),
        "country": fields.country(said, "country", at),
        "address": fields.prose(said, "address", at),
        "struck": False,
    }  # fmt: skip


def require_whole(lines: list[dict[str, Any]], parties: list[dict[str, Any]]) -> None:
    """Raises InputError unless there is a line, a consignee and an end user (748.5)."""
    if not any(not line["struck"] for line in lines):
        raise InputError("a licence has at least one line", where="lines")
    roles = {party["role"] for party in parties if not party["struck"]}
    for role in ("consignee", "end_user"):
        if not roles & {role, ""}:
            raise InputError(f"no {role.replace('_', ' ')} is named", where="parties",
                             next_step="Name each, in its role (748.5)")  # fmt: skip


def insert_lines(work: Work, ident: int, lines: list[dict[str, Any]], first: int) -> None:
    """New lines of a licence, placed from a number on."""
    work.insert_many(LICENCE_LINES, "licences.add_line", [
        {**line, **_NOTHING_USED, "licence": ident, "place": place}
        for place, line in enumerate(lines, first)
    ])  # fmt: skip


def insert_parties(work: Work, ident: int, parties: list[dict[str, Any]]) -> None:
    """New parties of a licence."""
    rows = [{**party, "licence": ident} for party in parties]
    work.insert_many(LICENCE_PARTIES, "licences.add_party", rows)


def put_in_place(work: Work, ident: int) -> None:
    """Once a licence is in hand, the one that it replaces is no longer in force."""
    row = work.get(LICENCES, ident)
    if row["replaces"] is None or row["in_hand_on"] is None:
        return
    old = work.get(LICENCES, row["replaces"])
    if any(move.event == "replace" for move in LICENCE.after(old["state"])):
        step(work, old, "replace", f"replaced by {row['number']}")


def verify(
    work: Work, ident: int, why: str, approve: bool = True, expected: int | None = None
) -> Row:
    """Say that the record is what the document says, or refuse it; by a second person.

    Args:
        expected: version of the licence that the person compared with the document.

    Raises:
        Refused: by whoever had a hand in it, without a reason, or nothing to verify.
        Forbidden, NotFound, Stale: as usual.
    """
    work.require("licence.verify")
    whole = read_whole(work.connection, ident)
    expect(whole.licence, expected, LICENCES.name)
    asked = work.find(APPROVALS, subject=LICENCES.name, subject_id=ident, what=VERIFIED)
    opened = [row for row in asked if row["state"] == ASKED]
    if not opened:
        raise Refused("nothing of this licence waits for verification")
    row = decide(
        work, opened[-1]["id"], approve, why, whole.content, hands(asked), "licence.verify"
    )
    work.tell("licence.verified" if approve else "licence.refused",
              {"licence": ident, "number": whole.licence["number"]})  # fmt: skip
    return row


def hands(asked: list[Row]) -> set[int]:
    """Who had a hand in a record since it was last approved: none of them may verify it."""
    last = max((row["id"] for row in asked
                if row["decided_by"] is not None and row["state"] in (APPROVED, LAPSED)),
               default=0)  # fmt: skip
    return {row["prepared_by"] for row in asked if row["id"] > last}
