"""The dated record of what was ruled, written, said, granted and shipped.

A rung is a step on the ladder of evidence that a licence exists; only the top one releases
a shipment. Rules, letters, listings and other law stand beside the ladder and have none.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from klartecken.facts.table import Row, read_table

#: The ladder of evidence, from a rumour to the licence in hand.
RUNGS: dict[int, str] = {
    0: "press report",
    1: "company or official statement",
    2: "government assurance",
    3: "application filed",
    4: "application pending",
    5: "approved, licence not in hand",
    6: "licence in hand",
}

EVENT_GRADES = frozenset({
    "formal_record", "company_filing", "official_statement", "company_statement", "named_press",
    "anonymous_press",
})  # fmt: skip

#: S: the linked page was read. R: read in a file that cites it. K: the page was not opened.
SUPPORT = frozenset({"S", "R", "K"})
SCOPES = frozenset({"", "advanced", "all", "market"})
DIRECTIONS = frozenset({"", "tightens", "loosens"})
_ADDRESSEE = re.compile(r"\((?:letter|notice) to ([^)]+)\)")
_LAW = ("rule_", "rescission_announced", "compliance_date_passed")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened on one day.

    Attributes:
        day: when it happened (UTC where a time is known).
        public_from: the first day on which the public could know.
        families: product families that it is about.
        scope: ``advanced`` (3A090, 4A090, advanced ICs in general), ``all`` (all EAR
            items), ``market``, or empty.
        destinations: places that it is about; empty is world-wide or tied to none.
        grade: how good the evidence is that it happened.
        support: how far its page was read (:data:`SUPPORT`).
        rung: the step of :data:`RUNGS`, or None beside the ladder.
        direction: ``tightens`` or ``loosens`` (our reading), or empty.
    """

    id: str
    day: date
    time_utc: str
    public_from: date
    actor: str
    actor_kind: str
    action: str
    jurisdiction: str
    families: frozenset[str]
    scope: str
    destinations: frozenset[str]
    grade: str
    support: str
    rung: int | None
    direction: str
    summary: str
    amount_usd: int | None
    source_title: str
    source_url: str

    @property
    def addressee(self) -> str | None:
        """Whom a letter or notice is addressed to."""
        match = _ADDRESSEE.search(self.actor)
        return match[1] if match else None

    def known_to(self, exporter: str | None, day: date) -> bool:
        """Did the exporter know by that day? The addressee of a letter knows first."""
        if self.public_from <= day:
            return True
        told = self.addressee
        return (
            self.day <= day
            and told is not None
            and exporter is not None
            and re.search(rf"\b{re.escape(told)}\b", exporter, re.IGNORECASE) is not None
        )

    def touches(self, families: Collection[str], advanced: bool) -> bool:
        """Is it about one of these families, or about advanced or all items?"""
        if not self.families.isdisjoint(families) or self.scope == "all":
            return True
        return advanced and self.scope == "advanced"

    def reaches(self, destinations: Collection[str]) -> bool:
        """Is it about one of these places? General rules name only some of their places."""
        general = self.scope in ("advanced", "all") and self.action.startswith(_LAW)
        if general or not destinations or not self.destinations:
            return True
        return not self.destinations.isdisjoint(destinations)


@dataclass(frozen=True)
class Ledger:
    """All events, in order of day and time. Build it with :func:`load_events`."""

    events: tuple[Event, ...]

    def __len__(self) -> int:
        return len(self.events)

    def get(self, ident: str) -> Event | None:
        """The event of that id, or None."""
        return next((e for e in self.events if e.id == ident), None)

    def about(
        self,
        families: Collection[str],
        advanced: bool,
        destinations: Collection[str],
        until: date,
        exporter: str | None = None,
    ) -> tuple[Event, ...]:
        """The events about an item and places that were known by a day, in order.

        Args:
            families: product families of the item.
            advanced: also what is about advanced ICs in general.
            destinations: iso2 codes; empty for any place.
            until: the day by which they were known (to the public, or to the exporter).
            exporter: knows of letters addressed to it from their own date.
        """
        return tuple(
            e
            for e in self.events
            if e.known_to(exporter, until)
            and e.touches(families, advanced)
            and e.reaches(destinations)
        )


@functools.cache
def load_events() -> Ledger:
    """The ledger of the package's own data, read and checked once."""
    return read_events()


def read_events(folder: Path | None = None) -> Ledger:
    """The ledger of a folder that holds events.csv.

    Raises:
        DataError: the file breaks its layout (row and column are named).
    """
    events: dict[str, Event] = {}
    for row in read_table("events", folder):
        event = _event(row)
        if event.id in events:
            raise row.fail("id", f"{event.id!r} stands twice")
        events[event.id] = event
    return Ledger(tuple(sorted(events.values(), key=lambda e: (e.day, e.time_utc, e.id))))


def _event(row: Row) -> Event:
    cells = row.fields()
    for column in ("id", "date", "public_from", "actor", "action", "source_url"):
        if not cells[column]:
            raise row.fail(column, "it is empty")
    day = row.read("date", date.fromisoformat)
    public = row.read("public_from", date.fromisoformat)
    if public < day:
        raise row.fail("public_from", "it is public before it happened")
    rung = row.read("rung", int) if cells["rung"] else None
    if rung is not None and rung not in RUNGS:
        raise row.fail("rung", f"{rung} is no rung", "Rungs: 0 to 6, or empty")
    return Event(
        cells["id"],
        day,
        cells["time_utc"],
        public,
        cells["actor"],
        cells["actor_kind"],
        cells["action"],
        cells["jurisdiction"],
        _words(cells["families"]),
        row.one_of("scope", SCOPES),
        _words(cells["destinations"]),
        row.one_of("grade", EVENT_GRADES),
        row.one_of("support", SUPPORT),
        rung,
        row.one_of("direction", DIRECTIONS),
        cells["summary"],
        row.read("amount_usd", int) if cells["amount_usd"] else None,
        cells["source_title"],
        cells["source_url"],
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split(";")) if text else frozenset()
