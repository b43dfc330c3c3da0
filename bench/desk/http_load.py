"""Determinations per second over HTTP, server and client on this machine.

Run it as ``python bench/desk/http_load.py``. It serves a desk of its own with two workers, asks
distinct questions over a few connections that stay open, and prints rate, times and the
client's own cost.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from klartecken.api.serve import utc_now
from klartecken.desk.desk import open_desk
from klartecken.desk.people.accounts import add_person, new_token
from klartecken.desk.people.roles import DESK
from klartecken.desk.storage.connect import open_engine
from klartecken.desk.storage.migrate import upgrade
from klartecken.facts.chips import load_catalogue

SECONDS, CONNECTIONS, WORKERS = 20.0, 4, 2
PLACES = ("CN", "DE", "SG", "AE", "IN", "MX", "BR", "PL", "VN", "SA", "JP", "TR")
SERVE = (
    "from klartecken.api.serve import *\nimport sys\n"
    "if __name__ == '__main__': serve(sys.argv[1], sys.argv[2], "
    "Listen(port=int(sys.argv[3]), workers=int(sys.argv[4])))"
)


def question(chance: random.Random, chips: list[str], named: bool) -> dict[str, Any]:
    """A question that was hardly asked before."""
    asked = {
        "item": chance.choice(chips), "to": chance.choice(PLACES), "exporter": "NVIDIA",
        "on": f"202{chance.randrange(3, 7)}-{chance.randrange(1, 13):02d}-"
        f"{chance.randrange(1, 29):02d}", "hq": chance.choice(PLACES),
    }  # fmt: skip
    if named:
        asked["consignee"] = [f"Beispiel {chance.randrange(500)} GmbH"]
    return asked


def ask_for(
    port: int, token: str, until: float, seed: int, times: list[float], named: bool
) -> None:
    """Ask over one connection until a moment; each answer's time goes into the list."""
    chance, chips = random.Random(seed), sorted(load_catalogue().chips)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection = http.client.HTTPConnection("127.0.0.1", port)
    while time.monotonic() < until:
        raw = json.dumps(question(chance, chips, named))
        began = time.perf_counter()
        connection.request("POST", "/determinations", raw, headers)
        answer = connection.getresponse()
        body = answer.read()
        times.append(time.perf_counter() - began)
        assert answer.status == 200, body


def measure(port: int, token: str, named: bool, seconds: float, seed: int) -> int:
    """Ask for a while, and print what it took."""
    times: list[list[float]] = [[] for _ in range(CONNECTIONS)]
    until = time.monotonic() + seconds
    before = resource.getrusage(resource.RUSAGE_SELF)
    threads = [
        threading.Thread(target=ask_for, args=(port, token, until, seed + n, times[n], named))
        for n in range(CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = resource.getrusage(resource.RUSAGE_SELF)
    cost = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    found = sorted(t for part in times for t in part)
    at = [found[min(len(found) - 1, int(len(found) * share))] * 1000 for share in (0.5, 0.99)]
    print(f"{'parties named' if named else 'no party':14s} {len(found) / seconds:7.0f}/s  "
          f"p50 {at[0]:5.1f} ms  p99 {at[1]:5.1f} ms  max {found[-1] * 1000:5.0f} ms  "
          f"client {cost / seconds * 100:.0f} % of a core")  # fmt: skip
    return len(found)


def main() -> None:
    """Serve, warm up, measure."""
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder)
        engine = open_engine(where / "desk.sqlite")
        upgrade(engine)
        engine.dispose()
        desk = open_desk(where / "desk.sqlite", where / "home", clock=utc_now)
        with desk.work(DESK, "bench") as work:
            add_person(work, "Admin", ["admin"])
            token = new_token(work, add_person(work, "Program", ["service"]))[1]
        desk.close()
        (where / "served.py").write_text(SERVE)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = subprocess.Popen(
            [sys.executable, str(where / "served.py"), str(where / "desk.sqlite"),
             str(where / "home"), str(port), str(WORKERS)],
            stderr=subprocess.DEVNULL, env=os.environ,
        )  # fmt: skip
        count = 0
        try:
            _await(port)
            for named in (False, True):
                print("warm up:", end=" ")
                count += measure(port, token, named, SECONDS / 2, 1000)
                count += measure(port, token, named, SECONDS, 2000)
        finally:
            server.terminate()
            server.wait(30)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        each = (used.ru_utime + used.ru_stime) / count * 1000
        print(f"server: {each:.1f} ms of a core for each answer, its start included")


def _await(port: int) -> None:
    for _ in range(600):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server does not answer")


if __name__ == "__main__":
    main()
