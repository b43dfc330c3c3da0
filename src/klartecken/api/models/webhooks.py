"""Webhooks and deliveries."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from klartecken.api.models.base import Ident, Moment, Prose, Said, Told

Event = Annotated[str, Field(pattern=r"^[a-z_]{1,30}(\.[a-z_]{1,30}){0,2}$",
                             examples=["line.released"])]  # fmt: skip
Events = Annotated[list[Event], Field(max_length=50, description="Which; none: all")]
Address = Annotated[str, Field(min_length=1, max_length=2000,
                               examples=["https://example.com/hooks"])]  # fmt: skip


class NewWebhook(Said):
    """A new webhook."""

    url: Address
    events: Events = Field(default_factory=list)


class WebhookChange(Said):
    """What is to be different."""

    url: Address | None = None
    events: Events | None = None
    active: bool | None = None
    why: Prose | None = None


class WebhookOut(Told):
    """Where events are told to."""

    id: Ident
    version: int
    url: str
    events: list[str]
    active: bool
    owner: int
    created_at: Moment


class SecretOut(WebhookOut):
    """A webhook with its secret."""

    secret: Annotated[str | None, Field(description="Shown this once; null when repeated")]


class DeliveryOut(Told):
    """One event for one webhook."""

    id: Ident
    webhook: Ident
    event: str
    event_id: str
    body: dict[str, Any]
    created_at: Moment
    state: Literal["waiting", "done", "failed"]
    tries: int
    next_at: Moment | None
    last_error: str


class Since(Said):
    """Which deliveries are to be made once more."""

    since: Moment
    only_failed: bool = True
    why: Prose | None = None


class Replayed(Told):
    """How many deliveries are to be made once more."""

    deliveries: int
