"""Notices when lists, decisions, register or owners change on disc while a desk is served.

Another process updates them (`klartecken lists update`, `klartecken parties decide`). A server
that went on with what it read at its start would let a party pass that is listed by now.
"""

from __future__ import annotations

import logging
import os
import threading
from pathlib import Path

from klartecken.desk.desk import Desk

LOG = logging.getLogger("klartecken.api.watch")
EVERY = 2.0  # seconds between two looks
DEEPEST = 3  # folders below the home that are looked at

Print = frozenset[tuple[str, int, int]]


def footprint(home: Path) -> Print:
    """Name, time and size of every file: another one when anything was written."""
    found: set[tuple[str, int, int]] = set()
    folders = [(str(home), 0)]
    while folders:
        folder, depth = folders.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    held = entry.stat()
                    if entry.is_dir():
                        if depth < DEEPEST:
                            folders.append((entry.path, depth + 1))
                        continue
                    found.add((entry.path, held.st_mtime_ns, held.st_size))
        except OSError:  # not there (yet), or just replaced: the next look sees it
            continue
    return frozenset(found)


class Watch:
    """Lets a desk read its home anew when it has changed."""

    def __init__(self, desk: Desk, home: Path) -> None:
        self._desk, self._home = desk, home
        self._seen = footprint(home)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def look(self) -> bool:
        """Look once; has it changed?"""
        now = footprint(self._home)
        if now == self._seen:
            return False
        self._seen = now
        self._desk.refresh()
        LOG.info("lists, decisions, register or owners have changed: read anew")
        return True

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()
        self._thread.join(EVERY)

    def _run(self) -> None:
        while not self._stop.wait(EVERY):
            self.look()
