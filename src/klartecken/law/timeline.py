"""The law on one day, in one view: the versions in force, with country groups filled in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
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
    facts_of,
    negate,
    references,
    walk,
)
from klartecken.logic.tri import Tri


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


@dataclass(frozen=True, slots=True)
class LawDay:
    """What binds on a day (the same object for every day between two changes)."""

    law: Law
    view: str
    since: date | None
    in_force: tuple[InForce, ...]
    decisive: tuple[InForce, ...]  # without policies, flags and gaps
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
        law.cache[key] = tuple(sorted({*boundaries(law), *_moves(law, groups)}))
    found = law.cache[key]
    assert isinstance(found, tuple)
    return found


def _moves(law: Law, groups: Groups) -> list[date]:
    """Days on which a membership changes, of the groups that the law names (kept)."""
    found = law.cache.get(("moves", id(groups)))
    if not isinstance(found, list):
        named: set[str] = set()
        for provision in law.provisions.values():
            for version in provision.versions:
                clauses = (*version.bars, *version.conditions)
                for tree in (version.when, *(clause.when for clause in clauses)):
                    named.update(g for n in walk(tree) if isinstance(n, Places) for g in n.groups)
        found = law.cache[("moves", id(groups))] = groups.change_days(sorted(named))
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
            law, view, since, rules,
            tuple(r for r in rules if r.provision.stage not in ("policy", "flag", "gap")),
            {rule.id: rule for rule in rules},
            {name: tuple(held) for name, held in stages.items()},
        )  # fmt: skip
        law.cache[key] = found
    return found


def _in_force(law: Law, groups: Groups, day: date, view: str) -> tuple[InForce, ...]:
    # memberships are the same throughout a stretch
    stretch = bisect_right(_moves(law, groups), day)
    found = []
    for identity in law.order:
        provision = law.provisions[identity]
        for version in provision.versions:
            if version.binds(day, view):
                key = ("fixed", id(groups), id(version), stretch)
                fixed = law.cache.get(key)
                if not isinstance(fixed, Version):
                    fixed = law.cache[key] = _fixed(version, groups, day)
                found.append(InForce(identity, provision, fixed))
                break
    return tuple(found)


def _fixed(version: Version, groups: Groups, day: date) -> Version:
    clauses = (*version.bars, *version.conditions)
    if not any(_has_places(tree) for tree in (version.when, *(c.when for c in clauses))):
        return version

    def clause(part: Clause) -> Clause:
        return replace(part, when=fix(part.when, groups, day))

    return replace(
        version,
        when=fix(version.when, groups, day),
        bars=tuple(clause(part) for part in version.bars),
        conditions=tuple(clause(part) for part in version.conditions),
    )


def _has_places(tree: Result) -> bool:
    return any(isinstance(node, Places) for node in walk(tree))


def dependencies(law_day: LawDay) -> Mapping[str, frozenset[str]]:
    """The facts that each provision in force looks at, through references too (kept)."""
    kept = law_day.cache.get("dependencies")
    found: dict[str, frozenset[str]] = kept if isinstance(kept, dict) else {}
    if not found:
        ratios = law_day.law.vocabulary.ratios
        for rule in law_day.in_force:
            version = rule.version
            names: set[str] = set()
            clauses = (*version.bars, *version.conditions)
            for tree in (version.when, *(clause.when for clause in clauses)):
                names.update(facts_of(tree))
                for target in references(tree):
                    names |= found.get(target, frozenset())
            for ratio in names & ratios.keys():
                names |= set(ratios[ratio])
            found[rule.id] = frozenset(names)
        law_day.cache["dependencies"] = found
    return found


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
