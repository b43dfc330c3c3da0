"""Order lines, what was decided of them, and the releases on which they leave."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Index, String, Table

from klartecken.desk.storage.columns import Number
from klartecken.desk.storage.metadata import METADATA, data, moment, money, quantity, record, words

#: One line of an order. What a person says of it comes first; then what the desk makes of it.
LINES = record(
    "lines",
    words("external_id", unique=True),
    words("order_number"),
    words("item"),
    quantity("quantity"),
    words("unit"),
    money("unit_price"),
    Column("currency", String(3), nullable=False),
    words("destination"),
    words("ship_from"),
    words("activity"),
    words("exporter"),
    words("consignee"),
    words("end_user"),
    words("purchaser"),
    words("intermediate"),
    words("end_use"),
    data("facts"),  # {fact of the vocabulary: text}
    Column("ship_on", Date),  # the day it is meant to leave, or none
    words("unit_of_business"),
    words("note"),
    Column("entered_by", Number, nullable=False),
    moment("entered_at"),
    Column("edited_by", Number, nullable=False),  # who last changed what is said of it
    Column("content", String(64), nullable=False),  # hash of all that is said of it
    # -- what the desk makes of it
    Column("state", String(12), nullable=False),
    Column("evaluated_on", Date),
    Column("under", String(64)),  # hash of law, lists, register, decisions, owners, engine
    Column("outcome", String(24)),
    Column("case_id", String(12)),  # lines with the same answer share it; see `verdicts`
    data("holds"),  # [{code, detail}] in the order of the table of holds
    Column("first_hold", String(32), nullable=False),  # code, or empty
    Column("authorisation", String(12), nullable=False),  # '', nlr, exception, licence
    words("exception"),  # symbol
    Column("licence_line", Number, index=True),
    Column("release", Number),
    moment("shipped_at", null=True),
    Column("shipped_on", Date),
    words("itn"),  # internal transaction number of the filing
    Column("legal_hold", Boolean, nullable=False),
    CheckConstraint("quantity > 0", name="quantity"),
    CheckConstraint("unit_price >= 0", name="unit_price"),
    Index("ix_lines_state_id", "state", "id"),
    # what the worklist is asked for, each with the order in which it is shown
    Index("ix_lines_first_hold", "first_hold", "state", "id"),
    Index("ix_lines_outcome", "outcome", "state", "id"),
    Index("ix_lines_destination", "destination", "state", "id"),
    Index("ix_lines_item", "item", "state", "id"),
    Index("ix_lines_order_number", "order_number", "state", "id"),
    Index("ix_lines_unit_of_business", "unit_of_business", "state", "id"),
)

#: Which holds each line has: an index over ``lines.holds``.
LINE_HOLDS = Table(
    "line_holds", METADATA,
    Column("line", Number, primary_key=True, autoincrement=False),
    Column("code", String(32), primary_key=True),
    Index("ix_line_holds_code_line", "code", "line"),
)  # fmt: skip

#: Each distinct answer once: outcome, classes, requirements, exceptions, policy, missing facts.
VERDICTS = Table(
    "verdicts", METADATA,
    Column("case_id", String(12), primary_key=True),
    data("body"),
)  # fmt: skip

#: Holds that people put on a line by hand, and lift with a reason.
MANUAL_HOLDS = record(
    "manual_holds",
    Column("line", Number, nullable=False, index=True),
    words("reason"),
    Column("placed_by", Number, nullable=False),
    moment("placed_at"),
    Column("lifted_by", Number),
    moment("lifted_at", null=True),
    words("lifted_why"),
)

#: A release is good for the exact content of a line, under what it was given, until a moment.
RELEASES = record(
    "releases",
    Column("line", Number, nullable=False, index=True),
    Column("content", String(64), nullable=False),
    Column("under", String(64), nullable=False),
    Column("authorisation", String(12), nullable=False),
    words("authorised_by"),  # NLR, the exception's symbol, or the licence's number
    Column("licence_line", Number),
    Column("released_by", Number, nullable=False),
    moment("released_at"),
    Column("until", Date, nullable=False),  # the last day on which the line may leave
    Column("receipt", String(64), nullable=False),
    data("citations"),
    Column("state", String(10), nullable=False),  # valid, used, lapsed, withdrawn
    words("ended_why"),
    Index("ix_releases_state", "state", "line"),
)

#: Lines that have left and whose answer is another one today.
LOOK_BACKS = record(
    "look_backs",
    Column("line", Number, nullable=False, index=True),
    Column("run", Number, nullable=False),
    data("was"),
    data("found"),
    Column("state", String(10), nullable=False),  # open, closed
    Column("closed_by", Number),
    words("closed_why"),
)

#: Runs over many lines.
RUNS = record(
    "runs",
    Column("kind", String(20), nullable=False),  # import, reevaluate
    moment("started_at"),
    moment("finished_at", null=True),
    Column("under", String(64)),
    data("counts"),
    words("source"),
)
