"""The thread that delivers to webhooks, and forgets old idempotency keys."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from klartecken.api.idempotency import forget
from klartecken.api.settings import Settings
from klartecken.desk.desk import Desk
from klartecken.desk.hooks.deliver import deliver_due
from klartecken.errors import KlarteckenError
from klartecken.feed.hooks import post_hook

LOG = logging.getLogger("klartecken.api.deliveries")
STOPPING = 15.0  # seconds that an attempt under way may still take


class Deliveries:
    """Delivers what is due, every so many seconds, until it is stopped."""

    def __init__(self, desk: Desk, settings: Settings) -> None:
        self._desk, self._settings = desk, settings
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._post = partial(_post, settings.inside_hooks)

    def start(self) -> None:
        """Begin, if the settings say so."""
        if self._settings.deliver > 0:
            self._stop.clear()
            self._thread = threading.Thread(target=self._run, name="deliveries", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End after the attempt under way."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(STOPPING)

    def _run(self) -> None:
        while not self._stop.wait(self._settings.deliver):
            try:
                while not self._stop.is_set() and self.once():
                    pass
                forget(self._desk, self._desk.clock() - timedelta(self._settings.kept_keys))
            except KlarteckenError as err:
                LOG.error("%s", err.line())
            except Exception:  # the thread must live: the next look may do better
                LOG.exception("delivering failed")

    def once(self) -> bool:
        """Deliver one that is due; was there one?"""
        sent = deliver_due(self._desk, self._post, self._desk.clock(), most=1)
        for one in sent:
            LOG.info("delivery %s: %s", one.delivery, one.error or "done")
        return bool(sent)


def _post(inside: bool, url: str, body: bytes, headers: Mapping[str, str]) -> int:
    return post_hook(url, body, headers, inside=inside)
