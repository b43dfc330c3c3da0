"""A desk that is served notices what another process writes into its home."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from klartecken.api.watch import Watch, footprint


class Noticed:
    """A desk that counts how often it was told."""

    times = 0

    def refresh(self) -> None:
        self.times += 1


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


CHANGES: list[Callable[[Path], object]] = [
    lambda home: write(home / "decisions.jsonl", "one\ntwo\n"),
    lambda home: write(home / "lists/2026-08-01-abc/head.json", "{}"),
    lambda home: write(home / "lists/2026-07-31-abc/part/x.npy", "longer"),
    lambda home: (home / "decisions.jsonl").unlink(),
    lambda home: (home / "lists").rename(home / "gone"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_noticed_once(tmp_path: Path, change: Callable[[Path], object]) -> None:
    home, desk = tmp_path / "home", Noticed()
    write(home / "decisions.jsonl", "one\n")
    write(home / "lists/2026-07-31-abc/part/x.npy", "short")
    watch = Watch(desk, home)  # type: ignore[arg-type]
    assert (watch.look(), desk.times) == (False, 0)
    change(home)
    assert (watch.look(), watch.look(), desk.times) == (True, False, 1)


def test_a_home_that_is_made_later(tmp_path: Path) -> None:
    home, desk = tmp_path / "home", Noticed()
    assert footprint(home) == frozenset()
    watch = Watch(desk, home)  # type: ignore[arg-type]
    write(home / "lists/a/head.json", "{}")
    assert (watch.look(), desk.times) == (True, 1)
