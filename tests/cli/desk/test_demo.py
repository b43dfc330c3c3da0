"""The story of the H20 as one command; its text is pinned by docs/desk.md."""

from __future__ import annotations

import json
from pathlib import Path

from tests.house.program import klartecken


def test_the_story_is_told_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "story.sqlite"
    ran = klartecken("desk", "demo", "--json", "--db", str(path))
    assert ran.code == 0, ran.err
    days = {told["day"]: told for told in json.loads(ran.out)}
    assert days["2025-04-07"]["lines"]["H20-B"]["state"] == "released"
    assert days["2025-07-15"]["rung"] == 3
    for day in ("2025-04-09", "2025-07-15", "2025-08-06", "2025-08-08", "2025-08-26"):
        assert {name: held["state"] for name, held in days[day]["lines"].items()} == {
            "H20-A": "shipped", "H20-B": "held", "H20-C": "held", "H20-D": "held",
        }  # fmt: skip
    for day in ("2025-07-15", "2025-08-06", "2025-08-08", "2025-08-26"):
        assert any("release H20-B" in refused for refused in days[day]["refused"]), day
    last = days["2025-08-27"]
    assert {name: held["state"] for name, held in last["lines"].items()} == {
        "H20-A": "shipped", "H20-B": "shipped", "H20-C": "held", "H20-D": "held",
    }  # fmt: skip
    assert path.exists()
    before = path.read_bytes()
    ran = klartecken("desk", "demo", "--db", str(path))
    assert (ran.code, ran.out) == (2, "")
    assert "is already there" in ran.err
    assert path.read_bytes() == before
