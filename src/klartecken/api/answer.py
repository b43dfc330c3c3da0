"""What an endpoint gives back, and how it becomes a response: ready JSON, validated nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Response

from klartecken.desk.storage.columns import canonical

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an endpoint gives back.

    Attributes:
        body: plain data; bytes are sent as they are.
        status: of HTTP.
        version: of the record that the body tells of: its ETag.
        location: address of a new record.
        once: parts of the body that are told this once, and kept nowhere.
        headers: further headers.
        media: of bytes.
        lasting: nothing of the body can change while the version stays. Where it tells more
            than the record itself, a caller who has the version may not have all of it.
    """

    body: Any
    status: int = 200
    version: int | None = None
    location: str = ""
    once: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    media: str = JSON
    lasting: bool = True

    def all_headers(self) -> dict[str, str]:
        """ETag, Location and the others."""
        found = dict(self.headers)
        if self.version is not None:
            found["ETag"] = f'"{self.version}"'
            found["Cache-Control"] = "private, no-cache"
        if self.location:
            found["Location"] = self.location
        return found

    def response(self) -> Response:
        """As a response, with what is told once."""
        return respond(self.status, {**self.body, **self.once} if self.once else self.body,
                       self.all_headers(), self.media)  # fmt: skip


def respond(status: int, body: Any, headers: Mapping[str, str], media: str = JSON) -> Response:
    """A response of plain data, or of bytes that are ready."""
    raw = body if isinstance(body, bytes) else canonical(body).encode()
    return Response(raw, status, headers=dict(headers), media_type=media)


def answer_of(found: Any) -> Answer:
    """What an endpoint gave, as an answer: a record says its own version."""
    if isinstance(found, Answer):
        return found
    version = found.get("version") if isinstance(found, Mapping) else None
    return Answer(found, version=version if isinstance(version, int) else None)


def created(location: str, record: Mapping[str, Any], **once: Any) -> Answer:
    """A new record."""
    return Answer(record, 201, version=record["version"], location=location, once=once)
