"""Where a party, and its ultimate parent, has its headquarters: what sources say, and no more.

The test of 15 CFR 744.23(a)(3) and 742.6(a)(6) is one of headquarters and ultimate parents, and
neither term is defined. No owner is called an ultimate parent here unless a source does so. The
top of a chain of majority stakes is offered as a candidate only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from klartecken.parties.ownership.graph import Graph
from klartecken.parties.ownership.holdings import holdings_of
from klartecken.parties.ownership.model import NOBODY_NAMED, HqFact


@dataclass(frozen=True)
class Headquarters:
    """What is known on a day. Codes are ISO 3166 alpha-2 as sources have them (HK is HK).

    Attributes:
        party, day: what was asked.
        consignee_hq: countries of the headquarters: none is unknown; several are what sources
            that contradict each other say, any of which may be right.
        parents: ids of the ultimate parents that sources name.
        parent_hq: countries of the ultimate parent's headquarters, likewise.
        facts: the statements that this rests on.
        candidate: an ultimate parent that only stakes suggest (grade inferred), or empty. It is
            no part of ``parents``.
        candidate_hq: countries of the candidate's headquarters.
        notes: conflicts and what else limits the answer.
    """

    party: str
    day: date
    consignee_hq: tuple[str, ...]
    parents: tuple[str, ...]
    parent_hq: tuple[str, ...]
    facts: tuple[HqFact, ...]
    candidate: str
    candidate_hq: tuple[str, ...]
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "party": self.party, "day": self.day.isoformat(),
            "consignee_hq": list(self.consignee_hq), "parents": list(self.parents),
            "parent_hq": list(self.parent_hq), "candidate": self.candidate,
            "candidate_hq": list(self.candidate_hq), "notes": list(self.notes),
            "facts": [
                {"party": f.party, "what": f.what, "country": f.country, "parent": f.parent,
                 "source": f.source, "day": f.day.isoformat() if f.day else "",
                 "grade": f.grade, "where": f.where}
                for f in self.facts
            ],
        }  # fmt: skip


def headquarters(graph: Graph, party: str, day: date) -> Headquarters:
    """Headquarters of a party and of its ultimate parent, as of a day."""
    notes: list[str] = []
    own = _current(graph.facts.get(party, ()), "headquarters", day, notes)
    named = _current(graph.facts.get(party, ()), "ultimate_parent", day, notes)
    stated = _current(graph.facts.get(party, ()), "ultimate_parent_headquarters", day, notes)
    parents = tuple(sorted({fact.parent for fact in named if fact.parent}))
    told = list(stated)
    for parent in parents:
        held = _current(graph.facts.get(parent, ()), "headquarters", day, notes)
        told += held
        if not held and not any(f.parent in ("", parent) for f in stated):
            notes.append(f"no source tells the headquarters of {graph.name(parent)}")
    consignee_hq, parent_hq = _countries(own), _countries(told)
    for what, codes in (("headquarters", consignee_hq), ("ultimate parent's", parent_hq)):
        if len(codes) > 1:
            notes.append(f"sources differ on the {what} country: {', '.join(codes)}")
    if len(parents) > 1:
        names = ", ".join(map(graph.name, parents))
        notes.append(f"sources differ on the ultimate parent: {names}")
    candidate, candidate_hq = "", tuple[str, ...]()
    if not parents and not stated and (candidate := _top(graph, party, day)):
        held = _current(graph.facts.get(candidate, ()), "headquarters", day, notes)
        candidate_hq = _countries(held)
        notes.append(
            f"{graph.name(candidate)} is at the top of a chain of majority stakes; no source "
            "calls it the ultimate parent"
        )
    facts = tuple(dict.fromkeys((*own, *named, *told)))
    return Headquarters(
        party, day, consignee_hq, parents, parent_hq, facts, candidate, candidate_hq,
        tuple(dict.fromkeys(notes)),
    )  # fmt: skip


def _countries(facts: Iterable[HqFact]) -> tuple[str, ...]:
    return tuple(sorted({fact.country for fact in facts if fact.country}))


def _current(
    facts: tuple[HqFact, ...], what: str, day: date, notes: list[str]
) -> tuple[HqFact, ...]:  # fmt: skip
    """From each source its last word not after the day; only a later one where it has no other.

    GLEIF's publications of different days are one source: the newest not after the day counts.
    """
    by_source: dict[str, list[HqFact]] = {}
    for fact in facts:
        if fact.what == what and (fact.until is None or day <= fact.until):
            by_source.setdefault(_publisher(fact.source), []).append(fact)
    found: list[HqFact] = []
    later: list[HqFact] = []
    for said in by_source.values():
        before = [fact for fact in said if fact.day is None or fact.day <= day]
        pool = before or said
        days = [fact.day or date.min for fact in pool]
        last = max(days) if before else min(days)
        (found if before else later).extend(f for f in pool if (f.day or date.min) == last)
    if found or not later:
        return tuple(found)
    first = min(fact.day for fact in later if fact.day)
    words = what.replace("_", " ")
    notes.append(f"the {words} is stated only from {first} on, after the day asked")
    return tuple(later)


def _publisher(source: str) -> str:
    return "GLEIF" if source.startswith("GLEIF ") else source


def _top(graph: Graph, party: str, day: date) -> str:
    """The top of the chain of owners of surely more than half, or empty."""
    chain = [party]
    while True:
        most = [
            h.owner for h in holdings_of(graph, chain[-1], day)
            if (h.share.low > 50 or (h.share.low == 50 and h.share.low_open))
            and h.owner != NOBODY_NAMED and not h.indirect
        ]  # fmt: skip
        if len(most) != 1:
            return chain[-1] if len(chain) > 1 and not most else ""
        if most[0] in chain:
            return ""
        chain.append(most[0])
