"""What every reader yields, and the cells that they share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from klartecken.errors import InputError, UnknownName
from klartecken.facts.places import load_places
from klartecken.parties.ownership.model import Holder, HqFact, Stake

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T.*)?")
_LEI = re.compile(r"[A-Z0-9]{18}\d{2}")


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that cannot be read. One such row, and nothing of the import is kept.

    Attributes:
        where: file and row (line, or number of the record).
        column: column or field, or empty.
        why: on one line, with what to write instead.
    """

    where: str
    column: str
    why: str

    def line(self) -> str:
        """On one line."""
        place = f"{self.where}, column {self.column}" if self.column else self.where
        return f"{place}: {self.why}"


@dataclass(frozen=True, slots=True)
class Ignored:
    """A record that says nothing of ownership, and why; counted, never silent."""

    why: str


Record = Stake | Holder | HqFact
Read = Record | Reject | Ignored


class Cell(InputError):
    """A cell that cannot be read, for the reader to turn into a :class:`Reject`."""

    def __init__(self, column: str, why: str) -> None:
        self.column = column
        super().__init__(why, where=column)


@lru_cache(maxsize=65536)
def read_day(text: str, column: str) -> date | None:
    """A day, its time of day left out; None for an empty cell."""
    text = text.strip()
    if not text:
        return None
    found = _DAY.fullmatch(text)
    try:
        if found:
            return date.fromisoformat(found[1])
    except ValueError:
        pass
    raise Cell(column, f"{quoted(text)} is no day; write it like 2025-07-15")


@lru_cache(maxsize=4096)
def read_country(text: str, column: str) -> str:
    """An ISO code out of a code or a name; empty for an empty cell."""
    if not text.strip():
        return ""
    try:
        return load_places().resolve(text.strip())
    except UnknownName as err:
        raise Cell(column, err.line()) from None


def read_lei(text: str, column: str) -> str:
    """A Legal Entity Identifier with right check digits (ISO 17442)."""
    lei = text.strip().upper()
    if not lei:
        return ""
    if not _LEI.fullmatch(lei) or int("".join(str(int(c, 36)) for c in lei)) % 97 != 1:
        raise Cell(column, f"{quoted(text)} is no LEI: 20 letters and digits, the last two check")
    return lei


def quoted(text: str) -> str:
    """The asker's text on one line, cut when long."""
    text = " ".join(text.split())
    return repr(text if len(text) <= 60 else text[:57] + "...")


def period(since: date | None, until: date | None, column: str) -> None:
    """Raise a :class:`Cell` where a period ends before it begins."""
    if since and until and since > until:
        raise Cell(column, f"{until} lies before {since}")


def rows_or_reject(made: Iterator[Read], where: str) -> Iterator[Read]:
    """What one row gives; nothing but the reject if any of it cannot be read."""
    try:
        yield from list(made)
    except Cell as bad:
        yield Reject(where, bad.column, bad.what)
    except InputError as err:
        yield Reject(where, "", err.line())
