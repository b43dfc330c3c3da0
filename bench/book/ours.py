"""Our own engine in the comparison: from codes in memory to verdicts.

*Coded* is what a reader of files hands to the engine: an int32 number of the signature of each
block. *Star* is an order system's own codes (item, places, exporter), looked up while the
clock runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from data import Array, Lines
from harness import POOL, THREADS, Candidate
from world import ANSWERS, subset_world

from klartecken.book.key.engine import Engine
from klartecken.decide.case import read_part
from klartecken.decide.verdict import Verdict

COLUMNS = {"item": "item", "destination": "destination", "consignee_hq": "hq",
           "exporter": "exporter", "listed": "listed"}  # fmt: skip


@cache
def engine() -> Engine:
    """The engine under the rules of the comparison."""
    return Engine([subset_world()], list(COLUMNS))


def afresh() -> None:
    """Forget every line that was asked so far."""
    engine.cache_clear()
    _CODES.clear()


def tables(lines: Lines) -> list[tuple[str, Array]]:
    """For each block: the column of the star form, and its codes as numbers of signatures."""
    held, world = lines.tables, subset_world()
    texts: dict[str, tuple[Any, ...]] = {
        "destination": held.places, "consignee_hq": held.places, "exporter": held.exporters,
        "listed": ("none", "entity_list"),
    }  # fmt: skip
    found = []
    for block, level in zip(engine().blocks, engine().levels, strict=True):
        (name,) = block.columns
        if name == "item":
            given = [item.facts for item in held.items]
        else:
            given = [read_part([(name, t)], world.law, world.places).facts for t in texts[name]]
        codes = [level.signer.sign({n: f.value for n, f in facts.items()}) for facts in given]
        found.append((COLUMNS[name], np.array(codes, np.int32)))
    return found


@dataclass(frozen=True)
class Part:
    """Some lines, on one thread."""

    days: Array
    columns: tuple[Array, ...]
    tables: tuple[Array, ...] | None


def coded(lines: Lines) -> list[Part]:
    """The lines as codes of signatures, a part for each thread."""
    columns = [table.take(codes_of(lines, name)) for name, table in tables(lines)]
    return _parts(lines, columns, None)


def star(lines: Lines) -> list[Part]:
    """The lines as an order system's codes, with the tables to look them up."""
    held = tables(lines)
    columns = [codes_of(lines, name) for name, _ in held]
    return _parts(lines, columns, tuple(table for _, table in held))


def codes_of(lines: Lines, name: str) -> Array:
    """A column of the star form as numbers."""
    column: Array = getattr(lines, name)
    return column.view(np.uint8) if column.dtype == np.bool_ else column


def _parts(lines: Lines, columns: list[Array], held: tuple[Array, ...] | None) -> list[Part]:
    cuts = np.linspace(0, len(lines), THREADS + 1).astype(int)
    return [Part(lines.day[a:b], tuple(c[a:b] for c in columns), held) for a, b in pairwise(cuts)]


def run(parts: list[Part]) -> Array:
    """The code of the answer of each line."""
    return np.concatenate(list(POOL.map(_run, parts)))


CHUNK = 1 << 16


def _run(part: Part) -> Array:
    found = np.empty(part.days.size, np.uint8)
    for start in range(0, part.days.size, CHUNK):
        here = slice(start, start + CHUNK)
        columns = [column[here] for column in part.columns]
        if part.tables is not None:
            columns = [t.take(c) for t, c in zip(part.tables, columns, strict=True)]
        numbers = engine().answer(part.days[here], columns)
        found[here] = outcomes().take(numbers)
    return found


def outcomes() -> Array:
    """The code of each verdict."""
    verdicts = engine().verdicts
    if len(_CODES) < len(verdicts):
        _CODES.extend(code_of(verdict) for verdict in verdicts[len(_CODES) :])
    return np.array(_CODES, np.uint8)


_CODES: list[int] = []


def code_of(verdict: Verdict) -> int:
    """As ``world.code_of``, of a verdict."""
    (policy,) = verdict.review_policies_possible or ("none",)
    return ANSWERS.index((verdict.outcome, policy))


def candidates() -> dict[str, Candidate]:
    """Our engine, and what reading its columns costs at all."""
    return {
        "klartecken, coded": Candidate(coded, run, 10_000_000),
        "klartecken, star": Candidate(star, run, 10_000_000),
    }


def read_coded(lines: Lines) -> list[Array]:
    """The coded columns, for the clock of pure reading in plain numpy."""
    return [a for part in coded(lines) for a in (part.days, *part.columns)]
