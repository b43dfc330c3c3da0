"""Licences and order lines for the tests. All names and numbers are invented."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from klartecken.desk.desk import Desk
from klartecken.desk.licences.content import Whole
from klartecken.desk.licences.licence import read_line, read_party, register, verify
from klartecken.desk.orders.content import content_of
from klartecken.desk.people.roles import DESK, Person
from klartecken.desk.storage.tables.licences import LICENCE_LINES
from klartecken.desk.storage.tables.orders import LINES
from klartecken.desk.work import Row, Work, find, get
from tests.desk.world import HERE, h20

SHA = "a" * 64
CUSTOMER = "Lantern Cloud Computing"
People = Mapping[str, Person]
LETTER = {"name": "letter.pdf", "sha256": "b" * 64, "date": "2025-07-01"}


def licence(number: str = "D1000001", **more: Any) -> dict[str, Any]:
    """A licence for 100 H20 at 1,250,000 USD to one customer in China, in hand."""
    return {
        "number": number, "acn": "Z123456", "holder": "NVIDIA", "destination": "CN",
        "end_use": "commercial", "issued_on": "2025-07-01", "expires_on": "2029-06-30",
        "in_hand_on": "2025-07-02", "document_name": "licence.pdf", "document_sha256": SHA,
        "letters": [], "scope": "As in the application.",
        "lines": [licence_line()], "parties": parties(), **more,
    }  # fmt: skip


def licence_line(**more: Any) -> dict[str, Any]:
    return {"item": "nvidia-h20", "eccn": "3A090.b", "quantity": "100", "unit": "number",
            "value": "1250000", "currency": "USD", **more}  # fmt: skip


def parties(*more: dict[str, Any], name: str = CUSTOMER) -> list[dict[str, Any]]:
    return [{"role": role, "name": name, "country": "CN"} for role in ("consignee", "end_user")] + [
        *more
    ]


def whole(**more: Any) -> Whole:
    """The rows of a licence, without a database; the first of its lines has the id 1."""
    said = {"exporter": "", "activity": "", "ship_from": "", **licence(**more)}
    days = {name: said[name] and day(said[name]) for name in
            ("issued_on", "expires_on", "in_hand_on")}  # fmt: skip
    none = dict.fromkeys(
        ("reserved_quantity", "reserved_value", "shipped_quantity", "shipped_value"), Decimal(0)
    )
    lines = [{**read_line(held, n), **none, "id": n + 1, "place": n + 1, "licence": 1}
             for n, held in enumerate(said["lines"])]  # fmt: skip
    named = [{**read_party(held, n), "id": n + 1} for n, held in enumerate(said["parties"])]
    row = {**said, **days, "id": 1, "state": more.get("state", "issued")}
    return Whole(row, tuple(lines), tuple(named), ())


def plain_line(number: int = 1, **said: Any) -> Row:
    """The row of an order line on licence line 1, without a database."""
    held = {**h20(number), "activity": "", "purchaser": "", "intermediate": "", **said}
    return {**held, "id": number, "quantity": Decimal(held["quantity"]), "ship_on": None,
            "unit_price": Decimal(held["unit_price"]), "state": "held", "licence_line": 1,
            "authorisation": "licence", "exception": "", "itn": "", **said}  # fmt: skip


def put_line(work: Work, number: int = 1, **said: Any) -> Row:
    """An order line as the import will leave it; without the orders' own rules."""
    made = {
        "state": "held", "evaluated_on": None, "under": None, "outcome": None, "case_id": None,
        "holds": [], "first_hold": "", "authorisation": "", "exception": "",
        "licence_line": None, "release": None, "shipped_at": None, "shipped_on": None, "itn": "",
        "legal_hold": False,
    }  # fmt: skip
    empty = dict.fromkeys(
        ("activity", "purchaser", "intermediate", "unit_of_business", "note"), ""
    ) | {"ship_on": None}  # fmt: skip
    row = {**empty, **made, **h20(number), **said}
    row |= {"entered_by": work.person.id, "entered_at": work.now, "edited_by": work.person.id}
    row["content"] = ""
    ident = work.insert(LINES, "lines.enter", row)
    line = work.get(LINES, ident)
    return work.update(LINES, ident, "lines.content", {"content": content_of(line)})


def add_line(desk: Desk, number: int = 1, **said: Any) -> Row:
    with desk.work(DESK, HERE) as work:
        return put_line(work, number, **said)


def change_line(desk: Desk, line: Row, **changes: Any) -> Row:
    with desk.work(DESK, HERE) as work:
        return work.update(LINES, line["id"], "lines.edit", changes)


def line_now(desk: Desk, line: Row) -> Row:
    with desk.read() as connection:
        return get(connection, LINES, line["id"])


def add_licence(
    desk: Desk, people: People, *, verified: bool = True, **data: Any
) -> tuple[int, list[int]]:
    """A registered and verified licence: its id, and those of its lines."""
    with desk.work(people["Liv"], HERE) as work:
        ident = register(work, licence(**data))
    if verified:
        with desk.work(people["Ann"], HERE) as work:
            verify(work, ident, "compared with the document")
    with desk.read() as connection:
        return ident, [row["id"] for row in find(connection, LICENCE_LINES, licence=ident)]


def licence_line_now(desk: Desk, ident: int) -> Row:
    with desk.read() as connection:
        return get(connection, LICENCE_LINES, ident)


def day(text: str = "2025-07-15") -> date:
    return date.fromisoformat(text)
