"""Webhooks: where events are told to, and which."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from klartecken.desk.errors import Conflict, NotFound
from klartecken.desk.hooks.deliver import DONE, FAILED, WAITING
from klartecken.desk.storage.columns import storable
from klartecken.desk.storage.tables.plumbing import DELIVERIES, WEBHOOK_SECRETS, WEBHOOKS
from klartecken.desk.work import Row, Work
from klartecken.errors import InputError

LONGEST_URL, MOST_EVENTS, MOST_HOOKS = 2000, 50, 50
_EVENT = re.compile(r"[a-z_]{1,30}(\.[a-z_]{1,30}){0,2}\Z")


def add_webhook(work: Work, url: str, events: Iterable[str] = ()) -> tuple[int, str]:
    """A new webhook: its id, and the secret that signs, which is shown this once.

    Args:
        url: where to; whoever calls has checked that it is an address that may be reached.
        events: which; none: all.

    Raises:
        Forbidden: the person may not.
        InputError: the address is too long, or an event cannot be one.
        Conflict: there are too many.
    """
    work.require("webhook.manage")
    if len(work.find(WEBHOOKS)) >= MOST_HOOKS:
        raise Conflict(f"there are already {MOST_HOOKS} webhooks")
    secret = _new_secret()
    ident = work.insert(WEBHOOKS, "webhooks.add", {
        "url": read_url(url), "secret_hash": _digest(secret), "events": read_events(events),
        "active": True, "owner": work.person.id, "created_at": work.now,
    })  # fmt: skip
    work.connection.execute(insert(WEBHOOK_SECRETS).values(webhook=ident, secret=secret))
    return ident, secret


def change_webhook(
    work: Work, ident: int, *, url: str | None = None, events: Iterable[str] | None = None,
    active: bool | None = None, expected: int | None = None, why: str = "",
) -> Row:  # fmt: skip
    """Another address, other events, or off and on. What waits goes to the new address.

    Raises:
        Forbidden, InputError, NotFound, Stale: as usual.
    """
    work.require("webhook.manage")
    said = {
        "url": None if url is None else read_url(url),
        "events": None if events is None else read_events(events), "active": active,
    }  # fmt: skip
    changes = {name: value for name, value in said.items() if value is not None}
    return work.update(WEBHOOKS, ident, "webhooks.change", changes, why, expected)


def new_secret(work: Work, ident: int, expected: int | None = None, why: str = "") -> str:
    """Another secret in place of the one before, at once.

    Raises:
        Forbidden, NotFound, Stale: as usual.
    """
    work.require("webhook.manage")
    secret = _new_secret()
    changes = {"secret_hash": _digest(secret)}
    work.update(WEBHOOKS, ident, "webhooks.new_secret", changes, why, expected)
    work.connection.execute(
        update(WEBHOOK_SECRETS).where(WEBHOOK_SECRETS.c.webhook == ident).values(secret=secret)
    )
    return secret


def replay(work: Work, ident: int, delivery: int, why: str = "") -> Row:
    """Deliver once more what was delivered, or what failed; with the same event id.

    Raises:
        NotFound: the webhook has no such delivery.
        Conflict: it waits anyway.
        Forbidden: the person may not.
    """
    work.require("webhook.manage")
    held = delivery_of(work.connection, ident, delivery)
    if held["state"] == WAITING:
        raise Conflict("this delivery waits already")
    _wait_again(work, [delivery])
    work.note("webhooks.replay", WEBHOOKS, ident, why, {"deliveries": [delivery]})
    return delivery_of(work.connection, ident, delivery)


def replay_since(
    work: Work, ident: int, since: datetime, only_failed: bool = True, why: str = ""
) -> int:
    """Deliver everything of a webhook once more that came since a moment; how many.

    Raises:
        NotFound, Forbidden: as usual.
    """
    work.require("webhook.manage")
    work.get(WEBHOOKS, ident)
    states = (FAILED,) if only_failed else (FAILED, DONE)
    found = work.connection.execute(
        select(DELIVERIES.c.id).where(
            DELIVERIES.c.webhook == ident, DELIVERIES.c.state.in_(states),
            DELIVERIES.c.created_at >= since,
        ).order_by(DELIVERIES.c.id)
    ).scalars().all()  # fmt: skip
    _wait_again(work, found)
    told = {"since": since, "deliveries": len(found), "only_failed": only_failed}
    work.note("webhooks.replay", WEBHOOKS, ident, why, told)
    return len(found)


def delivery_of(connection: Connection, webhook: int, delivery: int) -> Row:
    """A delivery of a webhook.

    Raises:
        NotFound: it has none of that id.
    """
    found = connection.execute(
        select(DELIVERIES).where(DELIVERIES.c.id == delivery, DELIVERIES.c.webhook == webhook)
    ).mappings().one_or_none()  # fmt: skip
    if found is None:
        raise NotFound(f"webhook {webhook} has no delivery {delivery}")
    return dict(found)


def read_url(url: str) -> str:
    """An address without blanks or control characters, of a sane length; InputError else."""
    if not url or len(url) > LONGEST_URL or not url.isascii() or not url.isprintable():
        raise InputError("is no address", where="url", next_step="Write it like https://host/path")
    if any(mark in url for mark in " \"'<>\\^`{|}"):
        raise InputError("holds a character that no address has", where="url")
    return storable(url)


def read_events(events: Iterable[str]) -> list[str]:
    """Names of events, sorted; InputError where one cannot be one."""
    held = sorted({*events})
    wrong = [name for name in held if not _EVENT.match(name)]
    if wrong or len(held) > MOST_EVENTS:
        raise InputError(
            f"{wrong[0][:60]!r} is no event" if wrong else f"more than {MOST_EVENTS} events",
            where="events", next_step="Write them like line.released; none for all of them",
        )  # fmt: skip
    return held


def _wait_again(work: Work, deliveries: Iterable[int]) -> None:
    for ident in deliveries:
        work.connection.execute(
            update(DELIVERIES).where(DELIVERIES.c.id == ident)
            .values(state=WAITING, tries=0, next_at=work.now, last_error="")
        )  # fmt: skip


def _new_secret() -> str:
    return f"whsec_{secrets.token_urlsafe(32)}"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
