"""What a verification found: each finding says what, where, and which value stands where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from klartecken.errors import InputError

#: kind of finding -> what it means
KINDS = {
    "altered": "an entry is not what was written: its hash does not fit",
    "removed": "entries are missing",
    "broken": "an entry does not follow the one before it",
    "reordered": "an entry stands in another's place",
    "anchor": "the ledger is not the one that the anchor was taken from",
    "key": "the search index does not say what the entries say",
    "value": "a record holds another value than its entries say",
    "lost": "a record that has entries is gone",
    "unrecorded": "a record has no entries",
    "contradiction": "an entry does not fit the record's earlier entries",
    "index": "the index of holds does not say what the lines say",
    "content": "something kept by its hash is not what the hash says",
    "missing": "something that a record names by its hash is not there",
    "guard": "a trigger that refuses changes is missing",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        kind: a name in :data:`KINDS`.
        what: in words.
        table: where; ``ledger`` for entries.
        id: of the record, or number of the entry; a hash for what is kept by its hash.
        column: of a value that differs.
        ledger, held: what the ledger says, and what the table holds.
    """

    kind: str
    what: str
    table: str
    id: int | str = 0
    column: str = ""
    ledger: str = ""
    held: str = ""

    @property
    def where(self) -> str:
        """Table, id and column in words."""
        return " ".join(filter(None, (self.table, str(self.id or ""), self.column)))

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, order=True)
class Anchor:
    """The end of the ledger at a moment: kept elsewhere, it proves all that was before it."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


def read_anchor(text: str) -> Anchor:
    """An anchor from its text.

    >>> read_anchor("7:" + "ab" * 32).seq
    7

    Raises:
        InputError: it is none.
    """
    found = re.fullmatch(r"\s*(0|[1-9][0-9]{0,17}):([0-9a-f]{64})\s*", text, re.ASCII)
    if found is None:
        raise InputError(
            f"{text[:90]!r} is no anchor", where="head",
            next_step="Give number:hash, as klartecken desk audit anchor printed it",
        )  # fmt: skip
    return Anchor(int(found[1]), found[2])


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked, and what was found.

    Attributes:
        entries, records: how many were checked.
        head: the end of the ledger.
        findings: the first of them.
        more: how many further ones there are.
    """

    entries: int
    records: int
    head: Anchor
    findings: tuple[Finding, ...]
    more: int = 0

    @property
    def ok(self) -> bool:
        """Is nothing wrong?"""
        return not self.findings

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "ok": self.ok, "entries": self.entries, "records": self.records,
            "head": str(self.head), "findings": [found.to_dict() for found in self.findings],
            "more": self.more,
        }  # fmt: skip
