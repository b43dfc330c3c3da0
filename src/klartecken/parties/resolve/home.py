"""The context of a home folder: its lists, register, decisions and owners."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from klartecken.parties.decisions.store import read_decisions
from klartecken.parties.home import home_folder
from klartecken.parties.lists.builtin import builtin_snapshot
from klartecken.parties.lists.store import SnapshotHead, heads
from klartecken.parties.ownership.store import load_graph, tables
from klartecken.parties.party import Party
from klartecken.parties.register.store import read_register
from klartecken.parties.resolve.context import MAX_AGE, Context, Cover, cover_of
from klartecken.parties.resolve.owning import GraphOwners
from klartecken.parties.screened import Screening
from klartecken.parties.screening.inuse import builtin_listed
from klartecken.parties.screening.kept import load_listed
from klartecken.parties.screening.listed import Listed
from klartecken.parties.screening.selfcheck import checker_of


class Screens:
    """Screens against the stored snapshots of a home folder, each laid out once.

    Args:
        stored: the heads, oldest first; of one day the last one counts. None at all: the
            built-in table, by which nobody can be said not to be listed.
    """

    def __init__(self, stored: Iterable[SnapshotHead]) -> None:
        self._heads = {head.date: head for head in stored}
        self._listed: dict[str, Listed] = {}

    @property
    def covers(self) -> tuple[Cover, ...]:
        """What the snapshots cover."""
        if not self._heads:
            return (cover_of(builtin_snapshot()),)
        return tuple(self._cover(head) for head in self._heads.values())

    def _cover(self, head: SnapshotHead) -> Cover:
        return Cover(head.date, head.label, head.hash, head.parts, lambda: self._on(head).entries)

    def _on(self, head: SnapshotHead) -> Listed:
        if head.hash not in self._listed:
            self._listed[head.hash] = load_listed(head)
        return self._listed[head.hash]

    def listed(self, day: date) -> Listed:
        """The latest lists that are not after a day.

        Raises:
            DataError: the snapshot is broken.
        """
        fitting = [held for held in self._heads if held <= day]
        return self._on(self._heads[max(fitting)]) if fitting else builtin_listed()

    def __call__(self, party: Party, day: date) -> Screening:
        """The screening of one party; see :meth:`listed`."""
        return checker_of(self.listed(day)).screen([party])[0][0]

    def many(self, parties: Sequence[Party], day: date) -> Sequence[Screening]:
        """The screenings of many parties, which is much faster than one by one."""
        return checker_of(self.listed(day)).screen(parties)[0]


#: What is written, by renaming or at its end, whenever anything of a home folder changes.
WRITTEN = ("lists", "decisions.jsonl", "parties", "parties/current", "owners/index.json")


def home_mark(home: str | Path | None = None) -> tuple[tuple[int, int, int], ...]:
    """Another mark whenever the lists, decisions, register or owners of a home have changed.

    It costs some file look-ups and reads nothing.
    """
    folder = home_folder(home)
    found = []
    for name in WRITTEN:
        held = (0, 0, 0)
        with contextlib.suppress(OSError):
            stat = (folder / name).stat()
            held = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        found.append(held)
    return tuple(found)


def home_context(home: str | Path | None = None, max_age: int = MAX_AGE) -> Context:
    """What a home folder holds, to resolve parties with.

    Args:
        home: the folder; by default as for the commands.
        max_age: how many days a list may be older than the day asked about.

    Raises:
        DataError: a stored snapshot, decision, register or stake is broken.
        InputError: an age below zero.
    """
    home = home_folder(home)
    screens = Screens(heads(home))
    graph = load_graph(home)
    return Context(
        screens, screens.covers, read_decisions(home), read_register(home),
        GraphOwners(graph, " ".join(table.hash for table in tables(home)))
        if graph.holders else None, max_age, screens.many,
    )  # fmt: skip
