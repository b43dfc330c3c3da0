"""The law on one day, in one view: the versions in force, with country groups filled in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Protocol

from klartecken.law.model import Clause, Law, Provision, Version
from klartecken.logic.nodes import (
    And,
    Compare,
    Not,
    OneOf,
    Places,
    Ref,
    Result,
    conjoin,
    disjoin,
    facts_of,
    negate,
    references,
    walk,
)
from klartecken.logic.tri import Tri

ASIDE = ("policy", "flag", "gap")  # stages that no outcome looks at


class Groups(Protocol):
    """Country groups over time (``facts.places``)."""

    def members(self, group: str, day: date) -> tuple[frozenset[str], frozenset[str]]:
        """The places in a group on a day, and those not known to be in or out."""
        ...

    def change_days(self, groups: Iterable[str] | None = None) -> list[date]:
        """Days on which a membership of these groups begins, or has just ended."""
        ...


@dataclass(frozen=True, slots=True)
class InForce:
    """A provision with the version that binds, its conditions fixed to the day."""

    id: str
    provision: Provision
    version: Version


@dataclass(frozen=True)
class LawDay:
    """What binds on a day (the same object for every day between two changes)."""

    timeline: Timeline
    view: str
    since: date | None
    in_force: tuple[InForce, ...]

    @property
    def law(self) -> Law:
        """The regime."""
        return self.timeline.law

    def stage(self, name: str) -> tuple[InForce, ...]:
        """What binds of one stage, in order."""
        return self.stages.get(name, ())

    @cached_property
    def stages(self) -> Mapping[str, tuple[InForce, ...]]:
        """What binds, by stage, in the law's order."""
        found: dict[str, tuple[InForce, ...]] = {}
        for rule in self.in_force:
            found[rule.provision.stage] = (*found.get(rule.provision.stage, ()), rule)
        return found

    @cached_property
    def by_id(self) -> Mapping[str, InForce]:
        """What binds, by provision id."""
        return {rule.id: rule for rule in self.in_force}

    @cached_property
    def decisive(self) -> tuple[InForce, ...]:
        """What outcomes look at: without policies, flags and gaps."""
        return tuple(rule for rule in self.in_force if rule.provision.stage not in ASIDE)

    @cached_property
    def dependencies(self) -> Mapping[str, frozenset[str]]:
        """The facts that each provision looks at, through references too."""
        ratios = self.law.vocabulary.ratios
        found: dict[str, frozenset[str]] = {}
        for rule in self.in_force:
            names: set[str] = set()
            for tree in rule.version.trees:
                names.update(facts_of(tree))
                for target in references(tree):
                    names |= found.get(target, frozenset())
            for ratio in names & ratios.keys():
                names |= set(ratios[ratio])
            found[rule.id] = frozenset(names)
        return found

    @cached_property
    def kept(self) -> dict[str, object]:
        """What others work out once for this day (never changed afterwards)."""
        return {}

    def only(self, ids: Collection[str]) -> LawDay:
        """The same day with some provisions alone."""
        rules = tuple(rule for rule in self.in_force if rule.id in ids)
        return LawDay(self.timeline, self.view, self.since, rules)


class Timeline:
    """A law read with country groups: what binds on each day.

    Args:
        law: the regime.
        groups: country groups over time.

    Attributes:
        days: every day on which the law could differ from the day before.
    """

    def __init__(self, law: Law, groups: Groups) -> None:
        self.law, self.groups = law, groups
        named = frozenset().union(*(rule.groups for rule in law.provisions.values()))
        # memberships are the same throughout a stretch between two moves
        self._moves = groups.change_days(sorted(named))
        self.days: tuple[date, ...] = tuple(sorted({*law.boundaries(), *self._moves}))
        # days on which an outcome could differ
        self.decisive: tuple[date, ...] = tuple(
            sorted({*law.boundaries(aside=ASIDE), *self._moves})
        )
        self.kept: dict[str, object] = {}  # what others work out once for all days
        self._held: dict[tuple[int, str], LawDay] = {}
        self._fixed: dict[tuple[str, str, int], Version] = {}

    def on(self, day: date, view: str = "practice") -> LawDay:
        """What binds on a day, in the ``practice`` or ``text`` view."""
        stretch = bisect_right(self.days, day)
        found = self._held.get((stretch, view))
        if found is None:
            since = self.days[stretch - 1] if stretch else None
            made = LawDay(self, view, since, self._in_force(day, view))
            found = self._held.setdefault((stretch, view), made)  # one object, also if raced
        return found

    def _in_force(self, day: date, view: str) -> tuple[InForce, ...]:
        rules = (self.law.provisions[identity] for identity in self.law.order)
        return tuple(self._binding(rules, day, view))

    def _binding(self, rules: Iterable[Provision], day: date, view: str) -> Iterator[InForce]:
        """Of each provision the version that binds, if one does."""
        stretch = bisect_right(self._moves, day)
        for provision in rules:
            for version in provision.versions:
                if version.binds(day, view):
                    key = (provision.id, version.id, stretch)
                    if key not in self._fixed:
                        self._fixed.setdefault(key, fixed(version, self.groups, day))
                    yield InForce(provision.id, provision, self._fixed[key])
                    break


def fixed(version: Version, groups: Groups, day: date) -> Version:
    """A version with its country groups as of a day; itself where it names none."""
    if not any(isinstance(node, Places) for tree in version.trees for node in walk(tree)):
        return version

    def clause(part: Clause) -> Clause:
        return replace(part, when=fix(part.when, groups, day))

    return replace(
        version,
        when=fix(version.when, groups, day),
        bars=tuple(clause(part) for part in version.bars),
        conditions=tuple(clause(part) for part in version.conditions),
    )


def fix(node: Result, groups: Groups, day: date) -> Result:
    """A tree with its country groups as of a day."""
    if isinstance(node, (Tri, Compare, OneOf, Ref)):
        return node
    if isinstance(node, Places):
        inside = set(node.codes)
        unsure: set[str] = set()
        for group in node.groups:
            yes, maybe = groups.members(group, day)
            inside |= yes
            unsure |= maybe
        label = ", ".join([*node.groups, *sorted(node.codes)])
        return OneOf(node.fact, frozenset(inside), frozenset(unsure - inside), label)
    if isinstance(node, Not):
        return negate(fix(node.child, groups, day))
    parts = [fix(child, groups, day) for child in node.children]
    return conjoin(parts) if isinstance(node, And) else disjoin(parts)
