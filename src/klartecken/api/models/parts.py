"""Small parts that several models are made of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic_core import core_schema

from klartecken.api.models.base import Day, Ident, Line, Prose, Said, Told
from klartecken.desk.licences.fields import EARLIEST, LATEST


class OneOf:
    """One of some words that stand in a table; beside ``str`` in an annotation."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(words)

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.literal_schema(list(self.words))


def _near(day: date) -> date:
    if not EARLIEST <= day.year <= LATEST:
        raise ValueError("lies too far away")
    return day


#: A day that something is asked of.
OnDay = Annotated[Day, AfterValidator(_near)]
#: An exact amount in an answer.
Amount = Annotated[Decimal, WithJsonSchema({"type": "string", "pattern": r"^-?\d+(\.\d+)?$"})]
#: SHA-256 of a file.
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-fA-F]{64}$", examples=["ab" * 32])]
#: The same, or empty: there is none.
MaybeSha256 = Annotated[str, Field(pattern=r"^([0-9a-fA-F]{64})?$")]
#: Currency, in three letters.
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["USD"])]
#: A text of several lines that may be empty.
Long = Annotated[str, Field(max_length=20_000)]
#: A text of one line that may be empty.
Short = Annotated[str, Field(max_length=1000)]
#: The version of the record that the caller saw.
Seen = Annotated[int | None, Field(ge=1, le=2**31, description="Version of the record as you saw "
                                   "it: 412 when it has changed since")]  # fmt: skip


class Reason(Said):
    """Why, and of which version of the record."""

    why: Prose
    version: Seen = None


class MaybeReason(Said):
    """Why, where there is something to say."""

    why: Prose | None = None
    version: Seen = None


class RecordRef(Told):
    """A record: its table and its id."""

    subject: Line
    id: Ident
