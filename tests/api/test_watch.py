"""A desk that is served notices what another process writes into its home."""

from __future__ import annotations

import threading

from klartecken.api.watch import Watch


class Noticed:
    """A desk that says when it was looked at, and cannot be looked at the first time."""

    def __init__(self) -> None:
        self.times = 0
        self.again = threading.Event()

    def refresh(self) -> None:
        self.times += 1
        if self.times == 1:
            raise OSError("gone")
        self.again.set()


def test_it_looks_again_and_again_also_after_a_failure() -> None:
    desk = Noticed()
    watch = Watch(desk, 0.001)  # type: ignore[arg-type]
    watch.start()
    assert desk.again.wait(20)
    watch.stop()
