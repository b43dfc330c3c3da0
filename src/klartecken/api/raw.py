"""Bodies that are no JSON: the bytes of a file, or text such as CSV."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from klartecken.api.problems import ApiError
from klartecken.desk.storage.columns import storable

FILE = ("application/octet-stream",)
TEXTS = ("text/csv", "text/plain")


async def _bytes(request: Request) -> bytes:
    raw = await request.body()
    request.scope["klartecken.body"] = raw  # a repetition is known by it
    return raw


async def _text(request: Request) -> str:
    raw = await _bytes(request)
    try:
        return storable(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as err:
        raise ApiError(400, "text", "the body is no text in UTF-8", where="body") from err


#: The body as it is, of endpoints that take :data:`FILE`.
Bytes = Annotated[bytes, Depends(_bytes)]
#: The body as text, of endpoints that take :data:`TEXTS`.
Text = Annotated[str, Depends(_text)]
