"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Do it."""
    op.create_table(
        "applications",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("acn", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=28), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("transaction_key", sa.String(length=64), nullable=False),
        sa.Column("review_policy", sa.Text(), nullable=False),
        sa.Column("checklist", sa.Text(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("timers", sa.Text(), nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("referred_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column(
            "entered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "edited_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("entered_at", sa.String(27), nullable=False),
        sa.Column("line", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_applications_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("acn", name=op.f("uq_applications_acn")),
        sa.UniqueConstraint("reference", name=op.f("uq_applications_reference")),
        info={"record": True},
    )
    op.create_index(op.f("ix_applications_line"), "applications", ["line"], unique=False)
    op.create_index("ix_applications_state_id", "applications", ["state", "id"], unique=False)
    op.create_index(
        "ix_applications_transaction_key", "applications", ["transaction_key"], unique=False
    )
    op.create_table(
        "approvals",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column(
            "subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column(
            "prepared_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("prepared_at", sa.String(27), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column(
            "decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("decided_at", sa.String(27), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> prepared_by", name=op.f("ck_approvals_four_eyes")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_approvals_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
        info={"record": True},
    )
    op.create_index(
        "ix_approvals_subject", "approvals", ["subject", "subject_id", "what"], unique=False
    )
    op.create_table(
        "attachments",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column(
            "subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on_file", sa.Text(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_attachments_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        info={"record": True},
    )
    op.create_index(
        "ix_attachments_subject", "attachments", ["subject", "subject_id"], unique=False
    )
    op.create_table(
        "blobs",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blobs")),
    )
    op.create_table(
        "break_glass",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("line", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("holds", sa.Text(), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_at", sa.String(27), nullable=False),
        sa.Column(
            "seconded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("seconded_at", sa.String(27), nullable=True),
        sa.Column("ends_at", sa.String(27), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column(
            "reported_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("reported_at", sa.String(27), nullable=True),
        sa.CheckConstraint(
            "seconded_by IS NULL OR seconded_by <> asked_by", name=op.f("ck_break_glass_two_people")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_break_glass_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_glass")),
        info={"record": True},
    )
    op.create_index(op.f("ix_break_glass_line"), "break_glass", ["line"], unique=False)
    op.create_table(
        "caps",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("cite", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("destinations", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("outside_capped", sa.BigInteger(), nullable=False),
        sa.Column("outside_reference", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_caps_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caps")),
        sa.UniqueConstraint("name", name=op.f("uq_caps_name")),
        info={"record": True},
    )
    op.create_table(
        "conditions",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("licence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("line", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "application", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("binds", sa.Text(), nullable=False),
        sa.Column("before_shipment", sa.Integer(), nullable=False),
        sa.Column("stops_when_overdue", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_day", sa.Integer(), nullable=True),
        sa.Column("recurs", sa.Text(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("follows", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=False),
        sa.Column("closed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("closed_at", sa.String(27), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_conditions_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conditions")),
        info={"record": True},
    )
    op.create_index(op.f("ix_conditions_application"), "conditions", ["application"], unique=False)
    op.create_index(op.f("ix_conditions_licence"), "conditions", ["licence"], unique=False)
    op.create_index(op.f("ix_conditions_line"), "conditions", ["line"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("webhook", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("event_id", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.String(27), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    op.create_index("ix_deliveries_state_next", "deliveries", ["state", "next_at"], unique=False)
    op.create_index("ix_deliveries_webhook_id", "deliveries", ["webhook", "id"], unique=False)
    op.create_table(
        "evidence",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column(
            "subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("known_from", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "verified_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_evidence_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        info={"record": True},
    )
    op.create_index("ix_evidence_subject", "evidence", ["subject", "subject_id"], unique=False)
    op.create_table(
        "idempotency",
        sa.Column("person", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("person", "key", name=op.f("pk_idempotency")),
    )
    op.create_table(
        "ledger",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("person", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column(
            "subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("old", sa.Text(), nullable=True),
        sa.Column("new", sa.Text(), nullable=True),
        sa.Column("keys", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ledger")),
        sa.UniqueConstraint("hash", name=op.f("uq_ledger_hash")),
    )
    op.create_index("ix_ledger_at", "ledger", ["at", "seq"], unique=False)
    op.create_index("ix_ledger_person", "ledger", ["person", "seq"], unique=False)
    op.create_index("ix_ledger_subject", "ledger", ["subject", "subject_id", "seq"], unique=False)
    op.create_table(
        "ledger_keys",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
    )
    op.create_index("ix_ledger_keys_key", "ledger_keys", ["kind", "key", "seq"], unique=False)
    op.create_table(
        "legal_holds",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column(
            "subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_at", sa.String(27), nullable=False),
        sa.Column(
            "placed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("lifted_at", sa.String(27), nullable=True),
        sa.Column("lifted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("lifted_why", sa.Text(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_legal_holds_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
        info={"record": True},
    )
    op.create_index(
        "ix_legal_holds_subject", "legal_holds", ["subject", "subject_id"], unique=False
    )
    op.create_table(
        "licence_lines",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("licence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("eccn", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("tolerance", sa.Integer(), nullable=False),
        sa.Column("value_limit", sa.BigInteger(), nullable=False),
        sa.Column("reserved_quantity", sa.BigInteger(), nullable=False),
        sa.Column("reserved_value", sa.BigInteger(), nullable=False),
        sa.Column("shipped_quantity", sa.BigInteger(), nullable=False),
        sa.Column("shipped_value", sa.BigInteger(), nullable=False),
        sa.Column("struck", sa.Boolean(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_licence_lines_quantity")),
        sa.CheckConstraint(
            "reserved_quantity + shipped_quantity <= quantity",
            name=op.f("ck_licence_lines_quantity_left"),
        ),
        sa.CheckConstraint(
            "reserved_quantity >= 0", name=op.f("ck_licence_lines_reserved_quantity")
        ),
        sa.CheckConstraint(
            "reserved_value + shipped_value <= value_limit",
            name=op.f("ck_licence_lines_value_left"),
        ),
        sa.CheckConstraint("reserved_value >= 0", name=op.f("ck_licence_lines_reserved_value")),
        sa.CheckConstraint("shipped_quantity >= 0", name=op.f("ck_licence_lines_shipped_quantity")),
        sa.CheckConstraint("shipped_value >= 0", name=op.f("ck_licence_lines_shipped_value")),
        sa.CheckConstraint("value >= 0", name=op.f("ck_licence_lines_value")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_licence_lines_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_lines")),
        info={"record": True},
    )
    op.create_index(op.f("ix_licence_lines_licence"), "licence_lines", ["licence"], unique=False)
    op.create_index("uq_licence_lines_place", "licence_lines", ["licence", "place"], unique=True)
    op.create_table(
        "licence_parties",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("licence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("struck", sa.Boolean(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_licence_parties_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_parties")),
        info={"record": True},
    )
    op.create_index(
        op.f("ix_licence_parties_licence"), "licence_parties", ["licence"], unique=False
    )
    op.create_table(
        "licences",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("regime", sa.Text(), nullable=False),
        sa.Column(
            "application", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("acn", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("exporter", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("ship_from", sa.Text(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("end_use", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("in_hand_on", sa.Date(), nullable=True),
        sa.Column("document_name", sa.Text(), nullable=False),
        sa.Column("document_sha256", sa.String(length=64), nullable=False),
        sa.Column("letters", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("riders", sa.Text(), nullable=False),
        sa.Column("replaces", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column(
            "registered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("registered_at", sa.String(27), nullable=False),
        sa.CheckConstraint("expires_on >= issued_on", name=op.f("ck_licences_validity")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_licences_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licences")),
        sa.UniqueConstraint("number", name=op.f("uq_licences_number")),
        info={"record": True},
    )
    op.create_index(op.f("ix_licences_application"), "licences", ["application"], unique=False)
    op.create_table(
        "line_holds",
        sa.Column(
            "line",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("line", "code", name=op.f("pk_line_holds")),
    )
    op.create_index("ix_line_holds_code_line", "line_holds", ["code", "line"], unique=False)
    op.create_table(
        "lines",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("ship_from", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("exporter", sa.Text(), nullable=False),
        sa.Column("consignee", sa.Text(), nullable=False),
        sa.Column("end_user", sa.Text(), nullable=False),
        sa.Column("purchaser", sa.Text(), nullable=False),
        sa.Column("intermediate", sa.Text(), nullable=False),
        sa.Column("end_use", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("ship_on", sa.Date(), nullable=True),
        sa.Column("unit_of_business", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "entered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("entered_at", sa.String(27), nullable=False),
        sa.Column(
            "edited_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("evaluated_on", sa.Date(), nullable=True),
        sa.Column("under", sa.String(length=64), nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("case_id", sa.String(length=12), nullable=True),
        sa.Column("holds", sa.Text(), nullable=False),
        sa.Column("first_hold", sa.String(length=32), nullable=False),
        sa.Column("authorisation", sa.String(length=12), nullable=False),
        sa.Column("exception", sa.Text(), nullable=False),
        sa.Column(
            "licence_line", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("release", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("shipped_at", sa.String(27), nullable=True),
        sa.Column("shipped_on", sa.Date(), nullable=True),
        sa.Column("itn", sa.Text(), nullable=False),
        sa.Column("legal_hold", sa.Boolean(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_lines_quantity")),
        sa.CheckConstraint("unit_price >= 0", name=op.f("ck_lines_unit_price")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_lines_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lines")),
        sa.UniqueConstraint("external_id", name=op.f("uq_lines_external_id")),
        info={"record": True},
    )
    op.create_index(op.f("ix_lines_licence_line"), "lines", ["licence_line"], unique=False)
    op.create_index("ix_lines_destination", "lines", ["destination", "state", "id"], unique=False)
    op.create_index("ix_lines_first_hold", "lines", ["first_hold", "state", "id"], unique=False)
    op.create_index("ix_lines_item", "lines", ["item", "state", "id"], unique=False)
    op.create_index("ix_lines_order_number", "lines", ["order_number", "state", "id"], unique=False)
    op.create_index("ix_lines_outcome", "lines", ["outcome", "state", "id"], unique=False)
    op.create_index(
        "ix_lines_unit_of_business", "lines", ["unit_of_business", "state", "id"], unique=False
    )
    op.create_index("ix_lines_state_id", "lines", ["state", "id"], unique=False)
    op.create_table(
        "look_backs",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("line", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("run", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("closed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("closed_why", sa.Text(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_look_backs_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_backs")),
        info={"record": True},
    )
    op.create_index(op.f("ix_look_backs_line"), "look_backs", ["line"], unique=False)
    op.create_table(
        "manual_holds",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("line", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "placed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("placed_at", sa.String(27), nullable=False),
        sa.Column("lifted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("lifted_at", sa.String(27), nullable=True),
        sa.Column("lifted_why", sa.Text(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_manual_holds_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manual_holds")),
        info={"record": True},
    )
    op.create_index(op.f("ix_manual_holds_line"), "manual_holds", ["line"], unique=False)
    op.create_table(
        "movements",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "licence_line", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("line", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.CheckConstraint("quantity >= 0 AND value >= 0", name=op.f("ck_movements_amounts")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_movements_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movements")),
        info={"record": True},
    )
    op.create_index(op.f("ix_movements_licence_line"), "movements", ["licence_line"], unique=False)
    op.create_index(op.f("ix_movements_line"), "movements", ["line"], unique=False)
    op.create_table(
        "people",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("oidc_subject", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_people_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("name", name=op.f("uq_people_name")),
        sa.UniqueConstraint("oidc_subject", name=op.f("uq_people_oidc_subject")),
        info={"record": True},
    )
    op.create_table(
        "receipts",
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seal", name=op.f("pk_receipts")),
    )
    op.create_table(
        "releases",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("line", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("under", sa.String(length=64), nullable=False),
        sa.Column("authorisation", sa.String(length=12), nullable=False),
        sa.Column("authorised_by", sa.Text(), nullable=False),
        sa.Column(
            "licence_line", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "released_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("released_at", sa.String(27), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("receipt", sa.String(length=64), nullable=False),
        sa.Column("citations", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("ended_why", sa.Text(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_releases_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_releases")),
        info={"record": True},
    )
    op.create_index(op.f("ix_releases_line"), "releases", ["line"], unique=False)
    op.create_index("ix_releases_state", "releases", ["state", "line"], unique=False)
    op.create_table(
        "runs",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("started_at", sa.String(27), nullable=False),
        sa.Column("finished_at", sa.String(27), nullable=True),
        sa.Column("under", sa.String(length=64), nullable=True),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_runs_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        info={"record": True},
    )
    op.create_table(
        "settings",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_settings_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settings")),
        sa.UniqueConstraint("name", name=op.f("uq_settings_name")),
        info={"record": True},
    )
    op.create_table(
        "tokens",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public", sa.String(length=24), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("invitation", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("expires_at", sa.String(27), nullable=True),
        sa.Column("revoked_at", sa.String(27), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_tokens_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("public", name=op.f("uq_tokens_public")),
        info={"record": True},
    )
    op.create_index(op.f("ix_tokens_person"), "tokens", ["person"], unique=False)
    op.create_table(
        "verdicts",
        sa.Column("case_id", sa.String(length=12), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_verdicts")),
    )
    op.create_table(
        "webhook_secrets",
        sa.Column(
            "webhook",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("webhook", name=op.f("pk_webhook_secrets")),
    )
    op.create_table(
        "webhooks",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("owner", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_webhooks_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
        info={"record": True},
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("webhooks")
    op.drop_table("webhook_secrets")
    op.drop_table("verdicts")
    op.drop_index(op.f("ix_tokens_person"), table_name="tokens")
    op.drop_table("tokens")
    op.drop_table("settings")
    op.drop_table("runs")
    op.drop_index("ix_releases_state", table_name="releases")
    op.drop_index(op.f("ix_releases_line"), table_name="releases")
    op.drop_table("releases")
    op.drop_table("receipts")
    op.drop_table("people")
    op.drop_index(op.f("ix_movements_line"), table_name="movements")
    op.drop_index(op.f("ix_movements_licence_line"), table_name="movements")
    op.drop_table("movements")
    op.drop_index(op.f("ix_manual_holds_line"), table_name="manual_holds")
    op.drop_table("manual_holds")
    op.drop_index(op.f("ix_look_backs_line"), table_name="look_backs")
    op.drop_table("look_backs")
    op.drop_index("ix_lines_state_id", table_name="lines")
    op.drop_index("ix_lines_unit_of_business", table_name="lines")
    op.drop_index("ix_lines_outcome", table_name="lines")
    op.drop_index("ix_lines_order_number", table_name="lines")
    op.drop_index("ix_lines_item", table_name="lines")
    op.drop_index("ix_lines_first_hold", table_name="lines")
    op.drop_index("ix_lines_destination", table_name="lines")
    op.drop_index(op.f("ix_lines_licence_line"), table_name="lines")
    op.drop_table("lines")
    op.drop_index("ix_line_holds_code_line", table_name="line_holds")
    op.drop_table("line_holds")
    op.drop_index(op.f("ix_licences_application"), table_name="licences")
    op.drop_table("licences")
    op.drop_index(op.f("ix_licence_parties_licence"), table_name="licence_parties")
    op.drop_table("licence_parties")
    op.drop_index("uq_licence_lines_place", table_name="licence_lines")
    op.drop_index(op.f("ix_licence_lines_licence"), table_name="licence_lines")
    op.drop_table("licence_lines")
    op.drop_index("ix_legal_holds_subject", table_name="legal_holds")
    op.drop_table("legal_holds")
    op.drop_index("ix_ledger_keys_key", table_name="ledger_keys")
    op.drop_table("ledger_keys")
    op.drop_index("ix_ledger_subject", table_name="ledger")
    op.drop_index("ix_ledger_person", table_name="ledger")
    op.drop_index("ix_ledger_at", table_name="ledger")
    op.drop_table("ledger")
    op.drop_table("idempotency")
    op.drop_index("ix_evidence_subject", table_name="evidence")
    op.drop_table("evidence")
    op.drop_index("ix_deliveries_webhook_id", table_name="deliveries")
    op.drop_index("ix_deliveries_state_next", table_name="deliveries")
    op.drop_table("deliveries")
    op.drop_index(op.f("ix_conditions_line"), table_name="conditions")
    op.drop_index(op.f("ix_conditions_licence"), table_name="conditions")
    op.drop_index(op.f("ix_conditions_application"), table_name="conditions")
    op.drop_table("conditions")
    op.drop_table("caps")
    op.drop_index(op.f("ix_break_glass_line"), table_name="break_glass")
    op.drop_table("break_glass")
    op.drop_table("blobs")
    op.drop_index("ix_attachments_subject", table_name="attachments")
    op.drop_table("attachments")
    op.drop_index("ix_approvals_subject", table_name="approvals")
    op.drop_table("approvals")
    op.drop_index("ix_applications_transaction_key", table_name="applications")
    op.drop_index("ix_applications_state_id", table_name="applications")
    op.drop_index(op.f("ix_applications_line"), table_name="applications")
    op.drop_table("applications")
