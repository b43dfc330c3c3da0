"""Records as lines of JSON: how tables of ownership are kept."""

from __future__ import annotations

import json
from datetime import date

from klartecken.parties.ownership.model import Holder, HqFact, Stake
from klartecken.parties.ownership.readers.common import Record
from klartecken.parties.ownership.share import read_share


def to_line(record: Record) -> str:
    """One record as a JSON array, its kind first."""
    if isinstance(record, Stake):
        s = record
        cells = [
            "stake", s.owner, s.owned, str(s.share), s.source, s.kind, _text(s.since),
            _text(s.until), s.note, s.where,
        ]  # fmt: skip
    elif isinstance(record, Holder):
        h = record
        is_us = {None: "", True: "yes", False: "no"}[h.is_us]
        cells = ["holder", h.id, h.name, h.country, is_us, h.lei, h.kind, h.source, h.where]
    else:
        f = record
        cells = [
            "hq", f.party, f.what, f.country, f.parent, f.source, _text(f.day), f.grade, f.where,
            _text(f.until),
        ]  # fmt: skip
    return json.dumps(cells, ensure_ascii=False, separators=(",", ":"))


def from_line(line: str) -> Record:
    """The record of a line.

    Raises:
        ValueError: no such line.
    """
    kind, *cells = json.loads(line)
    if kind == "stake":
        owner, owned, share, source, how, since, until, note, where = cells
        return Stake(
            owner, owned, read_share(share), source, how, _day(since), _day(until), note, where
        )
    if kind == "holder":
        party, name, country, is_us, lei, what, source, where = cells
        us = {"": None, "yes": True, "no": False}[is_us]
        return Holder(party, name, country, us, lei, what, source, where)
    if kind == "hq":
        party, what, country, parent, source, day, grade, where, until = cells
        told = (_day(day), grade, where, _day(until))
        return HqFact(party, what, country, parent, source, *told)
    raise ValueError(f"{kind!r} is no record")


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
