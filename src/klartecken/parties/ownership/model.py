"""The records of ownership: holders, stakes and headquarters facts, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache

from klartecken.facts.places import load_places
from klartecken.parties.ownership.share import Share

# The owner whom nobody names. Several unknown holders of one company are one such owner.
NOBODY_NAMED = ""
# equity: a stated direct share. consolidation: a parent that consolidates, share rarely told.
# branch: an office of the owner, no company of its own. indirect: through companies that the
# source does not name as owners here; it makes a direct stake possible and proves none.
KINDS = ("equity", "consolidation", "branch", "indirect")
HQ_KINDS = ("headquarters", "ultimate_parent", "ultimate_parent_headquarters")


@dataclass(frozen=True, slots=True)
class Stake:
    """One statement that ``owner`` holds a share of ``owned``.

    Attributes:
        owner, owned: ids; the owner is :data:`NOBODY_NAMED` for unknown holders.
        share: in per cent.
        source: who says so.
        kind: one of :data:`KINDS`.
        since, until: first and last day, both inclusive; None is open.
        note: further words of the source.
        where: file and row that it was read from.
    """

    owner: str
    owned: str
    share: Share
    source: str = ""
    kind: str = "equity"
    since: date | None = None
    until: date | None = None
    note: str = ""
    where: str = ""

    def covers(self, day: date) -> bool:
        """Does it hold on that day?"""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )

    @property
    def low(self) -> Fraction:
        """Low end of the share, an exact fraction."""
        return self.share.low

    @property
    def high(self) -> Fraction:
        """High end of the share, an exact fraction."""
        return self.share.high


@dataclass(frozen=True, slots=True)
class Holder:
    """A company or person that owns or is owned.

    Attributes:
        id: LEI where there is one, else the source's own number or the name.
        name: as the source writes it; the id where no source gives one.
        country: ISO 3166 alpha-2, of incorporation, or empty.
        is_us: a United States entity; None where unknown or where sources disagree.
        lei: Legal Entity Identifier, or empty.
        kind: ``organisation``, ``person`` or ``unknown``.
        source: who says so.
        where: file and row that it was read from.
    """

    id: str
    name: str = ""
    country: str = ""
    is_us: bool | None = None
    lei: str = ""
    kind: str = "unknown"
    source: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class HqFact:
    """One statement on where a party, or its ultimate parent, has its headquarters.

    Attributes:
        party: id of the party that it is about.
        what: one of :data:`HQ_KINDS`.
        country: ISO 3166 alpha-2; empty for ``ultimate_parent``.
        parent: id of the ultimate parent, for ``ultimate_parent`` (and the other where known).
        source: who says so.
        day: the day from which it is told, None where not told.
        until: the last day on which it holds, None where none is told.
        grade: ``primary``, ``secondary``, ``memory`` or ``inferred``.
        where: file and row that it was read from.
    """

    party: str
    what: str
    country: str = ""
    parent: str = ""
    source: str = ""
    day: date | None = None
    grade: str = "secondary"
    where: str = ""
    until: date | None = None


@cache
def us_country(code: str) -> bool | None:
    """Is the country the United States, its territories included? None for no country."""
    if not code:
        return None
    place = load_places().places.get(code)
    return place is not None and place.treated_as == "US"
