"""Whether lists may replace those in use: a list that shrinks or goes missing is refused.

A short list is the dangerous one: everybody who fell out of it would no longer be found. A
person may accept it all the same, with a reason, which the snapshot's record keeps.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from klartecken.errors import InputError
from klartecken.facts.table import read_table
from klartecken.facts.text import one_line
from klartecken.parties.lists.formats.result import ListFile
from klartecken.parties.lists.snapshot import Part

SHRINKS_BY = 3  # per cent that a list may lose against the snapshot in use
FIRST_NEEDS = 95  # per cent of the known count that the first import of a public list needs
# Rows that fail to parse in a sound file of the format. Measured on the reduced CSL of
# 2026-07-31, the official samples of 2019 and 2025, OFAC's CONS files of 2025-12-19 and the
# Denied Persons file of 2022: none. Not measured (no file at hand), so 0 as well: the official
# JSON and OFAC's SDN files; an own list must read whole.
ROWS_THAT_FAIL = {
    "csl-csv": 0, "csl-json": 0, "csl-reduced": 0, "ofac-sdn": 0, "ofac-cons": 0, "dpl": 0,
    "own": 0,
}  # fmt: skip
NAMED = 5  # rows that the message names; the record of an accepted snapshot has all
MISSING, SHRINKS, BELOW_KNOWN, UNREAD = "missing", "shrinks", "below_known", "unread_rows"


@dataclass(frozen=True, slots=True)
class Known:
    """How many entries a public list had on a day that we know of."""

    list: str
    name: str
    count: int
    date: date
    source: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a list may not be taken over.

    Attributes:
        rule: ``missing``, ``shrinks``, ``below_known`` or ``unread_rows``.
        list: its code; empty for rows that cannot be read.
        text: for people, one line.
    """

    rule: str
    list: str
    text: str

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Accepted:
    """Who took a short list over all the same, and why."""

    reason: str
    by: str

    def __post_init__(self) -> None:
        one_line(self.reason, "--accept")
        one_line(self.by, "--by")


@functools.cache
def known_counts() -> Mapping[str, Known]:
    """The counts of list_counts.csv, by code."""
    found = {}
    for row in read_table("list_counts"):
        day = row.day("date")
        if day is None:
            raise row.fail("date", "is empty")
        count = row.read("count", int)
        code = row.cell("list")
        found[code] = Known(code, row.cell("name"), count, day, row.cell("source"))
    return found


def refusals(file: ListFile, previous: Mapping[str, Part]) -> tuple[Refusal, ...]:
    """What speaks against taking the lists of a file over.

    Args:
        file: as read.
        previous: the parts of the snapshot in use, by code; empty when there is none.
    """
    found = []
    for code in sorted(covered(file, previous)):
        refusal = _refusal(code, file, previous.get(code))
        if refusal is not None:
            found.append(refusal)
    failed, allowed = len(file.rejected), ROWS_THAT_FAIL[file.format]
    if failed > allowed:
        named = "; ".join(f"{r.file}, row {r.row}: {r.reason}" for r in file.rejected[:NAMED])
        text = f"{failed:,} {'row' if failed == 1 else 'rows'} cannot be read: {named}"
        if failed > NAMED:
            text += f"; and {failed - NAMED} more"
        found.append(Refusal(UNREAD, "", text))
    return tuple(found)


def covered(file: ListFile, previous: Iterable[str]) -> set[str]:
    """The lists that the file speaks for: what it does not hold of them has gone.

    The Consolidated Screening List speaks for every public list, also one that we do not know
    of but that an earlier file had; OFAC's consolidated file for its own.

    Args:
        previous: codes of the snapshot in use.
    """
    held = {*file.lists, *file.counts}
    if file.format.startswith("csl-"):
        held |= {code for code in previous if not code.startswith("OWN:")}
    return held


def _refusal(code: str, file: ListFile, before: Part | None) -> Refusal | None:
    count = file.counts.get(code, 0)
    if before is not None:
        if before.count and not count:
            text = f"{code} is missing from {file.name} and has {_entries(before.count)} in use"
            return Refusal(MISSING, code, text)
        if count * 100 < before.count * (100 - SHRINKS_BY):
            text = (
                f"{code} would shrink from {before.count:,} to {_entries(count)}, by more than "
                f"{SHRINKS_BY} %"
            )
            return Refusal(SHRINKS, code, text)
        return None
    return _below_known(code, count)


def _below_known(code: str, count: int) -> Refusal | None:
    """Against the known count."""
    known = known_counts().get(code)
    if known is None or count * 100 >= known.count * FIRST_NEEDS:
        return None
    text = (
        f"{code} has {_entries(count)}, below {FIRST_NEEDS} % of the {known.count:,} known on "
        f"{known.date}"
    )
    return Refusal(BELOW_KNOWN, code, text)


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count:,} entries"


def is_complete(code: str, file: ListFile, refused: Sequence[Refusal]) -> bool:
    """May the list be taken as whole, although a person accepted the file as it is?

    A list that a refusal names is not whole; nor is one that we know no count of, in a file
    that was refused for any reason; nor any list of a file with rows that cannot be read.
    """
    if any(r.list in (code, "") for r in refused):
        return False
    known = known_counts().get(code)
    count = file.counts.get(code, 0)
    if known is not None:
        return _below_known(code, count) is None
    return not refused


def refused_error(refused: Sequence[Refusal]) -> InputError:
    """The error that says why a file is refused, on one line."""
    return InputError(
        "refused: " + "; ".join(refusal.text for refusal in refused),
        next_step='Mend or download it again, or take it over with --accept "reason" --by NAME',
    )
