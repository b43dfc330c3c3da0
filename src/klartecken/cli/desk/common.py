"""What the commands of the desk share: which desk, who acts, and how it is told."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from klartecken.cli.common import home_option, json_option
from klartecken.errors import InputError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from klartecken.desk.desk import Desk
    from klartecken.desk.people.roles import Person
    from klartecken.desk.work import Work

F = TypeVar("F", bound=Callable[..., Any])
DB, TOKEN = "KLARTECKEN_DB", "KLARTECKEN_TOKEN"

db_option = click.option(
    "--db", metavar="DB", help="File or URL of the desk. Default: KLARTECKEN_DB, else "
    "desk.sqlite in the home folder.",
)  # fmt: skip
token_option = click.option(
    "--token", metavar="TOKEN", help="Who acts: a token, or @FILE that holds it. Default: "
    "KLARTECKEN_TOKEN, which may be @FILE too.",
)  # fmt: skip
why_option = click.option("--why", default="", metavar="TEXT", help="The reason, for the record.")


def desk_options(command: F) -> F:
    """Which desk, whose data, who acts, and JSON."""
    for option in (json_option, home_option, token_option, db_option):
        command = option(command)
    return command


def utc_now() -> datetime:
    """The moment on this machine."""
    return datetime.now(UTC)


def channel() -> str:
    """Where and on what something is entered: the command line of a machine (762.5(b)(8))."""
    return f"command line {platform.node() or 'unnamed machine'}"


def require_desk(*more: str) -> None:
    """Stop when the extra is not installed; imports nothing.

    Args:
        more: further libraries that are needed.

    Raises:
        InputError: names what is missing and the command that installs it.
    """
    from importlib.util import find_spec

    needed = ("sqlalchemy", "alembic", "pyarrow", "numpy", *more)
    missing = [name for name in needed if find_spec(name) is None]
    if missing:
        raise InputError(
            f"{' and '.join(missing)}, which licence desks need, cannot be found", where="desk",
            next_step="Install the extra: pip install 'klartecken[desk]'",
        )  # fmt: skip


def url_of(db: str | None, home: str | None) -> str:
    """The desk that is meant."""
    from klartecken.parties.home import home_folder

    if db is not None or os.environ.get(DB):
        return str(db if db is not None else os.environ[DB])
    return str(home_folder(home) / "desk.sqlite")


@dataclass(frozen=True)
class Seat:
    """A person at a desk."""

    desk: Desk
    person: Person

    @contextmanager
    def work(self) -> Iterator[Work]:
        """One transaction."""
        with self.desk.work(self.person, channel()) as work:
            yield work

    @contextmanager
    def read(self, permission: str = "view") -> Iterator[Connection]:
        """One state of the database, for a person who may see it.

        Raises:
            Forbidden: the person may not.
        """
        from klartecken.desk.errors import Forbidden

        if not self.person.may(permission):
            raise Forbidden(
                f"{self.person.name} may not do that (needs {permission})",
                next_step="Ask an admin for the role, or somebody who has it",
            )
        with self.desk.read() as connection:
            yield connection


@contextmanager
def seat(db: str | None, home: str | None, token: str | None) -> Iterator[Seat]:
    """A desk, and who acts at it.

    Raises:
        StorageError: there is no such desk.
        Unauthenticated: no token, or one that is not valid.
    """
    require_desk()
    from klartecken.desk.desk import open_desk
    from klartecken.desk.people.accounts import who

    said = token_of(token)
    desk = open_desk(url_of(db, home), home, clock=utc_now)
    try:
        with desk.read() as connection:
            person = who(connection, said, utc_now())
        yield Seat(desk, person)
    finally:
        desk.close()


def token_of(token: str | None) -> str:
    """The token that is given, or that the file holds which is named.

    Raises:
        InputError: none is given, or the file cannot be read.
    """
    said = (token or os.environ.get(TOKEN, "")).strip()
    if not said:
        raise InputError("nobody is named", where="--token",
                         next_step=f"Give --token, or set {TOKEN}")  # fmt: skip
    if not said.startswith("@"):
        return said
    try:
        return Path(said[1:]).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as err:
        raise InputError("holds no token that can be read", where=said[1:]) from err


def read_body(path: str) -> bytes:
    """The bytes of a file.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return Path(path).read_bytes()
    except OSError as err:
        raise InputError(f"cannot be read ({err.strerror})", where=path) from err


def told_line(row: Any) -> str:
    """One line in one sentence: its state, and what stands against it."""
    from klartecken.desk.holds import HOLDS

    head = f"{row['external_id']} (#{row['id']}): {row['state']}"
    if row["state"] != "held":
        return head
    details: dict[str, list[str]] = {}
    for hold in row["holds"]:
        details.setdefault(hold["code"], []).append(hold["detail"])
    lines = [head]
    for code, texts in details.items():
        kind = HOLDS[code]
        detail = "; ".join(text for text in texts if text)
        lines.append(f"  - {kind.title}{': ' if detail else ''}{detail}")
        lines.append(f"    {kind.cure} ({kind.who.replace('_', ' ')})")
    return "\n".join(lines)
