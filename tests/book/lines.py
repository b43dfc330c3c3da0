"""Random lines for random laws: known, ranges, alternatives, said to be unknown, blank, bad."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from tests.book.laws import EDGES, FIRST, NUMBERS

NUMBER = (
    None, None, "unknown", "1", "2", "3", "5", "8", "1..4", "2..6", "3..3", ">=3", "<=5", "0..8",
    ">=1", "2.5",
)  # fmt: skip
FLAG = (None, None, "yes", "no", "unknown")
PLACE = ("CN", "US", "VN", "AE", "DE", "HK", "AQ", "CN|VN", "DE|US", "unknown", "AI", "CU")
COLUMNS: dict[str, tuple[str | None, ...]] = {
    **dict.fromkeys(NUMBERS, NUMBER),
    **dict.fromkeys(("f1", "g1", "g3", "datacenter", "listed_entity", "both"), FLAG),
    "c1": (None, "a", "b", "c", "a|b", "a|c", "unknown", "a|b|c"),
    "c2": (None, None, "a", "c", "b|c", "unknown"),
    "end_use": (None, "commercial", "military", "unknown", "commercial|military"),
    "item_kind": (None, "ic", "assembly", "ic|assembly", "unknown"),
    "activity": (None, None, "export", "reexport", "transfer", "export|reexport", "unknown"),
    "exporter": (None, "NVIDIA", "AMD", "Acme", "unknown", "NVIDIA"),
    "exporter_role": (None, None, "osat", "fabricator|other", "unknown"),
    "consignee_hq": (None, *PLACE), "parent_hq": (None, None, *PLACE),
    "ship_from": (None, None, "US", "VN", "CN", "unknown", "US|VN"),
    "subject_to_ear": (None, None, "yes", "no"),
    "listed": (None, "none", "uvl", "entity_list", "unknown"),
}  # fmt: skip
ITEMS = (
    "own chip",
    "own chip",
    "H20",
    "A100-80GB-SXM",
    "server:8xH20",
    None,
    "another",
    "RTX 4090",
)
BAD = ("banana", "5..1", "yes|perhaps", "-3")
DAYS = [
    day.isoformat()
    for edge in (FIRST + timedelta(200), *EDGES)
    for day in (edge - timedelta(31), edge - timedelta(1), edge, edge + timedelta(1))
]
Rows = list[dict[str, str | None]]


def columns(rnd: Random) -> list[str]:
    """Which columns a book has, in a random order."""
    taken = rnd.sample(list(COLUMNS), rnd.randint(4, 14))
    if {"both", "listed"} <= set(taken) or {"listed", "listed_entity"} <= set(taken):
        taken.remove("listed")
    if rnd.random() < 0.9 or "tpp" not in taken:
        taken.append("item")
    taken += ["destination", "ship_date"]
    rnd.shuffle(taken)
    return taken


def rows(rnd: Random, names: Sequence[str], count: int) -> Rows:
    """Lines that repeat the same few cells, so that signatures meet."""
    few: dict[str, list[str | None]] = {}
    for name in names:
        pool: Sequence[str | None] = COLUMNS.get(name, ())
        if name == "item":
            pool = ITEMS
        elif name == "destination":
            pool = PLACE
        elif name == "ship_date":
            pool = DAYS
        few[name] = [rnd.choice(pool) for _ in range(4 if name != "ship_date" else 6)]
        if rnd.random() < 0.02:
            few[name].append(rnd.choice(BAD))
    return [{name: rnd.choice(few[name]) for name in names} for _ in range(count)]
