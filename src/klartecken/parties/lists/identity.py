"""Stable ids of entries.

* OFAC numbers its parties: ``SDN-12345`` is the list and that number.
* The other lists have no number that is known to last (the ``_id`` of the Consolidated
  Screening List is not): the id is the list, and twelve hex digits of the SHA-256 of the name
  (without case, spaces folded) and the sorted countries. A new address in a known country, a
  new citation or another policy leaves it as it is; a new spelling of the name makes a new id.
* Rows that would share an id are put in order of start, citation and content; the first
  keeps the id, the others add -2, -3 and so on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from klartecken.parties.lists.entry import Entry
from klartecken.parties.party import content_hash


def base_id(entry: Entry) -> str:
    """The id that the entry's own content gives."""
    name = " ".join(entry.name.casefold().split())
    return f"{entry.list}-{content_hash([name, sorted(entry.countries)])[:12]}"


def with_ids(entries: Iterable[Entry]) -> list[Entry]:
    """The entries with ids, none twice, whatever the order of the rows; sorted by id.

    Args:
        entries: with the number of their source as id, or an empty id.
    """
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.id or base_id(entry)].append(entry)
    taken = set(groups)
    found = []
    for name, group in groups.items():
        if len(group) > 1:
            group = sorted(group, key=lambda e: (e.start, e.citation, e.hash))
        found.append(replace(group[0], id=name))
        number = 1
        for entry in group[1:]:
            number += 1
            while f"{name}-{number}" in taken:
                number += 1
            taken.add(f"{name}-{number}")
            found.append(replace(entry, id=f"{name}-{number}"))
    return sorted(found, key=lambda entry: entry.id)
