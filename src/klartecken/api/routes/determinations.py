"""Determinations: one question, or many."""

from __future__ import annotations

from typing import Any

from klartecken.api.answer import Answer
from klartecken.api.call import Call
from klartecken.api.models.determinations import (
    DeterminationOut,
    ManyOut,
    ManyQuestions,
    OneQuestion,
)
from klartecken.api.subject import Subject

DETERMINATIONS_API = Subject(
    "determinations", "May this item go to that place, that party, that use, on that day? "
    "Nothing is kept of a question; order lines have determinations of their own."
)  # fmt: skip
S = DETERMINATIONS_API


@S.ask("/determinations", "ask", DeterminationOut)
def determine(call: Call, body: OneQuestion) -> Answer:
    """The determination of one question."""
    state = call.request.app.state
    outcome, raw = state.determiner.one(body)
    state.counts.determined(outcome)
    return Answer(raw)


@S.ask("/determinations/bulk", "ask", ManyOut)
def determine_many(call: Call, body: ManyQuestions) -> dict[str, Any]:
    """The determinations of up to 10,000 questions, in their order.

    One that cannot be read has an error in its place, and hinders no other.
    """
    state = call.request.app.state
    found: dict[str, Any] = state.determiner.many(body.questions, body)
    for outcome, count in found["counts"].items():
        state.counts.determined(outcome, count)
    return found
