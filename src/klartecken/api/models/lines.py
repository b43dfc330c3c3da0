"""Order lines: what is said of them, and what the desk makes of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from klartecken.api.models.base import Day, Ident, Line, Moment, Number, Prose, Said, Told
from klartecken.api.models.determinations import FactValue, Outcome
from klartecken.desk.holds import HOLDS
from klartecken.desk.machines.line import LINE

Code = Literal[tuple(HOLDS)]  # type: ignore[valid-type]
LineState = Literal[tuple(LINE.states)]  # type: ignore[valid-type]
Text = Annotated[str, Field(max_length=2000)]
Party = Annotated[
    Text | Annotated[list[Line], Field(max_length=20)] | None,
    Field(description="A name, or several"),
]  # fmt: skip
SeenVersion = Annotated[
    Annotated[int, Field(ge=1, le=2**31 - 1)] | None,
    Field(description="Of the line as you saw it: refused when it has changed since"),
]  # fmt: skip
EXAMPLE: dict[str, Any] = {
    "external_id": "E-1", "order_number": "SO-1", "item": "nvidia-l40s", "quantity": "8",
    "unit": "pieces", "unit_price": "7200.00", "currency": "USD", "destination": "DE",
    "ship_from": "US", "exporter": "NVIDIA", "consignee": "Example GmbH",
    "end_user": "Example GmbH", "end_use": "commercial",
    "facts": {"consignee_hq": "DE", "parent_hq": "DE"},
}  # fmt: skip


class LineBeside(Said):
    """What may be said of a line."""

    order_number: Text | None = None
    unit: Text | None = None
    ship_from: Text | None = None
    activity: Annotated[Text | None, Field(description="export, reexport or transfer")] = None
    exporter: Text | None = None
    consignee: Party = None
    end_user: Party = None
    purchaser: Party = None
    intermediate: Party = None
    end_use: Text | None = None
    ship_on: Day | None = None
    unit_of_business: Text | None = None
    note: Text | None = None
    facts: Annotated[dict[str, FactValue] | None, Field(max_length=60)] = None


class NewLine(LineBeside):
    """A new order line."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    external_id: Line
    item: Line
    quantity: Number
    unit_price: Number
    currency: Text
    destination: Text


class LineChange(LineBeside):
    """What is to be said otherwise; what is left out stays. Facts stand in place of all facts."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"quantity": "4", "why": "less"}]})

    item: Line | None = None
    quantity: Number | None = None
    unit_price: Number | None = None
    currency: Text | None = None
    destination: Text | None = None
    why: Prose | None = None


class HoldOut(Told):
    """What stands against a line, and what would cure it."""

    code: Code  # type: ignore[valid-type]
    detail: str
    title: str
    cure: str
    who: str
    cite: str


class LineOut(Told):
    """An order line. An amount is exact decimal text."""

    id: Ident
    version: int
    external_id: str
    order_number: str
    item: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    currency: str
    destination: str
    ship_from: str
    activity: str
    exporter: str
    consignee: Annotated[str, Field(description="Several are parted by a vertical bar")]
    end_user: str
    purchaser: str
    intermediate: str
    end_use: str
    facts: dict[str, str]
    ship_on: Day | None
    unit_of_business: str
    note: str
    entered_by: int
    entered_at: Moment
    edited_by: int
    content: Annotated[str, Field(description="Hash of what is said; a release is good for it")]
    state: LineState  # type: ignore[valid-type]
    evaluated_on: Day | None
    under: Annotated[str | None, Field(description="Hash of law, lists and program")]
    outcome: Outcome | None
    case_id: str | None
    holds: Annotated[list[HoldOut], Field(description="The one to look at first in front")]
    authorisation: Literal["", "nlr", "exception", "licence"]
    exception: str
    licence_line: int | None
    release: int | None
    shipped_at: Moment | None
    shipped_on: Day | None
    itn: str
    legal_hold: bool


class EntryOfLine(Told):
    """Something that happened to a line."""

    seq: int
    at: Moment
    action: str
    by: str
    channel: str
    why: str
    old: dict[str, Any] | None
    new: dict[str, Any] | None


class StoryOut(Told):
    """What happened to a line, oldest first."""

    line: LineOut
    verdict: Annotated[dict[str, Any] | None, Field(description="The answer that it has now")]
    releases: list[dict[str, Any]]
    approvals: list[dict[str, Any]]
    manual_holds: list[dict[str, Any]]
    movements: list[dict[str, Any]]
    entries: list[EntryOfLine]


class Reason(Said):
    """A reason, and which version of the line it is about."""

    why: Prose
    version: SeenVersion = None


class MaybeReason(Said):
    """Perhaps a reason."""

    why: Prose | None = None
    version: SeenVersion = None


class HoldReason(Said):
    """Why a line is held."""

    reason: Prose


class Assigned(Said):
    """What a line is to leave on: one of these."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"licence": "D1000001"}]})

    licence_line: Annotated[Ident | None, Field(description="A line of a licence, by id")] = None
    licence: Annotated[Line | None, Field(description="Number of a licence")] = None
    place: Annotated[int, Field(ge=1, le=10_000, description="Which line of it")] = 1
    exception: Annotated[Line | None, Field(description="A licence exception, as NAC")] = None
    none: Annotated[bool, Field(description="Take an assignment back")] = False
    why: Prose | None = None
    version: SeenVersion = None
