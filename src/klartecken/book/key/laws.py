"""What an engine looks at of its laws: their days, and all atoms that answers can turn on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from klartecken.decide.ask import World
from klartecken.errors import KlarteckenError
from klartecken.law.timeline import LawDay
from klartecken.logic.nodes import Atom, atoms


def family(worlds: Sequence[World]) -> None:
    """Refuse laws under which the same cell would be read as different facts.

    Raises:
        KlarteckenError: the laws do not share vocabulary, countries and letters' addressees.
    """
    base, *others = worlds
    for other in others:
        same = {
            "facts": base.law.vocabulary == other.law.vocabulary,
            "countries": base.places.hash == other.places.hash,
            "addressees of letters": base.law.addressees == other.law.addressees,
        }
        wrong = [name for name, held in same.items() if not held]
        if wrong:
            raise KlarteckenError(
                f"the laws differ in their {', '.join(wrong)}", where="order book",
                next_step="Answer the book under each of them on its own",
            )  # fmt: skip


def law_days(world: World, view: str) -> list[LawDay]:
    """What binds in each stretch of days: before the first turn, and from each one on."""
    days = world.timeline.days
    before = date.fromordinal(days[0].toordinal() - 1)
    return [world.timeline.on(day, view) for day in (before, *days)]


def all_atoms(laws: Iterable[Iterable[LawDay]]) -> tuple[Atom, ...]:
    """Every atom that a verdict can turn on."""
    found: dict[Atom, None] = {}
    seen: set[int] = set()
    for law_day in (law_day for law_days in laws for law_day in law_days):
        for rule in law_day.in_force:
            if rule.provision.stage in ("flag", "gap") or id(rule.version) in seen:
                continue
            seen.add(id(rule.version))
            for tree in rule.version.trees:
                found.update((atom, None) for atom in atoms(tree))
    return tuple(found)
