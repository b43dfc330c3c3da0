"""Made-up lines on and just under every number of the rules, on and before every day.

The lines of the catalogue rarely touch an edge: no chip has a density between 3.2 and 3.3,
so a rule with the wrong one of the two would pass. These items are for the agreement only.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from data import EXPORTERS, Lines, Tables, flag, tables
from world import number, subset_world

from klartecken.facts.items import Item
from klartecken.facts.own import from_mapping

TPP = (1599, 1600, 2399, 2400, 4799, 4800, 4991, 4992, 20999, 21000)
DENSITY = (1.59, 1.6, 3.19, 3.2, 5.91, 5.92)
# memory and I/O, GB/s: each bound alone, and sums of 1,699 and 1,700
BANDWIDTHS = (
    (100, 599), (100, 600), (1399, 100), (1400, 100), (100, 1099), (100, 1100), (1100, 599),
    (1100, 600), (6499, 600), (6500, 600),
)  # fmt: skip
DAYS = (
    (2022, 10, 21), (2023, 1, 17), (2023, 10, 1), (2023, 10, 23), (2023, 11, 17),
    (2024, 3, 15), (2024, 4, 4), (2025, 4, 9), (2025, 4, 15), (2025, 11, 7), (2026, 1, 15),
    (2026, 7, 10),
)  # fmt: skip
PLACES = ("US", "CN", "MO", "RU", "AE", "DE", "IL", "SG", "VN", "VE", "NI", "KZ", "LB", "IN")


def edge_tables() -> Tables:
    """The tables of the comparison, with made-up items at every edge."""
    items: list[Item] = []
    columns: dict[str, list[Any]] = {name: [] for name in ("tpp", "density", "memory", "io")}
    for tpp in TPP:
        for density in DENSITY:
            for memory, io in BANDWIDTHS:
                for market in ("yes", "no"):
                    items.append(edge_item(len(items), tpp, density, memory, io, market))
                    for name, value in zip(columns, (tpp, density, memory, io), strict=True):
                        columns[name].append(value)
    figures = {name: np.array(held, dtype=np.float64) for name, held in columns.items()}
    figures["datacenter"] = np.array([flag(item, "datacenter") for item in items])
    return replace(tables(), items=tuple(items), figures=figures)


def edge_item(count: int, tpp: int, density: float, memory: int, io: int, market: str) -> Item:
    """One made-up item; its density is given, not divided."""
    told = {
        "id": f"edge-{count}-{tpp}-{density}-{memory}-{io}-{market}", "kind": "ic",
        "tpp": str(tpp), "performance_density": str(density), "memory_bandwidth": str(memory),
        "io_bandwidth": str(io), "datacenter": market,
    }  # fmt: skip
    return from_mapping(told, subset_world().law.vocabulary)


def edge_lines(count: int, seed: int = 20260919) -> Lines:
    """Random lines of the made-up items on the days of change and the days before them."""
    held = edge_tables()
    rng = np.random.default_rng(seed)
    places = np.array([held.place(code) for code in PLACES], dtype=np.uint8)
    days = [number(date(*day)) - before for day in DAYS for before in (0, 1)]
    destination = rng.choice(places, count)
    return Lines(
        item=rng.integers(len(held.items), size=count).astype(np.uint16),
        destination=destination,
        hq=np.where(rng.random(count) < 0.4, destination, rng.choice(places, count)),
        exporter=rng.integers(len(EXPORTERS), size=count).astype(np.uint8),
        listed=rng.random(count) < 0.05, day=rng.choice(days, count).astype(np.int32),
        quantity=np.ones(count, dtype=np.int32), price=np.ones(count), tables=held,
    )  # fmt: skip
