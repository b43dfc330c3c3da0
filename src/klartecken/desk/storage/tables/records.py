"""What is kept beside: evidence, attachments, receipts, legal holds, look-ups."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, LargeBinary, String, Table

from klartecken.desk.storage.columns import Number
from klartecken.desk.storage.metadata import METADATA, data, moment, record, words

#: A step of the ladder of evidence, or a paper that a hold asks for. Only a licence registered
#: and verified is the sixth rung; nothing in this table releases a shipment.
EVIDENCE = record(
    "evidence",
    Column("subject", String(40), nullable=False),  # lines, applications, licences, general
    Column("subject_id", Number, nullable=False),
    Column("kind", String(24), nullable=False),  # rung, or end_user_statement, nac_notice, ...
    Column("rung", Integer),
    Column("on", Date, nullable=False),
    Column("known_from", Date, nullable=False),
    words("text"),
    words("source"),
    words("event"),  # id in the ledger of events
    words("party"),  # whose statement it is, where it is one of a party
    Column("sha256", String(64), nullable=False),
    Column("recorded_by", Number, nullable=False),
    Column("verified_by", Number),
    Column("withdrawn", Boolean, nullable=False),
    Index("ix_evidence_subject", "subject", "subject_id"),
)

#: A file that belongs to a record, by its hash; the bytes stand in ``blobs``.
ATTACHMENTS = record(
    "attachments",
    Column("subject", String(40), nullable=False),
    Column("subject_id", Number, nullable=False),
    words("name"),
    words("media_type"),
    words("kind"),
    Column("sha256", String(64), nullable=False),
    Column("size", Number, nullable=False),
    words("on_file"),  # 'submitted' or 'on file' (blocks 6 and 7)
    Column("removed", Boolean, nullable=False),
    Index("ix_attachments_subject", "subject", "subject_id"),
)

BLOBS = Table(
    "blobs", METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)  # fmt: skip

#: Receipts of determinations, by their seal.
RECEIPTS = Table(
    "receipts", METADATA,
    Column("seal", String(64), primary_key=True),
    data("body"),
)  # fmt: skip

#: An agency has asked: nothing of the subject may be destroyed, however old.
LEGAL_HOLDS = record(
    "legal_holds",
    Column("subject", String(40), nullable=False),
    Column("subject_id", Number, nullable=False),
    words("reason"),
    moment("placed_at"),
    Column("placed_by", Number, nullable=False),
    moment("lifted_at", null=True),
    Column("lifted_by", Number),
    words("lifted_why"),
    Index("ix_legal_holds_subject", "subject", "subject_id"),
)
