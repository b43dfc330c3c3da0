"""Screenings that are remembered: a party is screened once against a snapshot.

Screening is a pure function of the party and of the snapshot (see
:class:`~klartecken.parties.resolve.context.Context`), so what it said once it says again.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from klartecken.parties.party import Party
from klartecken.parties.resolve.context import Context
from klartecken.parties.screened import Screening

MOST = 300_000  # screenings; then those that were put there first go

Key = tuple[str, str]


class Remembered:
    """The screenings of one screener.

    Args:
        context: whose screener it is.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._held: dict[Key, Screening] = {}
        self._lock = threading.Lock()

    def is_of(self, context: Context) -> bool:
        """Does the context screen with the same screener, against the same snapshots?"""
        mine = self._context
        return (context.screen is mine.screen and context.screen_many is mine.screen_many
                and context.covers == mine.covers)  # fmt: skip

    def over(self, context: Context) -> Context:
        """The context with this memory before its screener."""
        if context.screen is None:
            return context
        many = None if context.screen_many is None else self.many
        return replace(context, screen=self.one, screen_many=many)

    def one(self, party: Party, day: date) -> Screening:
        """As the context's ``screen``."""
        assert self._context.screen is not None
        key = self._key(party, day)
        found = self._held.get(key)
        if found is None:
            found = self._context.screen(party, day)
            self._keep({key: found})
        return found

    def many(self, parties: Sequence[Party], day: date) -> Sequence[Screening]:
        """As the context's ``screen_many``."""
        assert self._context.screen_many is not None
        keys = [self._key(party, day) for party in parties]
        held = {key: self._held[key] for key in keys if key in self._held}
        new = [place for place, key in enumerate(keys) if key not in held]
        if new:
            screened = self._context.screen_many([parties[place] for place in new], day)
            fresh = {keys[p]: one for p, one in zip(new, screened, strict=True)}
            self._keep(fresh)
            held |= fresh
        return [held[key] for key in keys]

    def _key(self, party: Party, day: date) -> Key:
        cover = self._context.cover(day)
        return party.hash, "" if cover is None else cover.hash

    def _keep(self, fresh: dict[Key, Screening]) -> None:
        with self._lock:
            self._held |= fresh
            for key in list(self._held)[: max(0, len(self._held) - MOST)]:
                del self._held[key]
