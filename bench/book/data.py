"""Random order lines in star form, and the same lines with every fact on the line.

The star form is what an order system holds: codes into small tables of items, places and
exporters, with day, quantity and price. The wide form is for the peers, and is made before
any clock runs. It takes from them what costs time elsewhere: the dated group memberships are
already looked up, place by place and day by day, and combined into four booleans
(``dest_group``: in D:1, D:4 or D:5 and not in A:5 or A:6; ``dest_close`` and
``hq_restricted``: in D:5, or Macau; ``hq_allied``: in A:5 or A:6, or the United States), and
the performance density is already divided.

Items are those of the catalogue whose figures are all known, so that two-valued engines can
take part; places are those whose memberships are all known.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from world import FIRST, LAST, day_of, number, subset_world

from klartecken.facts.chips import load_catalogue
from klartecken.facts.items import Item, from_chip
from klartecken.logic.values import Choice, Range

Array = NDArray[Any]

EXPORTERS = ("Example Distribution", "NVIDIA", "AMD", "Example Servers")
FIGURES = {
    "tpp": "tpp", "die_area": "applicable_die_area", "memory": "memory_bandwidth",
    "io": "io_bandwidth",
}  # fmt: skip


@dataclass(frozen=True)
class Tables:
    """The small tables behind the codes of the star form.

    Attributes:
        items: code -> item.
        places: code -> legal code of the place (ISO 3166 alpha-2).
        exporters: code -> name.
        figures: tpp, die_area (mm2), memory and io (GB/s), density, datacenter, by item.
        groups: the four booleans of the module by place and day, shape (places, days from
            FIRST to LAST).
    """

    items: tuple[Item, ...]
    places: tuple[str, ...]
    exporters: tuple[str, ...]
    figures: dict[str, Array]
    groups: dict[str, Array]

    def place(self, code: str) -> int:
        """The number under which a place stands in the columns."""
        return self.places.index(code)


@dataclass(frozen=True)
class Lines:
    """Order lines in star form, one array a column, all of one length."""

    item: Array  # uint16
    destination: Array  # uint8
    hq: Array  # uint8: headquarters of the consignee
    exporter: Array  # uint8
    listed: Array  # bool: a party is on the Entity List
    day: Array  # int32, days since 1970-01-01
    quantity: Array  # int32
    price: Array  # float64
    tables: Tables

    def __len__(self) -> int:
        return len(self.item)

    @property
    def coded(self) -> dict[str, Array]:
        """The columns that decide: those that an engine of the star form must read."""
        names = ("item", "destination", "hq", "exporter", "listed", "day")
        return {name: getattr(self, name) for name in names}

    @property
    def star(self) -> dict[str, Array]:
        """All columns of the star form."""
        return {**self.coded, "quantity": self.quantity, "price": self.price}

    @cached_property
    def wide(self) -> dict[str, Array]:
        """The columns that the peers read: every fact on the line, memberships by the day."""
        held = self.tables
        since = self.day - number(FIRST)
        found = {
            name: column[self.item] for name, column in held.figures.items() if name != "die_area"
        }
        for name, group in held.groups.items():
            found[name] = group[self.hq if name.startswith("hq") else self.destination, since]
        found |= {
            "destination": self.destination, "exporter": self.exporter, "listed": self.listed,
            "day": self.day,
        }  # fmt: skip
        return found

    def head(self, count: int) -> Lines:
        """The first lines only."""
        if count >= len(self):
            return self
        return Lines(**{k: v[:count] for k, v in self.star.items()}, tables=self.tables)


@cache
def tables() -> Tables:
    """The tables of the comparison, from the project's own catalogue and places."""
    items = tuple(item for item in map(from_chip, load_catalogue().chips.values()) if known(item))
    figures = {
        name: np.array([low(item, fact) for item in items]) for name, fact in FIGURES.items()
    }
    figures["density"] = figures["tpp"] / figures["die_area"]
    figures["datacenter"] = np.array([flag(item, "datacenter") for item in items])
    places = known_places()
    return Tables(items, places, EXPORTERS, figures, groups(places))


def known(item: Item) -> bool:
    """Is every figure of the item one known number, and its market known?"""
    held = [item.facts.get(fact) for fact in (*FIGURES.values(), "datacenter")]
    return all(fact is not None and fact.known for fact in held)


def low(item: Item, fact: str) -> float:
    """A known figure as a binary number."""
    value = item.facts[fact].value
    assert isinstance(value, Range)
    return float(value.lo)


def flag(item: Item, fact: str) -> bool:
    """A known flag."""
    value = item.facts[fact].value
    assert isinstance(value, Choice)
    return value.only() == "yes"


def known_places() -> tuple[str, ...]:
    """Every place whose memberships in the groups of the rules are known on all days."""
    places = subset_world().places
    unsure: set[str] = set()
    for group in ("D:1", "D:4", "D:5", "A:5", "A:6"):
        for day in (FIRST, LAST, *places.change_days([group])):
            unsure |= places.members(group, day)[1]
    return tuple(sorted(places.codes - unsure))


def groups(codes: tuple[str, ...]) -> dict[str, Array]:
    """The four memberships of the rules by place and day."""
    places = subset_world().places
    days = range(number(FIRST), number(LAST) + 1)
    names = ("dest_group", "dest_close", "hq_restricted", "hq_allied")
    found = {name: np.zeros((len(codes), len(days)), dtype=bool) for name in names}
    for column, count in enumerate(days):
        inside = {
            group: places.members(group, day_of(count))[0]
            for group in ("D:1", "D:4", "D:5", "A:5", "A:6")
        }
        friends = inside["A:5"] | inside["A:6"]
        close = inside["D:5"] | {"MO"}
        held = {
            "dest_group": (inside["D:1"] | inside["D:4"] | inside["D:5"]) - friends,
            "dest_close": close, "hq_restricted": close, "hq_allied": friends | {"US"},
        }  # fmt: skip
        for name, members in held.items():
            found[name][:, column] = [code in members for code in codes]
    return found


def random_lines(count: int, seed: int = 20260919) -> Lines:
    """Random order lines: half of them to places that the rules of any day name.

    Args:
        count: how many.
        seed: of numpy's generator; the same seed gives the same lines.
    """
    held = tables()
    rng = np.random.default_rng(seed)
    named: Array = np.any(held.groups["dest_group"] | held.groups["dest_close"], axis=1)
    named[[held.place("AE"), held.place("RU")]] = True
    close = np.flatnonzero(named)
    size = len(held.places)

    def somewhere() -> Array:
        found = np.where(
            rng.random(count) < 0.5, rng.choice(close, count), rng.integers(size, size=count)
        )
        found[rng.random(count) < 0.1] = held.place("CN")
        return found.astype(np.uint8)

    destination = somewhere()
    hq = np.where(rng.random(count) < 0.7, destination, somewhere()).astype(np.uint8)
    exporter = rng.choice(len(EXPORTERS), count, p=(0.5, 0.25, 0.15, 0.1)).astype(np.uint8)
    return Lines(
        item=rng.integers(len(held.items), size=count).astype(np.uint16),
        destination=destination, hq=hq, exporter=exporter, listed=rng.random(count) < 0.02,
        day=rng.integers(number(FIRST), number(LAST) + 1, count).astype(np.int32),
        quantity=rng.integers(1, 2000, count).astype(np.int32),
        price=np.round(10 ** rng.uniform(1, 4.6, count), 2), tables=held,
    )  # fmt: skip
