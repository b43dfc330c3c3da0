"""Supplement No. 8 to part 740: parties approved by name, until a day.

A positive list is matched by a wide net, and nobody is on it until a person says so.
"""

from __future__ import annotations

import difflib
import functools
import unicodedata
from dataclasses import dataclass
from datetime import date

from klartecken.errors import DataError
from klartecken.facts.table import GRADES, Row, read_table
from klartecken.parties.decisions.apply import SUPPLEMENT
from klartecken.parties.lists.entry import Entry
from klartecken.parties.party import Party

LIKE = 0.8  # similarity of names from which on a person has to look


@dataclass(frozen=True, slots=True)
class Approval:
    """One approved party, as an entry to decide on; in force from ``start`` to ``until``."""

    entry: Entry
    start: date
    until: date
    source: str
    grade: str

    def near(self, party: Party) -> bool:
        """Could the party be this one, by any of its names?"""
        mine = [_words(name) for name in self.entry.names]
        return any(_alike(one, _words(name)) for one in mine for name in party.names)


@functools.cache
def approvals() -> tuple[Approval, ...]:
    """The approved parties that the package knows of.

    Raises:
        DataError: the table breaks its layout.
    """
    return tuple(_approval(row) for row in read_table("supplement_8"))


def _approval(row: Row) -> Approval:
    start, until = row.day("from"), row.day("until")
    if start is None or until is None:
        raise row.fail("from", "an approval needs both its days")
    entry = Entry(row.cell("id"), SUPPLEMENT, row.cell("name"), citation=row.cell("citation"),
                  start=start.isoformat(), end=until.isoformat())  # fmt: skip
    if not entry.id.startswith(f"{SUPPLEMENT}-"):
        raise DataError(f"{entry.id!r} does not begin with {SUPPLEMENT}-", where=row.file)
    source = f"{row.cell('citation')}, as of {row.day('as_of')}"
    return Approval(entry, start, until, source, row.one_of("grade", GRADES))


def _words(name: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKC", name).casefold()
    return tuple("".join(c if c.isalnum() else " " for c in plain).split())


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """The same letters nearly, or all words of one among those of the other."""
    if not one or not other:
        return False
    if set(one) <= set(other) or set(other) <= set(one):
        return True
    left, right = "".join(one), "".join(other)
    if left in right or right in left:
        return True
    return difflib.SequenceMatcher(None, left, right, autojunk=False).ratio() >= LIKE
