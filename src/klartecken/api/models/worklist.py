"""The worklist, and what it adds up to."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from klartecken.api.models.base import Day, Ident, Told
from klartecken.api.models.determinations import Outcome
from klartecken.api.models.lines import LineState


class Standing(Told):
    """A hold of a line."""

    code: str
    detail: str


class WorkOut(Told):
    """A line of the worklist, with what to do next."""

    id: Ident
    external_id: str
    order_number: str
    state: LineState  # type: ignore[valid-type]
    first_hold: Annotated[str, Field(description="Code of the hold to look at first, or empty")]
    hold: Annotated[str, Field(description="Its title")]
    detail: str
    next_action: str
    who: Annotated[str, Field(description="The role that can do that")]
    holds: list[Standing]
    outcome: Outcome | None
    item: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    currency: str
    value: Decimal
    destination: str
    consignee: str
    end_user: str
    exporter: str
    ship_on: Day | None
    authorisation: str
    until: Annotated[Day | None, Field(description="The last day of its release")]
    age_days: int
    unit_of_business: str
    version: int


class SummaryOut(Told):
    """Lines by state, open ones by first hold, and the value that is held, by currency."""

    states: dict[str, int]
    first_holds: dict[str, int]
    held_value: dict[str, str]
