"""Restricted parties, and which of them a 50 percent rule counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from klartecken.errors import InputError
from klartecken.logic.tri import NO, UNKNOWN, YES, Tri, any_of

# Strictest first: the order in which the law's review policies govern (law/model.py). An entry
# whose policy is none of these alone counts as "unknown".
POLICIES = (
    "policy_of_denial", "presumption_of_denial", "unknown", "not_published", "case_by_case",
    "presumption_of_approval",
)  # fmt: skip
# 15 CFR 744.8(a)(1), without spaces and signs
_SECTION_744_8 = (
    "BELARUS", "BELARUSEO14038", "RUSSIAEO14024", "UKRAINEEO13660", "UKRAINEEO13661",
    "UKRAINEEO13662", "UKRAINEEO13685", "FTO", "SDGT", "NPWMD", "ILLICITDRUGSEO14059", "SDNT",
    "SDNTK", "TCO",
)  # fmt: skip
# Lists whose parties neither rule counts as owners. UNLISTED_MEU: a military end user that no
# list names (744.21(a)(3)); ADDRESS: an unnamed occupant of a listed address (744.11(a)(1)).
UNCOUNTED = (
    "UVL", "DPL", "CMIC", "SSI", "ISN", "DTC", "PLC", "MBS", "CAP", "1260H", "UNLISTED_MEU",
    "ADDRESS",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Restriction:
    """Why a party is restricted, as its list entries have it.

    Attributes:
        lists: codes: ``EL``, ``MEU``, ``SDN``, ``BUILTIN`` (the project's own table of Entity
            List names), or one that no rule counts (:data:`UNCOUNTED`, ``OWN:name``).
        status: YES for a listed party, UNKNOWN for a screening hit that nobody reviewed.
        footnotes: of the Entity List.
        programmes: sanctions programmes; for an SDN they decide whether 744.8 names it.
        review_policy: one of :data:`POLICIES`, or empty.
        requirement: the licence requirement, as listed.
        entries: ids of the list entries, for reference.
    """

    lists: tuple[str, ...]
    status: Tri = YES
    footnotes: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    review_policy: str = ""
    requirement: str = ""
    entries: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        known = (*UNCOUNTED, "EL", "MEU", "SDN", "BUILTIN")
        for code in self.lists:
            if code not in known and not code.startswith("OWN:"):
                raise InputError(f"{code!r} is no list", next_step="Use " + ", ".join(known))
        if self.review_policy and self.review_policy not in POLICIES:
            raise InputError(
                f"{self.review_policy!r} is no review policy",
                next_step="Use " + ", ".join(POLICIES),
            )


@dataclass(frozen=True, slots=True)
class OwnershipRule:
    """What a 50 percent rule counts.

    Attributes:
        id: ``bis`` or ``ofac``.
        lists: codes whose parties count whatever else; SDNs are decided by ``programmes``.
        programmes: programmes by which an SDN counts; None for all.
        spares_us: a US entity is never covered through its owners.
        threshold: per cent, reached when the sum is this or more.
        cite: where the rule stands.
    """

    id: str
    lists: frozenset[str]
    programmes: frozenset[str] | None
    spares_us: bool
    cite: str
    threshold: Fraction = field(default=Fraction(50))

    def counts(self, restriction: Restriction) -> Tri:
        """Does the rule count this party among the restricted owners?"""
        if self.lists & set(restriction.lists):
            listed = YES
        elif "SDN" in restriction.lists:
            listed = self._counts_sdn(restriction)
        else:
            listed = NO
        return listed & restriction.status

    def _counts_sdn(self, restriction: Restriction) -> Tri:
        if self.programmes is None:
            return YES
        if not restriction.programmes:
            return UNKNOWN  # nobody said which programme
        tags = ("".join(c for c in tag.upper() if c.isalnum()) for tag in restriction.programmes)
        return any_of(YES if tag in self.programmes else NO for tag in tags)


RULES = {
    "bis": OwnershipRule(
        "bis", frozenset({"EL", "MEU", "BUILTIN"}), frozenset(_SECTION_744_8), True,
        "15 CFR 744.11(a)(1), 744.21(a)(3), 744.8(a)(2); 90 FR 47201",
    ),
    "ofac": OwnershipRule(
        "ofac", frozenset(), None, False, "OFAC's 50 percent rule, FAQ 401",
    ),
}  # fmt: skip


def rule_of(name: str) -> OwnershipRule:
    """A rule by its id.

    Raises:
        InputError: no such rule.
    """
    if name not in RULES:
        raise InputError(f"there is no ownership rule {name!r}", next_step="Use bis or ofac")
    return RULES[name]


def strictest(policies: tuple[str, ...]) -> str:
    """The most restrictive review policy; an empty one is ``unknown``. Empty for none."""
    named = {policy or "unknown" for policy in policies}
    return next((policy for policy in POLICIES if policy in named), "")


def joined(old: Restriction, new: Restriction, where: str) -> Restriction:
    """Two listings of one party as one.

    Raises:
        InputError: one is sure and the other an unreviewed hit: what they make together depends
            on the rule, so the hit has to be decided first.
    """
    if old.status is not new.status:
        raise InputError(
            "the party is listed for sure in one place and perhaps in another", where=where,
            next_step="Decide on the unreviewed hit first",
        )  # fmt: skip
    requirements = dict.fromkeys(r for r in (old.requirement, new.requirement) if r)
    return Restriction(
        tuple(dict.fromkeys((*old.lists, *new.lists))), old.status,
        tuple(dict.fromkeys((*old.footnotes, *new.footnotes))),
        tuple(dict.fromkeys((*old.programmes, *new.programmes))),
        strictest((old.review_policy, new.review_policy)), "; ".join(requirements),
        tuple(dict.fromkeys((*old.entries, *new.entries))),
    )  # fmt: skip
