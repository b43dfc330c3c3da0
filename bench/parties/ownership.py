"""A million stakes: reading them from CSV, and the Affiliates rule for every party.

Run it as ``python bench/parties/ownership.py [EDGES]``. The graph is made up: groups of
companies with one to four owners each, some shares as bands, some holders unknown, cycles, one
party in twenty American, one in a thousand restricted. No garbage is collected, as in the
program itself.
"""

from __future__ import annotations

import csv
import gc
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path

from klartecken.logic.tri import NO
from klartecken.parties.ownership.affiliates import affiliate_of, affiliates
from klartecken.parties.ownership.graph import build_graph
from klartecken.parties.ownership.model import Holder, HqFact, Stake
from klartecken.parties.ownership.readers.table import read_table
from klartecken.parties.ownership.restriction import Restriction

DAY = date(2026, 11, 22)
SEED = 20261122
GROUP = 500  # owners are looked for within so many companies


def write(path: Path, edges: int) -> int:
    """The made-up table; returns the number of companies."""
    rng = random.Random(SEED)
    companies = edges * 2 // 5
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["owner", "owned", "share", "from", "source", "owned_country"])
        made = company = 0
        while made < edges:
            owned = f"C{company % companies}"
            company += 1
            owners = min(rng.choice((1, 2, 3, 4)), edges - made)
            rest = 100
            for place in range(owners):
                share = rest if place == owners - 1 else rng.randrange(1, max(2, rest - owners))
                rest -= share
                group = int(owned[1:]) // GROUP * GROUP
                owner = f"C{group + rng.randrange(GROUP)}" if rng.random() > 0.02 else ""
                told = f"{max(share - 5, 0)}-{share}" if rng.random() < 0.1 else str(share)
                country = "US" if int(owned[1:]) % 20 == 0 else "SG"
                rows.writerow([owner, owned, told, "2020-01-01", "made up", country])
                made += 1
    return companies


def main() -> None:
    """Print the times (of the processor, one core) and the peak of memory."""
    gc.disable()
    edges = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "stakes.csv"
        companies = write(path, edges)
        start = time.process_time()
        read = list(read_table(path))
        stakes = [r for r in read if isinstance(r, Stake)]
        holders = [r for r in read if isinstance(r, Holder)]
        facts = [r for r in read if isinstance(r, HqFact)]
        told("read from CSV", start)
    start = time.process_time()
    graph = build_graph(stakes, holders, facts)
    told("graph", start)
    rng = random.Random(SEED)
    chosen = rng.sample(range(companies), max(1, companies // 1000))
    restricted = {f"C{n}": Restriction(("EL",)) for n in chosen}
    start = time.process_time()
    found = affiliates(graph, restricted, DAY)
    told("both fixpoints", start)
    start = time.process_time()
    counts = Counter(found.status(party).value for party in found)
    told("status of every party", start)
    print(
        f"{graph.size} stakes, {len(found)} parties, {len(restricted)} restricted: {dict(counts)}"
    )
    some = [p for p in found if found.status(p) is not NO][:1000]
    start = time.process_time()
    for party in some:
        found[party]
    told(f"{len(some)} findings with reasons", start)
    start = time.process_time()
    affiliate_of(graph, restricted, some[0], DAY)
    told("one party alone", start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"peak memory {peak / 1024:.0f} MB")


def told(what: str, start: float) -> None:
    """One line for one time, in seconds of the processor."""
    print(f"{what:28} {time.process_time() - start:8.2f} s", flush=True)


if __name__ == "__main__":
    main()
