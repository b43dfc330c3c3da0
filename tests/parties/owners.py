"""Owners for tests: Marlow Sonics holds half of Nordlicht until a day; Tern may hold some of R2."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from klartecken.logic.tri import NO, UNKNOWN, YES, Tri
from klartecken.parties.party import Party
from klartecken.parties.resolve.owners import Owned, Seat, Seed

END = date(2026, 11, 22)
OWNER = {"Nordlicht Oy": "Marlow Sonics", "Tern Foundry": "marlow works"}


class Chain:
    """One owner for each of two parties, with one half."""

    turns = frozenset({END})

    def find(self, party: Party) -> str | None:
        return party.name if party.name in OWNER else None

    def above(self, ident: str, day: date) -> Mapping[str, Party]:
        return {"owner": Party(OWNER[ident])} if day < END else {}

    def owned(self, ident: str, seeds: Mapping[str, tuple[Seed, ...]], day: date) -> Owned:
        mine = seeds.get("owner", ())
        states: set[Tri] = {seed.status for seed in mine}
        status = YES if YES in states else UNKNOWN if states else NO
        held = {n for seed in mine for n in seed.footnotes}
        policies = tuple(sorted({seed.review_policy for seed in mine if seed.review_policy}))
        sure = {n for seed in mine if seed.status is YES for n in seed.footnotes}
        return Owned(status, tuple(sorted(sure)), tuple(sorted(held)), policies,
                     paths=(f"{OWNER[ident]} 50 %",))  # fmt: skip

    def seat(self, ident: str, day: date) -> Seat:
        return Seat(("FI",), (), "test") if ident == "Nordlicht Oy" else Seat()
