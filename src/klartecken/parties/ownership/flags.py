"""Red flags of ownership: what asks for due diligence although no share reaches 50 per cent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from klartecken.logic.tri import UNKNOWN, YES, Tri
from klartecken.parties.ownership.finding import RedFlag
from klartecken.parties.ownership.fixpoint import Solution
from klartecken.parties.ownership.graph import Graph
from klartecken.parties.ownership.holdings import Holding, holdings_of
from klartecken.parties.ownership.model import NOBODY_NAMED
from klartecken.parties.ownership.restriction import Restriction
from klartecken.parties.ownership.share import plain

# Words for the flags that only state a fact about the figures
_WORDS = {
    "unresolved_owner": "holders that nobody names may be restricted (Red Flag 29: resolve it, or "
                        "apply for a licence)",
    "unknown_share": "a share that matters is stated as a range only (Red Flag 29)",
    "remainder_not_stated": "the stated shares leave a remainder that no source speaks of",
    "over_100": "the stated shares are more than 100 per cent together; some figure is wrong",
    "sources_disagree": "sources contradict each other on a share; the range over both is used",
    "consolidation_only": "a parent consolidates it, with no share told: probably half or more",
    "consolidated_below_half": "a parent consolidates it of which less than 50 per cent is stated",
    "at_the_threshold": "covered only because the ends of ranges add up to 50 per cent exactly",
    "unreviewed_hit": "a screening hit on an owner has not been reviewed",
}  # fmt: skip


def red_flags(
    graph: Graph, solution: Solution, party: str, status: Tri,
    restricted: Mapping[str, Restriction],
) -> Iterator[RedFlag]:  # fmt: skip
    """All flags of a party on the day, except a recent cut."""
    held = solution.arena.held.get(party, ())
    yield from _on_figures(solution, party, held, status)
    if status is not YES:
        yield from _listed_owners(graph, solution, party, held)
    yield from _uncounted(graph, solution, held, restricted)
    children = _listed_children(graph, solution, party)
    if children:
        names = ", ".join(graph.name(child) for child in children)
        yield RedFlag("parent_of_listed", f"it is a parent of a listed entity: {names}", children)


def _on_figures(
    solution: Solution, party: str, held: tuple[Holding, ...], status: Tri
) -> Iterator[RedFlag]:  # fmt: skip
    arena = solution.arena
    unnamed = any(h.owner == NOBODY_NAMED and h.share.high > 0 for h in held)
    if unnamed or any(h.indirect and h.owner in solution.possible for h in held):
        yield _flag("unresolved_owner")
    direct = [h for h in held if h.owner in solution.possible and h.owner != NOBODY_NAMED]
    if status is UNKNOWN and any(not h.share.exact for h in direct):
        yield _flag("unknown_share", *(h.owner for h in direct if not h.share.exact))
    if sum((h.share.high for h in held), Fraction(0)) < 100:
        yield _flag("remainder_not_stated")
    if party in arena.over:
        yield _flag("over_100")
    if at_odds := tuple(h.owner for h in held if h.at_odds):
        yield _flag("sources_disagree", *at_odds)
    for holding in held:
        if holding.owner == NOBODY_NAMED:
            continue
        kinds = {stake.kind for stake in holding.stakes}
        if kinds == {"consolidation"} and not holding.share.exact:
            yield _flag("consolidation_only", holding.owner)
        elif "consolidation" in kinds and holding.share.high < 50:
            yield _flag("consolidated_below_half", holding.owner)
    if party in solution.sure_owned:
        sure = [h for h in held if h.owner in solution.sure]
        at_threshold = sum(h.share.low for h in sure) == solution.rule.threshold
        if at_threshold and not all(h.share.exact for h in sure):
            yield _flag("at_the_threshold", *(h.owner for h in sure))
    hits = [h.owner for h in held if solution.counted.get(h.owner) is UNKNOWN]
    if hits:
        yield _flag("unreviewed_hit", *hits)


def _flag(code: str, *parties: str) -> RedFlag:
    return RedFlag(code, _WORDS[code], tuple(dict.fromkeys(parties)))


def _listed_owners(
    graph: Graph, solution: Solution, party: str, held: tuple[Holding, ...]
) -> Iterator[RedFlag]:  # fmt: skip
    """Restricted owners below the threshold, and restricted parties further up."""
    direct = [
        h for h in held
        if h.owner in solution.possible and h.owner != NOBODY_NAMED and h.share.high > 0
    ]  # fmt: skip
    if direct:
        told = ", ".join(f"{graph.name(h.owner)} ({h.share} per cent)" for h in direct)
        owners = tuple(dict.fromkeys(h.owner for h in direct))
        yield RedFlag("minority_owner", f"restricted parties own part of it: {told}", owners)
    upstream = tuple(
        seed for seed in _upstream(solution, party) if seed not in {h.owner for h in direct}
    )
    if upstream:
        names = ", ".join(graph.name(seed) for seed in upstream)
        text = f"restricted parties stand further up in its ownership: {names}"
        yield RedFlag("listed_upstream", text, upstream)


def _upstream(solution: Solution, party: str) -> list[str]:
    """Counted restricted parties above, through anyone who holds anything; nearest first."""
    seen, found, left = {party}, [], [party]
    for company in left:
        for holding in solution.arena.held.get(company, ()):
            owner = holding.owner
            if owner in seen or holding.share.high == 0:
                continue
            seen.add(owner)
            left.append(owner)
            if owner in solution.counted:
                found.append(owner)
    return found


def _uncounted(
    graph: Graph, solution: Solution, held: tuple[Holding, ...],
    restricted: Mapping[str, Restriction],
) -> Iterator[RedFlag]:  # fmt: skip
    """Owners on a list that the rule does not count."""
    owners = tuple(h.owner for h in held if h.owner in restricted and h.share.high > 0)
    owners = tuple(o for o in dict.fromkeys(owners) if o not in solution.counted)
    if owners:
        told = ", ".join(f"{graph.name(o)} ({', '.join(restricted[o].lists)})" for o in owners)
        yield RedFlag("uncounted_owner", f"owners that the rule does not count: {told}", owners)


def _listed_children(graph: Graph, solution: Solution, party: str) -> tuple[str, ...]:
    """Counted restricted parties below, through holdings that may be half or more."""
    seen, found, left = {party}, [], [party]
    for owner in left:
        for owned in dict.fromkeys(stake.owned for stake in graph.out.get(owner, ())):
            if owned in seen or len(seen) > 1000:
                continue
            held = holdings_of(graph, owned, solution.arena.day)
            if not any(h.owner == owner and h.share.high >= 50 for h in held):
                continue
            seen.add(owned)
            left.append(owned)
            if owned in solution.counted:
                found.append(owned)
    return tuple(found)


def cut_text(before: Fraction, now: Fraction) -> str:
    """The words for shares that fell to just under the threshold."""
    return (
        f"restricted parties held {plain(before)} per cent within the last year and now hold "
        f"{plain(now)}: just under 50"
    )
