"""What changed between two snapshots: who came, who went, who is described otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from klartecken.logic.frozen import freeze
from klartecken.parties.lists.entry import Entry
from klartecken.parties.lists.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Change:
    """An entry of both snapshots that differs.

    Attributes:
        fields: that differ, with the value before and after, as plain data.
    """

    before: Entry
    after: Entry
    fields: Mapping[str, tuple[Any, Any]]

    def __post_init__(self) -> None:
        freeze(self, "fields")


@dataclass(frozen=True)
class ListDiff:
    """One list: entries by id, so that a name spelt otherwise is one gone and one come."""

    list: str
    came: tuple[Entry, ...]
    went: tuple[Entry, ...]
    changed: tuple[Change, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "list": self.list,
            "came": [_told(entry) for entry in self.came],
            "went": [_told(entry) for entry in self.went],
            "changed": [
                {**_told(c.after), "fields": {k: list(v) for k, v in c.fields.items()}}
                for c in self.changed
            ],
        }


def diff(before: Snapshot, after: Snapshot) -> tuple[ListDiff, ...]:
    """The lists in which the two differ, in order of their codes.

    A list that only one of them holds counts: all its entries came, or went.
    """
    old = {entry.id: entry for entry in before.entries}
    new = {entry.id: entry for entry in after.entries}
    came = [entry for name, entry in new.items() if name not in old]
    went = [entry for name, entry in old.items() if name not in new]
    changed = [
        Change(old[name], entry, _fields(old[name], entry))
        for name, entry in new.items()
        if name in old and old[name] != entry
    ]
    codes = {e.list for e in came} | {e.list for e in went} | {c.after.list for c in changed}
    return tuple(
        ListDiff(
            code,
            tuple(e for e in came if e.list == code),
            tuple(e for e in went if e.list == code),
            tuple(c for c in changed if c.after.list == code),
        )
        for code in sorted(codes)
    )


def _fields(before: Entry, after: Entry) -> dict[str, tuple[Any, Any]]:
    old, new = asdict(before), asdict(after)
    return {name: (old[name], new[name]) for name in old if old[name] != new[name]}


def _told(entry: Entry) -> dict[str, Any]:
    return {"id": entry.id, "name": entry.name, "countries": list(entry.countries)}
