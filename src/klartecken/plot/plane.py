"""What the map shows, as data: axes, cells between the law's own lines, chips. No drawing.

The plane is TPP by performance density where the classification of the day looks at the
density, else TPP by input and output bandwidth (before 2023-11-17). Each cell between two
neighbouring lines is classified by the law itself, once for an integrated circuit for data
centres and once for one that is not; nothing here knows a threshold.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from klartecken.decide.ask import World, shipped_world
from klartecken.decide.lines import Line, classes, lines
from klartecken.facts.chips import Catalogue, Chip, load_catalogue
from klartecken.facts.items import Item, from_chip
from klartecken.logic.values import FLAG_NO, FLAG_YES, INF, Bound, Fact, Range, choose
from klartecken.words.datasheet import density_of

ACROSS = "tpp"
UPWARDS = ("performance_density", "io_bandwidth")  # the first that the classification looks at
TITLES = {
    "tpp": "Total processing performance (highest dense TOPS × bit length)",
    "performance_density": "Performance density (TPP per mm² of applicable die area)",
    "io_bandwidth": "Input and output bandwidth, all links, both directions (GB/s)",
}
SHORT = {
    "tpp": "TPP", "performance_density": "performance density", "io_bandwidth": "I/O bandwidth",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: the fact, and the law's lines on it in order."""

    fact: str
    lines: tuple[Fraction, ...]

    @property
    def title(self) -> str:
        """The axis title with its unit."""
        return TITLES[self.fact]

    @property
    def spans(self) -> tuple[tuple[Fraction, Bound], ...]:
        """The open intervals between neighbouring lines, from zero up."""
        return tuple(zip((Fraction(0), *self.lines), (*self.lines, INF), strict=True))


@dataclass(frozen=True, slots=True)
class Region:
    """One open cell between lines, and the classes of a chip in it."""

    x: tuple[Fraction, Bound]
    y: tuple[Fraction, Bound]
    datacentre: tuple[str, ...]
    other: tuple[str, ...]

    @property
    def spared(self) -> bool:
        """Is a chip that is not for data centres in another class here?"""
        return self.datacentre != self.other


@dataclass(frozen=True, slots=True)
class Spot:
    """A chip in the plane.

    Attributes:
        x, y: as known (never wholly unknown).
        classes: the possible classes, computed from all its facts.
        later: it came out after the day of the map, or it is not known when.
    """

    id: str
    family: str
    x: Range
    y: Range
    classes: tuple[str, ...]
    datacentre: bool
    later: bool


@dataclass(frozen=True, slots=True)
class Plane:
    """The whole map as data.

    Attributes:
        left_out: ids of the chips of which one coordinate is not known at all.
        citations: where the lines stand, in the law's order.
    """

    day: date
    view: str
    x: Axis
    y: Axis
    regions: tuple[Region, ...]
    spots: tuple[Spot, ...]
    left_out: tuple[str, ...]
    citations: tuple[str, ...]


def plane(
    day: date, view: str = "practice", world: World | None = None,
    catalogue: Catalogue | None = None,
) -> Plane:  # fmt: skip
    """The map of one day.

    Raises:
        InputError: a day before the first one that the law is encoded for.
    """
    world = world or shipped_world()
    found = [line for line in lines(_sample({}), day, view, world) if line.use == "classification"]
    up = next((name for name in UPWARDS if _marks(found, name)), UPWARDS[-1])
    x, y = (Axis(name, _marks(found, name)) for name in (ACROSS, up))
    regions = tuple(
        Region(across, upwards, *(
            classes(_sample({x.fact: _inside(across), y.fact: _inside(upwards)}, flag), day, view,
                    world).names
            for flag in (True, False)
        ))
        for across in x.spans for upwards in y.spans
    )  # fmt: skip
    spots, left = [], []
    for chip in catalogue if catalogue is not None else load_catalogue():
        spot = _spot(chip, up, day, view, world)
        if spot is None:
            left.append(chip.id)
        else:
            spots.append(spot)
    drawn = [line for line in found if _single(line) in (x.fact, y.fact)]
    citations = dict.fromkeys(cite for line in drawn for cite in line.citations)
    return Plane(day, view, x, y, regions, tuple(spots), tuple(left), tuple(citations))


def _single(line: Line) -> str:
    return line.atom.terms[0][0] if len(line.atom.terms) == 1 else ""


def _marks(found: Iterable[Line], name: str) -> tuple[Fraction, ...]:
    return tuple(sorted({line.atom.bound for line in found if _single(line) == name}))


def _sample(values: dict[str, Fraction], datacentre: bool | None = None) -> Item:
    """An integrated circuit with just these numbers."""
    facts = {name: Fact(Range(v, v), "the map", "given") for name, v in values.items()}
    facts["item_kind"] = Fact(choose("ic"), "the map", "given")
    if datacentre is not None:
        flag = FLAG_YES if datacentre else FLAG_NO
        facts["datacenter"] = Fact(flag, "the map", "given")
    return Item("sample", "a chip of the map", "ic", "", facts, in_catalogue=False)


def _inside(span: tuple[Fraction, Bound]) -> Fraction:
    low, high = span
    return (low + high) / 2 if isinstance(high, Fraction) else low + 1


def _spot(chip: Chip, up: str, day: date, view: str, world: World) -> Spot | None:
    item = from_chip(chip)
    facts = {**item.facts, "performance_density": density_of(item)}
    ends = []
    for name in (ACROSS, up):
        fact = facts.get(name)
        if fact is None or not isinstance(fact.value, Range) or fact.value.lo <= 0:
            return None
        ends.append(fact.value)
    flag = item.facts["datacenter"].value == FLAG_YES
    later = not chip.released or chip.released > day.isoformat()[: len(chip.released)]
    found = classes(item, day, view, world).names
    return Spot(chip.id, chip.family, ends[0], ends[1], found, flag, later)
