"""Delivering what waits in the outbox: signed, retried, at least once.

What reaches the network is an argument, so that all of this can be tested without one. A
delivery is claimed for a while before it is sent: several workers do not send it twice, and
what a killed worker had claimed is sent when the claim is over. Whoever receives it knows by
the event's id what it has had already.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, update

from klartecken.desk.desk import Desk
from klartecken.desk.people.roles import DESK
from klartecken.desk.storage.columns import canonical
from klartecken.desk.storage.connect import writing
from klartecken.desk.storage.tables.plumbing import DELIVERIES, WEBHOOK_SECRETS, WEBHOOKS
from klartecken.errors import KlarteckenError

WAITING, DONE, FAILED = "waiting", "done", "failed"
#: Seconds until the next attempt, after each failed one; after the last it has failed.
BACKOFF = (10, 60, 300, 1800, 7200, 21600, 43200, 86400)
CLAIM = timedelta(seconds=120)  # longer than any attempt may take
LONGEST_ERROR = 300

#: Sends a body with headers to an address; the status of the answer. Raises KlarteckenError.
Post = Callable[[str, bytes, Mapping[str, str]], int]


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of an attempt.

    Attributes:
        delivery: its id.
        error: why it was not delivered; empty: it was.
    """

    delivery: int
    error: str = ""


def signature(secret: str, moment: datetime, body: bytes) -> str:
    """The header ``Klartecken-Signature``: ``t=SECONDS,v1=HEX``.

    HEX is HMAC-SHA256 with the webhook's secret over the seconds, a full stop and the body.

    >>> from datetime import UTC, datetime
    >>> signature("whsec_x", datetime(2025, 7, 15, tzinfo=UTC), b"{}")[:15]
    't=1752537600,v1'
    """
    seconds = int(moment.timestamp())
    mark = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256)
    return f"t={seconds},v1={mark.hexdigest()}"


def deliver_due(desk: Desk, post: Post, now: datetime, most: int = 20) -> list[Sent]:
    """Send what is due, the oldest first; what came of each.

    Args:
        post: reaches the network.
        most: how many at most.
    """
    sent = []
    for row in _claim(desk, now, most):
        error = _attempt(row, post, now)
        with writing(desk.engine) as connection:
            connection.execute(
                update(DELIVERIES)
                .where(DELIVERIES.c.id == row["id"], DELIVERIES.c.state == WAITING)
                .values(**_after(row["tries"], error, now))
            )
        sent.append(Sent(row["id"], error))
    return sent


def waiting(connection: Connection) -> int:
    """How many deliveries wait."""
    query = select(func.count()).select_from(DELIVERIES).where(DELIVERIES.c.state == WAITING)
    return int(connection.execute(query).scalar() or 0)


def _claim(desk: Desk, now: datetime, most: int) -> list[dict[str, Any]]:
    """Mark what is due as being sent; each row with address and secret beside it."""
    due = (
        select(DELIVERIES, WEBHOOKS.c.url, WEBHOOK_SECRETS.c.secret)
        .join(WEBHOOKS, WEBHOOKS.c.id == DELIVERIES.c.webhook)
        .join(WEBHOOK_SECRETS, WEBHOOK_SECRETS.c.webhook == DELIVERIES.c.webhook)
        .where(DELIVERIES.c.state == WAITING, DELIVERIES.c.next_at <= now, WEBHOOKS.c.active)
        .order_by(DELIVERIES.c.next_at, DELIVERIES.c.id).limit(most)
    )  # fmt: skip
    with desk.read() as connection:  # mostly there is nothing, and nobody needs to wait for us
        if not connection.execute(due.limit(1)).first():
            return []
    with desk.work(DESK, "webhooks") as work:
        rows = [dict(row) for row in work.connection.execute(due).mappings()]
        for row in rows:
            row["tries"] += 1
            work.connection.execute(
                update(DELIVERIES).where(DELIVERIES.c.id == row["id"])
                .values(tries=row["tries"], next_at=now + CLAIM)
            )  # fmt: skip
    return rows


def _attempt(row: Mapping[str, Any], post: Post, now: datetime) -> str:
    """Send one; why it was not delivered, or an empty text."""
    body = canonical(row["body"]).encode()
    headers = {
        "Content-Type": "application/json",
        "Klartecken-Event": row["event"],
        "Klartecken-Event-Id": row["event_id"],
        "Klartecken-Delivery": str(row["id"]),
        "Klartecken-Signature": signature(row["secret"], now, body),
    }
    try:
        status = post(row["url"], body, headers)
    except KlarteckenError as err:
        return err.what[:LONGEST_ERROR]
    return "" if 200 <= status < 300 else f"the server answers {status}"


def _after(tries: int, error: str, now: datetime) -> dict[str, Any]:
    if not error:
        return {"state": DONE, "next_at": None, "last_error": ""}
    if tries > len(BACKOFF):
        return {"state": FAILED, "next_at": None, "last_error": error}
    wait = timedelta(seconds=BACKOFF[tries - 1])
    return {"state": WAITING, "next_at": now + wait, "last_error": error}
