"""Settings, idempotency keys, webhooks and what is to be delivered to them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table

from klartecken.desk.storage.columns import Number
from klartecken.desk.storage.metadata import METADATA, data, moment, record, words

SETTINGS = record(
    "settings",
    Column("name", String(40), nullable=False, unique=True),
    data("value"),
)

#: The answer given to a request that may come again with the same key.
IDEMPOTENCY = Table(
    "idempotency", METADATA,
    Column("person", Number, primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("request", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    data("headers"),
    data("body", null=True),
    moment("at"),
)  # fmt: skip

WEBHOOKS = record(
    "webhooks",
    words("url"),
    Column("secret_hash", String(64), nullable=False),  # the ledger sees no more of it
    data("events"),  # names; empty: all
    Column("active", Boolean, nullable=False),
    Column("owner", Number, nullable=False),
    moment("created_at"),
)

#: It signs each delivery, so it must be readable; it stands apart, so that it is in no entry.
WEBHOOK_SECRETS = Table(
    "webhook_secrets", METADATA,
    Column("webhook", Number, primary_key=True, autoincrement=False),
    Column("secret", String(64), nullable=False),
)  # fmt: skip

#: Written in the transaction of the change that it tells of.
DELIVERIES = Table(
    "deliveries", METADATA,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("webhook", Number, nullable=False),
    Column("event", String(60), nullable=False),
    Column("event_id", String(40), nullable=False),
    data("body"),
    moment("created_at"),
    Column("state", String(10), nullable=False),  # waiting, done, failed
    Column("tries", Integer, nullable=False),
    moment("next_at", null=True),
    words("last_error"),
    Index("ix_deliveries_state_next", "state", "next_at"),
    Index("ix_deliveries_webhook_id", "webhook", "id"),
)  # fmt: skip
