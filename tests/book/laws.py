"""Small random laws over the shipped vocabulary and a few facts of their own.

They are made from a ``random.Random``, so that Hypothesis can steer them and a fixed seed can
replay them. What they say is nonsense; the point is which facts meet where.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from klartecken.decide.ask import World
from klartecken.facts.events import load_events
from klartecken.facts.places import load_places
from klartecken.law.load import build
from klartecken.law.reader import read_yaml

EXTRA: dict[str, dict[str, Any]] = {
    "x": {"kind": "number"},
    "y": {"kind": "number", "positive": True},
    "r": {"kind": "number", "ratio": ["x", "y"]},
    "z": {"kind": "number", "assumed": "5"},
    "w": {"kind": "number", "presumed": "2..3"},
    "f1": {"kind": "flag"},
    "f2": {"kind": "flag"},
    "g1": {"kind": "flag", "assumed": "no"},
    "g2": {"kind": "flag", "assumed": "no"},
    "g3": {"kind": "flag", "presumed": "yes"},
    "c1": {"kind": "choice", "options": ["a", "b", "c"]},
    "c2": {"kind": "choice", "options": ["a", "b", "c"], "assumed": ["a", "b"]},
}
NUMBERS = (
    "tpp", "applicable_die_area", "performance_density", "tops", "x", "y", "r", "z", "w",
)  # fmt: skip
SUMS = (
    "x + y", "x + 2 * y", "x - z", "x + y + z", "y - x", "tpp - 3 * applicable_die_area",
    "x / y", "tpp / applicable_die_area", "x + w", "tops + x",
)  # fmt: skip
FLAGS = ("f1", "f2", "g1", "g2", "g3", "listed_entity", "listed_uvl", "datacenter", "g1", "f1")
CHOICES = {
    "c1": ("a", "b", "c"), "c2": ("a", "b", "c"), "end_use": ("commercial", "military"),
    "item_kind": ("ic", "assembly"), "activity": ("export", "reexport", "transfer"),
    "exporter": ("NVIDIA", "AMD"), "exporter_role": ("fabricator", "osat"),
}  # fmt: skip
PLACES = ("destination", "consignee_hq", "parent_hq", "ship_from", "destination")
GROUPS = ("D:5", "D:1", "A:1", "E:1", "Supp5a", "D:4", '"AE"', '"CN"', '"VN"', '"US"')
EDGES = (
    date(2023, 1, 17), date(2023, 11, 17), date(2024, 4, 4), date(2025, 1, 13), date(2025, 5, 13),
)  # fmt: skip
FIRST = date(2022, 8, 1)
POLICIES = ("policy_of_denial", "presumption_of_denial", "case_by_case", "unknown")


@cache
def _shipped() -> tuple[dict[str, Any], dict[str, Any]]:
    folder = files("klartecken.law") / "us_ear"
    facts = read_yaml(folder / "facts.yaml")
    for name, spec in EXTRA.items():
        more = {"assumption": f"{name} is usual"} if {"assumed", "presumed"} & set(spec) else {}
        facts["facts"][name] = {"of": "paper", "question": f"What is {name}?", **spec, **more}
    facts["bundles"]["both"] = ["f2", "g2"]
    regime = read_yaml(folder / "regime.yaml")
    return facts, {**regime, "instruments": {}}


class Palette:
    """The few tests that one law is made of: the same facts are to meet again and again."""

    def __init__(self, rnd: Random) -> None:
        numbers, sums = rnd.sample(NUMBERS, 3), rnd.sample(SUMS, 1)
        self._tests = [
            f"{term} {rnd.choice(('<', '<=', '>', '>=', '=='))} {rnd.choice((1, 2, 3, 5, 8))}"
            for term in (*numbers, *numbers[:1], *sums, *sums)
        ]
        self._tests += [f"{rnd.choice(('', 'not '))}{flag}" for flag in rnd.choices(FLAGS, k=5)]
        for name in rnd.sample(list(CHOICES), 2):
            self._tests.append(f'{name} {rnd.choice(("==", "!="))} "{rnd.choice(CHOICES[name])}"')
        for name in rnd.choices(PLACES, k=3):
            groups = ", ".join(rnd.sample(GROUPS, rnd.randint(1, 2)))
            self._tests.append(f"{name} {rnd.choice(('in', 'in', 'not in'))} ({groups},)")

    def atom(self, rnd: Random, refs: Sequence[str]) -> str:
        """One test, or the result of another provision."""
        if refs and rnd.random() < 0.25:
            return f'{rnd.choice(("", "", "not "))}"{rnd.choice(refs)}"'
        return rnd.choice(self._tests)


def condition(rnd: Random, tests: Palette, refs: Sequence[str], depth: int = 2) -> str:
    """A random condition; ``refs`` are the provisions that it may name."""
    if depth and rnd.random() < 0.6:
        parts = [condition(rnd, tests, refs, depth - 1) for _ in range(rnd.randint(2, 3))]
        joined = f" {rnd.choice(('and', 'or'))} ".join(f"({part})" for part in parts)
        return f"not ({joined})" if rnd.random() < 0.2 else joined
    return tests.atom(rnd, refs)


def _periods(rnd: Random) -> list[tuple[date, date | None, str | None]]:
    """When the versions of one provision bind, and in which view."""
    cuts = sorted(rnd.sample(EDGES, rnd.choice((0, 0, 1, 1, 2))))
    starts = [FIRST if rnd.random() < 0.8 else FIRST + timedelta(200), *cuts]
    starts = sorted(set(starts))
    found: list[tuple[date, date | None, str | None]] = []
    for start, after in zip(starts, [*starts[1:], None], strict=True):
        until = None if after is None else after - timedelta(1 + 30 * (rnd.random() < 0.2))
        if rnd.random() < 0.2:
            found += [(start, until, "practice"), (start, until, "text")]
        else:
            found.append((start, until, rnd.choice((None, None, None, "practice", "text"))))
    return found


def _versions(rnd: Random, tests: Palette, refs: Sequence[str], more: Any) -> list[dict[str, Any]]:
    return [
        {
            "id": f"V{place}", "from": start, "when": condition(rnd, tests, refs),
            "cite": "made up", "url": "https://example.org", "tag": "inferred", **more(),
            **({} if until is None else {"until": until}), **({"view": view} if view else {}),
        }
        for place, (start, until, view) in enumerate(_periods(rnd))
    ]  # fmt: skip


def _clauses(rnd: Random, tests: Palette, refs: Sequence[str], kind: str) -> list[dict[str, Any]]:
    return [
        {
            "id": f"{kind}{place}",
            "text": "t",
            "when": condition(rnd, tests, refs, rnd.choice((0, 0, 1))),
        }
        for place in range(rnd.randint(0, 2))
    ]


def provisions(rnd: Random) -> list[dict[str, Any]]:
    """A random family of provisions, as its file would hold them."""
    found: list[dict[str, Any]] = []
    refs: list[str] = []
    tests = Palette(rnd)

    def add(stage: str, count: int, more: Any = dict, **fixed: Any) -> None:
        for place in range(count):
            identity = f"{stage}.{place}"
            own = {name: make() for name, make in fixed.items()}
            versions = _versions(rnd, tests, refs, more)
            found.append(
                {"id": identity, "stage": stage, "title": "t", "versions": versions, **own}
            )
        refs.extend(f"{stage}.{place}" for place in range(count))

    add("definition", rnd.randint(0, 2))
    add("classification", rnd.randint(0, 2))
    add("prohibition", rnd.choice((0, 0, 1)), basis=lambda: "embargo")
    symbols = ["A", "B", "C"]
    count = rnd.randint(1, 3)
    add(
        "requirement", count, lambda: {"exceptions": rnd.sample(symbols, rnd.randint(1, 3))},
        basis=lambda: "ccl",
    )  # fmt: skip

    def clauses() -> dict[str, Any]:
        return {
            "bars": _clauses(rnd, tests, refs, "bar"),
            "conditions": _clauses(rnd, tests, refs, "condition"),
        }  # fmt: skip

    order = iter([*symbols, *rnd.choices(symbols, k=2)])
    add("exception", 3 + rnd.randint(0, 2), clauses, symbol=lambda: next(order))
    needs = [f"requirement.{place}" for place in range(count)]
    add(
        "policy", rnd.randint(0, 3), lambda: {"policy": rnd.choice(POLICIES)},
        **{"for": lambda: rnd.sample(needs, rnd.randint(1, count))},
    )  # fmt: skip
    return found


def world(made: list[dict[str, Any]]) -> World:
    """A law of these provisions, with the shipped countries and events."""
    facts, regime = deepcopy(_shipped())
    family = {"family": "made-up", "title": "t", "provisions": made}
    law = build({"facts.yaml": facts, "regime.yaml": regime, "made_up.yaml": family})
    return World(law, load_places(), load_events())


def provision(identity: str, stage: str, when: str, **more: Any) -> dict[str, Any]:
    """One provision with one version; bars, conditions and exceptions belong to the version."""
    version = {
        "id": "V1", "from": FIRST, "when": when, "cite": "made up", "url": "https://example.org",
        "tag": "inferred",
    }  # fmt: skip
    for key in ("bars", "conditions", "exceptions", "policy", "until", "view"):
        if key in more:
            version[key] = more.pop(key)
    return {"id": identity, "stage": stage, "title": "t", "versions": [version], **more}
