"""The Affiliates rule and OFAC's 50 percent rule: who is covered through its owners.

Whether a rule is in force on a day is law; here the computation can be asked for any day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from klartecken.errors import InputError
from klartecken.logic.tri import NO, YES, Tri
from klartecken.parties.ownership.arena import Arena, above, build_arena
from klartecken.parties.ownership.behind import chains_to, governing, inherit
from klartecken.parties.ownership.finding import AffiliateFinding, RedFlag
from klartecken.parties.ownership.fixpoint import Solution, is_foreign, solve
from klartecken.parties.ownership.flags import cut_text, red_flags
from klartecken.parties.ownership.graph import Graph
from klartecken.parties.ownership.holdings import change_days
from klartecken.parties.ownership.model import NOBODY_NAMED
from klartecken.parties.ownership.restriction import Restriction, joined, rule_of
from klartecken.parties.ownership.settle import open_questions

YEAR = timedelta(days=365)
JUST_UNDER = Fraction(45)


@dataclass(frozen=True, eq=False)
class Findings(Mapping[str, AffiliateFinding]):
    """Every party of a graph. The statuses are computed at once, a finding when it is read."""

    graph: Graph
    restricted: Mapping[str, Restriction]
    solution: Solution
    _parties: dict[str, None] = field(repr=False)

    def status(self, party: str) -> Tri:
        """YES, NO or UNKNOWN, without the reasons.

        Raises:
            KeyError: no such party.
        """
        return self.solution.status(self.graph, self._known(party))

    def __getitem__(self, party: str) -> AffiliateFinding:
        return find(self.graph, self.restricted, self.solution, self._known(party))

    def _known(self, party: str) -> str:
        party = self.graph.id_of(party)
        self._parties[party]
        return party

    def __iter__(self) -> Iterator[str]:
        return iter(self._parties)

    def __len__(self) -> int:
        return len(self._parties)


def affiliates(
    graph: Graph, restricted: Mapping[str, Restriction], day: date, rule: str = "bis"
) -> Findings:
    """The rule's computation for every party.

    Args:
        graph: the statements.
        restricted: by id of the holder in the graph, or by a source's own id for it.
        day: the day of the transaction.
        rule: ``bis`` or ``ofac``.

    Raises:
        InputError: no such rule, or the unknown holder given as restricted.
    """
    restricted = _by_id(graph, restricted)
    solution = solve(graph, build_arena(graph, day), restricted, rule_of(rule))
    parties = dict.fromkeys(graph.holders) | dict.fromkeys(restricted)
    return Findings(graph, restricted, solution, parties)


def affiliate_of(
    graph: Graph, restricted: Mapping[str, Restriction], party_id: str, day: date,
    rule: str = "bis",
) -> AffiliateFinding:  # fmt: skip
    """The rule's computation for one party; only what stands above it is looked at.

    A party that the graph does not know has no stated owners: NO, with the flag that nothing is
    stated.

    Raises:
        InputError: no such rule, or the unknown holder given as restricted.
    """
    restricted, party_id = _by_id(graph, restricted), graph.id_of(party_id)
    arena = build_arena(graph, day, above(graph, party_id))
    return find(graph, restricted, solve(graph, arena, restricted, rule_of(rule)), party_id)


def _by_id(graph: Graph, restricted: Mapping[str, Restriction]) -> Mapping[str, Restriction]:
    """The restricted parties under the ids of the graph."""
    found: dict[str, Restriction] = {}
    for party, restriction in restricted.items():
        if party == NOBODY_NAMED:
            raise InputError("a restricted party has no id", where="restricted")
        key = graph.id_of(party)
        found[key] = joined(found[key], restriction, party) if key in found else restriction
    return found


def find(
    graph: Graph, restricted: Mapping[str, Restriction], solution: Solution, party: str
) -> AffiliateFinding:
    """The finding of one party out of a solution that covers what stands above it."""
    status = solution.status(graph, party)
    least, most, reach = _total(solution, party)
    chains = () if status is NO else chains_to(solution, party)
    owners = governing(graph, chains, restricted, status)
    flags = [
        *red_flags(graph, solution, party, status, restricted),
        *_recent_cut(graph, restricted, solution, party, status),
    ]
    questions = open_questions(graph, solution, party) if status not in (YES, NO) else ()
    return AffiliateFinding(
        party, graph.name(party), solution.arena.day, solution.rule.id, status,
        is_foreign(graph, party, solution.rule), restricted.get(party), least, most, reach,
        chains, owners, inherit(o for o in owners if o.sure), inherit(owners), questions,
        tuple(flags),
    )  # fmt: skip


def _total(solution: Solution, party: str) -> tuple[Fraction, Fraction, bool]:
    """Per cent that restricted parties hold directly: least, most, and is the most reached?"""
    arena = solution.arena
    least = most = 0
    rest = arena.lows.get(party, 0)
    for holding in arena.held.get(party, ()):
        low, high = arena.code(holding.share)
        if holding.owner in solution.sure:
            least += low
        if holding.owner in solution.possible:
            most += high
            rest -= low
    if party not in arena.over:
        most = min(most, 100 * arena.unit - rest)
    least = max(0, least - arena.over.get(party, 0))
    top = min(arena.percent(most), Fraction(100))
    return arena.percent(least), top, most >= top * arena.unit


def _recent_cut(
    graph: Graph, restricted: Mapping[str, Restriction], solution: Solution, party: str,
    status: Tri,
) -> Iterator[RedFlag]:  # fmt: skip
    """From 50 or more within the last year to 45 up to, but not, 50."""
    threshold = solution.rule.threshold
    day = solution.arena.day
    _, now, reached = _total(solution, party)
    if status is YES or not (JUST_UNDER <= now < threshold or (now == threshold and not reached)):
        return
    upstream = above(graph, party)
    stakes = (stake for company in upstream for stake in graph.into.get(company, ()))
    first = day - YEAR
    eves = {changed - timedelta(days=1) for changed in change_days(stakes) if changed <= day}
    for eve in sorted((d for d in eves if first <= d), reverse=True):
        earlier: Arena = build_arena(graph, eve, upstream)
        before = _total(solve(graph, earlier, restricted, solution.rule), party)[0]
        if before >= threshold:
            yield RedFlag("recent_cut", cut_text(before, now))
            return
