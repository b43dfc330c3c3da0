"""What parties are resolved with: lists, decisions, register, owners, and how old a list may be."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from klartecken.errors import InputError
from klartecken.logic.frozen import freeze
from klartecken.parties.decisions.record import Decisions
from klartecken.parties.lists.entry import Entry
from klartecken.parties.lists.snapshot import Part, Snapshot
from klartecken.parties.party import Party
from klartecken.parties.register.record import Register
from klartecken.parties.resolve.owners import Owners
from klartecken.parties.resolve.supplement import approvals
from klartecken.parties.screened import Screening

Screen = Callable[[Party, date], Screening]
ScreenMany = Callable[[Sequence[Party], date], Sequence[Screening]]
MAX_AGE = 7  # days that a list may be older than the day asked about
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Cover:
    """What a snapshot covers, without its entries.

    Attributes:
        day, label, hash, parts: as of the snapshot.
        entries: gives its entries; only asked when the days in which nothing changes are.
    """

    day: date
    label: str
    hash: str
    parts: Mapping[str, Part]
    entries: Callable[[], Iterable[Entry]] = field(default=tuple, repr=False, compare=False)

    def __post_init__(self) -> None:
        freeze(self, "parts")

    @cached_property
    def turns(self) -> frozenset[date]:
        """The days on which an entry begins to count, or no longer does."""
        held = [(entry.start, entry.end) for entry in self.entries()]
        starts = {date.fromisoformat(start) for start in {start for start, _ in held if start}}
        ends = {date.fromisoformat(end) for end in {end for _, end in held if end}}
        return frozenset(starts | {_after(day) for day in ends})


def cover_of(snapshot: Snapshot) -> Cover:
    """What a snapshot covers."""
    return Cover(snapshot.date, snapshot.label, snapshot.hash, snapshot.parts,
                 lambda: snapshot.entries)  # fmt: skip


def _after(day: date) -> date:
    return day if day == date.max else day + _DAY


@dataclass(frozen=True)
class Context:
    """What parties are resolved with. Without a list, nobody can be said not to be listed.

    Attributes:
        screen: screens a party against the latest snapshot that is not after a day; must be
            a pure function of the party and that snapshot. None: there is no list.
        covers: of the snapshots that ``screen`` reads.
        decisions: of the reviewers.
        register: the firm's own parties.
        owners: who owns whom.
        max_age: how many days a list may be older than the day asked about.
        screen_many: as ``screen``, for many parties at once; for books.
    """

    screen: Screen | None = None
    covers: tuple[Cover, ...] = ()
    decisions: Decisions = field(default_factory=Decisions)
    register: Register | None = None
    owners: Owners | None = None
    max_age: int = MAX_AGE
    screen_many: ScreenMany | None = None

    def __post_init__(self) -> None:
        if self.max_age < 0:
            raise InputError(f"{self.max_age} days", where="list age", next_step="Use 0 or more")
        object.__setattr__(self, "covers", tuple(sorted(self.covers, key=lambda c: c.day)))

    def cover(self, day: date) -> Cover | None:
        """The latest snapshot that is not after a day."""
        if self.screen is None:
            return None
        place = bisect_right([cover.day for cover in self.covers], day)
        return self.covers[place - 1] if place else None

    @cached_property
    def turns(self) -> tuple[date, ...]:
        """The days on which anything of this may change, in order."""
        return tuple(sorted({*self._turns()}))

    def _turns(self) -> Iterator[date]:
        for cover in self.covers:
            yield cover.day
            yield from cover.turns
            for part in cover.parts.values():
                if (date.max - part.date).days > self.max_age:
                    yield part.date + timedelta(self.max_age + 1)
        yield from self.decisions.turns
        if self.owners is not None:
            yield from self.owners.turns
        for approval in approvals():
            yield approval.start
            yield _after(approval.until)

    def era(self, day: date) -> tuple[date, date]:
        """The days around a day on which nothing changes, both inclusive."""
        place = bisect_right(self.turns, day)
        first = self.turns[place - 1] if place else date.min
        last = self.turns[place] - _DAY if place < len(self.turns) else date.max
        return first, last

    @property
    def speaks_of(self) -> tuple[str, ...]:
        """The facts that resolving with this may say, whatever the parties."""
        own = any(name.startswith("OWN") for cover in self.covers for name in cover.parts)
        return (
            *LISTED, "entity_list_footnote", "entity_list_policy",
            *(("affiliate_of_listed", "owner_policy", "minority_listed_owner")
              if self.owners is not None else ()),
            *(("consignee_hq", "parent_hq")
              if self.register is not None or self.owners is not None else ()),
            *(("informed_by_letter",) if own else ()),
            "uae_supp8_entity", "supp8_status_current",
        )  # fmt: skip


# the lists behind each fact; BUILTIN is the project's own extract of the Entity List
LISTED = {
    "listed_entity": ("EL", "BUILTIN"), "listed_meu": ("MEU",), "listed_uvl": ("UVL",),
    "listed_dpl": ("DPL",), "listed_sdn": ("SDN",),
}  # fmt: skip
