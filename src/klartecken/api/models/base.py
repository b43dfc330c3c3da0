"""Types that all models share: bounded, strict, exact."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from klartecken.desk.storage.columns import storable
from klartecken.errors import InputError, KlarteckenError
from klartecken.facts.text import one_line

LARGEST = 2**53 - 1  # every reader of JSON holds it exactly
_WHOLE = re.compile(r"[1-9][0-9]{0,15}\Z", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})\Z", re.ASCII
)


class Said(BaseModel):
    """What a request says: nothing beside, and no other type taken for the one asked for."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Told(BaseModel):
    """What an answer tells: it documents, and is not run."""

    model_config = ConfigDict(extra="forbid")


def _told(check: Any) -> Any:
    """A check of ours whose errors pydantic gathers with its own."""

    def run(value: Any) -> Any:
        try:
            return check(value)
        except KlarteckenError as err:
            raise ValueError(err.line()) from err

    return run


def _day(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if not isinstance(value, str) or not _DAY.match(value):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise InputError("is no day of the calendar; write it like 2025-07-15") from None


def _moment(value: Any) -> datetime:
    try:
        if not isinstance(value, str) or not _MOMENT.match(value):
            raise ValueError
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InputError("is no moment; write it like 2025-07-15T08:30:00Z") from None


def _ident(value: Any) -> int:
    if isinstance(value, str) and _WHOLE.match(value):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= LARGEST:
        raise InputError("is no id")
    return value


def _prose(text: str) -> str:
    storable(text)
    if any(ord(c) < 32 and c not in "\n\t\r" for c in text) or not text.strip():
        raise InputError("is blank, or holds a control character")
    return text


def _number(value: Any) -> Decimal:
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,20}(\.\d{1,10})?", value, re.ASCII):
        return Decimal(value)
    if isinstance(value, Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
        number = Decimal(value)
        if number.is_finite() and (not number or -20 < number.adjusted() < 20):
            return number
    raise InputError("is no number of a sane size")


#: A name or other text of one line, up to 200 characters.
Line = Annotated[
    str, Field(min_length=1, max_length=1000), AfterValidator(_told(lambda t: one_line(t, "text"))),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 200}),
]  # fmt: skip
#: Text of several lines, such as a reason.
Prose = Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(_told(_prose))]
#: A day of the calendar.
Day = Annotated[
    date, Field(strict=False), BeforeValidator(_told(_day)),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2025-07-15"]}),
]  # fmt: skip
#: A moment with its zone.
Moment = Annotated[
    datetime, Field(strict=False), BeforeValidator(_told(_moment)),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2025-07-15T08:30:00Z"]}),
]  # fmt: skip
#: Id of a record.
Ident = Annotated[
    int, BeforeValidator(_told(_ident)),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": LARGEST}),
]  # fmt: skip
#: An exact number: text such as ``"7200.00"``, or a JSON number, which is read exactly.
Number = Annotated[
    Decimal, Field(strict=False), BeforeValidator(_told(_number)),
    WithJsonSchema({"anyOf": [
        {"type": "string", "pattern": r"^-?[0-9]{1,20}(\.[0-9]{1,10})?$"}, {"type": "number"},
    ]}),
]  # fmt: skip

T = TypeVar("T")


class PageOf(Told, Generic[T]):
    """A page of a listing."""

    items: list[T]
    next: Annotated[str | None, Field(description="Address of the next page; null: the last one")]


class Wrong(Told):
    """One thing that is wrong with a request."""

    where: str
    what: str


class Problem(Told):
    """What is wrong, where, and what to do next (RFC 9457)."""

    type: Annotated[str, Field(examples=["urn:klartecken:not-found"])]
    title: str
    status: int
    detail: str
    where: str
    next_step: str
    nearest: Annotated[list[str], Field(description="Names that come close to an unknown one")]
    errors: list[Wrong]
    request_id: Annotated[str, Field(description="By which the server's log knows the request")]
