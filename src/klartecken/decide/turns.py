"""What an item's class turns on: the nearest value of each fact that gives another class.

One fact is freed at a time and the readings of the completion check are compared with the
class as it is; no condition is parsed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from klartecken.decide.determination import Missing, ReadingText
from klartecken.decide.itemclass import Asked, ItemClass, class_of, completions_of, ordered
from klartecken.decide.run import Run
from klartecken.logic.cells import Cell
from klartecken.logic.complete import needed
from klartecken.logic.nodes import facts_of
from klartecken.logic.values import Range
from klartecken.logic.wording import cell_text


@dataclass(frozen=True, slots=True)
class Turn:
    """The nearest value of one number, all else equal, at which the class is another.

    Attributes:
        at: where the other class begins.
        reached: is it the other class at that very value (else just beyond it)?
        relative: the change from the nearest end of the value, as a share of that end.
        classes: what the class would be there.
        ratios: what becomes of the ratios with this fact (the density), where known.
    """

    fact: str
    value: Range
    at: Fraction
    reached: bool
    relative: Fraction
    classes: tuple[str, ...]
    ratios: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Switch:
    """A yes/no fact that alone gives another class."""

    fact: str
    to: str
    classes: tuple[str, ...]


def turns(asked: Asked, run: Run, now: ItemClass) -> tuple[Turn, ...]:
    """Each number of the item that alone gives another class, nearest first.

    Args:
        asked: the item before the law's classification.
        run: its results.
        now: its class, which must be settled.
    """
    found = [
        turn
        for name in _looked_at(run)
        if isinstance(run.facts[name], Range)
        for turn in _turns_of(asked, run, frozenset(now.names), name)
    ]
    return tuple(sorted(found, key=lambda turn: abs(turn.relative)))


def _turns_of(asked: Asked, run: Run, now: frozenset[str], name: str) -> Iterator[Turn]:
    value = run.facts[name]
    assert isinstance(value, Range)
    unknown = run.law.vocabulary.facts[name].unknown
    readings = completions_of(asked.run({name: unknown})).readings(name)
    above = [r for r in readings if r.labels != now and _beyond(r.cells[0], value, up=True)]
    below = [r for r in readings if r.labels != now and _beyond(r.cells[-1], value, up=False)]
    nearest = [(r, r.cells[0], r.cells[0].low, value.hi) for r in above[:1]]
    nearest += [(r, r.cells[-1], r.cells[-1].high, value.lo) for r in below[-1:]]
    for reading, cell, at, end in nearest:
        if isinstance(at, Fraction) and isinstance(end, Fraction) and at > 0 and end > 0:
            yield Turn(
                fact=name, value=value, at=at, reached=cell.low == cell.high,
                relative=at / end - 1, classes=ordered(run, reading.labels),
                ratios=_ratios_at(run, name, at),
            )  # fmt: skip


def _beyond(cell: Cell, value: Range, *, up: bool) -> bool:
    """Does a cell lie wholly above (or below) a value?"""
    edge, end = (cell.low, value.hi) if up else (cell.high, value.lo)
    if edge == end:
        return cell.low != cell.high  # an open cell begins at the value, without it
    return edge > end if up else edge < end


def switches(asked: Asked, run: Run, now: ItemClass) -> tuple[Switch, ...]:
    """Each yes/no fact of the item that alone gives another class."""
    found = []
    for name in _looked_at(run):
        spec = run.law.vocabulary.facts[name]
        if spec.kind != "flag":
            continue
        for reading in completions_of(asked.run({name: spec.unknown})).readings(name):
            if reading.labels != frozenset(now.names):
                found.append(
                    Switch(name, reading.cells[0].options[0], ordered(run, reading.labels))
                )
    return tuple(found)


def _looked_at(run: Run) -> tuple[str, ...]:
    """The item's facts that the classification looks at, ratios in their parts."""
    names: dict[str, None] = {}
    for rule in run.law_day.in_force:
        for name in facts_of(rule.version.when):
            parts = run.law.vocabulary.ratios.get(name, ()) if name not in run.facts else ()
            names.update((part, None) for part in parts or (name,))
    return tuple(n for n in names if run.law.vocabulary.facts[n].of == "item" and n in run.facts)


def _ratios_at(run: Run, name: str, at: Fraction) -> dict[str, Fraction]:
    found = {}
    for ratio, (over, under) in run.law.vocabulary.ratios.items():
        parts = {over: run.facts.get(over), under: run.facts.get(under), name: Range(at, at)}
        top, bottom = parts[over], parts[under]
        if name not in (over, under) or ratio in run.facts:
            continue
        if isinstance(top, Range) and isinstance(bottom, Range) and top.known and bottom.known:
            found[ratio] = Fraction(top.lo) / Fraction(bottom.lo)
    return found


def missing(run: Run) -> tuple[Missing, ...]:
    """The facts on which an unsettled class turns, with what each reading would give."""
    completions = completions_of(run)
    return tuple(
        Missing(
            name, run.law.vocabulary.facts[name].question,
            tuple(
                ReadingText(cell_text(reading.cells), ordered(run, reading.labels))
                for reading in completions.readings(name)
            ),
        )
        for name in needed(completions)
    )  # fmt: skip


def assumed(asked: Asked, run: Run, now: ItemClass) -> tuple[str, ...]:
    """What was assumed, where the class could be another without it."""
    looked = {name for rule in run.law_day.in_force for name in facts_of(rule.version.when)}
    found = []
    for name in run.assumed:
        spec = run.law.vocabulary.facts[name]
        if name in looked and class_of(asked.run({name: spec.unknown})) != now:
            found.append(spec.assumption)
    return tuple(found)
