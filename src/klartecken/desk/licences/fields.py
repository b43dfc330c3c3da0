"""Reading what people say of a licence, cell by cell: exact, bounded, or refused."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from klartecken.desk.storage.columns import plain, scaled, storable
from klartecken.errors import InputError, UnknownName
from klartecken.facts.places import load_places
from klartecken.facts.text import one_line

LONGEST = 20_000  # characters of a long text
MOST = 1000  # entries of a list
EARLIEST, LATEST = 1900, 2999  # years
_SHA256 = re.compile(r"[0-9a-f]{64}")
_CURRENCY = re.compile(r"[A-Z]{3}")
Said = Mapping[str, Any]


def known(said: Any, names: Collection[str], where: str) -> Said:
    """The fields, if all of them are known.

    Raises:
        InputError: no fields at all, or one that we do not know.
    """
    if not isinstance(said, Mapping):
        raise InputError("is no set of fields", where=where)
    foreign = sorted(str(name) for name in said if name not in names)
    if foreign:
        raise InputError(f"{foreign[0]!r} is no field of it", where=where,
                         next_step="Use " + ", ".join(names))  # fmt: skip
    return said


def name(said: Said, field: str, where: str = "", need: bool = False) -> str:
    """A one-line text; empty when nothing is said.

    Raises:
        InputError: needed and empty, too long, or no text.
    """
    value = said.get(field)
    at = f"{where}{field}"
    if not need and (value is None or value == ""):
        return ""
    if not isinstance(value, str):
        raise InputError("is empty" if value is None else "is no text", where=at)
    return storable(one_line(value, at))


def prose(said: Said, field: str, where: str = "", need: bool = False) -> str:
    """A text of several lines; empty when nothing is said.

    Raises:
        InputError: needed and empty, too long, or no text.
    """
    value = said.get(field)
    at = f"{where}{field}"
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise InputError("is no text", where=at)
    if len(value) > LONGEST:
        raise InputError(f"has {len(value)} characters, more than {LONGEST}", where=at)
    if need and not value.strip():
        raise InputError("is empty", where=at)
    return storable(value.strip())


def day(said: Said, field: str, where: str = "", need: bool = False) -> date | None:
    """A day, or None when nothing is said.

    Raises:
        InputError: needed and not said, no ISO date, or one too far away to count from.
    """
    value = said.get(field)
    at = f"{where}{field}"
    if isinstance(value, datetime):
        raise InputError("is a moment, not a day", where=at)
    if value is None or value == "":
        if need:
            raise InputError("no day is given", where=at, next_step="Write YYYY-MM-DD")
        return None
    try:
        if isinstance(value, str) and len(value) == 10:
            value = date.fromisoformat(value)
        if not isinstance(value, date):
            raise ValueError
    except ValueError as err:
        raise InputError(f"{str(value)[:40]!r} is no day", where=at,
                         next_step="Write YYYY-MM-DD") from err  # fmt: skip
    if not EARLIEST <= value.year <= LATEST:
        raise InputError(f"{value} lies too far away", where=at)
    return value


def needed_day(said: Said, field: str, where: str = "") -> date:
    """A day that must be said; see :func:`day`."""
    found = day(said, field, where, need=True)
    assert found is not None
    return found


def number(said: Said, field: str, places: int, where: str = "") -> Decimal:
    """An exact number from zero on.

    Raises:
        InputError: none, negative, a binary fraction, or with too many decimal places.
    """
    value, at = said.get(field), f"{where}{field}"
    if value is None or isinstance(value, (bool, float)) or not isinstance(
        value, (int, str, Decimal)
    ):  # fmt: skip
        raise InputError("is no exact number", where=at, next_step="Write it as text: '12.50'")
    if isinstance(value, str) and (len(value) > 40 or not value.isascii()):
        raise InputError("is no number", where=at)
    try:
        found = Decimal(scaled(value, places)).scaleb(-places)
    except InputError as err:
        raise InputError(err.what, where=at) from err
    if found < 0:
        raise InputError("is below zero", where=at)
    return plain(found)


def whole(said: Said, field: str, low: int, high: int, default: int, where: str = "") -> int:
    """A whole number between two bounds, both included.

    Raises:
        InputError: something else.
    """
    value = said.get(field)
    if value is None:
        return default
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InputError(f"is no whole number from {low} to {high}", where=f"{where}{field}")
    return value


def flag(said: Said, field: str, where: str = "") -> bool:
    """Yes or no; no when nothing is said.

    Raises:
        InputError: something else.
    """
    value = said.get(field)
    if value not in (None, True, False):
        raise InputError("is neither true nor false", where=f"{where}{field}")
    return bool(value)


def one_of(
    said: Said, field: str, options: Collection[str], where: str = "", default: str = ""
) -> str:
    """One of some words.

    Raises:
        InputError: another one.
    """
    value = said.get(field)
    value = default if value is None else value
    if not isinstance(value, str) or value not in options:
        raise InputError(f"{str(value)[:40]!r} is none of the words used here",
                         where=f"{where}{field}",
                         next_step="Use " + ", ".join(o or "nothing" for o in options))  # fmt: skip
    return value


def sha256(said: Said, field: str, where: str = "", need: bool = False) -> str:
    """The SHA-256 of a file, in small hexadecimal digits; empty when nothing is said.

    Raises:
        InputError: something else, or needed and not said.
    """
    value = said.get(field) or ""
    if isinstance(value, str) and _SHA256.fullmatch(value.lower()):
        return value.lower()
    if value or need:
        raise InputError("is no SHA-256", where=f"{where}{field}",
                         next_step="Give its 64 hexadecimal digits")  # fmt: skip
    return ""


def currency(said: Said, field: str = "currency", where: str = "") -> str:
    """A currency's three letters.

    Raises:
        InputError: something else.
    """
    value = said.get(field)
    if not isinstance(value, str) or not _CURRENCY.fullmatch(value):
        raise InputError("is no currency", where=f"{where}{field}", next_step="Write USD")
    return value


def country(said: Said, field: str, where: str = "", need: bool = False) -> str:
    """The iso2 code of a place; empty when nothing is said.

    Raises:
        InputError: no such place, or needed and not said.
    """
    text = name(said, field, where, need)
    if not text:
        return ""
    try:
        return load_places().resolve(text)
    except UnknownName as err:
        raise InputError(err.what, where=f"{where}{field}", next_step=err.next_step) from err


def entries(said: Said, field: str) -> Sequence[Any]:
    """A list; empty when nothing is said.

    Raises:
        InputError: no list, or too long a one.
    """
    value = said.get(field)
    if value is None:
        return ()
    if not isinstance(value, (list, tuple)) or len(value) > MOST:
        raise InputError(f"is no list of at most {MOST} entries", where=field)
    return value


def letter(said: Any, where: str) -> dict[str, str]:
    """A letter: its name, hash and date, as plain data.

    Raises:
        InputError: one of them is missing.
    """
    known(said, ("name", "sha256", "date"), where)
    at = f"{where}."
    return {
        "name": name(said, "name", at, need=True), "sha256": sha256(said, "sha256", at, need=True),
        "date": needed_day(said, "date", at).isoformat(),
    }  # fmt: skip


def reason(why: str) -> str:
    """The reason for a change, which must be given.

    Raises:
        InputError: none, or too long a one.
    """
    return prose({"why": why}, "why", need=True)
