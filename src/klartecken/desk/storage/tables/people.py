"""Who may do what: people, their tokens, approvals, break-glass."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Index, String

from klartecken.desk.storage.columns import Number
from klartecken.desk.storage.metadata import data, moment, record, words

PEOPLE = record(
    "people",
    words("name", unique=True),
    words("email"),
    data("roles"),  # list of names of roles
    words("oidc_subject", null=True, unique=True),
    Column("active", Boolean, nullable=False),
    moment("created_at"),
)

#: A token is kept as SHA-256 of its secret: whoever reads the database cannot use it.
TOKENS = record(
    "tokens",
    Column("person", Number, nullable=False, index=True),
    Column("public", String(24), nullable=False, unique=True),
    Column("secret_hash", String(64), nullable=False),
    words("label"),
    Column("invitation", Boolean, nullable=False),  # only good for making the first own token
    moment("created_at"),
    moment("expires_at", null=True),
    moment("revoked_at", null=True),
)

#: What one person prepared and another approved. It counts only while ``content`` is the hash
#: of what it is about: an edit lets it lapse.
APPROVALS = record(
    "approvals",
    Column("subject", String(40), nullable=False),
    Column("subject_id", Number, nullable=False),
    Column("what", String(40), nullable=False),  # application, licence, assignment, ...
    Column("content", String(64), nullable=False),
    Column("prepared_by", Number, nullable=False),
    moment("prepared_at"),
    Column("state", String(10), nullable=False),  # asked, approved, refused, lapsed
    Column("decided_by", Number),
    moment("decided_at", null=True),
    words("why"),
    CheckConstraint("decided_by IS NULL OR decided_by <> prepared_by", name="four_eyes"),
    Index("ix_approvals_subject", "subject", "subject_id", "what"),
)

#: An overridden hold of the desk's own making, by two people, with the report that must follow.
BREAK_GLASS = record(
    "break_glass",
    Column("line", Number, nullable=False, index=True),
    words("holds"),  # codes, parted by blanks
    Column("content", String(64), nullable=False),
    words("why"),
    Column("asked_by", Number, nullable=False),
    moment("asked_at"),
    Column("seconded_by", Number),
    moment("seconded_at", null=True),
    moment("ends_at", null=True),
    Column("state", String(10), nullable=False),  # asked, open, reported, ended
    words("report"),
    Column("reported_by", Number),
    moment("reported_at", null=True),
    CheckConstraint("seconded_by IS NULL OR seconded_by <> asked_by", name="two_people"),
)
