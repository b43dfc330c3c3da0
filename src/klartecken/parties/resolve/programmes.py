"""Which SDN programmes section 744.8(a)(1) names."""

from __future__ import annotations

import functools

from klartecken.facts.table import GRADES, read_table
from klartecken.logic.tri import NO, UNKNOWN, YES, Tri
from klartecken.parties.lists.entry import Entry


@functools.cache
def _tags() -> frozenset[str]:
    found = set()
    for row in read_table("section_744_8"):
        row.one_of("grade", GRADES)
        found.add(_folded(row.cell("tag")))
    return frozenset(found)


def _folded(tag: str) -> str:
    """A tag without case, spaces and dashes: lists write it in several ways."""
    return "".join(c for c in tag.casefold() if c.isalnum())


def reached(entry: Entry) -> Tri:
    """Does section 744.8 reach a blocked person? Unknown where no programme is told."""
    if not entry.programmes:
        return UNKNOWN
    return YES if any(_folded(tag) in _tags() for tag in entry.programmes) else NO
