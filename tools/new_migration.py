"""Write the migration that brings a set-up database to the tables of the code.

Run it as ``python tools/new_migration.py "add a column for ..."`` after changing a table, read
what it wrote, and commit it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext

from klartecken.desk.storage.columns import Exact, Json, Moment, Words
from klartecken.desk.storage.connect import open_engine, reading
from klartecken.desk.storage.migrate import FOLDER, newest, upgrade
from klartecken.desk.storage.tables import METADATA

HEAD = '''"""{message}."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {before!r}


def upgrade() -> None:
    """Do it."""
    {up}


def downgrade() -> None:
    """Undo it."""
    {down}
'''


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Our column types as those of the database: a migration must not change with the code."""
    if kind != "type":
        return False
    if isinstance(item, Exact):
        return "sa.BigInteger()"
    if isinstance(item, Moment):
        return "sa.String(27)"
    if isinstance(item, (Json, Words)):
        return "sa.Text()"
    if isinstance(item, sa.BigInteger) and "sqlite" in item._variant_mapping:
        return 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
    return False


def main(message: str) -> None:
    """Compare, and write the file."""
    versions = FOLDER / "versions"
    held = sorted(versions.glob("[0-9]*.py"))
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(Path(folder) / "desk.sqlite")
        if held:
            upgrade(engine)
        with reading(engine) as connection:
            options = {"render_item": render_item, "render_as_batch": bool(held)}
            context = MigrationContext.configure(connection, opts=options)
            script = produce_migrations(context, METADATA)
            assert script.upgrade_ops is not None
            assert script.downgrade_ops is not None
            up = render_python_code(script.upgrade_ops, render_item=render_item)
            down = render_python_code(script.downgrade_ops, render_item=render_item)
    if up.strip().endswith("pass"):
        sys.exit("The tables of the code are those of the migrations: nothing to write.")
    up, down = (re.sub(r" *# ### .* ###\n?", "", text).strip() for text in (up, down))
    number = f"{len(held) + 1:04d}"
    slug = re.sub(r"[^a-z0-9]+", "_", message.lower()).strip("_")
    path = versions / f"{number}_{slug}.py"
    before = newest() if held else None
    path.write_text(
        HEAD.format(message=message, revision=number, before=before, up=up, down=down),
        encoding="utf-8",
    )
    for tidy in (("format", "-q"), ("check", "--fix", "-q")):
        subprocess.run([sys.executable, "-m", "ruff", *tidy, str(path)], check=True)
    print(f"Wrote {path}; read it before you commit it.")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit('Usage: python tools/new_migration.py "what changes"')
    main(sys.argv[1])
