"""Who stands behind a party, by which chain, and what the party inherits from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from klartecken.logic.tri import YES, Tri
from klartecken.parties.ownership.finding import Chain, Governing, Inherited
from klartecken.parties.ownership.fixpoint import Solution
from klartecken.parties.ownership.graph import Graph
from klartecken.parties.ownership.holdings import Holding
from klartecken.parties.ownership.restriction import Restriction, strictest

_EVERYTHING = "all items subject to the ear"


def chains_to(solution: Solution, party: str) -> tuple[Chain, ...]:
    """One shortest chain from each counted restricted party, the sure ones first."""
    sure = {chain.restricted: chain for chain in _walk(solution, party, sure=True)}
    maybe = (chain for chain in _walk(solution, party, sure=False) if chain.restricted not in sure)
    return (*sure.values(), *maybe)


def _walk(solution: Solution, party: str, *, sure: bool) -> Iterable[Chain]:
    """Upwards through companies that are restricted by ownership, breadth first."""
    members = solution.sure if sure else solution.possible
    owned = solution.sure_owned if sure else solution.possibly_owned
    if party not in owned:
        return
    way: dict[str, tuple[Holding, ...]] = {party: ()}
    told: set[str] = set()
    layer = [party]
    while layer:
        above: list[str] = []
        for company in layer:
            for holding in solution.arena.held.get(company, ()):
                owner = holding.owner
                holds = holding.share.positive if sure else holding.share.high > 0
                if owner not in members or not holds:
                    continue
                if owner in solution.counted and owner not in told:  # the party itself, in a cycle
                    told.add(owner)
                    yield Chain(owner, (holding, *way[company]), sure)
                if owner not in way:
                    way[owner] = (holding, *way[company])
                    if owner in owned:
                        above.append(owner)
        layer = above


def governing(
    graph: Graph, chains: tuple[Chain, ...], restricted: Mapping[str, Restriction], status: Tri
) -> tuple[Governing, ...]:
    """The restricted parties at the tops of the chains; sure only where the party is covered."""
    return tuple(
        Governing(
            chain.restricted, graph.name(chain.restricted), restricted[chain.restricted],
            chain.sure and status is YES,
        )
        for chain in chains
    )  # fmt: skip


def inherit(owners: Iterable[Governing]) -> Inherited:
    """Union of lists and footnotes; the most restrictive policy and requirement."""
    all_of = [owner.restriction for owner in owners]
    requirements = tuple(dict.fromkeys(r.requirement for r in all_of if r.requirement))
    widest = [text for text in requirements if _EVERYTHING in text.casefold()]
    silent = any(not restriction.requirement for restriction in all_of)
    if not widest and len(requirements) == 1 and not silent:
        widest = list(requirements)
    return Inherited(
        tuple(sorted({code for r in all_of for code in r.lists})),
        tuple(sorted({note for r in all_of for note in r.footnotes})),
        strictest(tuple(r.review_policy for r in all_of)),
        widest[0] if widest else "",
        requirements,
    )
