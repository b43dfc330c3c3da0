"""JSON files, numbers exact, and their fields with readable errors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

from klartecken.errors import InputError
from klartecken.parties.ownership.readers.common import Cell, quoted


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def parse(text: str, where: str) -> Any:
    """JSON with decimals kept exact.

    Raises:
        InputError: not JSON.
    """
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError) as err:
        why = " ".join(str(err).split())[:120]
        raise InputError(f"is no JSON ({why})", where=where) from err


def load(path: Path) -> Any:
    """A whole JSON file."""
    return parse(_text(path), str(path))


def load_all(path: Path) -> Iterator[tuple[str, Any]]:
    """The statements of a JSON array or of JSON lines, with where each stands.

    An array is read whole; JSON lines are streamed.
    """
    with path.open(encoding="utf-8-sig") as file:
        first = file.read(1)
        while first.isspace():
            first = file.read(1)
    if first == "[":
        for number, item in enumerate(load(path), 1):
            yield f"{path.name}, statement {number}", item
        return
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    where = f"{path.name}, line {number}"
                    yield where, parse(line, where)
    except UnicodeDecodeError as err:
        raise InputError("is not UTF-8", where=str(path)) from err


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as err:
        raise InputError("is not UTF-8", where=str(path)) from err


def obj(value: Any, field: str) -> dict[str, Any]:
    """An object; nothing counts as an empty one."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Cell(field, f"{quoted(str(value))} is no object")
    return value


def items(value: Any, field: str) -> list[dict[str, Any]]:
    """A list of objects; nothing counts as an empty one."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise Cell(field, f"{quoted(str(value))} is no list")
    return [obj(item, field) for item in value]


def text(value: Any, field: str) -> str:
    """A text; nothing counts as an empty one."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Cell(field, f"{quoted(str(value))} is no text")
    return value


def percent(value: Any, field: str) -> Fraction | None:
    """A number from 0 to 100, exact; None where there is none."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise Cell(field, f"{quoted(str(value))} is no number")
    if not 0 <= value <= 100 or (isinstance(value, Decimal) and len(format(value, "f")) > 17):
        raise Cell(field, f"{quoted(str(value))} is not within 0 to 100")
    return Fraction(value)
