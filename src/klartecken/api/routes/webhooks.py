"""Webhooks: where events are told to, what was delivered, and doing it once more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import Query
from sqlalchemy import Connection, select

from klartecken.api.answer import Answer, created
from klartecken.api.models.base import Ident, PageOf
from klartecken.api.models.people import Why
from klartecken.api.models.webhooks import (
    DeliveryOut,
    NewWebhook,
    Replayed,
    SecretOut,
    Since,
    WebhookChange,
    WebhookOut,
)
from klartecken.api.pages import Page, page_of
from klartecken.api.subject import Caller, Subject, Version
from klartecken.desk.hooks import webhooks
from klartecken.desk.storage.tables.plumbing import DELIVERIES, WEBHOOKS
from klartecken.desk.work import Work, get
from klartecken.feed.hooks import check_hook

WEBHOOKS_API = Subject(
    "webhooks", "Events told to other programs, signed with HMAC-SHA256 (`Klartecken-Signature: "
    "t=SECONDS,v1=HEX`, over the seconds, a full stop and the body), at least once each."
)  # fmt: skip
S = WEBHOOKS_API


def out(row: Mapping[str, Any]) -> dict[str, Any]:
    """A webhook as it is told: nothing of its secret."""
    return {name: row[name] for name in WebhookOut.model_fields}


@S.read("/webhooks", "webhook.manage", PageOf[WebhookOut])
def list_webhooks(connection: Connection, page: Page) -> Answer:
    """Webhooks by id."""
    return page_of(connection, select(WEBHOOKS), [WEBHOOKS.c.id], page, out)


@S.act("/webhooks", "webhook.manage", SecretOut, 201)
def add_webhook(work: Work, body: NewWebhook, caller: Caller) -> Answer:
    """Add a webhook. The secret that signs is shown this once."""
    check_hook(webhooks.read_url(body.url), caller.settings.inside_hooks)
    ident, secret = webhooks.add_webhook(work, body.url, body.events)
    row = {**out(work.get(WEBHOOKS, ident)), "secret": None}
    return created(f"/webhooks/{ident}", row, secret=secret)


@S.read("/webhooks/{ident}", "webhook.manage", WebhookOut)
def one_webhook(connection: Connection, ident: Ident) -> dict[str, Any]:
    """A webhook."""
    return out(get(connection, WEBHOOKS, ident))


@S.edit("/webhooks/{ident}", "webhook.manage", WebhookOut)
def change_webhook(
    work: Work, ident: Ident, body: WebhookChange, version: Version, caller: Caller
) -> dict[str, Any]:
    """Another address, other events, or off and on."""
    if body.url is not None:
        check_hook(webhooks.read_url(body.url), caller.settings.inside_hooks)
    return out(webhooks.change_webhook(
        work, ident, url=body.url, events=body.events, active=body.active, expected=version,
        why=body.why or "",
    ))  # fmt: skip


@S.act("/webhooks/{ident}/secret", "webhook.manage", SecretOut)
def new_secret(work: Work, ident: Ident, body: Why) -> Answer:
    """Another secret in place of the one before, at once. It is shown this once."""
    secret = webhooks.new_secret(work, ident, why=body.why or "")
    row = {**out(work.get(WEBHOOKS, ident)), "secret": None}
    return Answer(row, version=row["version"], once={"secret": secret})


@S.read("/webhooks/{ident}/deliveries", "webhook.manage", PageOf[DeliveryOut])
def list_deliveries(
    connection: Connection, ident: Ident, page: Page,
    state: Annotated[Literal["waiting", "done", "failed"] | None, Query()] = None,
) -> Answer:  # fmt: skip
    """Deliveries of a webhook, the newest first."""
    get(connection, WEBHOOKS, ident)
    query = select(DELIVERIES).where(DELIVERIES.c.webhook == ident)
    if state is not None:
        query = query.where(DELIVERIES.c.state == state)
    return page_of(connection, query, [DELIVERIES.c.id], page, down=True)


@S.act("/webhooks/{ident}/deliveries/{delivery}/replay", "webhook.manage", DeliveryOut)
def replay(work: Work, ident: Ident, delivery: Ident, body: Why) -> dict[str, Any]:
    """Deliver once more, with the same event id."""
    return webhooks.replay(work, ident, delivery, body.why or "")


@S.act("/webhooks/{ident}/replay", "webhook.manage", Replayed)
def replay_since(work: Work, ident: Ident, body: Since) -> dict[str, Any]:
    """Deliver once more all that failed, or all, since a moment."""
    count = webhooks.replay_since(work, ident, body.since, body.only_failed, body.why or "")
    return {"deliveries": count}
