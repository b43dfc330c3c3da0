"""Releases and shipments, one or many."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from klartecken.api.models.base import Day, Ident, Moment, Prose, Said, Told
from klartecken.api.models.lines import LineState, SeenVersion

MOST = 500  # lines at once
Days = Annotated[int, Field(ge=0, le=30, description="For which it holds, at most")]
Itn = Annotated[str, Field(max_length=200, description="The number that the filing returned")]
On = Annotated[Day | None, Field(description="The day it left; today (UTC) when absent")]
SEVERAL: dict[str, Any] = {"lines": [{"line": 1, "version": 2}, {"line": 2}]}


class Releasing(Said):
    """How a line is released."""

    why: Prose | None = None
    days: Days | None = None
    version: SeenVersion = None


class Shipping(Said):
    """How a line left."""

    on: On = None
    itn: Itn = ""
    why: Prose | None = None
    version: SeenVersion = None


class OneLine(Said):
    """One of many lines."""

    line: Ident
    version: SeenVersion = None


class ManyReleasing(Said):
    """Lines to be released, each by itself."""

    model_config = ConfigDict(json_schema_extra={"examples": [SEVERAL]})

    lines: Annotated[list[OneLine], Field(min_length=1, max_length=MOST)]
    why: Prose | None = None
    days: Days | None = None


class OneShipped(OneLine):
    """One of many lines that left."""

    on: On = None
    itn: Itn = ""


class ManyShipping(Said):
    """Lines that left, each by itself."""

    model_config = ConfigDict(json_schema_extra={"examples": [SEVERAL]})

    lines: Annotated[list[OneShipped], Field(min_length=1, max_length=MOST)]
    why: Prose | None = None


class RefusedPart(Told):
    """Why nothing came of one line."""

    type: str
    status: int
    detail: str
    where: str
    next_step: str


class OneDone(Told):
    """What came of one line."""

    line: Ident
    state: LineState | None  # type: ignore[valid-type]
    version: int | None
    error: RefusedPart | None


class ManyDone(Told):
    """What came of each line, in their order."""

    results: list[OneDone]
    done: int
    failed: int


class ReleaseOut(Told):
    """A release: good for one content of a line, until a day."""

    id: Ident
    version: int
    line: Ident
    content: str
    under: str
    authorisation: Literal["nlr", "exception", "licence"]
    authorised_by: Annotated[str, Field(description="NLR, the exception, or the licence")]
    licence_line: int | None
    released_by: int
    released_at: Moment
    until: Annotated[Day, Field(description="The last day on which the line may leave")]
    receipt: Annotated[str, Field(description="Seal of the receipt")]
    citations: list[str]
    state: Literal["valid", "used", "lapsed", "withdrawn"]
    ended_why: str
