"""The outbox: what webhooks are to be told, written with the change that it tells of."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from klartecken.desk.storage.columns import canonical, stamp
from klartecken.desk.storage.tables.plumbing import DELIVERIES, WEBHOOKS


def enqueue(
    connection: Connection, now: datetime, told: Iterable[tuple[str, Mapping[str, Any]]],
    next_id: Callable[[Table, int], int],
) -> None:  # fmt: skip
    """One delivery for each event and each webhook that wants it."""
    events = list(told)
    if not events:
        return
    wanted = select(WEBHOOKS).where(WEBHOOKS.c.active).order_by(WEBHOOKS.c.id)
    hooks = connection.execute(wanted).mappings().all()
    rows = []
    for place, (event, body) in enumerate(events):
        mark = canonical([event, body, stamp(now), place])
        event_id = hashlib.sha256(mark.encode()).hexdigest()[:32]
        whole = {"event": event, "event_id": event_id, "at": stamp(now), "data": dict(body)}
        for hook in hooks:
            if not hook["events"] or event in hook["events"]:
                rows.append({"webhook": hook["id"], "event": event, "event_id": event_id,
                             "body": whole, "created_at": now, "state": "waiting", "tries": 0,
                             "next_at": now, "last_error": ""})  # fmt: skip
    if rows:
        first = next_id(DELIVERIES, len(rows))
        connection.execute(
            insert(DELIVERIES), [{**row, "id": first + n} for n, row in enumerate(rows)]
        )
