"""The walk along the chain: every entry's hash, its place, and its rows in the search index."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, select

from klartecken.desk.ledger.compare import rank
from klartecken.desk.ledger.entry import START
from klartecken.desk.ledger.keys import indexed
from klartecken.desk.ledger.rawrows import raw, stream
from klartecken.desk.ledger.report import Anchor, Finding
from klartecken.desk.storage.tables.ledger import LEDGER, LEDGER_KEYS

_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def sealed_raw(row: Any) -> str:
    """The hash that an entry must have, from the row as the database holds it.

    The columns of data are canonical JSON, so their text is a part of the text that was hashed.

    Returns:
        Empty where the row holds what no entry can hold.
    """
    seq, at, person, channel, action, subject, ident, why, old, new, keys, previous, _ = row
    try:
        head = _text([seq, at, person, channel, action, subject, ident, why])
        if "null" in (old, new, keys):
            return ""
        parts = [head[1:-1], *("null" if v is None else v for v in (old, new, keys))]
        body = f"[{','.join(parts)},{_text(previous)}]"
        return hashlib.sha256(body.encode()).hexdigest()
    except (TypeError, ValueError):
        return ""


class Walk:
    """One walk along the ledger; ``count`` and ``head`` are known when it is over."""

    def __init__(self, connection: Connection, anchor: Anchor | None) -> None:
        self.connection = connection
        self.anchor = anchor
        self.count = 0
        self.head = Anchor(0, START)

    def findings(self) -> Iterator[Finding]:
        """Everything that is wrong with entries and index."""
        keys = _Keys(self.connection)
        last, previous = 0, START
        for row in stream(self.connection, raw(LEDGER).order_by(LEDGER.c.seq)):
            self.count += 1
            seq, before, held = row[0], row[-2], row[-1]
            if not isinstance(seq, int) or not isinstance(held, str):
                yield Finding("altered", "an entry has no number or no hash", "ledger", str(seq))
                continue
            whole = sealed_raw(row) == held
            if not whole:
                yield self._displaced(row) or Finding(
                    "altered", f"entry {seq} was altered: its hash does not fit", "ledger", seq
                )
            if seq != last + 1:
                yield _gap(last + 1, seq - 1)
            elif before != previous:
                yield Finding("broken", f"entry {seq} does not follow entry {last}", "ledger", seq,
                              "previous", previous, str(before))  # fmt: skip
            if self.anchor and seq == self.anchor.seq and held != self.anchor.hash:
                yield Finding("anchor", f"entry {seq} is not the one that was anchored", "ledger",
                              seq, "hash", self.anchor.hash, held)  # fmt: skip
            yield from keys.compare(seq, row[-3])
            last, previous = seq, held
        yield from keys.rest()
        self.head = Anchor(last, previous)
        if self.anchor and last < self.anchor.seq:
            yield _gap(last + 1, self.anchor.seq)

    def _displaced(self, row: Any) -> Finding | None:
        """Is it an untouched entry in another's place?"""
        before = select(LEDGER.c.seq).where(LEDGER.c.hash == row[-2])
        near = {row[0], *self.connection.execute(before).scalars()}
        for place in sorted({1, *near, *(n + 1 for n in near), *(n - 1 for n in near)}):
            if sealed_raw((place, *row[1:])) == row[-1]:
                what = f"what stands as entry {row[0]} was written as entry {place}"
                return Finding("reordered", what, "ledger", row[0], "seq", str(place), str(row[0]))
        return None


def _gap(first: int, last: int) -> Finding:
    what = f"entry {first} is missing" if first == last else (
        f"entries {first} to {last} are missing"
    )  # fmt: skip
    return Finding("removed", what, "ledger", first)


class _Keys:
    """The search index beside the entries, both by number."""

    def __init__(self, connection: Connection) -> None:
        query = raw(LEDGER_KEYS).order_by(LEDGER_KEYS.c.seq)
        self._groups = groupby(stream(connection, query), key=itemgetter(0))
        self._next = next(self._groups, None)

    def compare(self, seq: int, keys: Any) -> Iterator[Finding]:
        """Compare the rows of an entry; rows of entries that are not there come first."""
        yield from self._before(seq)
        held: list[tuple[Any, Any]] = []
        if self._next is not None and self._next[0] == seq:
            held = sorted(((kind, key) for _, kind, key in self._next[1]), key=repr)
            self._next = next(self._groups, None)
        if keys == "{}" and not held:
            return
        try:
            said = sorted(indexed(json.loads(keys)), key=repr)
        except (TypeError, ValueError, AttributeError):
            return  # told as altered
        if held != said:
            yield Finding("key", f"the search keys of entry {seq} are not those of the entry",
                          "ledger_keys", seq, "", repr(said), repr(held))  # fmt: skip

    def _before(self, seq: int | None) -> Iterator[Finding]:
        while self._next is not None and (seq is None or rank(self._next[0]) < rank(seq)):
            yield Finding("key", f"there are search keys of entry {self._next[0]}, and no such "
                          "entry", "ledger_keys", self._next[0])  # fmt: skip
            self._next = next(self._groups, None)

    def rest(self) -> Iterator[Finding]:
        """Rows after the last entry."""
        yield from self._before(None)
