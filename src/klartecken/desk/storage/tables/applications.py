"""Licence applications: the BIS-748P data set, its state and its clock."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, String

from klartecken.desk.storage.columns import Number
from klartecken.desk.storage.metadata import data, moment, record, words

APPLICATIONS = record(
    "applications",
    words("reference", unique=True),  # the desk's own number
    words("acn", null=True, unique=True),  # application control number: letter and six digits
    Column("state", String(28), nullable=False),
    data("form"),  # the BIS-748P data set; see applications.form
    Column("content", String(64), nullable=False),  # hash of the form and its attachments
    Column("transaction_key", String(64), nullable=False),  # same transaction: 748.4(f)
    words("review_policy"),
    data("checklist"),  # [{id, text, when, done, evidence, ...}]; see applications.checklist
    data("clock"),  # [{from, until, running, reason}]
    data("timers"),  # {name: day}: what the applicant must keep; see applications.dues
    data("steps"),  # [{event, state, on, why, ...}] as they happened
    data("authors"),  # ids of all who had a hand in it: none of them may approve it
    Column("submitted_on", Date),
    Column("registered_on", Date),
    Column("referred_on", Date),
    Column("decided_on", Date),
    words("reason_code"),  # of a return without action
    Column("entered_by", Number, nullable=False),
    Column("edited_by", Number, nullable=False),
    moment("entered_at"),
    Column("line", Number, index=True),  # the order line it was prefilled from
    Index("ix_applications_state_id", "state", "id"),
    Index("ix_applications_transaction_key", "transaction_key"),
)
