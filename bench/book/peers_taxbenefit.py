"""What the two tax-benefit engines share: a variable for each column and each step.

Their variables belong to a period, and their dated formulas follow the period of the
simulation, not the line; so the day of a line is a variable like the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from data import Array, Lines
from rules import CODES, DECISIONS, FLAGS, LAYERS, NEEDED, NUMBERS, Step

PERIOD = "2025-03"


@dataclass(frozen=True)
class Library:
    """The parts of an engine of this family.

    Attributes:
        entity: the only entity, a line.
        system: takes the variables.
        variable: the base class of variables.
        month: the definition period.
        simulate: system, number of lines -> an empty simulation.
    """

    entity: Any
    system: Any
    variable: Any
    month: Any
    simulate: Callable[[Any, int], Any]


def encode(library: Library) -> Any:
    """Add a variable for each column and each step; the system."""

    def add(name: str, kind: type, formula: object = None) -> None:
        body: dict[str, object] = {
            "value_type": kind, "entity": library.entity, "definition_period": library.month,
            "label": name,
        }  # fmt: skip
        if formula is not None:
            body["formula"] = formula
        library.system.add_variable(type(name, (library.variable,), body))

    for names, kind in ((NUMBERS, float), (CODES, int), (FLAGS, bool)):
        for name in names:
            add(name, kind)
    for layer in LAYERS:
        for name, step in layer.items():
            add(name, bool, formula_of(step))
    add("needed", bool, formula_of(NEEDED))
    add("code", int, decide)
    return library.system


def formula_of(step: Step) -> Callable[[Any, Any], Any]:
    """The formula of a step."""

    def formula(line, period):  # type: ignore[no-untyped-def]
        return step(lambda name: line(name, period))

    return formula


def decide(line, period):  # type: ignore[no-untyped-def]
    """The formula of the code: the strictest step that holds."""
    held = [line(name, period) for name, _ in DECISIONS]
    return np.select(held, [np.int32(number) for _, number in DECISIONS], np.int32(0))


def prepare(lines: Lines) -> dict[str, Array]:
    """The wide lines in the types that the engines keep (not timed)."""
    wide = lines.wide
    kinds = ((NUMBERS, np.float32), (CODES, np.int32), (FLAGS, np.bool_))
    return {name: wide[name].astype(kind) for names, kind in kinds for name in names}


def calculate(library: Library, system: Any, columns: Mapping[str, Array], name: str) -> Array:
    """One variable of all lines, in a simulation of its own."""
    count = len(next(iter(columns.values())))
    simulation = library.simulate(system, count)
    for column, values in columns.items():
        simulation.set_input(column, PERIOD, values)
    found: Array = np.asarray(simulation.calculate(name, PERIOD))
    return found


def unknown(
    library: Library, system: Any, rows: list[dict[str, Any]]
) -> list[tuple[bool | None, int | None] | str]:
    """(is a licence needed, code) where facts may be None, or the error that it raises.

    A number that is None goes in as NaN, which numpy gives for it; a boolean array cannot
    hold None, and numpy makes it False.
    """
    found: list[tuple[bool | None, int | None] | str] = []
    for row in rows:
        columns = {name: np.array([row[name]], dtype=np.float32) for name in NUMBERS}
        columns |= {name: np.array([row[name]], dtype=np.int32) for name in CODES}
        columns |= {name: np.array([row[name]], dtype=np.bool_) for name in FLAGS}
        try:
            need, code = (calculate(library, system, columns, x)[0] for x in ("needed", "code"))
            found.append((bool(need), int(code)))
        except Exception as err:  # what any engine raises is its answer here
            found.append(type(err).__name__)
    return found
