"""Setting a database up, and bringing it up to date."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from klartecken.desk.errors import StorageError
from klartecken.desk.storage.connect import reading, shown, writing

FOLDER = Path(__file__).parent / "migrations"


def configuration() -> Config:
    """Alembic's configuration; it needs no file."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def newest() -> str:
    """The revision that this program works with."""
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    assert head is not None
    return head


def revision(engine: Engine) -> str | None:
    """The revision of a database, or None when it was never set up."""
    with reading(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine) -> tuple[str | None, str]:
    """Set a database up, or bring it up to date, whole or not at all.

    Returns:
        The revision before and after.

    Raises:
        StorageError: it holds tables that are not a desk's, or is of a newer program.
    """
    before = revision(engine)
    if before is None:
        with reading(engine) as connection:
            foreign = inspect(connection).get_table_names()
        if foreign:
            raise StorageError(
                f"holds other tables ({', '.join(sorted(foreign)[:3])})",
                where=shown(engine.url),
                next_step="Give an empty database",
            )
    _known(engine, before)
    config = configuration()
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return before, newest()


def require_current(engine: Engine) -> None:
    """Refuse a database that was not set up, or is of another version of the program.

    Raises:
        StorageError: it is.
    """
    where = shown(engine.url)
    database = engine.url.database
    if engine.dialect.name == "sqlite" and database and not Path(database).exists():
        raise StorageError("there is no such desk", where=where,
                           next_step="Set it up: klartecken desk init")  # fmt: skip
    held = revision(engine)
    if held == newest():
        return
    _known(engine, held)
    raise StorageError(
        "was not set up" if held is None else f"is of an older version ({held})",
        where=where,
        next_step="Run klartecken desk init",
    )


def _known(engine: Engine, held: str | None) -> None:
    known = {script.revision for script in
             ScriptDirectory.from_config(configuration()).walk_revisions()}  # fmt: skip
    if held is not None and held not in known:
        raise StorageError(
            f"is of a newer version of the program ({held})",
            where=shown(engine.url),
            next_step="Update klartecken",
        )
