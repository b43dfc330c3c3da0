"""Options that the commands of `klartecken lists` share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import click

from klartecken.errors import InputError

if TYPE_CHECKING:
    from klartecken.parties.lists.accept import Accepted
    from klartecken.parties.lists.build import Build

F = TypeVar("F", bound=Callable[..., Any])


def accept_options(command: F) -> F:
    """``--accept`` and ``--by``: take refused lists over all the same."""
    options = [
        click.option(
            "--accept", "reason", metavar="REASON",
            help="Take it over although it is refused; the reason is kept in the record.",
        ),
        click.option("--by", metavar="NAME", help="Who accepts it."),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def read_accepted(reason: str | None, by: str | None) -> Accepted | None:
    """The acceptance, or None.

    Raises:
        InputError: one of the two without the other, or empty.
    """
    from klartecken.parties.lists.accept import Accepted

    if (reason is None) != (by is None):
        raise InputError("--accept and --by go together", where="--accept",
                         next_step='Write --accept "reason" --by NAME')  # fmt: skip
    return None if reason is None or by is None else Accepted(reason, by)


def read_date(text: str | None, today: date) -> date | None:
    """``--date``, or None.

    Raises:
        InputError: no ISO date, or a day to come.
    """
    from klartecken.decide.ask import read_day

    if text is None:
        return None
    day = read_day(text)
    if day > today:
        raise InputError(f"{day} is still to come", where="--date")
    return day


def built_data(build: Build, label: str, is_new: bool) -> dict[str, Any]:
    """A snapshot taken over, as plain data."""
    return {
        "label": label, "new": is_new, "date": build.snapshot.date.isoformat(),
        "hash": build.snapshot.hash, **build.record(),
        "parts": parts_data(build.snapshot.parts.values()),
    }  # fmt: skip


def parts_data(parts: Any) -> list[dict[str, Any]]:
    """Parts of a snapshot as plain data."""
    return [
        {
            "list": p.list, "date": p.date.isoformat(), "count": p.count, "complete": p.complete,
            "addresses": p.addresses, "source": p.source, "source_hash": p.source_hash,
        }
        for p in parts
    ]  # fmt: skip


def parts_rows(parts: Any) -> list[list[str]]:
    """Parts of a snapshot as rows of a table: list, date, entries, what it is."""
    return [
        [
            part.list, part.date.isoformat(), f"{part.count:,}",
            ("whole" if part.complete else "NOT WHOLE")
            + ("" if part.addresses else ", no addresses"),
            part.source,
        ]
        for part in parts
    ]  # fmt: skip


PART_HEADINGS = ["list", "date", "entries", "holds", "source"]
