"""100,000 open lines: import, re-evaluation, worklist pages; on SQLite and on PostgreSQL.

Run it as ``python bench/desk/lines.py [LINES]``. A PostgreSQL of its own is started where it is
installed. Parties are invented and screened by the real screener against invented lists.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT.parent)]

from tests.desk.postgresql import cluster, create_database, programs  # noqa: E402

from desk.world import lines, made, now  # noqa: E402
from klartecken.desk.demo.lists import nobody_of_ours  # noqa: E402
from klartecken.desk.ledger.verify import verify  # noqa: E402
from klartecken.desk.orders import worklist  # noqa: E402
from klartecken.desk.orders.importing import import_rows  # noqa: E402
from klartecken.desk.orders.reevaluate import reevaluate  # noqa: E402


def main(count: int) -> None:
    """Measure both databases."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        measure("SQLite", str(Path(folder) / "desk.sqlite"), count)
        found = programs()
        if found is None:
            print("PostgreSQL is not installed")
            return
        server = stack.enter_context(cluster(found))
        measure("PostgreSQL", create_database(server, "bench"), count)


def measure(kind: str, url: str, count: int) -> None:
    """All figures of one database."""
    desk, people, _ = made(url, nobody_of_ours(now().date()))
    rows = lines(count)

    def told(what: str, work: Callable[[], object], times: int = 3) -> None:
        took = []
        for _ in range(times):
            before = time.perf_counter()
            work()
            took.append(time.perf_counter() - before)
        print(f"{kind}: {what}: median {statistics.median(took):.3f} s of {times} "
              f"({min(took):.3f} to {max(took):.3f})", flush=True)  # fmt: skip

    told(f"import {count:,} lines", lambda: import_rows(
        desk, people["Pia"], "bench", rows, "bench"), 1)  # fmt: skip
    told(f"reevaluate {count:,} lines, nothing changed", lambda: reevaluate(
        desk, people["Pia"], "bench"))  # fmt: skip

    def page(**wanted: object) -> None:
        with desk.read() as connection:
            worklist.page(connection, now(), worklist.Filter(**wanted), after=count // 2)

    told("worklist page from the middle", page, 20)
    told("worklist page, by any hold", lambda: page(hold="undetermined"), 20)
    told("worklist page, by part of a party's name", lambda: page(party="00123"), 20)

    def check() -> None:
        with desk.read() as connection:
            assert not verify(connection).findings

    told("verify the ledger", check, 1)
    desk.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
