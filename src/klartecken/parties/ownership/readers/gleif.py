"""What GLEIF records say of ownership; shared by the XML files and the API.

Level 2 is accounting consolidation. It shows a parent where it consolidates, nearly always
without a percentage: a share of more than nothing, probably half or more, and no proof of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from klartecken.parties.ownership.model import NOBODY_NAMED, Holder, HqFact, Stake, us_country
from klartecken.parties.ownership.readers.common import (
    Cell,
    Ignored,
    Read,
    period,
    quoted,
    read_day,
)  # fmt: skip
from klartecken.parties.ownership.share import ANY, SOME, WHOLE, Share, exactly, read_share

DIRECT, ULTIMATE = "IS_DIRECTLY_CONSOLIDATED_BY", "IS_ULTIMATELY_CONSOLIDATED_BY"
BRANCH = "IS_INTERNATIONAL_BRANCH_OF"
FUNDS = ("IS_FUND-MANAGED_BY", "IS_SUBFUND_OF", "IS_FEEDER_TO")
_VOID = ("ANNULLED", "DUPLICATE")


@dataclass(frozen=True, slots=True)
class Relationship:
    """A level 2 relationship: ``start`` is the child, ``end`` the parent.

    Attributes:
        start, end: LEIs.
        type, status, registration: as GLEIF words them.
        periods: type, first day, last day, as written.
        quantifiers: amount and units, as written.
    """

    start: str
    end: str
    type: str
    status: str
    registration: str
    periods: tuple[tuple[str, str, str], ...]
    quantifiers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Entity:
    """A level 1 record: names and countries as written; ``updated`` is its last update."""

    lei: str
    name: str
    jurisdiction: str
    legal_country: str
    hq_country: str
    updated: str
    registration: str


def lei_of(text: str, field: str) -> str:
    """An LEI by its shape; GLEIF checks the digits itself."""
    lei = text.strip().upper()
    if len(lei) != 20 or not lei.isascii() or not lei.isalnum():
        raise Cell(field, f"{quoted(text)} is no LEI")
    return lei


def from_entity(entity: Entity, source: str, where: str) -> Iterator[Read]:
    """A holder, and where it has its headquarters."""
    lei = lei_of(entity.lei, "LEI")
    if entity.registration in _VOID:
        yield Ignored(f"level 1 record {entity.registration}")
        return
    country = _country(entity.jurisdiction or entity.legal_country, "LegalJurisdiction")
    yield Holder(
        lei, " ".join(entity.name.split()) or lei, country, us_country(country), lei,
        "organisation", source, where,
    )  # fmt: skip
    if hq := _country(entity.hq_country, "HeadquartersAddress/Country"):
        day = read_day(entity.updated, "LastUpdateDate")
        yield HqFact(lei, "headquarters", hq, "", source, day, "secondary", where)


def _country(text: str, field: str) -> str:
    """The country of a code such as ``US-DE``; empty where none is told."""
    code = text.strip().upper()[:2]
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise Cell(field, f"{quoted(text)} is no country code")
    return code


def from_relationship(said: Relationship, source: str, where: str) -> Iterator[Read]:
    """A stake for a consolidation or a branch; an ultimate parent is a fact of its own too."""
    if said.type in FUNDS:
        yield Ignored(f"{said.type} (management of a fund is no ownership)")
        return
    if said.type not in (DIRECT, ULTIMATE, BRANCH):
        raise Cell("RelationshipType", f"{quoted(said.type)} is not known")
    if said.registration in _VOID:
        yield Ignored(f"relationship record {said.registration}")
        return
    child, parent = lei_of(said.start, "StartNode"), lei_of(said.end, "EndNode")
    since, until = _period(said)
    if said.status != "ACTIVE" and until is None:
        yield Ignored(f"relationship {said.status or 'without status'} without an end date")
        return
    note = said.type if said.registration != "LAPSED" else f"{said.type}; registration lapsed"
    if said.type == ULTIMATE:
        yield HqFact(child, "ultimate_parent", "", parent, source, since, "secondary", where, until)
        yield Stake(parent, child, ANY, source, "indirect", since, until, note, where)
        return
    if said.type == BRANCH:
        yield Stake(parent, child, WHOLE, source, "branch", since, until, note, where)
        return
    share, more = _share(said)
    yield Stake(parent, child, share, source, "consolidation", since, until, note + more, where)


def _period(said: Relationship) -> tuple[date | None, date | None]:
    spans = [
        (read_day(start, "StartDate"), read_day(end, "EndDate"))
        for kind, start, end in said.periods
        if kind == "RELATIONSHIP_PERIOD"
    ]
    if not spans:
        return None, None
    since = None if any(s is None for s, _ in spans) else min(s for s, _ in spans if s)
    until = None if any(u is None for _, u in spans) else max(u for _, u in spans if u)
    period(since, until, "EndDate")
    return since, until


def _share(said: Relationship) -> tuple[Share, str]:
    """The stated percentage, where one is told in per cent beyond doubt."""
    for amount, units in said.quantifiers:
        if units.upper() != "PERCENTAGE":
            continue
        share = read_share(amount)
        if share.exact and Fraction(1) < share.low:
            return exactly(share.low), ""
        return SOME, f"; amount {amount} may be a part of one or per cent, and is not used"
    return SOME, ""


def from_exception(lei: str, category: str, reason: str, source: str, where: str) -> Iterator[Read]:
    """No parent is reported: an owner whom nobody names, whatever the reason. Never "no owner"."""
    note = f"no parent reported: {category}, {reason or 'no reason'}"
    child = lei_of(lei, "LEI")
    yield Stake(NOBODY_NAMED, child, SOME, source, "consolidation", None, None, note, where)
