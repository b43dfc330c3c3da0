"""What is written once: the database refuses to change or delete it.

Written by hand: triggers are no part of the tables' description. A later migration that writes
one of these tables anew on SQLite (batch mode) must make its triggers again.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = ("ledger", "ledger_keys", "receipts", "blobs")
FUNCTION = """
CREATE FUNCTION klartecken_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows are only ever added to this table';
END
$$
"""


def upgrade() -> None:
    """Do it."""
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for event in ("update", "delete"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{event} BEFORE {event} ON {table} BEGIN "
                    "SELECT RAISE(ABORT, 'rows are only ever added to this table'); END"
                )
        return
    op.execute(FUNCTION)
    for table in TABLES:
        for event in ("update", "delete", "truncate"):
            each = "STATEMENT" if event == "truncate" else "ROW"
            op.execute(
                f"CREATE TRIGGER {table}_no_{event} BEFORE {event} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION klartecken_written_once()"
            )


def downgrade() -> None:
    """Undo it."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in TABLES:
        for event in ("update", "delete") if sqlite else ("update", "delete", "truncate"):
            op.execute(f"DROP TRIGGER {table}_no_{event}" + ("" if sqlite else f" ON {table}"))
    if not sqlite:
        op.execute("DROP FUNCTION klartecken_written_once()")
