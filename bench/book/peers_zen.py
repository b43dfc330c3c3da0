"""The rules in zen-engine, row by row, in two forms that differ where a fact is null.

``expressions``: one expression node for the steps, then a first-hit table. The fastest of the
forms tried, and the one that is timed. ``tables``: a first-hit table for every step, as its
editor draws them; there a condition that cannot be evaluated does not hold, while an
expression raises.
"""

from __future__ import annotations

import json
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import zen
from data import Array, Lines
from rules import CODES, DECISIONS, FLAGS, LAYERS, NEEDED, NUMBERS, Step, Text

Row = dict[str, Any]
STEPS: dict[str, Step] = {name: step for layer in LAYERS for name, step in layer.items()}


@cache
def decision(form: str, with_need: bool = False) -> Any:
    """The decision; its result holds ``code``, and ``needed`` where asked.

    Args:
        form: ``expressions`` or ``tables``.
        with_need: also say whether a licence is needed at all.
    """
    steps = STEPS | ({"needed": NEEDED} if with_need else {})
    nodes: list[Row] = [{"id": "in", "type": "inputNode", "name": "in"}]
    if form == "expressions":
        nodes.append(expressions(steps))
    else:
        nodes += [
            table(name, [(step(Text).text, "true"), ("true", "false")])
            for name, step in steps.items()
        ]
    codes = [(name, str(number)) for name, number in DECISIONS]
    nodes.append(table("code", [*codes, ("true", "0")]))
    nodes.append({"id": "out", "type": "outputNode", "name": "out"})
    edges = [
        {"id": f"to-{after['id']}", "sourceId": before["id"], "targetId": after["id"]}
        for before, after in pairwise(nodes)
    ]
    return zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))


def expressions(steps: dict[str, Step]) -> Row:
    """One node that evaluates every step; a later one finds an earlier one under ``$``."""

    def get(name: str) -> Text:
        return Text(f"$.{name}" if name in steps else name)

    return {
        "id": "steps", "name": "steps", "type": "expressionNode",
        "content": {
            "passThrough": False, "executionMode": "single",
            "expressions": [
                {"id": name, "key": name, "value": step(get).text} for name, step in steps.items()
            ],
        },
    }  # fmt: skip


def table(name: str, rules: list[tuple[str, str]]) -> Row:
    """A first-hit table that gives one field, beside those that it was given."""
    return {
        "id": name, "name": name, "type": "decisionTableNode",
        "content": {
            "hitPolicy": "first", "passThrough": True, "executionMode": "single",
            "inputs": [{"id": "i", "name": "i", "type": "expression"}],
            "outputs": [{"id": "o", "name": "o", "field": name, "type": "expression"}],
            "rules": [
                {"_id": f"{name}-{number}", "i": condition, "o": result}
                for number, (condition, result) in enumerate(rules)
            ],
        },
    }  # fmt: skip


def prepare(lines: Lines) -> list[Row]:
    """The wide lines as records (not timed)."""
    names = (*NUMBERS, *FLAGS, *CODES)
    columns = [lines.wide[name].tolist() for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def run(rows: list[Row]) -> Array:
    """The code of each line, one after the other, without trace."""
    ask = decision("expressions").evaluate
    return np.fromiter((ask(row)["result"]["code"] for row in rows), np.uint8, len(rows))


def run_tables(rows: list[Row]) -> Array:
    """The same in the other form."""
    ask = decision("tables").evaluate
    return np.fromiter((ask(row)["result"]["code"] for row in rows), np.uint8, len(rows))


def unknown(
    rows: list[Row], form: str = "expressions"
) -> list[tuple[bool | None, int | None] | str]:
    """(is a licence needed, code) where facts may be null, or the error that it raises."""
    found: list[tuple[bool | None, int | None] | str] = []
    for row in rows:
        try:
            result = decision(form, True).evaluate(row)["result"]
            found.append((result["needed"], result["code"]))
        except Exception as err:  # what any engine raises is its answer here
            found.append(type(err).__name__)
    return found


def unknown_tables(rows: list[Row]) -> list[tuple[bool | None, int | None] | str]:
    """The same in the other form."""
    return unknown(rows, "tables")
