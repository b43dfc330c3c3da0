"""Processes killed at any moment lose nothing, double nothing and break nothing."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.house.places import ROOT

ROUNDS = 50


def test_killed_fifty_times(url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.desk.faults", url, str(ROUNDS), "20251122"],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    assert found["wrong"] == []
    assert found["killed"] >= ROUNDS // 2
