"""The engines of the order-book comparison, and a clock that makes them take turns.

What an engine is given is prepared before the clock runs: its own frame, table, arrays or
records, with the memberships looked up. An engine that is slow gets fewer lines; rates are
per line, so that they can be compared, but a rate on few lines is a rate on few lines.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import peers_duckdb
import peers_openfisca
import peers_polars
import peers_policyengine
import peers_zen
from data import Array, Lines, random_lines

THREADS = 2


@dataclass(frozen=True)
class Candidate:
    """An engine in the comparison.

    Attributes:
        prepare: lines -> what the engine is given (not timed).
        run: what it is given -> the code of each line, uint8.
        rows: at most so many lines (the first ones) are asked.
        threads: how many it may use.
        answers: false for a read limit, which decides nothing.
    """

    prepare: Callable[[Lines], Any]
    run: Callable[[Any], Array]
    rows: int
    threads: int = THREADS
    answers: bool = True

    def __call__(self, lines: Lines) -> Array:
        """The code of each line, without limit of rows."""
        return self.run(self.prepare(lines))


@dataclass(frozen=True)
class Timing:
    """Seconds of each repeat over a number of lines.

    Attributes:
        seconds: by the clock on the wall.
        cpu: of this process, all threads together. Where ``cpu`` is far below ``threads``
            times ``seconds``, the engine waited, or the machine was busy with something else.
    """

    rows: int
    threads: int
    seconds: tuple[float, ...]
    cpu: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median, in seconds."""
        return statistics.median(self.seconds)

    @property
    def rate(self) -> float:
        """Lines a second, at the median."""
        return self.rows / self.median


def peers() -> dict[str, Candidate]:
    """The other engines, by the name in the table."""
    return {
        "Polars, streaming": Candidate(peers_polars.prepare, peers_polars.run, 10_000_000),
        "Polars, in memory": Candidate(
            peers_polars.prepare, peers_polars.run_in_memory, 10_000_000
        ),
        "DuckDB": Candidate(peers_duckdb.prepare, peers_duckdb.run, 10_000_000),
        "openfisca-core": Candidate(
            peers_openfisca.prepare, peers_openfisca.run, 1_000_000, threads=1
        ),
        "policyengine-core": Candidate(
            peers_policyengine.prepare, peers_policyengine.run, 1_000_000, threads=1
        ),
        "zen-engine": Candidate(peers_zen.prepare, peers_zen.run, 2_000, threads=1),
    }


def limits() -> dict[str, Candidate]:
    """How fast the columns can be read at all. These answer nothing."""
    return {
        "reading the star columns that decide": Candidate(
            lambda lines: words(lines.coded), read, 10_000_000, answers=False
        ),
        "reading all star columns": Candidate(
            lambda lines: words(lines.star), read, 10_000_000, answers=False
        ),
        "reading the wide columns": Candidate(
            lambda lines: words(lines.wide), read, 10_000_000, answers=False
        ),
    }


def candidates() -> dict[str, Candidate]:
    """The other engines and the read limits; the caller adds its own."""
    return {**limits(), **peers()}


def words(columns: Mapping[str, Array]) -> list[Array]:
    """Each column as 64-bit words, in two halves; the last bytes of a column are left out."""
    found = []
    for column in columns.values():
        plain = np.ascontiguousarray(column).view(np.uint8)
        whole = plain[: len(plain) // 8 * 8].view(np.uint64)
        found += np.array_split(whole, THREADS)
    return found


POOL = ThreadPoolExecutor(THREADS)


def read(parts: list[Array]) -> Array:
    """The sum of each part: every byte is read once."""
    return np.array(list(POOL.map(np.add.reduce, parts)))


def alternate(found: Mapping[str, Candidate], lines: Lines, repeats: int = 5) -> dict[str, Timing]:
    """Time the candidates in one process, taking turns, after a first round that warms up.

    Args:
        found: by name.
        lines: each candidate is asked the first of them, up to its limit of rows.
        repeats: how often each is timed.
    """
    given = {name: one.prepare(lines.head(one.rows)) for name, one in found.items()}
    seconds: dict[str, list[float]] = {name: [] for name in found}
    cpu: dict[str, list[float]] = {name: [] for name in found}
    for number in range(repeats + 1):
        for name, one in found.items():
            start, begun = time.perf_counter(), time.process_time()
            one.run(given[name])
            taken, used = time.perf_counter() - start, time.process_time() - begun
            if number:
                seconds[name].append(taken)
                cpu[name].append(used)
    same_answers(found, given)
    return {
        name: Timing(min(one.rows, len(lines)), one.threads, tuple(seconds[name]), tuple(cpu[name]))
        for name, one in found.items()
    }


def same_answers(found: Mapping[str, Candidate], given: Mapping[str, Any]) -> None:
    """Stop unless all candidates answer the timed lines alike (as far as each was asked).

    Raises:
        SystemExit: names the two that differ, and the first line.
    """
    codes = {name: one.run(given[name]) for name, one in found.items() if one.answers}
    if not codes:
        return
    first = max(codes, key=lambda name: len(codes[name]))
    for name, held in codes.items():
        wrong = np.flatnonzero(held != codes[first][: len(held)])
        if len(wrong):
            sys.exit(
                f"Error: {name} and {first} differ on {len(wrong)} of {len(held)} timed lines,"
                f" first on line {wrong[0]}: {held[wrong[0]]} and {codes[first][wrong[0]]}"
            )


def table(timings: Mapping[str, Timing]) -> list[str]:
    """The rates as rows of Markdown."""
    rows = [
        "| | lines | threads | median, ms | fastest | slowest | CPU, ms | million lines a second |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, one in timings.items():
        times = (one.median, min(one.seconds), max(one.seconds), statistics.median(one.cpu))
        told = " | ".join(f"{1000 * seconds:.1f}" for seconds in times)
        rows.append(f"| {name} | {one.rows:,} | {one.threads} | {told} | {one.rate / 1e6:.4g} |")
    return rows


def cores() -> float:
    """How many cores two busy threads really get now: below 1.8, two-thread rates are too low."""
    load = bytes(40_000_000)
    start, begun = time.perf_counter(), time.process_time()
    list(POOL.map(lambda _: hashlib.sha256(load).digest(), range(THREADS)))
    return (time.process_time() - begun) / (time.perf_counter() - start)


def main() -> None:
    """Time the peers and the read limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    lines = random_lines(options.lines)
    load, before = os.getloadavg()[0], cores()
    timings = alternate(candidates(), lines, options.repeats)
    print(f"load before {load:.1f}; cores for two threads: {before:.2f}, after {cores():.2f}")
    print("\n".join(table(timings)))


if __name__ == "__main__":
    main()
