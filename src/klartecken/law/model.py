"""What a law is: provisions with dated versions, held as plain frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any

from klartecken.logic.frozen import freeze
from klartecken.logic.nodes import OneOf, Places, Result, references, walk
from klartecken.logic.vocabulary import Vocabulary

STAGES = (
    "definition", "classification", "prohibition", "requirement", "exception", "policy",
    "flag", "gap",
)  # fmt: skip
BASES = (
    "ccl", "headquarters", "letter", "entity_list", "affiliates", "end_use", "military",
    "embargo", "general_prohibition", "denied_person",
)  # fmt: skip
# Strictest first. "unknown" is a requirement whose policy no source gives; it stands below
# the two denials because nothing unknown can soften them.
POLICIES = (
    "policy_of_denial", "presumption_of_denial", "unknown", "not_published", "case_by_case",
    "presumption_of_approval",
)  # fmt: skip
TAGS = ("primary", "secondary", "memory", "inferred")
VIEWS = ("practice", "text")


@dataclass(frozen=True, slots=True)
class Clause:
    """A bar or a condition of an exception."""

    id: str
    when: Result
    text: str
    cite: str


@dataclass(frozen=True, slots=True)
class Version:
    """One wording of a provision, valid over a period.

    ``start`` is the compliance date where one is given, else the effective date; the
    version binds from ``start`` to ``until``, both inclusive.
    """

    id: str
    effective: date
    until: date | None
    compliance: date | None
    enforced: bool
    view: str | None
    when: Result
    params: Mapping[str, Fraction]
    cite: str
    url: str
    tag: str
    instrument: str
    note: str
    text: str
    basis: str
    policy: str
    exceptions: tuple[str, ...]
    bars: tuple[Clause, ...]
    conditions: tuple[Clause, ...]
    source: str = ""  # the condition as written

    def __post_init__(self) -> None:
        freeze(self, "params")

    @property
    def trees(self) -> tuple[Result, ...]:
        """Its condition, and those of its bars and conditions."""
        return (self.when, *(clause.when for clause in (*self.bars, *self.conditions)))

    @property
    def start(self) -> date:
        """The first day on which it binds."""
        return self.compliance or self.effective

    def binds(self, day: date, view: str) -> bool:
        """Is this version in force on the day, in that view of the law?"""
        if self.view is not None and self.view != view:
            return False
        return self.start <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Provision:
    """A numbered rule (or definition, exception, policy, flag, gap) with its versions.

    What is worked out from the versions is kept, because a reformed law shares every
    provision that it leaves alone.
    """

    id: str
    stage: str
    title: str
    file: str
    versions: tuple[Version, ...]
    eccn: str = ""
    symbol: str = ""
    code: str = ""
    policy_for: tuple[str, ...] = ()

    @cached_property
    def targets(self) -> tuple[str, ...]:
        """The provisions that its versions refer to."""
        trees = (tree for version in self.versions for tree in version.trees)
        return tuple(dict.fromkeys(name for tree in trees for name in references(tree)))

    @cached_property
    def groups(self) -> frozenset[str]:
        """The country groups that its versions name."""
        return frozenset(
            group
            for version in self.versions
            for tree in version.trees
            for node in walk(tree)
            if isinstance(node, Places)
            for group in node.groups
        )

    @cached_property
    def addressees(self) -> frozenset[str]:
        """The exporters that a condition of it names."""
        return frozenset(
            name
            for version in self.versions
            for node in walk(version.when)
            if isinstance(node, OneOf) and node.fact == "exporter"
            for name in node.options
        )


@dataclass(frozen=True, slots=True)
class Instrument:
    """A rule, letter or guidance paper of the government."""

    id: str
    title: str
    cite: str
    published: date | None
    effective: date | None
    url: str
    tag: str


@dataclass(frozen=True)
class Law:
    """A regime: loaded, checked, immutable, hashed.

    ``order`` lists provision ids by stage, every reference pointing backwards. ``docs`` holds
    each provision as written, by id, so that a reform can be laid over it; ``regime`` names
    the reforms that were (``us-ear+april-2025-letters-public``).
    """

    regime: str
    title: str
    covers_from: date
    read_until: date
    vocabulary: Vocabulary
    instruments: Mapping[str, Instrument]
    provisions: Mapping[str, Provision]
    order: tuple[str, ...]
    hash: str
    docs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        freeze(self, "instruments", "provisions", "docs")

    def boundaries(self, aside: tuple[str, ...] = ()) -> tuple[date, ...]:
        """Every day on which a version starts to bind or has just ended, some stages aside."""
        days = set()
        for provision in self.provisions.values():
            if provision.stage in aside:
                continue
            for version in provision.versions:
                days.add(version.start)
                if version.until is not None:
                    days.add(version.until + timedelta(days=1))
        return tuple(sorted(days))

    @cached_property
    def addressees(self) -> frozenset[str]:
        """The companies that some letter is addressed to."""
        return frozenset().union(*(rule.addressees for rule in self.provisions.values()))
