"""The form of an application: the BIS-748P data set. Empty text and null both say nothing."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from klartecken.api.models.base import Said
from klartecken.api.models.parts import OneOf
from klartecken.desk.applications.blocks import APPLICATION_TYPES, DOCUMENTS, END_USES, ROLES
from klartecken.desk.applications.reading import LONG_TEXT, MOST

OneLine = Annotated[str, Field(max_length=1000)] | None
LongText = Annotated[str, Field(max_length=LONG_TEXT)] | None
FormDay = Annotated[str, Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] | None
Count = Annotated[str, Field(pattern=r"^([0-9]{1,15}(\.[0-9]{1,3})?)?$", examples=["1000"])] | None
Money = Annotated[str, Field(pattern=r"^([0-9]{1,15}(\.[0-9]{1,4})?)?$", examples=["12500"])] | None
Type = Annotated[str, OneOf(("", *APPLICATION_TYPES))]
EndUse = Annotated[str, OneOf(("", *END_USES))]
Documents = Annotated[list[Annotated[str, OneOf(DOCUMENTS)]], Field(max_length=MOST)]


class FormContact(Said):
    """Blocks 1 to 3."""

    name: OneLine = None
    telephone: OneLine = None
    facsimile: OneLine = None
    email: OneLine = None


class Certificate(Said):
    """Blocks 12 and 13."""

    country: OneLine = None
    number: OneLine = None


class FormParty(Said):
    """A party, without its role."""

    name: OneLine = None
    address: LongText = None
    country: OneLine = None
    contact: OneLine = None
    telephone: OneLine = None
    forwarder: bool | None = None


class RoledParty(FormParty):
    """A party in its role (748.5)."""

    role: Annotated[str, OneOf(ROLES)]


class FormLine(Said):
    """Block 22."""

    item: OneLine = None
    eccn: OneLine = None
    performance: OneLine = None
    model: OneLine = None
    ccats: OneLine = None
    quantity: Count = None
    unit: OneLine = None
    unit_price: Money = None
    total: Money = None
    manufacturer: OneLine = None
    description: LongText = None


class Certifier(Said):
    """Block 25."""

    name: OneLine = None
    title: OneLine = None
    signed_on: FormDay = None


class Distinct(Said):
    """Why an application is not for the same transaction as another one (748.4(f))."""

    reference: OneLine = None
    why: LongText = None


class FormIn(Said):
    """A form; money is in US dollars. A draft may leave out anything."""

    contact: FormContact | None = None
    filed_on: FormDay = None
    application_type: Type | None = None
    documents_submitted: Documents | None = None
    documents_on_file: Documents | None = None
    special_purpose: LongText = None
    resubmission: bool | None = None
    resubmission_of: OneLine = None
    replaces_licence: OneLine = None
    previously_exported: LongText = None
    euc_ref: Certificate | None = None
    parties: Annotated[list[RoledParty], Field(max_length=MOST)] | None = None
    ship_from: OneLine = None
    laden_or_exported: bool | None = None
    end_use: LongText = None
    end_use_code: EndUse | None = None
    lines: Annotated[list[FormLine], Field(max_length=MOST)] | None = None
    total_value: Money = None
    narrative: LongText = None
    all_or_nothing: bool | None = None
    certifier: Certifier | None = None
    distinct_from: Annotated[list[Distinct], Field(max_length=MOST)] | None = None
    order_numbers: Annotated[list[Annotated[str, Field(max_length=1000)]],
                             Field(max_length=MOST)] | None = None  # fmt: skip


def form_said(form: FormIn) -> dict[str, Any]:
    """The blocks that a form names."""
    return form.model_dump(exclude_unset=True)
