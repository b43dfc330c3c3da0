"""Secrets that are shown once: on the screen, or in a file that nobody else may read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from klartecken.errors import InputError

secret_option = click.option(
    "--keep", metavar="FILE", help="Write it into a new file that only you may read, and do not "
    "show it. A token is then given as @FILE.",
)  # fmt: skip


@contextmanager
def kept(path: str | None) -> Iterator[Callable[[str], None]]:
    """A place for a secret: a new file, made before anything else is done; or none.

    Raises:
        InputError: the file is already there, or cannot be written; nothing was done.
    """
    if path is None:
        yield lambda _secret: None
        return
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as err:
        raise InputError("is already there", where=path, next_step="Name a new file") from err
    except OSError as err:
        raise InputError(f"cannot be written ({err.strerror})", where=path) from err
    written = False

    def write(secret: str) -> None:
        nonlocal written
        os.write(opened, f"{secret}\n".encode())
        os.fsync(opened)
        written = True

    try:
        yield write
    except BaseException:  # the secret may never have come to count
        written = False
        raise
    finally:
        os.close(opened)
        if not written:
            Path(path).unlink(missing_ok=True)


def shown(secret: str, keep: str | None) -> str:
    """The secret itself, or where it is kept."""
    return secret if keep is None else f"kept in {keep}"
