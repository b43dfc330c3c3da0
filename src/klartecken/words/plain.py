"""A determination as plain data: dictionaries, lists, text. The JSON of the command line."""

from __future__ import annotations

from typing import Any

from klartecken.decide.determination import Determination, Flag, Missing, Point
from klartecken.logic.values import Fact


def to_dict(answer: Determination) -> dict[str, Any]:
    """The whole answer; the keys are documented in docs/json.md."""
    case = answer.case
    return {
        "outcome": answer.outcome,
        "possible_outcomes": list(answer.possible_outcomes),
        "classification": {
            "certain": list(answer.classification.certain),
            "possible": list(answer.classification.possible),
        },
        "requirements": [
            {
                "basis": r.basis, "provision": r.provision, "version": r.version,
                "title": r.title, "citation": r.citation, "url": r.url, "tag": r.tag,
                "value": r.value, "since": r.since.isoformat(), "note": r.note,
                "because": list(r.because),
            }
            for r in answer.requirements
        ],
        "exceptions": [
            {
                "symbol": e.symbol, "provision": e.provision, "value": e.value,
                "bars": [_point(p) for p in e.bars],
                "conditions": [_point(p) for p in e.conditions],
                "citation": e.citation, "url": e.url, "tag": e.tag,
            }
            for e in answer.exceptions
        ],
        "review_policy": answer.review_policy,
        "review_policies_possible": list(answer.review_policies_possible),
        "missing": [_missing(m) for m in answer.missing],
        "assumptions": [
            {"fact": a.fact, "value": a.value, "text": a.text, "kind": a.kind,
             "if_wrong": list(a.if_wrong)}
            for a in answer.assumptions
        ],
        "would_change": [
            {"kind": c.kind, "fact": c.fact, "condition": c.condition,
             "outcomes": list(c.outcomes), "review_policy": c.review_policy,
             "example": c.example}
            for c in answer.would_change
        ],
        "flags": [_flag(f) for f in answer.flags],
        "gaps": [_flag(f) for f in answer.gaps],
        "evidence": [
            {"id": e.id, "date": e.date.isoformat(), "action": e.action, "actor": e.actor,
             "rung": e.rung, "rung_name": e.rung_name, "grade": e.grade, "text": e.text,
             "source": e.source, "releases_shipment": e.releases}
            for e in answer.evidence
        ],
        "case": {
            "day": case.day.isoformat(), "strict": case.strict,
            "as_given": dict(case.as_given),
            "facts": {name: _fact(fact) for name, fact in sorted(case.facts.items())},
        },
        "parties": None if case.parties is None else dict(case.parties),
        "item": {
            "id": case.item.id, "name": case.item.name, "kind": case.item.kind,
            "contains": case.item.contains, "in_catalogue": case.item.in_catalogue,
        },
        "law": dict(answer.law),
        "engine": answer.engine,
    }  # fmt: skip


def _point(point: Point) -> dict[str, str]:
    return {"id": point.id, "text": point.text, "citation": point.citation}


def _missing(missing: Missing) -> dict[str, Any]:
    return {
        "fact": missing.fact, "question": missing.question,
        "readings": [
            {"if": r.condition, "outcomes": list(r.outcomes), "example": r.example}
            for r in missing.readings
        ],
    }  # fmt: skip


def _flag(flag: Flag) -> dict[str, str]:
    return {
        "code": flag.code, "text": flag.text, "citation": flag.citation, "url": flag.url,
        "tag": flag.tag,
    }  # fmt: skip


def _fact(fact: Fact) -> dict[str, str]:
    return {
        "value": str(fact.value), "source": fact.source, "grade": fact.grade, "note": fact.note,
    }  # fmt: skip
