"""Imports, re-evaluations and look-backs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from klartecken.api.models.base import Ident, Line, Moment, Prose, Said, Told
from klartecken.api.models.lines import EXAMPLE

MOST_ROWS = 5_000
RunKind = Literal["import", "reevaluate"]


class Rows(Said):
    """Rows as in `POST /lines`; one that cannot be read is rejected, and hinders no other."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"rows": [EXAMPLE]}]})

    rows: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=MOST_ROWS)]
    source: Annotated[Line, Field(description="Where they come from")] = "api"
    why: Prose | None = None


class RejectOut(Told):
    """One thing for which a row was not imported."""

    row: int
    external_id: str
    where: str
    value: str
    what: str


class ImportOut(Told):
    """What became of the rows: rows = new + changed + unchanged + rejected."""

    run: Ident
    rows: int
    new: int
    changed: int
    unchanged: int
    rejected: int
    rejects: list[RejectOut]
    rejects_csv: Annotated[str | None, Field(description="The rejected rows, as a file to correct")]


class Reevaluating(Said):
    """Which lines are to be evaluated anew."""

    lines: Annotated[
        list[Ident] | None,
        Field(min_length=1, max_length=10_000,
              description="By default all open ones, and then shipped ones are looked back at"),
    ] = None  # fmt: skip
    why: Prose | None = None


class ReportOut(Told):
    """What a re-evaluation did."""

    run: Ident
    lines: int
    changed: int
    held_again: Annotated[int, Field(description="Releases withdrawn")]
    lapsed: int
    look_backs: int
    states: dict[str, int]


class RunOut(Told):
    """A run over many lines."""

    id: Ident
    version: int
    kind: RunKind
    started_at: Moment
    finished_at: Annotated[Moment | None, Field(description="null: under way, or stopped")]
    under: str | None
    counts: dict[str, Any]
    source: str


class LookBackOut(Told):
    """A line that has left, and whose answer for its own day is another one today."""

    id: Ident
    version: int
    line: Ident
    run: Ident
    was: dict[str, Any]
    found: dict[str, Any]
    state: Literal["open", "closed"]
    closed_by: int | None
    closed_why: str


class Closing(Said):
    """What came of a look-back."""

    why: Prose
