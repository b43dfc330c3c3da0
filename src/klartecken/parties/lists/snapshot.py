"""A snapshot: the lists as they stood on a day, immutable and hashed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from klartecken.logic.frozen import freeze
from klartecken.parties.lists.entry import Entry
from klartecken.parties.party import content_hash


@dataclass(frozen=True, slots=True)
class Part:
    """One list of a snapshot.

    Attributes:
        list: its code.
        date: the day that the list is of.
        count: entries.
        complete: the whole list as published; False for an extract or a sample, by which
            nobody can be said not to be listed.
        source: file name and format that it was read from.
        source_hash: SHA-256 of that file.
        addresses: the source carries addresses (the reduced extract does not).
    """

    list: str
    date: date
    count: int
    complete: bool
    source: str
    source_hash: str
    addresses: bool = True


@dataclass(frozen=True)
class Snapshot:
    """The lists as they stood on ``date``.

    Attributes:
        date: the day that the snapshot is of: screening as of a day uses the latest one that
            is not after it.
        parts: by code of the list.
        entries: sorted by id.
        hash: of date, parts and entries.
    """

    date: date
    parts: Mapping[str, Part]
    entries: Sequence[Entry]
    hash: str

    def __post_init__(self) -> None:
        freeze(self, "parts")

    @property
    def label(self) -> str:
        """Date and the first letters of the hash, for people."""
        return f"{self.date.isoformat()}-{self.hash[:12]}"


def snapshot_of(day: date, parts: Mapping[str, Part], entries: Sequence[Entry]) -> Snapshot:
    """Sort, check and hash.

    Raises:
        ValueError: an id twice, a list without a part, or a count that is not so.
    """
    ordered = tuple(sorted(entries, key=lambda entry: entry.id))
    if len({entry.id for entry in ordered}) != len(ordered):
        raise ValueError("an entry id stands twice")
    counts: dict[str, int] = {}
    for entry in ordered:
        counts[entry.list] = counts.get(entry.list, 0) + 1
    if counts != {code: part.count for code, part in parts.items() if part.count}:
        raise ValueError("the counts of the parts are not those of the entries")
    about = {
        code: [p.date.isoformat(), p.count, p.complete, p.source_hash, p.addresses]
        for code, p in sorted(parts.items())
    }
    digest = content_hash([day.isoformat(), about, [[e.id, e.hash] for e in ordered]])
    return Snapshot(day, dict(sorted(parts.items())), ordered, digest)
