"""Notices when lists, decisions, register or owners change on disc while a desk is served.

Another process updates them (`klartecken lists update`, `klartecken parties decide`). A server
that went on with what it read at its start would let a party pass that is listed by now. What
changes records looks by itself, each time; this is for questions, which change nothing.
"""

from __future__ import annotations

import logging
import threading

from klartecken.desk.desk import Desk

LOG = logging.getLogger("klartecken.api.watch")
EVERY = 2.0  # seconds between two looks


class Watch:
    """Lets a desk read its home anew when it has changed."""

    def __init__(self, desk: Desk, every: float = EVERY) -> None:
        self._desk, self._every = desk, every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()
        self._thread.join(self._every)

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            try:
                self._desk.refresh()
            except Exception:  # the next look may succeed; until then each question says why not
                LOG.exception("the home of the lists cannot be looked at")
