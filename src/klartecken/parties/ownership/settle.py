"""What would settle an unknown answer: the figures and questions that it hangs on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from klartecken.logic.tri import UNKNOWN
from klartecken.parties.ownership.arena import STEP
from klartecken.parties.ownership.finding import Open
from klartecken.parties.ownership.fixpoint import Solution, is_foreign
from klartecken.parties.ownership.graph import Graph
from klartecken.parties.ownership.holdings import Holding
from klartecken.parties.ownership.model import NOBODY_NAMED
from klartecken.parties.ownership.share import plain


@dataclass(frozen=True, slots=True)
class _Gap:
    """A holding that could bring the company to the threshold, and by how much (coded)."""

    holding: Holding
    low: int
    gain: int


def open_questions(graph: Graph, solution: Solution, party: str) -> tuple[Open, ...]:
    """The smallest set of unknowns that together could make the party covered, all of which must
    come out in its favour or against it; and, where an owner itself is unsettled, what settles
    that owner. Empty where nothing is unknown.
    """
    made: list[Open] = []
    asked: set[str] = set()
    left = [party]
    while left:
        company = left.pop(0)
        if company in asked or len(asked) > 50:  # a long way up; the first layers say enough
            continue
        asked.add(company)
        if company in solution.counted and solution.counted[company] is UNKNOWN:
            made.append(_listing(graph, company))
        if company not in solution.possibly_owned:
            continue
        if is_foreign(graph, company, solution.rule) is UNKNOWN:
            text = f"is {graph.name(company)} a US entity? If it is, ownership does not reach it"
            made.append(Open("nationality", company, "", None, text))
        if company not in solution.sure_owned:
            for gap, need in _smallest(solution, company):
                made.append(_question(graph, solution, gap, need))
                if gap.holding.owner not in solution.sure:
                    left.append(gap.holding.owner)
    return tuple(dict.fromkeys(made))


def _listing(graph: Graph, party: str) -> Open:
    text = (
        f"is {graph.name(party)} the listed party that screening met, and does the rule count it?"
    )
    return Open("listing", party, "", None, text)


def _smallest(solution: Solution, company: str) -> Iterator[tuple[_Gap, int]]:
    """The fewest holdings that could reach the threshold, and what is missing (coded)."""
    arena = solution.arena
    gaps: list[_Gap] = []
    need = int(solution.rule.threshold * arena.unit) + arena.over.get(company, 0)
    for holding in arena.held.get(company, ()):
        if holding.owner not in solution.possible:
            continue
        low, high = arena.code(holding.share)
        certain = low if holding.owner in solution.sure else 0
        need -= certain
        if high > certain:
            gaps.append(_Gap(holding, certain, high - certain))
    gaps.sort(key=lambda gap: (-gap.gain, gap.holding.owner))
    found = 0
    for gap in gaps:
        if found >= need:
            return
        found += gap.gain
        yield gap, need


def _question(graph: Graph, solution: Solution, gap: _Gap, need: int) -> Open:
    holding = gap.holding
    owner, owned = graph.name(holding.owner), graph.name(holding.owned)
    alone = gap.gain >= need
    start = Fraction(ceil(Fraction(need + gap.low, STEP)), solution.arena.unit // STEP)
    from_ = min(start, Fraction(100)) if alone else None
    reach = f"from {plain(from_)} per cent on" if from_ is not None else "together with the others"
    if holding.owner == NOBODY_NAMED:
        text = f"who holds the {holding.share} per cent of {owned} that nobody names? {owned} is "
        text += f"covered if restricted parties do, {reach}"
        return Open("holder", NOBODY_NAMED, holding.owned, from_, text)
    if holding.indirect:
        text = f"through which companies, and by what shares, does {owner} stand behind {owned}?"
        return Open("holder", holding.owner, holding.owned, from_, text)
    if holding.share.exact:
        text = f"does {owner} count, which holds {holding.share} per cent of {owned}?"
        return Open("owner", holding.owner, holding.owned, from_, text)
    what = "an unknown share" if str(holding.share) == "unknown" else f"{holding.share} per cent"
    text = f"what share of {owned} does {owner} hold ({what} is stated)? "
    text += f"It is covered {reach}"
    return Open("share", holding.owner, holding.owned, from_, text)
