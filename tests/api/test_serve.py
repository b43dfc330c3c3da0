"""Served by real processes: they answer, count together, and end cleanly."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from klartecken.api.serve import Listen, refuse_open, serve, utc_now
from klartecken.desk.desk import open_desk
from klartecken.desk.errors import StorageError
from klartecken.desk.people.accounts import new_token
from klartecken.desk.people.roles import DESK
from klartecken.errors import InputError
from tests.api.conftest import only_sqlite
from tests.desk.world import HERE, staff

PROGRAM = """
import sys
from klartecken.api.serve import Listen, serve
if __name__ == "__main__":
    url, home, port, workers = sys.argv[1:]
    serve(url, home, Listen(port=int(port), workers=int(workers)))
"""


@pytest.mark.parametrize("listen", [
    Listen(host="0.0.0.0"), Listen(host="::"), Listen(host="desk.example.com"),
    Listen(workers=0), Listen(port=70000), Listen(host="10.0.0.1", certificate=__file__),
    Listen(certificate="absent.pem", key=__file__),
])  # fmt: skip
def test_refused(listen: Listen) -> None:
    with pytest.raises(InputError):
        refuse_open(listen)


@pytest.mark.parametrize("listen", [
    Listen(), Listen(host="::1"), Listen(host="localhost"),
    Listen(host="0.0.0.0", behind_proxy=True),
    Listen(host="0.0.0.0", certificate=__file__, key=__file__),
])  # fmt: skip
def test_taken(listen: Listen) -> None:
    refuse_open(listen)


def test_no_such_desk(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        serve(str(tmp_path / "none.sqlite"))


def ask(port: int, method: str, path: str, token: str = "", body: Any = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Content-Type": "application/json", "Connection": "close"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


@only_sqlite
def test_two_workers(kind: str, url: str, tmp_path: Path) -> None:
    desk = open_desk(url, tmp_path / "home", clock=utc_now)
    with desk.work(DESK, HERE) as work:
        staff(work)
        token = new_token(work, 2)[1]
    desk.close()
    program = tmp_path / "served.py"
    program.write_text(PROGRAM)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path / "log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, str(program), url, str(tmp_path / "home"), str(port), "2"],
            stdout=out, stderr=out, env=os.environ,
        )  # fmt: skip
    try:
        await_health(server, port, log)
        asked = {"item": "nvidia-h20", "to": "CN", "on": "2025-07-15", "exporter": "NVIDIA"}
        for _ in range(12):
            status, raw = ask(port, "POST", "/determinations", token, asked)
            assert (status, json.loads(raw)["verdict"]["outcome"]) == (200, "licence_required")
        status, metrics = ask(port, "GET", "/metrics", token)
        counted = [line for line in metrics.decode().splitlines()
                   if line.startswith('klartecken_determinations_total{outcome="lic')]  # fmt: skip
        assert [line.split()[-1] for line in counted] == ["12.0"]  # of both workers
        assert ask(port, "GET", "/me")[0] == 401
    finally:
        server.send_signal(signal.SIGTERM)
        code = server.wait(60)
    told = log.read_text()
    assert code in (0, -signal.SIGTERM), told
    assert "Traceback" not in told, told
    assert "POST /determinations 200" in told
    assert token not in told


def await_health(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    import time

    for _ in range(600):
        try:
            if ask(port, "GET", "/health")[0] == 200:
                return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.1)
    raise AssertionError(log.read_text())
