"""Entries of the ledger."""

from __future__ import annotations

from typing import Any

from klartecken.api.models.base import Ident, Moment, Told


class EntryOut(Told):
    """Who did what to which record, when, by what way, and why."""

    seq: Ident
    at: Moment
    person: int
    channel: str
    action: str
    subject: str
    subject_id: int
    why: str
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    keys: dict[str, list[str]]
    previous: str
    hash: str
