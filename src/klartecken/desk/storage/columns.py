"""Column types that hold the same value, exactly, in SQLite and in PostgreSQL."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Context, Decimal, InvalidOperation
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, String, Text
from sqlalchemy.types import TypeDecorator

from klartecken.errors import InputError

Number = BigInteger().with_variant(Integer(), "sqlite")  # SQLite's integers have 64 bits anyway
LARGEST = 2**62
MONEY_PLACES, QUANTITY_PLACES = 4, 3
_WIDE = Context(prec=60)  # the usual context rounds to 28 digits without a word


class Exact(TypeDecorator[Decimal]):
    """A decimal number, kept as a whole number of its smallest part.

    Args:
        places: decimal places; a value with more is refused, never rounded.
    """

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        """Decimal to whole number; raises InputError where it does not fit."""
        return None if value is None else scaled(value, self.places)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Whole number to Decimal, without zeros that say nothing."""
        return None if value is None else plain(Decimal(int(value)).scaleb(-self.places))


def scaled(value: Decimal | int | str, places: int) -> int:
    """A number as a whole number of its smallest part.

    >>> scaled(Decimal("1.25"), 4)
    12500

    Raises:
        InputError: not a finite number, too many decimal places, or too large.
    """
    try:
        number = Decimal(value)
    except (InvalidOperation, TypeError, ValueError) as err:
        raise InputError(f"{value!r} is not a number") from err
    if isinstance(value, float) or not number.is_finite():
        raise InputError(f"{value!r} is not an exact number")
    if number and not -30 < number.adjusted() < 18:
        raise InputError(f"{value} is too large or too small")
    if len(number.as_tuple().digits) > 50:
        raise InputError(f"{value} has too many digits")
    moved = number.scaleb(places, context=_WIDE)
    if moved != moved.to_integral_value(context=_WIDE):
        raise InputError(f"{value} has more than {places} decimal places")
    if abs(moved) > LARGEST:
        raise InputError(f"{value} is too large")
    return int(moved)


def plain(number: Decimal) -> Decimal:
    """Without trailing zeros, and never in powers of ten.

    >>> str(plain(Decimal("100.5000"))), str(plain(Decimal("100.0000")))
    ('100.5', '100')
    """
    short = number.normalize(_WIDE)
    whole = short == short.to_integral_value(context=_WIDE)
    return short.quantize(Decimal(1), context=_WIDE) if whole else short


class Words(TypeDecorator[str]):
    """Text that both databases can hold: no NUL, no half of a surrogate pair."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """The text; raises InputError where it cannot be stored."""
        return None if value is None else storable(value)


def storable(text: str) -> str:
    """The text, if it can be stored and printed.

    Raises:
        InputError: it holds NUL or half of a surrogate pair.
    """
    if "\0" in text:
        raise InputError("text holds a NUL character", next_step="Remove it")
    try:
        text.encode()
    except UnicodeEncodeError as err:
        raise InputError("text holds half a character (a lone surrogate)") from err
    return text


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, as text that sorts: ``2025-07-15T08:30:00.000000Z``."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Moment to text; raises InputError where the moment has no zone."""
        return None if value is None else stamp(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Text to moment."""
        return None if value is None else datetime.fromisoformat(value)


def stamp(moment: datetime) -> str:
    """A moment as text, in UTC.

    Raises:
        InputError: the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise InputError(f"{moment} has no time zone", next_step="Give it in UTC")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat("T", "microseconds") + "Z"


class Json(TypeDecorator[Any]):
    """Plain data as canonical JSON: the same data is the same text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Data to text; raises InputError where it holds what JSON does not."""
        return None if value is None else canonical(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Text to data."""
        return None if value is None else json.loads(value)


def canonical(data: Any) -> str:
    """Plain data as the one text that stands for it: sorted keys, no blanks.

    >>> canonical({"b": Decimal("1.50"), "a": None})
    '{"a":null,"b":"1.5"}'

    Raises:
        InputError: it holds something that is no plain data, or cannot be stored.
    """
    try:
        text = _ENCODER.encode(data)
    except (TypeError, ValueError, RecursionError) as err:
        raise InputError(f"cannot be kept as JSON ({err})") from err
    return storable(text)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(plain(value))
    if isinstance(value, datetime):
        return stamp(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, (frozenset, set, tuple)):
        return sorted(value) if isinstance(value, (frozenset, set)) else list(value)
    raise TypeError(f"{type(value).__name__} is no plain data")


_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain
)
