"""The small table that the package ships: AI-chip names of the Entity List.

It is no list. It is there so that the best-known names are found before a list is imported;
each of its parts is marked as not complete, so that nobody can be said not to be listed.
"""

from __future__ import annotations

import functools
import hashlib
from datetime import date

from klartecken.facts.table import DATA, Row, read_table
from klartecken.parties.lists.conditions import with_conditions
from klartecken.parties.lists.entry import Entry
from klartecken.parties.lists.identity import with_ids
from klartecken.parties.lists.snapshot import Part, Snapshot, snapshot_of

BUILTIN_SOURCE = "built-in table of AI-chip entities"
BUILTIN_WARNING = (
    "No restricted-party list is imported: only the built-in table of AI-chip entities of the "
    "Entity List (as of {day}, {count} rows) is looked at. Nobody can be said not to be listed."
)
_GRADES = frozenset({"primary", "secondary", "memory"})


@functools.cache
def builtin_snapshot() -> Snapshot:
    """The table as a snapshot: entries of list ``EL``, parts not complete, no addresses.

    Raises:
        DataError: a row breaks the layout.
    """
    rows = read_table("ai_chip_entities")
    days = {row.day("as_of") for row in rows}
    day = max(d for d in days if d is not None)
    entries = with_ids(_entry(row) for row in rows)
    digest = hashlib.sha256((DATA / "ai_chip_entities.csv").read_bytes()).hexdigest()
    counts: dict[str, int] = {}
    for entry in entries:
        counts[entry.list] = counts.get(entry.list, 0) + 1
    parts = {
        code: Part(code, day, count, False, BUILTIN_SOURCE, digest, False)
        for code, count in counts.items()
    }
    return snapshot_of(day, parts, entries)


def is_builtin(snapshot: Snapshot) -> bool:
    """Is it the built-in table, and so no list?"""
    return all(part.source == BUILTIN_SOURCE for part in snapshot.parts.values())


def builtin_warning() -> str:
    """The line that goes with every answer from the built-in table."""
    snapshot = builtin_snapshot()
    return BUILTIN_WARNING.format(day=snapshot.date, count=len(snapshot.entries))


def _entry(row: Row) -> Entry:
    start = row.day("start")
    row.one_of("start_grade", _GRADES)
    as_of: date | None = row.day("as_of")
    if not row.cell("name") or as_of is None or not row.cell("source"):
        raise row.fail("name", "name, source and as_of are needed")
    entry = with_conditions(
        Entry(
            id="", list=row.cell("list"), name=row.cell("name"),
            aliases=_parts(row.cell("aliases")),
            countries=tuple(sorted(_parts(row.cell("countries")))),
            requirement=row.cell("requirement"), policy=row.cell("policy"),
            citation=row.cell("citation"), start=str(start or ""),
            remarks=f"{BUILTIN_SOURCE}; start: {row.cell('start_basis')}",
        )
    )  # fmt: skip
    if entry.footnotes != _parts(row.cell("footnotes")):
        raise row.fail("footnotes", f"the requirement says {';'.join(entry.footnotes) or 'none'}")
    return entry


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())
