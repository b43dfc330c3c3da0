"""The order-book benchmark: agreement, rates in memory, from Parquet, scenarios, unknown facts.

Writes its part of bench/RESULTS.md, below that of single.py.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import ours
import parquet
import scenario
import unknown
from agree import agreement
from data import Array, random_lines
from edges import edge_lines
from harness import POOL, Candidate, alternate, candidates, cores, table

from klartecken.version import __version__

RESULTS = Path(__file__).resolve().parent.parent / "RESULTS.md"
HEAD = "# Order books"
OURS = "klartecken, coded"
GOALS = {
    "reading our coded columns": ("of the read rate", 0.12),
    "Polars, streaming": ("times", 2.5), "DuckDB": ("times", 50),
    "openfisca-core": ("times", 8), "policyengine-core": ("times", 8),
    "zen-engine": ("times", 1000),
}  # fmt: skip


def read_limit() -> Candidate:
    """Reading the very columns that our engine is given, in plain numpy on two threads."""

    def words(parts: list[Array]) -> list[Array]:
        return [p[: p.size // 2 * 2].view(np.uint64) for p in parts]

    def read(parts: list[Array]) -> Array:
        return np.array(list(POOL.map(np.add.reduce, parts)))

    return Candidate(lambda lines: words(ours.read_coded(lines)), read, 10_000_000, answers=False)


def memory(lines: int, repeats: int) -> list[str]:
    """Rates in memory, and ratios."""
    found = {
        "reading our coded columns": read_limit(), **ours.candidates(), **candidates(),
    }  # fmt: skip
    ours.afresh()  # the lines at the edges had numbers of their own
    before = cores()
    timings = alternate(found, random_lines(lines), repeats)
    rows = [
        f"Two busy threads got {before:.2f} cores before and {cores():.2f} after.", "",
        *table(timings), "", "| | ratio of rates to ours, coded | goal |", "|---|---:|---:|",
    ]  # fmt: skip
    mine = timings[OURS].rate
    for name, (kind, goal) in GOALS.items():
        ratio = mine / timings[name].rate
        rows.append(f"| {name} | {ratio:.3g} {kind} | {goal:g} |")
    return rows


def agreed(lines: int, edges: int) -> str:
    """All engines and ours against one determination a line."""
    engines = {
        "klartecken's bulk engine": lambda lines: ours.run(ours.coded(lines)),
        **{n: c for n, c in candidates().items() if c.answers},
    }  # fmt: skip
    agreement(engines, random_lines(lines))
    agreement(engines, edge_lines(edges))
    return (
        f"Agreement first: {lines:,} random lines and {edges:,} at the edges of the rules; one "
        f"`check` a line, {', '.join(engines)} give the same answers."
    )


def unknowns() -> list[str]:
    """What each engine answers when a fact is unknown."""
    records = unknown.records()
    peers = [name for name in records[0] if name not in ("question", "check")]
    rows = [
        f"| question | check | {' | '.join(peers)} |", f"|---|---|{'---|' * len(peers)}",
    ]  # fmt: skip
    for record in records:
        exact = record["check"]
        told = exact["outcome"].replace("_", " ")
        if exact["asks"]:
            told += f" (asks {', '.join(exact['asks'])})"
        cells = []
        for name in peers:
            said = record[name]
            if "raises" in said:
                cells.append("raises")
            else:
                cells.append((said["outcome"] or "null").replace("_", " "))
        rows.append(f"| {record['question']} | {told} | {' | '.join(cells)} |")
    return rows


def versions() -> str:
    """The libraries of the run."""
    names = (
        "numpy", "pyarrow", "polars", "duckdb", "openfisca-core",
        "policyengine-core", "zen-engine",
    )  # fmt: skip
    told = (f"{name} {version(name)}" for name in names)
    return ", ".join([f"klartecken {__version__}", *told])


def page(options: argparse.Namespace) -> str:
    """Our part of the page of results."""
    load = os.getloadavg()[0]
    sections = [
        HEAD, "", "Written by `make bench` (bench/book/run.py).", "",
        f"- machine: {os.cpu_count()} cores, {platform.system()}, Python "
        f"{platform.python_version()}; load before the run {load:.1f}",
        f"- versions: {versions()}", "",
        "## In memory, the rules that all can express", "", agreed(3000, 12000), "",
        "The rules are 26 provisions (bench/book/subset): 3A090, destinations, headquarters, "
        "the letters of April 2025, review policies. What peers are given for nothing: "
        "memberships of the day, densities, their own tables. *Coded*: signatures; *star*: an "
        "order system's codes, looked up on the clock. Candidates take turns in one process.",
        "", *memory(options.lines, options.repeats), "",
        "## From Parquet, the whole law", "",
        "A synthetic book of 15 columns of text and numbers; each way a process of its own, "
        "which also works out its tables (that is the fixed part of the ratio).", "",
        *parquet.rows(options.parquet, 3), "",
        *(parquet.rows(options.large, 1) if options.large else ()), "",
        "## A further scenario, the whole law", "",
        f"`{scenario.THRESHOLD}` moved to {len(scenario.VALUES)} values, compiled together. The "
        "first time a threshold is asked, lines of unknown performance get states of their own.",
        "", *scenario.rows(), "",
        "## When a fact is unknown", "",
        "Polars and DuckDB are asked in a careful form; a plain `when` takes null as false.", "",
        *unknowns(), "",
    ]  # fmt: skip
    return "\n".join(sections)


def main() -> None:
    """Run all, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--parquet", type=int, default=10_000_000)
    parser.add_argument("--large", type=int, default=0, help="a second book, run once")
    options = parser.parse_args()
    mine = page(options)
    held = RESULTS.read_text(encoding="utf-8").split(HEAD)[0].rstrip()
    RESULTS.write_text(f"{held}\n\n{mine}", encoding="utf-8")
    print(mine)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
