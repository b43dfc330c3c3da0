"""The reason that a person gives for what they do."""

from __future__ import annotations

from klartecken.desk.storage.columns import storable
from klartecken.errors import InputError

LONG = 1000


def read_reason(text: str, where: str = "why") -> str:
    """A reason; there must be one.

    Raises:
        InputError: none is given, it is too long, or cannot be stored.
    """
    text = storable(text).strip()
    if not text:
        raise InputError("a reason is needed", where=where)
    if len(text) > LONG:
        raise InputError(f"has {len(text)} characters, more than {LONG}", where=where)
    return text
