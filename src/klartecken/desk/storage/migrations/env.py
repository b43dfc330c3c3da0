"""What Alembic runs: on the connection that it is given."""

from alembic import context

from klartecken.desk.storage.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,  # SQLite alters a table by writing it anew
)
context.run_migrations()
