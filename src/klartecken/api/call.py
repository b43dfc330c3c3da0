"""A request that was let in: who asks, by what way, and what it says of repetition."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fastapi import Request

from klartecken.api.problems import ApiError
from klartecken.api.settings import Settings
from klartecken.desk.desk import Desk
from klartecken.desk.people.roles import Person

_KEY = re.compile(r"[\x21-\x7e]{1,200}\Z")
_TAG = re.compile(r'"([1-9][0-9]{0,9})"\Z')


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was let in.

    Attributes:
        desk: what it is about.
        settings: of the API.
        person: who asks.
        channel: where from, for the ledger.
        request: the request itself.
    """

    desk: Desk
    settings: Settings
    person: Person
    channel: str
    request: Request


def channel_of(request: Request) -> str:
    """Where a request comes from, as the ledger keeps it."""
    client = request.scope.get("client")
    return f"api {client[0]}" if client else "api"


def call_of(request: Request) -> Call:
    """The call that a request was let in as."""
    call = request.scope["klartecken.call"]
    assert isinstance(call, Call)
    return call


def idempotency_key(request: Request) -> str:
    """The key under which the answer is kept.

    Raises:
        ApiError: 400: none, several, or one that cannot be one.
    """
    keys = request.headers.getlist("idempotency-key")
    if len(keys) != 1 or not _KEY.match(keys[0]):
        raise ApiError(
            400, "idempotency-key",
            "the header Idempotency-Key is missing or cannot be read" if len(keys) < 2
            else "the header Idempotency-Key is given twice",
            where="Idempotency-Key",
            next_step="Give a new random text of up to 200 characters for each new request, and "
            "the same one when you repeat a request",
        )  # fmt: skip
    return keys[0]


def if_match(request: Request) -> int:
    """The version of the record that the caller saw.

    Raises:
        ApiError: 428: it is not said; 422: it cannot be read.
    """
    tags = request.headers.getlist("if-match")
    step = 'Read the record, and give its ETag, as If-Match: "3"'
    if not tags or tags[0].strip() in ("", "*"):
        raise ApiError(428, "if-match", "say which version of the record you saw",
                       where="If-Match", next_step=step)  # fmt: skip
    found = _TAG.match(tags[0].strip())
    if len(tags) > 1 or found is None:
        raise ApiError(422, "if-match", "is no ETag of a record", where="If-Match", next_step=step)
    return int(found[1])


def seen(request: Request, version: int) -> bool:
    """Has the caller this version already (If-None-Match)?"""
    tags = ",".join(request.headers.getlist("if-none-match")).split(",")
    return f'"{version}"' in {tag.strip().removeprefix("W/") for tag in tags}
