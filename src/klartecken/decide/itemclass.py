"""The class of an item alone: which ECCN paragraph, whatever the destination and parties.

An item's class depends on no destination, party or paper. So a case with the item's facts
alone is evaluated against the part of the law that the classification looks at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from klartecken.decide.ask import World, shipped_world
from klartecken.decide.case import Case
from klartecken.decide.run import Run
from klartecken.errors import InputError
from klartecken.facts.items import Item
from klartecken.law.timeline import InForce, LawDay
from klartecken.logic.complete import Completions, Decision
from klartecken.logic.nodes import references
from klartecken.logic.values import Value

OUTSIDE = "none"  # in no paragraph that the law as encoded has
USES = ("classification", "letter", "policy")


@dataclass(frozen=True, slots=True)
class ItemClass:
    """The paragraphs that an item may be in, in the law's order (:data:`OUTSIDE` last)."""

    names: tuple[str, ...]

    @property
    def settled(self) -> str | None:
        """The one paragraph, when no unknown fact could change it."""
        return self.names[0] if len(self.names) == 1 else None

    def __str__(self) -> str:
        return " or ".join(self.names)


def classes(item: Item, day: date, view: str = "practice", world: World | None = None) -> ItemClass:
    """The paragraph of an item on a day, checked against all completions.

    >>> from klartecken.facts.items import find_item
    >>> str(classes(find_item("h20"), date(2025, 7, 15)))
    '3A991.p'

    Raises:
        InputError: a day before the first one that the law is encoded for.
    """
    return class_of(Asked(item, day, view, world or shipped_world()).run())


class Asked:
    """An item before the part of the law that some uses look at."""

    def __init__(
        self, item: Item, day: date, view: str, world: World, uses: Iterable[str] = USES[:1]
    ) -> None:
        if day < world.law.covers_from:
            raise InputError(
                f"{day} is before {world.law.covers_from}, the first day that the law is "
                "encoded for"
            )
        self.world = world
        self.case = Case(item, day, view, False, dict(item.facts), {})
        self.part = part(world.timeline.on(day, view), tuple(uses))

    def run(self, values: Mapping[str, Value] | None = None) -> Run:
        """Its results, with some values put in the place of the item's own."""
        return Run(self.case, self.part, self.world.places, assume=True, values=values)


def use_of(rule: InForce) -> str:
    """For what a rule is a starting point, if for anything."""
    if rule.version.basis == "letter":
        return "letter"
    return rule.provision.stage if rule.provision.stage in USES else ""


def part(whole: LawDay, uses: tuple[str, ...]) -> LawDay:
    """The rules that some uses look at, directly or through others (cached)."""
    key = f"part for {' '.join(uses)}"
    found = whole.kept.get(key)
    if not isinstance(found, LawDay):
        wanted: set[str] = set()
        for rule in reversed(whole.in_force):
            if rule.id in wanted or use_of(rule) in uses:
                wanted |= {rule.id, *references(rule.version.when)}
        found = whole.kept[key] = whole.only(wanted)
    return found


def completions_of(run: Run) -> Completions[str]:
    """The completion check of the paragraph: the first that holds, in the law's order."""
    rules = run.law_day.stage("classification")
    entries = tuple((run.result(rule), rule.provision.eccn) for rule in rules)
    return run.completions(Decision(entries, OUTSIDE).settled())


def class_of(run: Run) -> ItemClass:
    """The class that a run gives."""
    return ItemClass(ordered(run, completions_of(run).possible()))


def ordered(run: Run, names: frozenset[str]) -> tuple[str, ...]:
    """Paragraphs in the law's order."""
    order = [rule.provision.eccn for rule in run.law_day.stage("classification")]
    return tuple(name for name in dict.fromkeys([*order, OUTSIDE]) if name in names)
