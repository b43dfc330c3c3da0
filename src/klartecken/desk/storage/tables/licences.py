"""Licences, their lines with balances, movements, parties, conditions, and caps."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Index, Integer, String

from klartecken.desk.storage.columns import Number
from klartecken.desk.storage.metadata import data, moment, money, quantity, record, words

LICENCES = record(
    "licences",
    words("number", unique=True),  # as printed on the document
    words("regime"),
    Column("application", Number, index=True),  # the desk's own application, if any
    words("acn"),  # the application control number, which is not the licence number
    words("holder"),
    words("exporter"),
    words("activity"),  # export, reexport, transfer; empty: as the document says, not limited
    words("ship_from"),
    words("destination"),
    words("end_use"),
    Column("issued_on", Date, nullable=False),
    Column("expires_on", Date, nullable=False),  # read on the document, never computed
    Column("in_hand_on", Date),  # the day the document was received: the sixth rung
    words("document_name"),
    Column("document_sha256", String(64), nullable=False),  # or empty
    data("letters"),  # [{name, sha256, date}] letters of explanation: part of the scope
    words("scope"),
    words("riders"),
    Column("replaces", Number),  # id of the licence that this one replaces
    Column("state", String(16), nullable=False),
    Column("registered_by", Number, nullable=False),
    moment("registered_at"),
    CheckConstraint("expires_on >= issued_on", name="validity"),
)

#: What a licence allows of one item. Limited by quantity and by value; ``value_limit`` is the
#: value with the tolerance. What is reserved and what has left can never exceed either.
LICENCE_LINES = record(
    "licence_lines",
    Column("licence", Number, nullable=False, index=True),
    Column("place", Integer, nullable=False),
    words("item"),  # id of the catalogue, or the model as printed
    words("eccn"),
    quantity("quantity"),
    words("unit"),
    money("value"),
    Column("currency", String(3), nullable=False),
    Column("tolerance", Integer, nullable=False),  # percent of the value; 10 unless stated
    money("value_limit"),
    quantity("reserved_quantity"),
    money("reserved_value"),
    quantity("shipped_quantity"),
    money("shipped_value"),
    Column("struck", Boolean, nullable=False),  # entered by mistake
    CheckConstraint("quantity > 0", name="quantity"),
    CheckConstraint("value >= 0", name="value"),
    CheckConstraint("reserved_quantity >= 0", name="reserved_quantity"),
    CheckConstraint("reserved_value >= 0", name="reserved_value"),
    CheckConstraint("shipped_quantity >= 0", name="shipped_quantity"),
    CheckConstraint("shipped_value >= 0", name="shipped_value"),
    CheckConstraint("reserved_quantity + shipped_quantity <= quantity", name="quantity_left"),
    CheckConstraint("reserved_value + shipped_value <= value_limit", name="value_left"),
    Index("uq_licence_lines_place", "licence", "place", unique=True),
)

#: Each change of a balance: reserve, unreserve, consume, return.
MOVEMENTS = record(
    "movements",
    Column("licence_line", Number, nullable=False, index=True),
    Column("line", Number, nullable=False, index=True),
    Column("kind", String(12), nullable=False),
    quantity("quantity"),
    money("value"),
    moment("at"),
    words("why"),
    CheckConstraint("quantity >= 0 AND value >= 0", name="amounts"),
)

#: Parties that a licence names. An empty role stands for any.
LICENCE_PARTIES = record(
    "licence_parties",
    Column("licence", Number, nullable=False, index=True),
    Column("role", String(16), nullable=False),
    words("name"),
    words("country"),
    words("address"),
    Column("struck", Boolean, nullable=False),  # entered by mistake
)

#: A condition of a licence, of an exception or of a single line, as a task.
CONDITIONS = record(
    "conditions",
    Column("licence", Number, index=True),
    Column("line", Number, index=True),
    Column("application", Number, index=True),  # a change to be reported (748.6(f))
    Column("kind", String(24), nullable=False),
    words("text"),
    words("binds"),  # the party bound
    Column("before_shipment", Integer, nullable=False),  # 1: nothing leaves until it is met
    Column("stops_when_overdue", Integer, nullable=False),  # 1: nothing leaves while overdue
    Column("due_on", Date),
    Column("due_day", Integer),  # the day of the month on which a recurring one falls due
    words("recurs"),  # '', monthly, quarterly, yearly
    Column("ends_on", Date),  # the last day on which it binds (750.7(i))
    Column("follows", Number),  # the task that this one came of: no condition of its own
    Column("state", String(12), nullable=False),
    words("evidence"),
    Column("evidence_sha256", String(64), nullable=False),
    Column("closed_by", Number),
    moment("closed_at", null=True),
)

#: A cumulative cap over shipments, such as half of the same product's performance shipped
#: in the United States.
CAPS = record(
    "caps",
    words("name", unique=True),
    words("item"),
    words("cite"),
    Column("starts_on", Date),  # the first day on which it binds; none: always
    Column("percent", Integer, nullable=False),
    data("destinations"),  # capped places
    data("reference"),  # places whose shipments it is measured against
    quantity("outside_capped"),  # TPP shipped outside the desk's orders, capped places
    quantity("outside_reference"),
    words("source"),
)
