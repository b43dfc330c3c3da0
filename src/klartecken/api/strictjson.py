"""JSON as it is meant: no name twice, no NaN, no half characters, not too deep, exact numbers."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from klartecken.api.problems import ApiError

DEEPEST = 20
LONGEST_NUMBER = 40


def read_json(raw: bytes) -> Any:
    """The data in a body.

    Raises:
        ApiError: 400, with what is wrong.
    """
    try:
        text = raw.decode("utf-8")
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_constant,
                           parse_float=_decimal, parse_int=_whole)  # fmt: skip
    except ApiError:
        raise
    except (ValueError, RecursionError) as err:
        raise _wrong(" ".join(str(err).split())[:200]) from err
    _look_through(found, "\\u" in text)  # only so can a text hold NUL or half a pair
    return found


def _wrong(what: str) -> ApiError:
    return ApiError(400, "json", f"the body is no JSON that is taken ({what})", where="body")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _wrong("a name stands twice in one object")
    return found


def _constant(name: str) -> Any:
    raise _wrong(f"{name} is no number")


def _decimal(text: str) -> Decimal:
    if len(text) > LONGEST_NUMBER:
        raise _wrong("a number is too long")
    return Decimal(text)


def _whole(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise _wrong("a number is too long")
    return int(text)


def _look_through(data: Any, texts: bool) -> None:
    """Refuse what is too deep, and texts that cannot be stored."""
    level, depth = [data], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise _wrong(f"more than {DEEPEST} levels deep")
        below: list[Any] = []
        for held in level:
            if isinstance(held, dict):
                below += held.values()
                below += held.keys() if texts else ()
            elif isinstance(held, list):
                below += held
            elif texts and isinstance(held, str):
                _refuse_halves(held)
        level = below


def _refuse_halves(text: str) -> None:
    if "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise _wrong("a text holds NUL or half a character")
