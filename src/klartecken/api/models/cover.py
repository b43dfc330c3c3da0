"""What licences say of order lines: covering, filing, reminders, reconciliation."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from klartecken.api.models.base import Day, Told
from klartecken.api.models.licences import LicenceLineOut


class ReminderOut(Told):
    """Something that somebody should see to."""

    on: Day
    what: Literal["expiry", "quantity", "value", "condition", "overdue"]
    level: Annotated[int, Field(description="Days (30, 90, 180), percent (80, 95, 100), or 0")]
    licence: Annotated[int, Field(description="0: a task of one order line")]
    number: str
    text: str


class Reminders(Told):
    """The most urgent first."""

    items: list[ReminderOut]


class Cover(Told):
    """Does a line of a licence cover an order line?"""

    covers: Annotated[bool, Field(description="It does, and enough is left")]
    reasons: Annotated[list[str], Field(description="Why it does not")]
    left: str
    enough: bool


class Candidates(Told):
    """Lines of licences that cover an order line and have enough left, soonest expiry first."""

    licence_lines: list[LicenceLineOut]


class FilingOut(Told):
    """What the export filing and the invoice must say of an order line."""

    code: Annotated[str, Field(description="Licence type code; empty: not known to us")]
    licence: str
    eccn: str
    needed: Annotated[list[str], Field(description="Why it must be filed, each with its rule")]
    description: str
    after_departure: bool | None
    invoice: list[str]
    notes: Annotated[list[str], Field(description="What is not verified")]


class DifferenceOut(Told):
    """One shipment that desk and report do not say alike."""

    licence: str
    itn: str
    kind: Literal["not_in_report", "not_at_desk", "unknown_licence", "quantity", "value"]
    desk: str
    report: str


class Reconciled(Told):
    """What differs."""

    differences: list[DifferenceOut]
