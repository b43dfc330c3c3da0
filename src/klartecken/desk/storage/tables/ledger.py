"""The ledger: append-only and hash-chained; and the index of its search keys."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table

from klartecken.desk.storage.columns import Json, Moment, Number, Words
from klartecken.desk.storage.metadata import METADATA

#: One row per change of one record, or per thing noted. ``old`` and ``new`` hold the changed
#: columns; of a new record all of them. The database itself refuses to change or delete a row.
LEDGER = Table(
    "ledger", METADATA,
    Column("seq", Number, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("person", Number, nullable=False),
    Column("channel", Words, nullable=False),
    Column("action", String(60), nullable=False),
    Column("subject", String(40), nullable=False),
    Column("subject_id", Number, nullable=False),
    Column("why", Words, nullable=False),
    Column("old", Json),
    Column("new", Json),
    Column("keys", Json, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Index("ix_ledger_subject", "subject", "subject_id", "seq"),
    Index("ix_ledger_person", "person", "seq"),
    Index("ix_ledger_at", "at", "seq"),
)  # fmt: skip

#: ``kind`` is party, country or reference; ``key`` is folded for the search.
LEDGER_KEYS = Table(
    "ledger_keys", METADATA,
    Column("seq", Number, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("key", Words, nullable=False),
    Index("ix_ledger_keys_key", "kind", "key", "seq"),
)  # fmt: skip
