"""A day's stakes in whole numbers, made ready for adding up.

An open end is the number beside it by less than any difference that matters. So a share is
coded as ``value * common denominator * STEP``, and an open end as one more or one less: sums of
codes then compare exactly as sums of shares do, whatever ends are open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm

from klartecken.parties.ownership.graph import Graph
from klartecken.parties.ownership.holdings import Holding, join
from klartecken.parties.ownership.model import NOBODY_NAMED, Stake
from klartecken.parties.ownership.share import ANY, Share

STEP = 1 << 32  # more than any number of open ends in one sum


@dataclass(frozen=True, slots=True)
class Arena:
    """The companies looked at, on one day.

    Attributes:
        day: the day.
        unit: the code of one per cent.
        held: holdings in each company, by its id.
        codes: low and high of each share, coded, by the identity of the share (hashing exact
            fractions would take longer than all the rest).
        out: per owner: company, low, high.
        lows: sum of all low ends in a company.
        over: by how much the low ends of a company exceed 100 (only where they do).
    """

    day: date
    unit: int
    held: dict[str, tuple[Holding, ...]]
    codes: dict[int, tuple[int, int]]
    out: dict[str, list[tuple[str, int, int]]]
    lows: dict[str, int]
    over: dict[str, int]

    def code(self, share: Share) -> tuple[int, int]:
        """Low and high of the share of one of the holdings, coded."""
        return self.codes[id(share)]

    def percent(self, code: int) -> Fraction:
        """The nearest plain figure to a code, open ends forgotten."""
        return Fraction((code + STEP // 2) // STEP, self.unit // STEP)


def build_arena(graph: Graph, day: date, parties: Iterable[str] | None = None) -> Arena:
    """Holdings of a day, with shares coded.

    Args:
        graph: all statements.
        day: the day.
        parties: look at these companies only; by default all.
    """
    companies = graph.into if parties is None else dict.fromkeys(parties)
    held: dict[str, tuple[Holding, ...]] = {}
    shares = {id(ANY): ANY}
    indirect: list[Stake] = []
    for owned in companies:
        now = [stake for stake in graph.into.get(owned, ()) if stake.covers(day)]
        if now:
            hidden = [stake for stake in now if stake.kind == "indirect"]
            if hidden:
                indirect += hidden
                now = [stake for stake in now if stake.kind != "indirect"]
            made = join(owned, now)
            held[owned] = made
            for holding in made:
                shares[id(holding.share)] = holding.share
    for holding in _behind(indirect, held):
        held[holding.owned] = (*held.get(holding.owned, ()), holding)
    denominator = lcm(
        *{n.denominator for share in shares.values() for n in (share.low, share.high)}
    )
    unit = denominator * STEP
    codes = {key: _code(share, unit) for key, share in shares.items()}
    return _filled(Arena(day, unit, held, codes, {}, {}, {}))


def _filled(arena: Arena) -> Arena:
    full = 100 * arena.unit
    out, codes = arena.out, arena.codes
    for owned, held in arena.held.items():
        total = 0
        for holding in held:
            low, high = codes[id(holding.share)]
            total += low
            edge = (owned, low, high)
            if holding.owner in out:
                out[holding.owner].append(edge)
            else:
                out[holding.owner] = [edge]
        arena.lows[owned] = total
        if total > full + len(held):  # open ends alone do not make it too much
            arena.over[owned] = total - full
    return arena


def _code(share: Share, unit: int) -> tuple[int, int]:
    low, high = share.low * unit, share.high * unit
    return int(low) + share.low_open, int(high) - share.high_open


def _behind(indirect: list[Stake], held: dict[str, tuple[Holding, ...]]) -> Iterator[Holding]:
    """Where the unnamed companies of an indirect owner may hold.

    That is in the company itself and, as its majority owner then belongs to the same group, in
    that owner, and so on upwards. Where the named chain leads to the indirect owner (by a share
    that may be half or more), it explains the statement and nothing is left to find.
    """
    for stake in indirect:
        chain = [stake.owned]
        explained = False
        while True:
            direct = held.get(chain[-1], ())
            if any(h.owner == stake.owner and h.share.high >= 50 for h in direct):
                explained = True
                break
            most = [h.owner for h in direct if h.share.low >= 50]
            if len(most) != 1 or most[0] in chain or most[0] == NOBODY_NAMED:
                break
            chain.append(most[0])
        if not explained:
            for owned in chain:
                yield Holding(stake.owner, owned, ANY, (stake,), False, True)


def above(graph: Graph, party: str) -> set[str]:
    """The party, everyone upstream of it on any day, and the companies below whose indirect
    owner may stand above one of them.
    """
    found = {party}
    left = [party]
    while left:
        company = left.pop()
        owners = [stake.owner for stake in graph.into.get(company, ())]
        for other in (*owners, *graph.below_by_majority.get(company, ())):
            if other not in found:
                found.add(other)
                left.append(other)
    return found
