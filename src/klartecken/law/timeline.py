"""The law on one day, in one view: the versions in force, with country groups filled in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from klartecken.law.model import Clause, Law, Provision, Version, boundaries
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
    negate,
)
from klartecken.logic.tri import Tri


class Groups(Protocol):
    """Country groups over time (``facts.places``)."""

    def members(self, group: str, day: date) -> tuple[frozenset[str], frozenset[str]]:
        """The places in a group on a day, and those not known to be in or out."""
        ...

    def change_days(self) -> list[date]:
        """Days on which a membership begins, or has just ended."""
        ...


@dataclass(frozen=True, slots=True)
class InForce:
    """A provision with the version that binds, its conditions fixed to the day."""

    provision: Provision
    version: Version

    @property
    def id(self) -> str:
        """The provision's id."""
        return self.provision.id


@dataclass(frozen=True, slots=True)
class LawDay:
    """What binds on a day (the same object for every day between two changes)."""

    law: Law
    view: str
    since: date | None
    in_force: tuple[InForce, ...]
    by_id: Mapping[str, InForce]
    _by_stage: Mapping[str, tuple[InForce, ...]]
    cache: dict[str, object] = field(default_factory=dict, compare=False, repr=False)

    def stage(self, name: str) -> tuple[InForce, ...]:
        """What binds of one stage, in order."""
        return self._by_stage.get(name, ())


def change_days(law: Law, groups: Groups) -> tuple[date, ...]:
    """Every day on which the law could differ from the day before."""
    key = ("change_days", id(groups))
    if key not in law.cache:
        law.cache[key] = tuple(sorted({*boundaries(law), *groups.change_days()}))
    found = law.cache[key]
    assert isinstance(found, tuple)
    return found


def law_on(law: Law, groups: Groups, day: date, view: str = "practice") -> LawDay:
    """The law on a day (cached per stretch of days without a change).

    Args:
        law: the regime.
        groups: country groups over time.
        day: the day.
        view: ``practice`` or ``text``.
    """
    days = change_days(law, groups)
    stretch = bisect_right(days, day)
    key = ("law_on", id(groups), stretch, view)
    found = law.cache.get(key)
    if not isinstance(found, LawDay):
        since = days[stretch - 1] if stretch else None
        rules = _in_force(law, groups, day, view)
        stages: dict[str, list[InForce]] = {}
        for rule in rules:
            stages.setdefault(rule.provision.stage, []).append(rule)
        found = LawDay(
            law, view, since, rules, {rule.id: rule for rule in rules},
            {name: tuple(held) for name, held in stages.items()},
        )  # fmt: skip
        law.cache[key] = found
    return found


def _in_force(law: Law, groups: Groups, day: date, view: str) -> tuple[InForce, ...]:
    found = []
    for identity in law.order:
        provision = law.provisions[identity]
        for version in provision.versions:
            if version.binds(day, view):
                found.append(InForce(provision, _fixed(version, groups, day)))
                break
    return tuple(found)


def _fixed(version: Version, groups: Groups, day: date) -> Version:
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
        inside, unsure = set(node.codes), set()
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


