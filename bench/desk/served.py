"""Determinations and worklist pages over HTTP, with the client on the same machine.

Run it as ``python bench/desk/served.py [SECONDS]``. The server is `klartecken desk serve` in
processes of its own; the client (:mod:`desk.client`) is another one, and its own cost is shown:
against ``/health``, which does next to nothing, and as CPU for each request.
"""

from __future__ import annotations

import itertools
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from desk.world import lines, made, now, questions  # noqa: E402
from klartecken.desk.demo.lists import nobody_of_ours  # noqa: E402
from klartecken.desk.orders.importing import import_rows  # noqa: E402

RATE = 200  # determinations a second that are asked for
CONNECTIONS = 8


def main(seconds: float, count: int = 100_000) -> None:
    """Serve a desk of 100,000 open lines, and ask it."""
    with tempfile.TemporaryDirectory() as folder:
        url = str(Path(folder) / "desk.sqlite")
        desk, people, token = made(url, nobody_of_ours(now().date()))
        before = time.perf_counter()
        import_rows(desk, people["Pia"], "bench", lines(count), "bench")
        print(f"imported {count:,} lines in {time.perf_counter() - before:.0f} s", flush=True)
        desk.close()
        asked = Path(folder) / "asked.json"
        seeds = itertools.count(1)
        nothing = Path(folder) / "nothing.json"
        nothing.write_text("[]")
        for workers in (1, 2):
            with served(url, folder, workers) as port:
                for told, path, bodies, rate in (
                    ("the client's own cost: /health, 200/s", "/health", nothing, RATE),
                    ("/health, as fast as it goes", "/health", nothing, 0),
                    ("determinations, 200/s", "/determinations", asked, RATE),
                    ("determinations, as fast as it goes", "/determinations", asked, 0),
                    ("worklist, one client", "/worklist?limit=50", nothing, 0),
                ):  # fmt: skip
                    connections = 1 if "one client" in told else CONNECTIONS
                    runs = []
                    for _ in range(3):
                        if bodies is asked:  # never a question that was asked before
                            asked.write_text(json.dumps(questions(4_000, seed=next(seeds))))
                        runs.append(load(port, path, token, bodies, rate, seconds, connections))
                    tell(f"{workers} workers: {told}", runs)


def tell(what: str, runs: list[dict[str, Any]]) -> None:
    """Medians of three runs."""

    def middle(name: str) -> float:
        return statistics.median(run[name] for run in runs)

    print(f"{what}: {middle('per_second'):.0f}/s, p50 {middle('p50_ms'):.1f} ms, "
          f"p99 {middle('p99_ms'):.1f} ms, client CPU {middle('client_cpu_ms_each'):.2f} ms each, "
          f"statuses {runs[0]['statuses']}", flush=True)  # fmt: skip


def load(port: int, path: str, token: str, bodies: Path, rate: float, seconds: float,
         connections: int) -> dict[str, Any]:  # fmt: skip
    """One run of the client, in a process of its own."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "desk" / "client.py"), "127.0.0.1", str(port), path, token,
         str(bodies), str(rate), str(seconds), str(connections)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@contextmanager
def served(url: str, home: str, workers: int) -> Iterator[int]:
    """A server on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-c", "from klartecken.cli import run; run()", "desk", "serve", "--db",
         url, "--home", home, "--port", str(port), "--workers", str(workers)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ),
    )  # fmt: skip
    try:
        for _ in range(200):
            time.sleep(0.1)
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2).close()
                break
            except OSError:
                continue
        time.sleep(1)
        yield port
    finally:
        server.terminate()
        server.wait(30)


if __name__ == "__main__":
    main(
        float(sys.argv[1]) if len(sys.argv) > 1 else 10,
        int(sys.argv[2]) if len(sys.argv) > 2 else 100_000,
    )
