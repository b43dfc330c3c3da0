"""Around every request: an id, a limit of its size, headers, a line in the log, a count."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Iterable
from time import perf_counter
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from klartecken.api.gate import person_of_scope
from klartecken.api.metrics import Counts
from klartecken.api.problems import of_error, problem

ACCESS = logging.getLogger("klartecken.api.access")
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")
_PLAIN = re.compile(r"[^\x21-\x7e]")

#: Of every answer: it is data, and nothing that a browser should run, frame or keep.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Shell:
    """The outermost layer of the app.

    Args:
        app: what is inside.
        limit: bytes that a body may have.
        file_limit: bytes that a file may have, which the addresses in ``files`` take.
    """

    def __init__(self, app: ASGIApp, limit: int, file_limit: int, files: Iterable[str]) -> None:
        self.app, self.limit, self.file_limit = app, limit, file_limit
        paths = (re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)) for path in files)
        self._files = re.compile("|".join(paths) or r"(?!)")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = perf_counter()
        ident = _request_id(scope)
        scope["klartecken.request_id"] = ident
        status = 0
        limit = self.file_limit if self._files.fullmatch(scope["path"]) else self.limit

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _finish_headers(message, ident)
            await send(message)

        try:
            if _stated(scope) > limit:
                await _too_large(ident, limit)(scope, receive, told)
            else:
                await self.app(scope, _limited(receive, limit), told)
        except Exception as err:  # nothing else may end a request
            if status:
                raise
            await of_error(ident, err)(scope, receive, told)
        finally:
            seconds = perf_counter() - began
            counts: Counts = scope["app"].state.counts
            counts.request(scope.get("klartecken.route", "none"), status, seconds)
            _log(scope, ident, status, seconds)


def _request_id(scope: Scope) -> str:
    said = Headers(scope=scope).get("x-request-id", "")
    return said if _ID.match(said) else secrets.token_hex(8)


def _stated(scope: Scope) -> int:
    said = Headers(scope=scope).get("content-length", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0


def _too_large(ident: str, limit: int) -> Any:
    return problem(ident, 413, "too-large", f"more than {limit:,} bytes")


def _limited(receive: Receive, limit: int) -> Receive:
    count = 0

    async def counted() -> Message:
        nonlocal count
        message = await receive()
        if message["type"] == "http.request":
            count += len(message.get("body", b""))
            if count > limit:
                raise HTTPException(413, f"more than {limit:,} bytes")
        return message

    return counted


def _finish_headers(message: Message, ident: str) -> None:
    headers = MutableHeaders(scope=message)
    for name, text in HEADERS.items():
        headers[name] = text
    headers["X-Request-Id"] = ident
    headers.setdefault("Cache-Control", "no-store")


def _log(scope: Scope, ident: str, status: int, seconds: float) -> None:
    """One plain line: whatever the request said of its path cannot break it."""
    if not ACCESS.isEnabledFor(logging.INFO):
        return
    client = scope.get("client") or ("-",)
    person = person_of_scope(scope)
    path = _PLAIN.sub("?", scope.get("path", ""))[:200]
    who = person.id if person else "-"
    said = (ident, client[0], who, scope["method"], path, status, seconds * 1000)
    ACCESS.info("%s %s person=%s %s %s %s %.1fms", *said)
