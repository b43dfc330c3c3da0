"""The owners' data of the firm, as they are asked when parties are resolved."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from klartecken.errors import InputError, UnknownName
from klartecken.logic.tri import NO, UNKNOWN, YES
from klartecken.parties.ownership.affiliates import affiliate_of
from klartecken.parties.ownership.arena import above
from klartecken.parties.ownership.finding import AffiliateFinding
from klartecken.parties.ownership.graph import Graph
from klartecken.parties.ownership.headquarters import headquarters
from klartecken.parties.ownership.model import NOBODY_NAMED, Holder
from klartecken.parties.ownership.restriction import Restriction, strictest
from klartecken.parties.party import Identifier, Party
from klartecken.parties.resolve.owners import Owned, Seat, Seed

PATHS = 3  # chains that are told
CLOSED = ("listing", "share")  # open questions that bring no further owner in


@dataclass(frozen=True)
class GraphOwners:
    """Asks a graph of stakes under the rule of 744.11(a)(1) (BIS).

    Attributes:
        mark: stands for the tables that the graph was read from; empty where nobody said.
    """

    graph: Graph
    mark: str = ""

    @cached_property
    def turns(self) -> frozenset[date]:
        """The days on which a stake or a headquarters begins to count, or no longer does."""
        stakes = (stake for held in self.graph.into.values() for stake in held)
        facts = (fact for held in self.graph.facts.values() for fact in held)
        spans = [(stake.since, stake.until) for stake in stakes]
        spans += [(fact.day, fact.until) for fact in facts]
        ends = {until + timedelta(1) for _, until in spans if until and until < date.max}
        return frozenset({since for since, _ in spans if since} | ends)

    def find(self, party: Party) -> str | None:
        """By LEI, by id, by any of its names.

        Raises:
            InputError: several holders have this name, or its names are those of several.
        """
        holders = self.graph.holders
        for number in party.identifiers:
            if "LEI" in number.kind.upper().split() and number.number.upper() in holders:
                return number.number.upper()
        if party.id and party.id in holders:
            return party.id
        found: dict[str, str] = {}
        for name in party.names:
            with contextlib.suppress(UnknownName):
                found.setdefault(self.graph.find(name), name)
        if len(found) > 1:
            told = ", ".join(f"{name!r} is {ident}" for ident, name in found.items())
            raise InputError(f"{party.name!r} is several parties of the owners' data: {told}",
                             where="parties", next_step="Give its LEI or id")  # fmt: skip
        return next(iter(found), None)

    def above(self, ident: str, day: date) -> Mapping[str, Party]:
        """Everyone upstream, on any day: the day counts in the computation itself."""
        holders = self.graph.holders
        return {
            owner: party_of(holders[owner]) for owner in sorted(above(self.graph, ident))
            if owner not in (ident, NOBODY_NAMED)
        }  # fmt: skip

    def owned(self, ident: str, seeds: Mapping[str, tuple[Seed, ...]], day: date) -> Owned:
        """See :class:`klartecken.parties.resolve.owners.Owners`."""
        restricted = {owner: _restriction(held) for owner, held in seeds.items()}
        found = affiliate_of(self.graph, restricted, ident, day)
        sure, most = found.inherited, found.inherited_at_most
        policies = {most.policy}
        policies |= {sure.policy} if found.status is YES else {
            owner.restriction.review_policy for owner in found.governing
        }  # fmt: skip
        # a confirmed owner may be another listed party too, which nobody decided on yet
        doubts = [seed for owner in found.governing for seed in seeds.get(owner.party, ())
                  if seed.status is UNKNOWN]  # fmt: skip
        policies |= {seed.review_policy for seed in doubts}
        at_most = {*most.footnotes, *(n for seed in doubts for n in seed.footnotes)}
        minority = YES if found.least > 0 else UNKNOWN if found.most > 0 else NO
        return Owned(
            found.status, sure.footnotes, tuple(sorted(at_most)), tuple(sorted(policies)),
            any(question.kind not in CLOSED for question in found.open), minority,
            tuple(self._paths(found)), "; ".join(question.text for question in found.open[:PATHS]),
            tuple(flag.text for flag in found.flags),
        )  # fmt: skip

    def _paths(self, found: AffiliateFinding) -> Iterator[str]:
        for chain in found.chains[:PATHS]:
            steps = (f"{self.graph.name(s.owner)} holds {s.share} per cent of "
                     f"{self.graph.name(s.owned)}" for s in chain.steps)  # fmt: skip
            yield ", ".join(steps)

    def seat(self, ident: str, day: date) -> Seat:
        """What sources say of the headquarters; a candidate of ours is no statement."""
        found = headquarters(self.graph, ident, day)
        sources = "; ".join(dict.fromkeys(fact.source for fact in found.facts if fact.source))
        return Seat(found.consignee_hq, found.parent_hq, sources)


def party_of(holder: Holder) -> Party:
    """A holder as a party to be screened."""
    numbers = (Identifier("LEI", holder.lei),) if holder.lei else ()
    return Party(holder.name or holder.id, kind=holder.kind, country=holder.country,
                 identifiers=numbers, id=holder.id)  # fmt: skip


def _restriction(seeds: Iterable[Seed]) -> Restriction:
    """All seeds of an owner as one; the confirmed ones alone where there are any that count.

    A confirmed listing governs for sure; what the hits beside it could add is added by
    :meth:`GraphOwners.owned`.
    """
    held = tuple(seeds)
    sure = tuple(seed for seed in held if seed.status is YES)
    used = sure or held
    return Restriction(
        tuple(dict.fromkeys(code for seed in used for code in seed.lists)),
        YES if sure else UNKNOWN,
        tuple(sorted({n for seed in used for n in seed.footnotes})),
        tuple(sorted({p for seed in used for p in seed.programmes})),
        strictest(tuple(seed.review_policy for seed in used)),
        "", tuple(sorted({e for seed in used for e in seed.entries})),
    )  # fmt: skip
