"""The rule by trying everything: every completion of every range, every unknown answered both
ways, and the words of the rule repeated until nothing changes. Written apart from the engine.
"""

import itertools
from collections.abc import Iterator
from fractions import Fraction

from klartecken.logic.tri import NO, UNKNOWN, YES, Tri
from klartecken.parties.ownership.share import Share

TINY = Fraction(1, 10**6)

# owner, owned, share; the owner may be "?" for nobody named
Edge = tuple[str, str, Share]


def values(share: Share) -> list[Fraction]:
    """The interesting points of a range: its ends (or just inside)."""
    low = share.low + (TINY if share.low_open else 0)
    high = share.high - (TINY if share.high_open else 0)
    return sorted({low, high})


def completions(edges: list[Edge]) -> Iterator[list[Fraction]]:
    """All fillings of one company's stakes that are not more than 100 together.

    Where the ends do not fit, one stake takes what the others leave.
    """
    seen = set()
    for filling in itertools.product(*(values(share) for _, _, share in edges)):
        total = sum(filling)
        if total <= 100:
            seen.add(filling)
            continue
        for place, (_, _, share) in enumerate(edges):
            rest = 100 - (total - filling[place])
            if share.low <= rest <= filling[place] and not (share.low_open and rest == share.low):
                seen.add((*filling[:place], rest, *filling[place + 1 :]))
    for filling in sorted(seen):
        yield list(filling)


def closure(
    filled: list[tuple[str, str, Fraction]], seeds: set[str], spared: set[str]
) -> tuple[set[str], set[str]]:
    """The restricted set, and the foreign companies whose restricted shares reach 50."""
    restricted = set(seeds)
    while True:
        covered = set()
        for company in {owned for _, owned, _ in filled}:
            total = sum(s for owner, owned, s in filled if owned == company and owner in restricted)
            if total >= 50 and company not in spared:
                covered.add(company)
        if covered <= restricted:
            return restricted, covered
        restricted |= covered


def statuses(
    edges: list[Edge], seeds: dict[str, Tri], us: dict[str, bool | None]
) -> dict[str, Tri]:  # fmt: skip
    """YES where covered under every completion, NO where under none."""
    companies = sorted({owned for _, owned, _ in edges})
    names = sorted({n for o, c, _ in edges for n in (o, c)} - {"?"})
    per_company = [[e for e in edges if e[1] == company] for company in companies]
    always, never = set(names), set(names)
    unsure = [party for party, listed in seeds.items() if listed is UNKNOWN]
    nobody = ["?"] if any(e[0] == "?" for e in edges) else []
    open_us = [name for name in names if us.get(name) is None]
    certain = {party for party, listed in seeds.items() if listed is YES}
    questions = [*unsure, *nobody]
    for fillings in itertools.product(*(list(completions(held)) for held in per_company)):
        filled = [
            (owner, owned, share)
            for held, filling in zip(per_company, fillings, strict=True)
            for (owner, owned, _), share in zip(held, filling, strict=True)
        ]
        for answers in itertools.product((False, True), repeat=len(questions)):
            listed = certain | {q for q, yes in zip(questions, answers, strict=True) if yes}
            for spared in itertools.product((False, True), repeat=len(open_us)):
                american = {name for name in names if us.get(name)}
                american |= {n for n, yes in zip(open_us, spared, strict=True) if yes}
                _, covered = closure(filled, listed, american)
                always &= covered
                never -= covered
    return {n: YES if n in always else NO if n in never else UNKNOWN for n in names}
