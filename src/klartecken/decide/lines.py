"""How far an item is from each numeric line of the law, and what its class turns on.

Nothing here reads a condition by hand: a line is an atom that is left over when the item's
numbers are freed, and its side is the atom's own result.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from klartecken.decide.ask import World, shipped_world
from klartecken.decide.determination import Missing
from klartecken.decide.itemclass import (
    OUTSIDE,
    USES,
    Asked,
    ItemClass,
    class_of,
    classes,
    part,
    use_of,
)
from klartecken.decide.run import Run
from klartecken.decide.turns import Switch, Turn, assumed, missing, switches, turns
from klartecken.facts.items import Item
from klartecken.logic.evaluate import truth
from klartecken.logic.nodes import Compare, atoms
from klartecken.logic.tri import Tri
from klartecken.logic.values import INF, Bound, Range, Value
from klartecken.logic.wording import phrase


@dataclass(frozen=True, slots=True)
class Line:
    """A number of the law that the item's rules compare something with.

    Attributes:
        atom: the comparison, for example ``tpp >= 2400``.
        use: what looks at it first: ``classification``, ``letter`` or ``policy``.
        provisions: the provisions that state it, with their citations beside them.
    """

    atom: Compare
    use: str
    provisions: tuple[str, ...]
    citations: tuple[str, ...]
    url: str
    tag: str

    @property
    def quantity(self) -> str:
        """What is compared: a fact, or a sum of facts."""
        return phrase(self.atom).partition(f" {self.atom.op} ")[0]


@dataclass(frozen=True, slots=True)
class Margin:
    """Where the item stands against one line.

    Attributes:
        value: the quantity (in the unit of its fact), or None when it is not known.
        meets: does the comparison hold? Unknown when the value may lie on both sides.
        distance: line minus value; above zero when the value would have to rise.
        relative: the same as a share of the value; None where the value is zero.
    """

    line: Line
    value: Range | None
    meets: Tri
    distance: Range | None
    relative: Range | None


@dataclass(frozen=True, slots=True)
class Margins:
    """An item against all lines of one day.

    Attributes:
        turns: nearest first; empty while the class is not settled.
        missing: the facts on which an unsettled class turns.
        assumed: what was assumed, where the class could be another without it.
    """

    klass: ItemClass
    lines: tuple[Margin, ...]
    turns: tuple[Turn, ...]
    switches: tuple[Switch, ...]
    missing: tuple[Missing, ...]
    assumed: tuple[str, ...]

    @property
    def binding(self) -> Turn | None:
        """The number whose smallest relative change gives another class."""
        return self.turns[0] if self.turns else None


def lines(
    item: Item, day: date, view: str = "practice", world: World | None = None
) -> tuple[Line, ...]:
    """The numeric lines that the rules look at for such an item, whatever its numbers.

    Those of the classification first, then those that only letters, then those that only
    review policies look at. Other facts of the item (its kind, data centre or not) count.
    """
    return tuple(_lines(Asked(item, day, view, world or shipped_world(), USES)))


def margins(item: Item, day: date, view: str = "practice", world: World | None = None) -> Margins:
    """The item's distance to each line, and the changes that would give another class."""
    world = world or shipped_world()
    asked = Asked(item, day, view, world)
    wide = Asked(item, day, view, world, USES)
    run, wide_run = asked.run(), wide.run()
    found = class_of(run)
    settled = found.settled is not None
    return Margins(
        klass=found,
        lines=tuple(_margin(wide_run, line) for line in _lines(wide)),
        turns=turns(asked, run, found) if settled else (),
        switches=switches(asked, run, found) if settled else (),
        missing=() if settled else missing(run),
        assumed=assumed(asked, run, found),
    )


def _numbers(run: Run) -> dict[str, Value]:
    """Every number of an item, as unknown."""
    facts = run.law.vocabulary.facts.values()
    return {spec.name: spec.unknown for spec in facts if spec.of == "item"
            and spec.kind == "number"}  # fmt: skip


def _lines(asked: Asked) -> Iterator[Line]:
    plain = asked.run()
    numbers = _numbers(plain)
    papers = {
        spec.name: spec.unknown for spec in plain.law.vocabulary.facts.values()
        if spec.of == "paper"
    }  # fmt: skip
    freed = asked.run({**numbers, **papers})
    seen: set[Compare] = set()
    for use in USES:
        looked: dict[Compare, None] = {}
        for rule in asked.part.in_force:
            if use_of(rule) == use:
                left = (a for a in atoms(freed.result(rule)) if isinstance(a, Compare))
                looked.update((a, None) for a in left if {n for n, _ in a.terms} <= set(numbers))
        new = [atom for atom in looked if atom not in seen]
        seen |= set(new)
        rules = part(asked.part, (use,)).in_force
        for atom in sorted(new, key=lambda a: (a.terms[0][0], len(a.terms), a.bound)):
            stated = [
                rule for rule in rules
                if atom in atoms(rule.version.when) and not isinstance(freed.result(rule), Tri)
            ]  # fmt: skip
            yield Line(
                atom, use, tuple(rule.id for rule in stated),
                tuple(rule.version.cite for rule in stated), stated[0].version.url,
                stated[0].version.tag,
            )  # fmt: skip


def _margin(run: Run, line: Line) -> Margin:
    value = _value(run, line.atom)
    meets = truth(run.scope.atom(line.atom))
    if value is None:
        return Margin(line, None, meets, None, None)
    bound = line.atom.bound
    distance = Range(bound - value.hi, bound - value.lo)
    if value.hi <= 0:
        return Margin(line, value, meets, distance, None)
    relative = Range(_share(bound, value.hi), _share(bound, value.lo))
    return Margin(line, value, meets, distance, relative)


def _share(bound: Fraction, value: Bound) -> Bound:
    """How far the line is from a value, as a share of the value."""
    if value == INF:
        return Fraction(-1)
    if isinstance(value, float):
        return INF
    return bound / value - 1 if value > 0 else INF


def _value(run: Run, atom: Compare) -> Range | None:
    name = atom.terms[0][0]
    ratio = run.law.vocabulary.ratios.get(name)
    if ratio and len(atom.terms) == 1 and name not in run.facts:
        value = _quotient(run, *ratio)
    else:
        value = Range(*run.scope.span(atom))
    return None if value.lo <= 0 and value.hi == INF else value


def _quotient(run: Run, over: str, under: str) -> Range:
    top, bottom = run.values[over], run.values[under]
    assert isinstance(top, Range)
    assert isinstance(bottom, Range)
    low = top.lo / bottom.hi if isinstance(bottom.hi, Fraction) else Fraction(0)
    if isinstance(top.hi, float) or bottom.lo <= 0:
        return Range(low, INF)
    return Range(low, top.hi / bottom.lo)


__all__ = [
    "OUTSIDE", "USES", "ItemClass", "Line", "Margin", "Margins", "Switch", "Turn", "classes",
    "lines", "margins",
]  # fmt: skip
