"""What a reader hands on: entries, the rows that it could not read, and what the file covers."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from klartecken.parties.lists.entry import Entry

# The lists that a whole file of the format holds
CSL_LISTS = (
    "SDN", "EL", "DPL", "DTC", "SSI", "UVL", "ISN", "PLC", "MEU", "CMIC", "MBS", "CAP",
)  # fmt: skip
CONS_LISTS = ("CAP", "CMIC", "MBS", "PLC", "SSI")


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that could not be read.

    Attributes:
        file: its name.
        row: counted from 1, the header included; an entry's number in a JSON file.
        reason: why.
    """

    file: str
    row: int
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


@dataclass(frozen=True)
class ListFile:
    """One list file (or one set of OFAC files), read.

    Attributes:
        format: short name, such as ``csl-json``.
        told: what it was recognised as, for people.
        names: of the files.
        hash: SHA-256 of the file, or over those of a set.
        generated: the day that the file says it was made, if it says so.
        lists: codes that a whole file of this format holds.
        addresses: it carries addresses.
        entries: with an id only where the source has numbers.
        rejected: rows that could not be read.
        size: bytes of the files as given.
    """

    format: str
    told: str
    names: tuple[str, ...]
    hash: str
    generated: date | None
    lists: tuple[str, ...]
    addresses: bool
    entries: tuple[Entry, ...] = field(repr=False)
    rejected: tuple[Rejected, ...] = ()
    size: int = 0

    @property
    def name(self) -> str:
        """The names of the files, for people."""
        return ", ".join(self.names)

    @property
    def counts(self) -> dict[str, int]:
        """Entries by list."""
        found: dict[str, int] = {}
        for entry in self.entries:
            found[entry.list] = found.get(entry.list, 0) + 1
        return found
