"""A screener for tests: names that are equal but for case meet. All names are invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from klartecken.parties.decisions.record import Decisions
from klartecken.parties.lists.entry import Entry
from klartecken.parties.lists.snapshot import Part, Snapshot, snapshot_of
from klartecken.parties.party import Party
from klartecken.parties.resolve.context import Context, cover_of
from klartecken.parties.screened import HIT, NO_HIT, NOT_SCREENABLE, Hit, Screening

DAY = date(2026, 11, 20)
LISTS = ("EL", "MEU", "UVL", "DPL", "SDN", "CMIC")
MODEL = {"model": "fake"}
MARLOW = Entry("EL-marlow", "EL", "Marlow Sonics", footnotes=("4",),
               review_policy="presumption_of_denial", citation="90 FR 1")  # fmt: skip
TERN = Entry("EL-tern", "EL", "Tern Foundry", review_policy="case_by_case")
VESSEL = Entry("UVL-brisa", "UVL", "Brisa Trading")
ORDER = Entry("DPL-quill", "DPL", "Quill Parts", start="2026-01-01", end="2026-11-30")
BLOCKED = Entry("SDN-1", "SDN", "Harrow Bank", programmes=("RUSSIA-EO14024",))
CUBAN = Entry("SDN-2", "SDN", "Palma Lines", programmes=("CUBA",))
FUND = Entry("CMIC-1", "CMIC", "Osprey Holdings")
MILITARY = Entry("MEU-1", "MEU", "Falk Aerodyne")
ENTRIES = (MARLOW, TERN, VESSEL, ORDER, BLOCKED, CUBAN, FUND, MILITARY)


def snapshot(
    entries: Sequence[Entry] = ENTRIES, day: date = DAY, lists: Sequence[str] = LISTS,
    partial: Sequence[str] = (),
) -> Snapshot:  # fmt: skip
    """A snapshot of complete lists, all of one day."""
    codes = sorted({*lists, *(entry.list for entry in entries)})
    parts = {
        code: Part(code, day, sum(e.list == code for e in entries), code not in partial,
                   "test", "0" * 64)
        for code in codes
    }  # fmt: skip
    return snapshot_of(day, parts, entries)


class Exact:
    """Screens by equal names, and by one shared first word (a near name)."""

    def __init__(self, *snapshots: Snapshot) -> None:
        self.snapshots = sorted(snapshots, key=lambda held: held.date)
        self.asked: list[tuple[str, date]] = []

    def __call__(self, party: Party, day: date) -> Screening:
        self.asked.append((party.name, day))
        held = [one for one in self.snapshots if one.date <= day]
        if not held:
            return Screening(party, NO_HIT, (), (), None, MODEL)
        at = held[-1]
        about: dict[str, Any] = {"label": at.label, "hash": at.hash, "date": at.date.isoformat()}
        if not any(c.isalpha() for c in party.name):
            return Screening(party, NOT_SCREENABLE, (), ("no letters",), about, MODEL)
        hits = tuple(hit for entry in at.entries for hit in meet(party, entry))
        return Screening(party, HIT if hits else NO_HIT, hits, (), about, MODEL)


def meet(party: Party, entry: Entry) -> list[Hit]:
    for name in party.names:
        for listed in entry.names:
            if name.casefold() == listed.casefold():
                return [Hit(entry, listed, name, "exact", {"words": 1.0}, "block")]
            if name.casefold().split()[:1] == listed.casefold().split()[:1]:
                return [Hit(entry, listed, name, "words", {"words": 0.8}, "review")]
    return []


def context(*snapshots: Snapshot, many: bool = False, **more: Any) -> Context:
    """A context with this screener, also for ``many`` at once; by default of :data:`ENTRIES`."""
    held = snapshots or (snapshot(),)
    more.setdefault("decisions", Decisions())
    screen = Exact(*held)
    if many:
        more["screen_many"] = lambda parties, day: [screen(party, day) for party in parties]
    return Context(screen, tuple(cover_of(one) for one in held), **more)


def values(facts: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(fact.value) for name, fact in facts.items()}
