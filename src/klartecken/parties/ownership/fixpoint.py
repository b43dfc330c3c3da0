"""The rule's own computation: who is owned by restricted parties, surely and possibly.

Let R be the restricted parties. Add a company to R when the *direct* shares that members of R
hold in it reach 50 per cent; repeat until nothing changes. Shares are never multiplied along a
chain, and cycles do no harm: the result is the least set that is closed under the rule.

With ranges there are two such sets. *Sure*: every share at its low end, every unknown answered
in the party's favour. *Possible*: the shares of members of R as high as the ranges and the 100
per cent of a company allow, every unknown answered against the party. Both are exact: a company
is surely owned when it is owned under every completion of the ranges, and possibly when under
some one. The shares of a company fill in independently of all others, so that the completion
chosen when a company joins R stays a valid one later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from klartecken.logic.tri import NO, UNKNOWN, YES, Tri
from klartecken.parties.ownership.arena import Arena
from klartecken.parties.ownership.graph import Graph
from klartecken.parties.ownership.model import NOBODY_NAMED
from klartecken.parties.ownership.restriction import OwnershipRule, Restriction


@dataclass(frozen=True, slots=True)
class Solution:
    """Both sets, for one day, one rule and one set of restricted parties.

    Attributes:
        arena: the stakes of the day.
        rule: the rule.
        counted: restricted parties that the rule counts (YES or UNKNOWN).
        sure, possible: R, with the restricted parties themselves; the possible one holds
            the owner whom nobody names.
        sure_owned, possibly_owned: companies whose restricted shares reach the threshold,
            US entities included.
    """

    arena: Arena
    rule: OwnershipRule
    counted: Mapping[str, Tri]
    sure: frozenset[str]
    possible: frozenset[str]
    sure_owned: frozenset[str]
    possibly_owned: frozenset[str]

    def status(self, graph: Graph, party: str) -> Tri:
        """Is the party covered through its owners?"""
        if party in self.possibly_owned:
            foreign = is_foreign(graph, party, self.rule)
            if foreign is NO:
                return NO
            return YES if party in self.sure_owned and foreign is YES else UNKNOWN
        return NO


def is_foreign(graph: Graph, party: str, rule: OwnershipRule) -> Tri:
    """Can the rule reach this party: is it no US entity (or does the rule not ask)?"""
    if not rule.spares_us:
        return YES
    holder = graph.holders.get(party)
    if holder is None or holder.is_us is None:
        return UNKNOWN
    return NO if holder.is_us else YES


def solve(
    graph: Graph, arena: Arena, restricted: Mapping[str, Restriction], rule: OwnershipRule
) -> Solution:
    """Both fixpoints, in time proportional to the number of holdings."""
    counted = {
        party: counts for party, restriction in restricted.items()
        if (counts := rule.counts(restriction)) is not NO
    }  # fmt: skip
    certain = {party for party, counts in counted.items() if counts is YES}
    sure, sure_owned = _spread_surely(graph, arena, certain, rule)
    possible, possibly_owned = _spread_possibly(graph, arena, set(counted), rule)
    return Solution(
        arena, rule, counted, frozenset(sure), frozenset(possible), frozenset(sure_owned),
        frozenset(possibly_owned | sure_owned),
    )  # fmt: skip


def _spread_surely(
    graph: Graph, arena: Arena, seeds: set[str], rule: OwnershipRule
) -> tuple[set[str], set[str]]:
    """Low ends only. Where a company's low ends exceed 100, some figure is wrong: the excess is
    taken off, as all of it may be in the restricted owners' shares.
    """
    threshold = int(rule.threshold * arena.unit)
    members, reached = set(seeds), set[str]()
    sums: dict[str, int] = {}
    left = sorted(seeds)
    while left:
        for owned, low, _ in arena.out.get(left.pop(), ()):
            total = sums.get(owned, 0) + low
            sums[owned] = total
            if total < threshold or owned in reached:
                continue
            if total - arena.over.get(owned, 0) < threshold:
                continue
            reached.add(owned)
            if owned not in members and is_foreign(graph, owned, rule) is YES:
                members.add(owned)
                left.append(owned)
    return members, reached


def _spread_possibly(
    graph: Graph, arena: Arena, seeds: set[str], rule: OwnershipRule
) -> tuple[set[str], set[str]]:
    """High ends, within what the low ends of the other owners leave of 100."""
    threshold, full = int(rule.threshold * arena.unit), 100 * arena.unit
    members = {*seeds, NOBODY_NAMED}
    reached: set[str] = set()
    sums: dict[str, int] = {}
    others: dict[str, int] = {}
    left = sorted(members)
    while left:
        for owned, low, high in arena.out.get(left.pop(), ()):
            total = sums.get(owned, 0) + high
            sums[owned] = total
            rest = others.get(owned, arena.lows[owned]) - low
            others[owned] = rest
            if total < threshold or owned in reached:
                continue
            if full - rest < threshold and owned not in arena.over:
                continue
            reached.add(owned)
            if owned not in members and is_foreign(graph, owned, rule) is not NO:
                members.add(owned)
                left.append(owned)
    return members, reached
