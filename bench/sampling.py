"""Random cases with known facts only, and what each engine is given of them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import klartecken as kt
from klartecken.facts.items import Item
from klartecken.facts.own import from_mapping
from klartecken.law import load
from klartecken.law.reader import read_yaml

DAY = date(2025, 3, 1)
HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class BenchCase:
    """One case: the item, its figures, the destination."""

    item: Item
    tpp: float
    die_area: float
    destination: str


def full_world() -> kt.World:
    """The law that the package ships."""
    return kt.shipped_world()


def subset_world() -> kt.World:
    """Only the rules that the peers are given too."""
    folder = Path(load.__file__).parent / "us_ear"
    docs = {name: read_yaml(folder / name) for name in ("regime.yaml", "facts.yaml")}
    docs["subset.yaml"] = read_yaml(HERE / "subset.yaml")
    return kt.World(load.build(docs), kt.load_places(), kt.load_events())


def in_scope(world: kt.World) -> frozenset[str]:
    """D:1, D:4 and D:5 without A:5 and A:6, and Macau, on the day."""
    inside: set[str] = set()
    for group in ("D:1", "D:4", "D:5"):
        inside |= world.places.members(group, DAY)[0]
    for group in ("A:5", "A:6"):
        inside -= world.places.members(group, DAY)[0]
    return frozenset(inside | {"MO"})


def destinations(world: kt.World) -> list[str]:
    """Every place that no embargo decides by itself and whose groups are known."""
    closed = {"RU", "BY"}
    for group in ("E:1", "E:2"):
        closed |= world.places.members(group, DAY)[0]
    for group in ("D:1", "D:4", "D:5", "A:5", "A:6", "E:1", "E:2"):
        closed |= world.places.members(group, DAY)[1]
    return sorted(world.places.codes - closed)


def random_cases(count: int, seed: int = 20250301) -> list[BenchCase]:
    """Data-centre chips with known figures, spread over all the lines."""
    world = full_world()
    rng = random.Random(seed)
    places = destinations(world)
    scope = sorted(in_scope(world) & set(places))
    found = []
    for number in range(count):
        tpp = round(rng.uniform(800, 8000), 2)
        area = round(rng.uniform(200, 1800), 2)
        figures: dict[str, Any] = {
            "id": f"random-{number}", "kind": "ic", "tpp": str(tpp), "die_area": str(area),
            "datacenter": "yes",
        }  # fmt: skip
        item = from_mapping(figures, world.law.vocabulary)
        place = rng.choice(scope if rng.random() < 0.5 else places)
        found.append(BenchCase(item, tpp, area, place))
    return found
