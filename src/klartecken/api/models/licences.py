"""Licences with their lines, parties and letters."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from klartecken.api.models.base import Day, Ident, Line, Moment, Number, Prose, Said, Told
from klartecken.api.models.conditions import ConditionOut, StatedCondition
from klartecken.api.models.parts import (
    Amount,
    Currency,
    Long,
    MaybeSha256,
    OneOf,
    Seen,
    Sha256,
    Short,
)
from klartecken.desk.licences.events import BY_HAND
from klartecken.desk.licences.licence import ACTIVITIES, ROLES
from klartecken.desk.machines.licence import LICENCE

LicenceState = Annotated[str, OneOf(LICENCE.states)]
PartyRole = Annotated[str, OneOf(ROLES)]
Activity = Annotated[str, OneOf(ACTIVITIES)]
Tolerance = Annotated[int, Field(ge=0, le=100, description="Percent of the value; 10 unless the "
                                 "licence states its own (750.11)")]  # fmt: skip
MOST = 1000  # lines or parties of a licence


class Letter(Said):
    """A letter: part of what a licence says."""

    name: Line
    sha256: Sha256
    date: Day


class LicenceLineIn(Said):
    """What a licence allows of one item: both limits count (750.7(f))."""

    item: Annotated[Line, Field(description="Of the catalogue, or the model as printed")]
    quantity: Number
    value: Number
    currency: Currency
    unit: Line
    eccn: Short = ""
    tolerance: Tolerance | None = None


class PartyIn(Said):
    """A party that a licence names; without a role it stands for any."""

    name: Line
    role: PartyRole = ""
    country: Short = ""
    address: Long = ""


class LicenceFields(Said):
    """What stands on a licence's document, beside lines and parties."""

    regime: Literal["us-ear"] | None = None
    application: Annotated[Ident | None, Field(description="Of this desk")] = None
    acn: Annotated[Short | None, Field(description="Application control number")] = None
    exporter: Annotated[Short | None, Field(description="The holder, unless said")] = None
    activity: Activity | None = None
    ship_from: Short | None = None
    in_hand_on: Annotated[Day | None, Field(description="Day on which the document was received; "
                                            "without it the licence releases nothing")
                          ] = None  # fmt: skip
    document_name: Short | None = None
    document_sha256: MaybeSha256 | None = None
    letters: Annotated[list[Letter] | None, Field(max_length=MOST)] = None
    scope: Long | None = None
    riders: Long | None = None
    replaces: Annotated[Ident | None, Field(description="Licence in whose place it stands")] = None


class NewLicence(LicenceFields):
    """A licence as it stands on its document."""

    number: Annotated[Line, Field(description="As printed; not the application control number")]
    holder: Line
    destination: Line
    end_use: Line
    issued_on: Day
    expires_on: Annotated[Day, Field(description="Read on the document (750.7(g))")]
    lines: Annotated[list[LicenceLineIn], Field(min_length=1, max_length=MOST)]
    parties: Annotated[list[PartyIn], Field(min_length=1, max_length=MOST)]
    conditions: Annotated[list[StatedCondition], Field(max_length=MOST)] = Field(
        default_factory=list
    )
    why: Prose | None = None


class LineChange(Said):
    """A line to be changed (with its id), or to be added (without)."""

    id: Ident | None = None
    item: Line | None = None
    eccn: Short | None = None
    quantity: Number | None = None
    value: Number | None = None
    currency: Currency | None = None
    unit: Line | None = None
    tolerance: Tolerance | None = None
    struck: Annotated[bool | None, Field(description="Entered by mistake")] = None


class PartyChange(Said):
    """A party to be changed (with its id), or to be added (without)."""

    id: Ident | None = None
    name: Line | None = None
    role: PartyRole | None = None
    country: Short | None = None
    address: Long | None = None
    struck: Annotated[bool | None, Field(description="Entered by mistake")] = None


class LicenceChange(LicenceFields):
    """What is to be different; a second person verifies the licence anew."""

    why: Prose
    number: Line | None = None
    holder: Line | None = None
    destination: Line | None = None
    end_use: Line | None = None
    issued_on: Day | None = None
    expires_on: Day | None = None
    lines: Annotated[list[LineChange], Field(max_length=MOST)] = Field(default_factory=list)
    parties: Annotated[list[PartyChange], Field(max_length=MOST)] = Field(default_factory=list)


class LicenceEvent(Said):
    """What BIS or the holder did to a licence."""

    event: Annotated[str, OneOf(BY_HAND)]
    why: Prose
    letter: Annotated[Letter | None, Field(description="Of BIS; a reinstatement needs it")] = None
    version: Seen = None


class Extension(Said):
    """BIS's extension of a licence that is still valid (750.7(g))."""

    until: Day
    letter: Letter
    why: Prose
    version: Seen = None


class Transfer(Said):
    """BIS's approval of another holder (750.10)."""

    to: Line
    approval: Letter
    why: Prose
    version: Seen = None


class LicenceRow(Told):
    """A licence, without its parts."""

    id: Ident
    version: int
    number: str
    regime: str
    application: int | None
    acn: str
    holder: str
    exporter: str
    activity: str
    ship_from: str
    destination: str
    end_use: str
    issued_on: Day
    expires_on: Day
    in_hand_on: Day | None
    document_name: str
    document_sha256: str
    letters: list[Letter]
    scope: str
    riders: str
    replaces: int | None
    state: LicenceState
    registered_by: int
    registered_at: Moment


class LicenceLineOut(Told):
    """A line of a licence with its balance."""

    id: Ident
    version: int
    licence: Ident
    place: int
    item: str
    eccn: str
    quantity: Amount
    unit: str
    value: Amount
    currency: str
    tolerance: int
    value_limit: Annotated[Amount, Field(description="The value with its tolerance")]
    reserved_quantity: Amount
    reserved_value: Amount
    shipped_quantity: Amount
    shipped_value: Amount
    struck: bool
    left_quantity: Amount
    left_value: Amount


class PartyOut(Told):
    """A party that a licence names."""

    id: Ident
    version: int
    licence: Ident
    role: str
    name: str
    country: str
    address: str
    struck: bool


class LicenceOut(LicenceRow):
    """A licence with its parts, as they are now."""

    verified: Annotated[bool, Field(description="By a second person, as it is now")]
    lines: list[LicenceLineOut]
    parties: list[PartyOut]
    conditions: list[ConditionOut]


class MovementOut(Told):
    """A change of a balance."""

    id: Ident
    version: int
    licence_line: Ident
    line: Ident
    kind: Literal["reserve", "unreserve", "consume", "return"]
    quantity: Amount
    value: Amount
    at: Moment
    why: str


def said_of(body: Said, *beside: str) -> dict[str, Any]:
    """What a body says, as plain fields; nothing of what it leaves out."""
    return body.model_dump(exclude_unset=True, exclude={*beside})
