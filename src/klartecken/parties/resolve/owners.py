"""What is asked of whoever knows the owners of parties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from klartecken.logic.tri import Tri
from klartecken.parties.party import Party


@dataclass(frozen=True, slots=True)
class Seed:
    """Why an owner is restricted, or may be.

    Attributes:
        lists: codes: ``EL``, ``BUILTIN``, ``MEU``, ``SDN``.
        status: YES once a person confirmed it, else UNKNOWN.
        footnotes, programmes, review_policy: as listed.
        entries: ids.
    """

    lists: tuple[str, ...]
    status: Tri
    footnotes: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    review_policy: str = ""
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Owned:
    """What the owners of a party make of it.

    Attributes:
        status: is it owned 50 percent or more by restricted parties?
        footnotes: of the owners that govern for sure.
        at_most: of those that may, too.
        policies: the review policies that may govern; an empty one stands for any.
        open_owner: could owners that nobody names, or whose share is open, bring others in?
        minority: does a restricted party own a significant minority of it?
        paths: the chains of owners, in words.
        settle: what would settle an unknown.
        flags: red flags, in words.
    """

    status: Tri
    footnotes: tuple[str, ...] = ()
    at_most: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    open_owner: bool = False
    minority: Tri = Tri.NO
    paths: tuple[str, ...] = ()
    settle: str = ""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a party and its ultimate parent have their headquarters.

    Attributes:
        hq, parent_hq: ISO 3166 alpha-2; none where unknown, several where sources differ.
        source: who says so.
    """

    hq: tuple[str, ...] = ()
    parent_hq: tuple[str, ...] = ()
    source: str = ""


class Owners(Protocol):
    """Knows who owns whom."""

    @property
    def turns(self) -> frozenset[date]:
        """The days on which a stake begins to count, or no longer does."""
        ...

    def find(self, party: Party) -> str | None:
        """The number under which a party is known here."""
        ...

    def above(self, ident: str, day: date) -> Mapping[str, Party]:
        """All direct and indirect owners that have a name, by number; not the party itself."""
        ...

    def owned(self, ident: str, seeds: Mapping[str, tuple[Seed, ...]], day: date) -> Owned:
        """What the owners make of a party, once it is known which of them are restricted."""
        ...

    def seat(self, ident: str, day: date) -> Seat:
        """Where it has its headquarters."""
        ...
