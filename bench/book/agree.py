"""Do all engines give the same answer to the same lines? Stops at the first difference.

The lines are random ones of the catalogue, and made-up ones at every edge of the rules.

Run it as ``python bench/book/agree.py``; it exits with 1 and names the line otherwise.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping

import numpy as np
import peers_zen
from data import Array, Lines, random_lines
from edges import edge_lines
from harness import Candidate, peers
from world import ANSWERS, code_of, day_of, subset_world

import klartecken as kt


def one_by_one(lines: Lines) -> Array:
    """Our own engine, one determination a line: the meaning of the rules."""
    held = lines.tables
    found = np.empty(len(lines), dtype=np.uint8)
    for number in range(len(lines)):
        answer = kt.check(
            held.items[lines.item[number]], held.places[lines.destination[number]],
            day_of(int(lines.day[number])), hq=held.places[lines.hq[number]],
            exporter=held.exporters[lines.exporter[number]],
            listed="entity_list" if lines.listed[number] else "none", world=subset_world(),
        )  # fmt: skip
        found[number] = code_of(answer)
    return found


def told(lines: Lines, number: int) -> str:
    """One line in words."""
    held = lines.tables
    listed = ", listed" if lines.listed[number] else ""
    return (
        f"line {number}: {held.items[lines.item[number]].id} from"
        f" {held.exporters[lines.exporter[number]]} to {held.places[lines.destination[number]]},"
        f" headquarters {held.places[lines.hq[number]]}{listed},"
        f" on {day_of(int(lines.day[number]))}"
    )


def difference(lines: Lines, meaning: Array, name: str, found: Array) -> str | None:
    """The first line on which an engine's codes differ from the meaning, in words."""
    if len(found) != len(meaning):
        return f"{name} gives {len(found)} answers to {len(meaning)} lines"
    wrong = np.flatnonzero(found != meaning)
    if not len(wrong):
        return None
    first = int(wrong[0])
    return (
        f"{name} differs on {len(wrong)} of {len(meaning)} lines; {told(lines, first)}:"
        f" {name} says {found[first]}, check says {ANSWERS[meaning[first]]}"
    )


def agreement(engines: Mapping[str, Callable[[Lines], Array]], lines: Lines) -> Array:
    """Every engine on the lines, against one determination a line; the counts by code.

    Raises:
        SystemExit: an engine differs; names it and the first line.
    """
    meaning = one_by_one(lines)
    for name, ask in engines.items():
        wrong = difference(lines, meaning, name, ask(lines))
        if wrong:
            sys.exit(f"Error: {wrong}")
    return np.bincount(meaning, minlength=len(ANSWERS))


def main() -> None:
    """Check, and say how often each answer was given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=3000)
    parser.add_argument("--edges", type=int, default=12000)
    parser.add_argument("--seed", type=int, default=20260919)
    options = parser.parse_args()
    form = Candidate(peers_zen.prepare, peers_zen.run_tables, options.lines)
    engines = {**peers(), "zen-engine, tables": form}
    counts = agreement(engines, random_lines(options.lines, options.seed))
    counts += agreement(engines, edge_lines(options.edges, options.seed))
    print(
        f"{options.lines} random lines and {options.edges} lines at the edges of the rules:"
        f" check and {', '.join(engines)} agree"
    )
    for (outcome, policy), count in zip(ANSWERS, counts, strict=True):
        print(f"  {count:6d}  {outcome}, review policy {policy}")


if __name__ == "__main__":
    main()
