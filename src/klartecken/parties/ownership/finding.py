"""What a 50 percent rule says of one party, with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from klartecken.logic.tri import Tri
from klartecken.parties.ownership.holdings import Holding
from klartecken.parties.ownership.restriction import Restriction
from klartecken.parties.ownership.share import plain


@dataclass(frozen=True, slots=True)
class Chain:
    """A way from a restricted party down to the one asked about.

    Attributes:
        restricted: id of the restricted party, at the top.
        steps: its holding, then the next company's, down to the party asked about.
        sure: each step is one of the sure computation; else only possible.
    """

    restricted: str
    steps: tuple[Holding, ...]
    sure: bool


@dataclass(frozen=True, slots=True)
class Governing:
    """A restricted party whose restrictions the party would inherit.

    Attributes:
        party, name: who.
        restriction: why restricted.
        sure: inherited for sure; else only possibly.
    """

    party: str
    name: str
    restriction: Restriction
    sure: bool


@dataclass(frozen=True, slots=True)
class Inherited:
    """What is carried down from several owners.

    Attributes:
        lists, footnotes: the union.
        policy: the most restrictive review policy; ``unknown`` where an entry gives none.
        requirement: the widest licence requirement, if one can be told to be it; else empty.
        requirements: all different ones.
    """

    lists: tuple[str, ...] = ()
    footnotes: tuple[str, ...] = ()
    policy: str = ""
    requirement: str = ""
    requirements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Open:
    """Something unknown that would settle the answer.

    Attributes:
        kind: ``share`` (which figure), ``holder`` (who holds it), ``owner`` (does this owner
            count), ``listing`` (is it the listed party), ``nationality`` (is it a US entity).
        owner, owned: which holding, or which party (``owned`` is then empty).
        covered_from: per cent from which on this holding alone makes the company reach the
            threshold; None where it cannot alone.
        text: the question in words.
    """

    kind: str
    owner: str
    owned: str
    covered_from: Fraction | None
    text: str


@dataclass(frozen=True, slots=True)
class RedFlag:
    """Something that asks for due diligence: ``code``, words, and the parties concerned."""

    code: str
    text: str
    parties: tuple[str, ...] = ()


@dataclass(frozen=True)
class AffiliateFinding:
    """Is the party owned 50 per cent or more by restricted parties, on a day?

    Attributes:
        party, name, day, rule: what was asked; ``rule`` is ``bis`` or ``ofac``.
        status: by the rule's computation. Whether the rule is in force on the day is law, and
            not said here.
        foreign: not a US entity; for ``ofac`` always YES.
        listed: the party's own restriction, if any; ``status`` is about its owners only.
        least, most: per cent that restricted parties hold directly: surely, and at most.
        reach_most: False where ``most`` itself is not reached (an open end).
        chains: one shortest way from each governing party.
        governing: restricted parties behind it, surely and possibly.
        inherited: what it carries from those that govern for sure.
        inherited_at_most: from all, the possible ones too.
        open: what would settle an unknown answer, the smallest set first found.
        flags: red flags.
    """

    party: str
    name: str
    day: date
    rule: str
    status: Tri
    foreign: Tri
    listed: Restriction | None
    least: Fraction
    most: Fraction
    reach_most: bool
    chains: tuple[Chain, ...]
    governing: tuple[Governing, ...]
    inherited: Inherited
    inherited_at_most: Inherited
    open: tuple[Open, ...]
    flags: tuple[RedFlag, ...]

    def flagged(self, code: str) -> bool:
        """Is there a red flag of this code?"""
        return any(flag.code == code for flag in self.flags)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; per cent as text, so that nothing is rounded."""
        return {
            "party": self.party, "name": self.name, "day": self.day.isoformat(),
            "rule": self.rule, "status": self.status.value, "foreign": self.foreign.value,
            "listed": None if self.listed is None else list(self.listed.lists),
            "least": plain(self.least),
            "most": ("" if self.reach_most else "<") + plain(self.most),
            "chains": [_chain(chain) for chain in self.chains],
            "governing": [
                {"party": g.party, "name": g.name, "lists": list(g.restriction.lists),
                 "entries": list(g.restriction.entries), "sure": g.sure}
                for g in self.governing
            ],
            "inherited": _inherited(self.inherited),
            "inherited_at_most": _inherited(self.inherited_at_most),
            "open": [
                {"kind": o.kind, "owner": o.owner, "owned": o.owned, "text": o.text,
                 "covered_from": None if o.covered_from is None else plain(o.covered_from)}
                for o in self.open
            ],
            "flags": [
                {"code": f.code, "text": f.text, "parties": list(f.parties)} for f in self.flags
            ],
        }  # fmt: skip


def _inherited(what: Inherited) -> dict[str, Any]:
    return {
        "lists": list(what.lists), "footnotes": list(what.footnotes), "policy": what.policy,
        "requirement": what.requirement, "requirements": list(what.requirements),
    }  # fmt: skip


def _chain(chain: Chain) -> dict[str, Any]:
    return {
        "restricted": chain.restricted, "sure": chain.sure,
        "steps": [
            {
                "owner": step.owner, "owned": step.owned, "share": str(step.share),
                "kind": step.stakes[0].kind, "sources": sorted({s.source for s in step.stakes}),
                "rows": [s.where for s in step.stakes if s.where],
            }
            for step in chain.steps
        ],
    }  # fmt: skip
