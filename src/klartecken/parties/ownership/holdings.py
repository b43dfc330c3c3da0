"""What each owner holds on a day, joined from what the sources say.

Two statements on the same owner and company, from different sources, that can both be true are
both believed: what remains is what they have in common. Where they contradict each other, the
range over both is kept and flagged. Two rows of one source may be two blocks of shares or one
block told twice, so anything from the smaller to their sum is possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from klartecken.parties.ownership.graph import Graph, Problem
from klartecken.parties.ownership.model import NOBODY_NAMED, Stake
from klartecken.parties.ownership.share import Share, plain


@dataclass(frozen=True, slots=True)
class Holding:
    """The share of one owner in one company on a day, and the statements behind it.

    ``at_odds`` says that sources contradict each other (or one tells two figures).
    ``indirect`` holdings come through companies that nobody names.
    """

    owner: str
    owned: str
    share: Share
    stakes: tuple[Stake, ...]
    at_odds: bool = False
    indirect: bool = False


def holdings_of(graph: Graph, owned: str, day: date) -> tuple[Holding, ...]:
    """Who holds a company on a day: one holding for each owner (indirect ones apart)."""
    return join(owned, (stake for stake in graph.into.get(owned, ()) if stake.covers(day)))


def join(owned: str, stakes: Iterable[Stake]) -> tuple[Holding, ...]:
    """Holdings out of the statements of one day."""
    stakes = tuple(stakes)
    if len({stake.owner for stake in stakes}) == len(stakes):
        return tuple(
            Holding(s.owner, owned, s.share, (s,), False, s.kind == "indirect") for s in stakes
        )
    by_owner: dict[tuple[str, bool], list[Stake]] = {}
    for stake in stakes:
        by_owner.setdefault((stake.owner, stake.kind == "indirect"), []).append(stake)
    made = []
    for (owner, indirect), told in by_owner.items():
        if len(told) == 1:
            made.append(Holding(owner, owned, told[0].share, (told[0],), False, indirect))
        else:
            share, at_odds = _joined(told, together=owner != NOBODY_NAMED)
            made.append(Holding(owner, owned, share, tuple(told), at_odds, indirect))
    return tuple(made)


def _joined(told: list[Stake], *, together: bool) -> tuple[Share, bool]:
    """One range out of several statements, and whether they contradict each other.

    Holders whom nobody names (not ``together``) may be others in each statement: the range over
    all is kept, and there is nothing to contradict.
    """
    by_source: dict[tuple[str, str], dict[tuple[object, ...], Share]] = {}
    for stake in told:
        row = (stake.share, stake.since, stake.until, stake.note)
        by_source.setdefault((stake.source, stake.kind), {})[row] = stake.share
    at_odds = False
    shares = []
    for rows in by_source.values():
        share, *more = rows.values()
        for other in more:
            at_odds = together
            share = share.plus_at_most(other)
        shares.append(share)
    common: Share | None = shares[0]
    whole = shares[0]
    for share in shares[1:]:
        common = common.meet(share) if common else None
        whole = whole.hull(share)
    if common and together:
        return common, at_odds
    return whole, together


def problems(graph: Graph) -> Iterator[Problem]:
    """Companies of which, on some day, more than 100 per cent is held, or sources disagree.

    A period is looked at on each day on which a stake begins.
    """
    yield from graph.conflicts
    for owned, stakes in graph.into.items():
        if len(stakes) > 1:
            yield from _of_company(graph, owned, stakes)


def _of_company(graph: Graph, owned: str, stakes: tuple[Stake, ...]) -> Iterator[Problem]:
    lows = sum((stake.share.low for stake in stakes), Fraction(0))
    if lows <= 100 and len({stake.owner for stake in stakes}) == len(stakes):
        return  # nothing can be wrong on any day
    told: set[str] = set()
    for day in sorted({stake.since or date.min for stake in stakes}):
        now = [stake for stake in stakes if stake.covers(day)]
        held = join(owned, now)
        total = sum((holding.share.low for holding in held), Fraction(0))
        where = "; ".join(dict.fromkeys(stake.where for stake in now if stake.where))
        since = "" if day == date.min else f" from {day} on"
        if total > 100 and "over" not in told:
            told.add("over")
            text = f"{graph.name(owned)}: {plain(total)} per cent is held{since}, more than 100"
            yield Problem("over_100", owned, text, where)
        for holding in held:
            if holding.at_odds and holding.owner not in told:
                told.add(holding.owner)
                shares = ", ".join(dict.fromkeys(str(stake.share) for stake in holding.stakes))
                text = (
                    f"{graph.name(owned)}: {graph.name(holding.owner)} holds {shares} per cent"
                    f"{since} by different statements"
                )
                where = "; ".join(s.where for s in holding.stakes if s.where)
                yield Problem("disagreement", owned, text, where)


def change_days(stakes: Iterable[Stake]) -> set[date]:
    """The days on which a statement begins to hold, or no longer holds for the first time."""
    days: set[date] = set()
    for stake in stakes:
        if stake.since:
            days.add(stake.since)
        if stake.until and stake.until < date.max:
            days.add(stake.until + timedelta(days=1))
    return days
