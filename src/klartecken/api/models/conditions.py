"""Conditions as tasks, and cumulative caps."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from klartecken.api.models.base import Day, Ident, Line, Moment, Number, Prose, Said, Told
from klartecken.api.models.parts import Amount, Long, MaybeSha256, OneOf, Seen, Short
from klartecken.desk.licences.conditions import KINDS, RECURS
from klartecken.desk.machines.condition import CONDITION

ConditionState = Annotated[str, OneOf(CONDITION.states)]
Places = Annotated[list[Line], Field(min_length=1, max_length=100)]


class StatedCondition(Said):
    """A condition as the licence states it."""

    text: Prose
    kind: Annotated[str, OneOf(KINDS)] = "other"
    binds: Annotated[Short, Field(description="The party bound, where it is not the holder: it "
                                  "is to be told in writing")] = ""  # fmt: skip
    before_shipment: Annotated[bool, Field(description="Nothing leaves until it is met")] = False
    stops_when_overdue: Annotated[bool, Field(description="Nothing leaves while it is overdue")
                                  ] = False  # fmt: skip
    due_on: Day | None = None
    recurs: Annotated[str, OneOf(RECURS)] = ""
    ends_on: Annotated[Day | None, Field(description="Last day on which it binds (750.7(i))")
                       ] = None  # fmt: skip


class NewCondition(StatedCondition):
    """A condition of one licence, or of one order line."""

    why: Prose
    licence: Ident | None = None
    line: Ident | None = None


class NotifyBis(Said):
    """A material change that is to be reported to BIS (748.6(f)): it holds until that is done."""

    text: Annotated[Prose, Field(description="What changed")]
    licence: Ident | None = None
    line: Ident | None = None
    due_on: Day | None = None


class Met(Said):
    """By what a condition is met."""

    evidence: Prose
    sha256: MaybeSha256 = ""
    version: Seen = None


class ConditionOut(Told):
    """A condition as a task."""

    id: Ident
    version: int
    licence: int | None
    line: int | None
    application: int | None
    kind: str
    text: str
    binds: str
    before_shipment: bool
    stops_when_overdue: bool
    due_on: Day | None
    due_day: int | None
    recurs: str
    ends_on: Day | None
    follows: Annotated[int | None, Field(description="The task that this one came of")]
    state: ConditionState
    evidence: str
    evidence_sha256: str
    closed_by: int | None
    closed_at: Moment | None


class MetOut(ConditionOut):
    """A condition that is met."""

    next: Annotated[int | None, Field(description="Next task of a recurring one")]


class DueOut(ConditionOut):
    """An open task that is due."""

    overdue: bool


class Dues(Told):
    """Open tasks that are overdue or due soon, the most urgent first."""

    items: list[DueOut]


class CapFields(Said):
    """What a cap says."""

    cite: Short | None = None
    starts_on: Annotated[Day | None, Field(description="First day on which it binds")] = None
    percent: Annotated[int | None, Field(ge=0, le=100)] = None
    outside_capped: Annotated[Number | None, Field(description="TPP that left outside this desk, "
                                                   "to the capped places")] = None  # fmt: skip
    outside_reference: Annotated[Number | None, Field(description="The same, to the places that "
                                                      "it is measured against")] = None  # fmt: skip
    source: Annotated[Long | None, Field(description="Of the figures from outside")] = None


class NewCap(CapFields):
    """A cap: performance sent to some places, against that sent to others."""

    name: Line
    item: Line
    destinations: Places
    reference: Places
    why: Prose


class CapChange(CapFields):
    """What is to be different."""

    item: Line | None = None
    destinations: Places | None = None
    reference: Places | None = None
    why: Prose


class CapOut(Told):
    """A cap."""

    id: Ident
    version: int
    name: str
    item: str
    cite: str
    starts_on: Day | None
    percent: int
    destinations: list[str]
    reference: list[str]
    outside_capped: Amount
    outside_reference: Amount
    source: str


class CapLeft(Told):
    """How much of a cap is left, in total processing performance; unknown counts against us."""

    on: Day
    binds: bool
    shipped: Annotated[Amount, Field(description="To the capped places, by the upper end")]
    released: Annotated[Amount, Field(description="Released and not shipped yet")]
    allowed: Amount
    left: Annotated[Amount | None, Field(description="null: something of unknown performance "
                                         "counts for it, so nothing may leave")]  # fmt: skip
    unknown: Annotated[list[int], Field(description="Order lines of unknown performance")]
