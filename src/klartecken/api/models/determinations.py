"""Questions, and their answers."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from klartecken.api.models.base import Day, Line, Said, Told

MOST = 10_000  # questions at once
Names = Annotated[list[Line], Field(max_length=20)]
FactText = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"\S")]
FactValue = FactText | bool | int | Decimal
Outcome = Literal[
    "prohibited", "licence_required", "exception_available", "no_licence_required",
    "undetermined",
]  # fmt: skip
EXAMPLE: dict[str, Any] = {
    "item": "nvidia-h20", "to": "CN", "on": "2025-07-15", "exporter": "NVIDIA", "hq": "CN",
    "end_user": ["Example Cloud Ltd"], "facts": {"datacenter": True},
}  # fmt: skip
SECOND: dict[str, Any] = {"item": "nvidia-l40s", "to": "DE", "on": "2025-07-15"}


class Question(Said):
    """May this item go to that place, that party, that use, on that day?"""

    item: Annotated[Line, Field(description="Of the catalogue, `server:8xCHIP`, or a name of "
                                "your own when `facts` describe it")]  # fmt: skip
    to: Annotated[Line, Field(description="Destination: ISO code or name")]
    on: Annotated[Day | None, Field(description="Day of shipment; today (UTC) when absent")] = None
    ship_from: Line | None = None
    activity: Annotated[Line | None, Field(description="export, reexport or transfer")] = None
    exporter: Line | None = None
    hq: Annotated[Line | None, Field(description="Headquarters of the consignee")] = None
    parent_hq: Annotated[Line | None, Field(description="And of its ultimate parent")] = None
    end_use: Line | None = None
    listed: Annotated[list[Line], Field(max_length=10)] = Field(default_factory=list)
    facts: Annotated[dict[str, FactValue], Field(max_length=100)] = Field(default_factory=dict)
    consignee: Names = Field(default_factory=list)
    end_user: Names = Field(default_factory=list)
    purchaser: Names = Field(default_factory=list)
    intermediate: Names = Field(default_factory=list)


class HowAsked(Said):
    """How questions are asked."""

    view: Annotated[Literal["practice", "text"], Field(description="What is enforced, or what the "
                                                       "CFR prints")] = "practice"  # fmt: skip
    strict: Annotated[bool, Field(description="Treat assumed facts as unknown")] = False
    tf32_bits: Annotated[int, Field(ge=1, le=64)] = 32


class OneQuestion(Question, HowAsked):
    """A question, and how much of the answer is wanted."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    detail: Annotated[
        Literal["brief", "full"],
        Field(description="full: with assumptions, what would change it, and all facts"),
    ] = "brief"
    receipt: Annotated[bool, Field(description="With the sealed receipt, to replay it")] = False


class ManyQuestions(HowAsked):
    """Up to 10,000 questions; one that cannot be read has an error in its place."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"questions": [EXAMPLE, SECOND]}]})

    questions: Annotated[list[dict[str, Any]], Field(
        min_length=1, max_length=MOST, description="Each as in `POST /determinations`, without "
        "view, strict, tf32_bits, detail and receipt")]  # fmt: skip


class Classes(Told):
    """ECCN paragraphs."""

    certain: list[str]
    possible: list[str]


class Requirement(Told):
    """Why a licence is needed, or may be."""

    provision: str
    basis: str
    value: str


class Exceptional(Told):
    """A licence exception."""

    symbol: str
    provision: str
    value: str
    conditions: list[str]


class VerdictOut(Told):
    """The answer, in names."""

    outcome: Outcome
    possible_outcomes: list[Outcome]
    classification: Classes
    requirements: list[Requirement]
    exceptions: list[Exceptional]
    review_policy: str | None
    review_policies_possible: list[str]
    missing: Annotated[list[str], Field(description="Facts that could change it")]
    exact: bool


class Remark(Told):
    """A remark, or a gap of the model."""

    code: str
    text: str
    citation: str


class DeterminationOut(Told):
    """A determination."""

    case: Annotated[str, Field(description="The same for all questions with this answer")]
    verdict: VerdictOut
    on: Day
    reasons: list[str]
    flags: list[Remark]
    gaps: list[Remark]
    law: dict[str, Any]
    engine: str
    full: Annotated[dict[str, Any] | None, Field(description="As `klartecken check --json`")]
    receipt: dict[str, Any] | None


class Unread(Told):
    """Why a question has no answer."""

    where: str
    what: str


class OneOfMany(Told):
    """The answer to one of many questions, in their order."""

    outcome: Outcome | None
    case: str | None
    error: Unread | None


class ManyOut(Told):
    """The answers to many questions; what they share stands once, under `cases`."""

    answers: list[OneOfMany]
    cases: dict[str, VerdictOut]
    counts: dict[str, int]
    law: str
    engine: str
