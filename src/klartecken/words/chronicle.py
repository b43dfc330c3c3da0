"""A history of answers as text and as plain data."""

from __future__ import annotations

from typing import Any

from klartecken.decide.history import Step
from klartecken.words.document import event_line
from klartecken.words.document import question as question_of
from klartecken.words.sentences import OUTCOME_WORDS, outcomes, words
from klartecken.words.text import wrap


def chronicle(steps: tuple[Step, ...], *, events: bool = True) -> str:
    """The history, one paragraph for each stretch of days with the same answer."""
    lines: list[str] = []
    if steps:
        lines.append(question_of(steps[0].answer).replace(f" on {steps[0].day}", ""))
    for step in steps:
        answer = step.answer
        head = OUTCOME_WORDS[answer.outcome].upper()
        if answer.outcome == "undetermined":
            head += f" ({outcomes(answer.possible_outcomes)})"
        why = "; ".join(r.title for r in answer.requirements if r.value == "yes")
        lines += ["", f"{step.day}  {head}" + (f": {why}" if why else "")]
        if answer.review_policy:
            lines.append(f"            review policy: {words(answer.review_policy)}")
        for cause in step.causes:
            lines += wrap(cause, "          ~ ", "            ")
        for event in step.events if events else ():
            lines += wrap(event_line(event), "          . ", "            ")
    return "\n".join(lines)


def chronicle_data(steps: tuple[Step, ...]) -> list[dict[str, Any]]:
    """The history as plain data."""
    return [
        {
            "day": step.day.isoformat(),
            "outcome": step.answer.outcome,
            "possible_outcomes": list(step.answer.possible_outcomes),
            "classification": {
                "certain": list(step.answer.classification.certain),
                "possible": list(step.answer.classification.possible),
            },
            "requirements": [
                {"basis": r.basis, "provision": r.provision, "citation": r.citation,
                 "value": r.value}
                for r in step.answer.requirements
            ],
            "review_policy": step.answer.review_policy,
            "causes": list(step.causes),
            "events": [
                {"id": e.id, "date": e.date.isoformat(), "action": e.action, "rung": e.rung,
                 "grade": e.grade, "text": e.text, "source": e.source,
                 "releases_shipment": e.releases}
                for e in step.events
            ],
        }
        for step in steps
    ]  # fmt: skip
