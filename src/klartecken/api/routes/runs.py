"""Runs over many lines, and looking back at what has left."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Query
from sqlalchemy import Connection, select

from klartecken.api.answer import Answer
from klartecken.api.idempotency import Steps
from klartecken.api.models.base import Ident, PageOf
from klartecken.api.models.runs import (
    Closing,
    LookBackOut,
    Reevaluating,
    ReportOut,
    RunKind,
    RunOut,
)
from klartecken.api.pages import Page, page_of
from klartecken.api.subject import Subject
from klartecken.desk.orders import lookback
from klartecken.desk.orders.reevaluate import reevaluate
from klartecken.desk.storage.tables.orders import LOOK_BACKS, RUNS
from klartecken.desk.work import Work, get

RUNS_API = Subject(
    "runs", "Imports and re-evaluations; and lines that have left, and whose answer for their own "
    "day is another one today."
)  # fmt: skip
S = RUNS_API


@S.run("/runs/reevaluate", "line.reevaluate", ReportOut)
def reevaluate_lines(steps: Steps, body: Reevaluating) -> dict[str, Any]:
    """Evaluate open lines anew, with the law, lists and papers of today.

    Released lines whose answer is another one are held again.
    """
    call = steps.call
    found = reevaluate(call.desk, call.person, call.channel, body.lines, why=body.why or "")
    return found.to_dict()


@S.read("/runs", "view", PageOf[RunOut])
def list_runs(
    connection: Connection, page: Page, kind: Annotated[RunKind | None, Query()] = None,
    newest_first: Annotated[bool, Query()] = False,
) -> Answer:  # fmt: skip
    """Runs by id."""
    query = select(RUNS) if kind is None else select(RUNS).where(RUNS.c.kind == kind)
    return page_of(connection, query, [RUNS.c.id], page, down=newest_first)


@S.read("/runs/{ident}", "view", RunOut)
def one_run(connection: Connection, ident: Ident) -> dict[str, Any]:
    """A run."""
    return get(connection, RUNS, ident)


@S.read("/look-backs", "view", PageOf[LookBackOut])
def list_look_backs(
    connection: Connection, page: Page, line: Annotated[Ident | None, Query()] = None,
    state: Annotated[Literal["open", "closed"] | None, Query()] = None,
) -> Answer:  # fmt: skip
    """Look-backs by id; `state=open` is what waits."""
    query = select(LOOK_BACKS)
    if line is not None:
        query = query.where(LOOK_BACKS.c.line == line)
    if state is not None:
        query = query.where(LOOK_BACKS.c.state == state)
    return page_of(connection, query, [LOOK_BACKS.c.id], page)


@S.read("/look-backs/{ident}", "view", LookBackOut)
def one_look_back(connection: Connection, ident: Ident) -> dict[str, Any]:
    """A look-back."""
    return get(connection, LOOK_BACKS, ident)


@S.act("/look-backs/{ident}/close", "lookback.close", LookBackOut)
def close_look_back(work: Work, ident: Ident, body: Closing) -> dict[str, Any]:
    """Close a look-back, with what came of it."""
    return lookback.close(work, ident, body.why)
