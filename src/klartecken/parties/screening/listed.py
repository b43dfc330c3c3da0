"""The listed side, ready for screening: entries, index of names, identifiers, addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from klartecken.parties.lists.entry import Entry
from klartecken.parties.lists.snapshot import Snapshot
from klartecken.parties.screening.address import Addresses, build_addresses
from klartecken.parties.screening.identifiers import Numbers, numbers_of
from klartecken.parties.screening.index import Index, build_index


@dataclass(frozen=True)
class Listed:
    """A snapshot laid out for screening; made once, shared by all calls.

    Attributes:
        entries: of the snapshot, by number.
        index: of their names.
        identifiers: key of a number -> who bears it.
        addresses: of the entries.
        about: label, hash, date and lists of the snapshot, for every result.
        limits: what this snapshot cannot find, said with every result.
    """

    entries: Sequence[Entry]
    index: Index
    identifiers: Numbers
    addresses: Addresses
    about: Mapping[str, Any]
    limits: tuple[str, ...]


def prepare(snapshot: Snapshot, index: Index | None = None) -> Listed:
    """Lay a snapshot out.

    Args:
        snapshot: the lists of a day.
        index: of its names, where it was kept.
    """
    index = index or build_index(snapshot.entries)
    addresses = build_addresses(snapshot.entries)
    return Listed(
        snapshot.entries, index, numbers_of(snapshot.entries), addresses,
        about(snapshot), limits(snapshot, index, addresses),
    )  # fmt: skip


def about(snapshot: Snapshot) -> dict[str, Any]:
    """What every result says of the snapshot."""
    return {
        "label": snapshot.label, "hash": snapshot.hash, "date": snapshot.date.isoformat(),
        "lists": {
            code: {"date": part.date.isoformat(), "count": part.count, "complete": part.complete}
            for code, part in snapshot.parts.items()
        },
    }  # fmt: skip


def limits(snapshot: Snapshot, index: Index, addresses: Addresses) -> tuple[str, ...]:
    """What the snapshot cannot find, in words."""
    found = []
    bare = [i for i in index.address_only if not snapshot.entries[i].addresses]
    if bare:
        found.append(
            f"{len(bare)} entries are an address and no name, and this copy of the list left "
            "the addresses out: they cannot be found"
        )
    vague = len(index.address_only) - len(bare) - len(addresses.only)
    if vague:
        found.append(
            f"{vague} entries are an address and no name, and the address says too little to be "
            "compared: they cannot be found"
        )
    partial = [code for code, part in snapshot.parts.items() if not part.complete]
    if partial:
        found.append(f"of {', '.join(partial)} only a part is here")
    return tuple(found)
