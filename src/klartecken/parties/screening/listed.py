"""The listed side, ready for screening: entries, index of names, identifiers, addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from klartecken.parties.lists.builtin import builtin_warning, is_builtin
from klartecken.parties.lists.entry import Entry
from klartecken.parties.lists.snapshot import Snapshot
from klartecken.parties.screening.address import Addresses, build_addresses
from klartecken.parties.screening.canaries import Canary, pick_canaries
from klartecken.parties.screening.gaps import gaps
from klartecken.parties.screening.identifiers import Numbers, numbers_of
from klartecken.parties.screening.index import Index, build_index


@dataclass(frozen=True, eq=False)
class Listed:
    """A snapshot laid out for screening; made once, shared by all calls; equal to itself only.

    Attributes:
        entries: of the snapshot, by number.
        index: of their names.
        identifiers: key of a number -> who bears it.
        addresses: of the entries.
        about: label, hash, date and lists of the snapshot, for every result.
        limits: what this snapshot cannot find, said with every result.
        gaps: why a party that hits nothing cannot be said not to be listed; mostly none.
        canaries: changed names of entries, which every run must find (:mod:`selfcheck`).
        bare: codes of the lists whose copy here has no addresses.
    """

    entries: Sequence[Entry]
    index: Index
    identifiers: Numbers
    addresses: Addresses
    about: Mapping[str, Any]
    limits: tuple[str, ...]
    gaps: tuple[str, ...] = ()
    canaries: tuple[Canary, ...] = ()
    bare: tuple[str, ...] = ()

    @cached_property
    def named(self) -> Mapping[str, tuple[int, ...]]:
        """Name as listed -> the entries of that primary name."""
        found: dict[str, list[int]] = {}
        for number, entry in enumerate(self.entries):
            found.setdefault(entry.name, []).append(number)
        return {name: tuple(numbers) for name, numbers in found.items()}


def prepare(snapshot: Snapshot) -> Listed:
    """Lay a snapshot out; :mod:`kept` does it once and keeps it."""
    entries = snapshot.entries
    index = build_index(entries)
    canaries = pick_canaries(entries, index.vocabulary.lexicon)
    return laid_out(snapshot, index, numbers_of(entries), build_addresses(entries), canaries)


def laid_out(
    snapshot: Snapshot, index: Index, identifiers: Numbers, addresses: Addresses,
    canaries: tuple[Canary, ...],
) -> Listed:  # fmt: skip
    """A snapshot laid out from its parts."""
    return Listed(
        snapshot.entries, index, identifiers, addresses, about(snapshot),
        limits(snapshot, index, addresses), gaps(snapshot.parts), canaries,
        tuple(code for code, part in snapshot.parts.items() if not part.addresses),
    )  # fmt: skip


def about(snapshot: Snapshot) -> dict[str, Any]:
    """What every result says of the snapshot."""
    label = f"built-in table {snapshot.label}" if _builtin(snapshot) else snapshot.label
    return {
        "label": label, "hash": snapshot.hash, "date": snapshot.date.isoformat(),
        "lists": {
            code: {"date": part.date.isoformat(), "count": part.count, "complete": part.complete}
            for code, part in snapshot.parts.items()
        },
    }  # fmt: skip


def _builtin(snapshot: Snapshot) -> bool:
    return bool(snapshot.parts) and is_builtin(snapshot)


def limits(snapshot: Snapshot, index: Index, addresses: Addresses) -> tuple[str, ...]:
    """What the snapshot cannot find, in words."""
    found = [builtin_warning()] if _builtin(snapshot) else []
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
