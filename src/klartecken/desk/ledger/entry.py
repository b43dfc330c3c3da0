"""One entry of the ledger, and the hash that chains it to the one before."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from klartecken.desk.storage.columns import canonical, stamp

START = "0" * 64  # what the first entry follows


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what to which record, when, by what way, and why.

    Attributes:
        seq: 1, 2, 3 ... without a gap.
        at: when (UTC).
        person: id of who did it; 0 is the desk itself.
        channel: where and on what it was entered, as ``api 10.1.2.3`` or ``command line host``.
        action: what was done, as ``licence.register``.
        subject, subject_id: table and id of the record.
        why: the reason given.
        old, new: the changed columns before and after, as plain data.
        keys: search keys: ``{"party": [...], "country": [...], "reference": [...]}``.
        previous: hash of the entry before.
        hash: SHA-256 over everything else.
    """

    seq: int
    at: datetime
    person: int
    channel: str
    action: str
    subject: str
    subject_id: int
    why: str
    old: Any
    new: Any
    keys: Mapping[str, list[str]]
    previous: str
    hash: str = ""

    def sealed(self) -> str:
        """The hash that the entry must have."""
        body = [
            self.seq, stamp(self.at), self.person, self.channel, self.action, self.subject,
            self.subject_id, self.why, self.old, self.new, dict(self.keys), self.previous,
        ]  # fmt: skip
        return hashlib.sha256(canonical(body).encode()).hexdigest()
