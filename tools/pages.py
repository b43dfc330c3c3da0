"""What the tools that write pages share: all files or none, and errors of one line."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def write_all(made: Mapping[Path, bytes | str], gone: Iterable[Path] = ()) -> None:
    """Write all files or none: each beside its place first, then all are moved.

    Args:
        made: what each file is to hold.
        gone: files to remove afterwards.
    """
    waiting: dict[Path, Path] = {}
    try:
        for path, content in made.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            waiting[path] = path.with_name(f".{path.name}.new")
            data = content.encode() if isinstance(content, str) else content
            waiting[path].write_bytes(data)
        for path, new in waiting.items():
            os.replace(new, path)
    finally:
        for new in waiting.values():
            new.unlink(missing_ok=True)
    for path in gone:
        path.unlink(missing_ok=True)


def one_line(work: Callable[[], None]) -> None:
    """Do the work of a tool; whatever stops it is told in one line of standard error."""
    try:
        load()
        work()
    except Exception as err:
        sys.exit(f"Error: {told(err)}")


def load() -> None:
    """Load the law and the data: nothing is written from a law that does not load."""
    from klartecken.decide.ask import shipped_world
    from klartecken.facts.chips import load_catalogue

    shipped_world()
    load_catalogue()


def told(err: Exception) -> str:
    """An error on one line; one that is not ours also says its kind."""
    from klartecken.errors import KlarteckenError

    if isinstance(err, (KlarteckenError, PageError)):
        return " ".join(str(err).split())
    return " ".join(f"{type(err).__name__}: {err}".split())


class PageError(Exception):
    """A page cannot be written; the text says why."""
