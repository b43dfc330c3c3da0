"""What each engine answers when a fact is unknown, beside the exact answer of check.

The questions are set, not drawn. An engine is given null (None) for what is not known; for the
engines on numpy arrays that is NaN for a number, and False for a boolean, as numpy converts
it. Polars and DuckDB are asked by the careful form of their ports (see there). zen-engine is
asked in two forms, because they differ. Run it as ``python bench/book/unknown.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import peers_duckdb
import peers_openfisca
import peers_polars
import peers_policyengine
import peers_zen
from data import EXPORTERS, groups, tables
from world import ANSWERS, FIRST, number, subset_world

import klartecken as kt
from klartecken.facts.own import from_mapping

ENGINES: dict[str, Callable[[list[dict[str, Any]]], Any]] = {
    "Polars": peers_polars.unknown,
    "DuckDB": peers_duckdb.unknown,
    "openfisca-core": peers_openfisca.unknown,
    "policyengine-core": peers_policyengine.unknown,
    "zen, expressions": peers_zen.unknown,
    "zen, tables": peers_zen.unknown_tables,
}


@dataclass(frozen=True)
class Question:
    """One question; what is None is not known (``listed`` too)."""

    text: str
    tpp: int | None
    density: float | None
    destination: str
    hq: str | None
    day: date
    listed: bool | None = False
    memory: int | None = 300
    io: int | None = 64
    datacenter: bool | None = True
    exporter: str = "Example Distribution"

    def row(self) -> dict[str, Any]:
        """The question as the peers are given it."""
        held, since = tables(), number(self.day) - number(FIRST)
        found: dict[str, Any] = {}
        for name, group in groups(held.places).items():
            place = self.hq if name.startswith("hq") else self.destination
            found[name] = None if place is None else bool(group[held.place(place), since])
        return found | {
            "tpp": floating(self.tpp), "density": self.density, "memory": floating(self.memory),
            "io": floating(self.io), "datacenter": self.datacenter, "listed": self.listed,
            "destination": held.place(self.destination),
            "exporter": EXPORTERS.index(self.exporter), "day": number(self.day),
        }  # fmt: skip

    def check(self) -> kt.Determination:
        """The exact answer."""
        told = {
            "tpp": self.tpp, "performance_density": self.density,
            "memory_bandwidth": self.memory, "io_bandwidth": self.io,
        }  # fmt: skip
        figures: dict[str, Any] = {k: str(v) for k, v in told.items() if v is not None}
        if self.datacenter is not None:
            figures["datacenter"] = "yes" if self.datacenter else "no"
        item = from_mapping({"id": "asked", "kind": "ic", **figures}, subset_world().law.vocabulary)
        listed = {True: "entity_list", False: "none", None: "unknown"}[self.listed]
        return kt.check(
            item, self.destination, self.day, hq=self.hq or "unknown", exporter=self.exporter,
            listed=listed, world=subset_world(),
        )  # fmt: skip


def floating(value: int | None) -> float | None:
    """A figure as the peers hold it."""
    return None if value is None else float(value)


SPRING = date(2025, 3, 1)
QUESTIONS = (
    Question("TPP unknown, density 4, to China", None, 4.0, "CN", "CN", SPRING),
    Question("TPP unknown, density 6.5, to Germany", None, 6.5, "DE", "DE", SPRING),
    Question("TPP 5000, density unknown, to China", 5000, None, "CN", "CN", SPRING),
    Question("TPP 3000, density unknown, to China", 3000, None, "CN", "CN", SPRING),
    Question("TPP 5000, to Germany, headquarters unknown", 5000, 6.0, "DE", None, SPRING),
    Question("TPP 5000, to China, headquarters unknown", 5000, 6.0, "CN", None, SPRING),
    Question("TPP 5000, I/O 700, to China in 2023, headquarters unknown", 5000, 6.0, "CN", None,
             date(2023, 3, 1), io=700),
    Question("TPP 1000, to Germany, listing unknown", 1000, 1.0, "DE", "DE", SPRING, None),
    Question("TPP 5000, to China, listing unknown", 5000, 6.0, "CN", "CN", SPRING, None),
    Question("TPP 4000, density 5, to China, data centre unknown", 4000, 5.0, "CN", "CN", SPRING,
             datacenter=None),
    Question("TPP 2368, density 2.9, memory unknown, from NVIDIA to China", 2368, 2.9, "CN", "CN",
             date(2025, 7, 15), memory=None, exporter="NVIDIA"),
    Question("TPP 15000, density 15, memory unknown, to China in 2026", 15000, 15.0, "CN", "CN",
             date(2026, 3, 1), memory=None),
)  # fmt: skip


def exact(question: Question) -> dict[str, Any]:
    """The exact answer: outcome, policies possible, and the facts that it asks for."""
    answer = question.check()
    return {
        "outcome": answer.outcome,
        "policies": answer.review_policies_possible,
        "asks": tuple(fact.fact for fact in answer.missing),
    }


def said(answer: tuple[bool | None, int | None] | str) -> dict[str, str | None]:
    """What a peer answers: outcome and policy, None for null; or the error it raises."""
    if isinstance(answer, str):
        return {"raises": answer}
    need, code = answer
    return {
        "outcome": None if need is None else ANSWERS[bool(need)][0],
        "policy": None if code is None else ANSWERS[code][1],
    }


def records() -> list[dict[str, Any]]:
    """One record a question: the text, the exact answer, and that of each peer by name."""
    rows = [question.row() for question in QUESTIONS]
    answers = {name: ask(rows) for name, ask in ENGINES.items()}
    return [
        {
            "question": question.text, "check": exact(question),
            **{name: said(found[number]) for name, found in answers.items()},
        }
        for number, question in enumerate(QUESTIONS)
    ]  # fmt: skip


def main() -> None:
    """Print the records."""
    with np.errstate(invalid="ignore"):
        for record in records():
            print(record.pop("question"))
            for name, answer in record.items():
                print(f"  {name:18s} " + "; ".join(f"{k} {v}" for k, v in answer.items()))


if __name__ == "__main__":
    main()
