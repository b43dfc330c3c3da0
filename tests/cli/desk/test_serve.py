"""Serving in a process of its own: it starts, answers, and stops when it is told to."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from tests.cli.desk.office import Office
from tests.house.program import klartecken

PROGRAM = "from klartecken.cli import run; run()"


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def answer(url: str, token: str = "") -> tuple[int, bytes]:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=10) as found:
            return found.status, found.read()
    except urllib.error.HTTPError as err:
        return err.code, err.read()


def test_it_starts_answers_and_stops(office: Office) -> None:
    port = free_port()
    served = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "desk", "serve", "--port", str(port), "--db", office.url,
         "--home", str(office.folder / "home")],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    try:
        assert served.stderr is not None
        for line in served.stderr:  # until it says that it listens
            if f"http://127.0.0.1:{port}" in line:
                break
        root = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 60
        while True:
            try:
                status, _ = answer(f"{root}/health")
                break
            except OSError:
                assert time.monotonic() < deadline
                assert served.poll() is None
        assert status == 200
        status, body = answer(f"{root}/people")
        assert status == 401
        status, body = answer(f"{root}/people", office.tokens["Ada"])
        assert (status, len(json.loads(body)["items"])) == (200, 10)
        served.send_signal(signal.SIGTERM)
        assert served.wait(60) in (0, -signal.SIGTERM)
        assert "Traceback" not in served.stderr.read()
    finally:
        if served.poll() is None:
            served.kill()
        served.wait()
        if served.stderr is not None:
            served.stderr.close()


def test_what_is_not_served(office: Office) -> None:
    for more, told in (
        (("--host", "0.0.0.0"), "tokens would travel unencrypted"),
        (("--oidc-issuer", "https://x.example"), "go together"),
        (("--certificate", "absent.pem", "--key", "absent.key"), "there is no such file"),
        (("--db", "absent.sqlite"), "there is no such desk"),
    ):
        ran = klartecken("desk", "serve", "--db", office.url, *more)
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1), ran
        assert told in ran.err
