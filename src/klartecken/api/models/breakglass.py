"""Break-glass: holds of the desk's own making that two people set aside in an emergency."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from klartecken.api.models.base import Ident, Moment, Said, Told
from klartecken.api.models.lines import Code
from klartecken.desk.machines.breakglass import BREAKGLASS

GlassState = Literal[tuple(BREAKGLASS.states)]  # type: ignore[valid-type]
Codes = Annotated[list[Code], Field(min_length=1, max_length=10)]  # type: ignore[valid-type]


class AskGlass(Said):
    """Which holds of which line, and why."""

    line: Ident
    holds: Codes
    why: Annotated[str, Field(min_length=1, max_length=4000)]


class GlassReport(Said):
    """What was done, and why."""

    report: Annotated[str, Field(min_length=1, max_length=20_000)]


class GlassOut(Told):
    """A break-glass."""

    id: Ident
    version: int
    line: Ident
    holds: list[str]
    why: str
    asked_by: int
    asked_at: Moment
    seconded_by: int | None
    seconded_at: Moment | None
    ends_at: Moment | None
    state: GlassState  # type: ignore[valid-type]
    report: str
    reported_by: int | None
    reported_at: Moment | None
