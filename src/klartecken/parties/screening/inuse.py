"""Which snapshot a screening uses: the latest that is not after the day."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from klartecken.errors import InputError
from klartecken.parties.lists.builtin import builtin_snapshot
from klartecken.parties.lists.store import latest_head, lists_folder
from klartecken.parties.screening.kept import Note, load_listed
from klartecken.parties.screening.listed import Listed, prepare


def listed_on(home: Path, on: date, note: Note | None = None) -> Listed:
    """The lists in use on a day, ready for screening.

    Without any imported list this is the built-in table of AI-chip entities: what it holds is
    found, and whatever it does not hold is ``not_screenable``; its ``limits`` say so.

    Args:
        home: folder of the user's own data.
        on: the day.
        note: told, in a line, when an index had to be made anew.

    Raises:
        InputError: no snapshot, and no table, is of that day or before.
        DataError: a stored snapshot is broken.
    """
    head = latest_head(home, on)
    if head is not None:
        return load_listed(head, note)
    day = builtin_snapshot().date
    if on < day:
        raise InputError(
            f"no list is imported, and the built-in table is of {day}, after {on}",
            where=str(lists_folder(home)),
            next_step="Import the lists of that time with klartecken lists import --date",
        )  # fmt: skip
    return builtin_listed()


@cache
def builtin_listed() -> Listed:
    """The built-in table, ready for screening."""
    return prepare(builtin_snapshot())
