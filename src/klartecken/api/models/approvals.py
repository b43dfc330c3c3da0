"""Approvals by a second person."""

from __future__ import annotations

from typing import Literal

from klartecken.api.models.base import Ident, Moment, Prose, Said, Told

State = Literal["asked", "approved", "refused", "lapsed"]


class ApprovalOut(Told):
    """What one person prepared, and another one is to approve."""

    id: Ident
    version: int
    subject: str
    subject_id: Ident
    what: str
    content: str
    prepared_by: int
    prepared_at: Moment
    state: State
    decided_by: int | None
    decided_at: Moment | None
    why: str


class Decision(Said):
    """Yes or no, and why."""

    approve: bool
    why: Prose
