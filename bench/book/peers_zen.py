"""The rules in zen-engine: expression nodes for the steps, a first-hit table, row by row."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import zen
from data import Array, Lines
from rules import CODES, DECISIONS, FLAGS, LAYERS, NEEDED, NUMBERS, Text

Row = dict[str, Any]


@cache
def decision(with_need: bool = False) -> Any:
    """The decision; its result holds ``code``, and ``needed`` where asked."""
    layers = [{name: step(Text).text for name, step in layer.items()} for layer in LAYERS]
    if with_need:
        layers.append({"needed": NEEDED(Text).text})
    nodes: list[Row] = [{"id": "in", "type": "inputNode", "name": "in"}]
    nodes += [
        {
            "id": f"layer{number}", "name": f"layer{number}", "type": "expressionNode",
            "content": {
                "passThrough": True, "executionMode": "single",
                "expressions": [{"id": n, "key": n, "value": text} for n, text in layer.items()],
            },
        }
        for number, layer in enumerate(layers)
    ]  # fmt: skip
    nodes.append({"id": "code", "type": "decisionTableNode", "name": "code", "content": table()})
    nodes.append({"id": "out", "type": "outputNode", "name": "out"})
    edges = [
        {"id": f"to-{after['id']}", "sourceId": before["id"], "targetId": after["id"]}
        for before, after in zip(nodes, nodes[1:], strict=False)
    ]
    return zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))


def table() -> Row:
    """The decision table: the first step that holds gives the code."""
    rows = [*((name, number) for name, number in DECISIONS), ("true", 0)]
    return {
        "hitPolicy": "first", "passThrough": True, "executionMode": "single",
        "inputs": [{"id": "i", "name": "i", "type": "expression"}],
        "outputs": [{"id": "o", "name": "o", "field": "code", "type": "expression"}],
        "rules": [
            {"_id": f"rule{number}", "i": name, "o": str(number)} for name, number in rows
        ],
    }  # fmt: skip


def prepare(lines: Lines) -> list[Row]:
    """The wide lines as records (not timed)."""
    names = (*NUMBERS, *FLAGS, *CODES)
    columns = [lines.wide[name].tolist() for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def run(rows: list[Row]) -> Array:
    """The code of each line, one after the other, without trace."""
    ask = decision().evaluate
    return np.fromiter((ask(row)["result"]["code"] for row in rows), np.uint8, len(rows))


def unknown(rows: list[Row]) -> list[tuple[bool | None, int | None] | str]:
    """(is a licence needed, code) where facts may be null, or the error that it raises."""
    found: list[tuple[bool | None, int | None] | str] = []
    for row in rows:
        try:
            result = decision(True).evaluate(row)["result"]
            found.append((result["needed"], result["code"]))
        except Exception as err:  # what any engine raises is its answer here
            found.append(type(err).__name__)
    return found
