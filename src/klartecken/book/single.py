"""One line of a book as a single question: the very call that `klartecken check` makes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from klartecken.book.coder import ordered
from klartecken.book.job import PLAIN, Job
from klartecken.book.key.blocks import ITEM
from klartecken.decide.ask import check
from klartecken.decide.determination import Determination
from klartecken.decide.named import ROLES, names_in

NAMED = {
    "ship_from": "ship_from", "activity": "activity", "exporter": "exporter",
    "consignee_hq": "hq", "parent_hq": "parent_hq", "end_use": "end_use", "listed": "listed",
}  # fmt: skip


def single(job: Job, row: Mapping[str, Any]) -> Determination:
    """The determination of one line.

    Args:
        job: the law and settings of the book.
        row: canonical column -> cell (None: not given); what the layout does not name is
            passed over, and constants may be left out. A destination that is not given is
            unknown.

    Raises:
        InputError: the line cannot be read.
    """
    settings = job.settings
    cells = {**{name: row.get(name) for name in job.layout.names}, **job.layout.constants}
    asked = {n: c for n, c in cells.items() if c is not None and n not in PLAIN}
    reader = next(reader for reader in job.readers if reader.holds_item)
    about = {n: c for n, c in asked.items() if n != ITEM and n in reader.block.columns}
    item = reader.item_of(asked.pop(ITEM, None), about)
    day = cells.get("ship_date") or row.get("ship_date")
    question: dict[str, Any] = {NAMED[n]: asked.pop(n) for n in NAMED if n in asked}
    to = asked.pop("destination", "unknown")
    parties = {role: names_in(asked.pop(role), role) for role in ROLES if role in asked}
    return check(
        item, to, day if isinstance(day, (date, str)) else job.on or "", **question,
        facts={name: asked[name] for name in ordered(tuple(asked))}, view=settings.view,
        strict=settings.strict, tf32_bits=settings.tf32_bits, world=job.world,
        consignee=parties.get("consignee"), end_user=parties.get("end_user"),
        purchaser=parties.get("purchaser"), intermediate=parties.get("intermediate"),
        parties=settings.parties,
    )  # fmt: skip
