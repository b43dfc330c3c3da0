"""The verdict of a determination says what the determination says, in names alone."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

import klartecken as kt
from klartecken.decide.ask import own_item, shipped_world
from klartecken.decide.verdict import UNAVAILABLE, in_order, sort_facts
from klartecken.errors import InputError
from tests.book.laws import provision, world
from tests.decide.strategies import questions

ORDER = ("available", "conditional", "unknown")


@settings(max_examples=30, deadline=None)
@given(questions())
def test_a_verdict_is_its_determination_in_names(question: dict[str, Any]) -> None:
    try:
        answer = kt.check(**{**question, "item": own_item("own chip")})
    except InputError:
        return
    verdict = answer.verdict
    assert (verdict.outcome, verdict.possible_outcomes) == (
        answer.outcome, answer.possible_outcomes,
    )  # fmt: skip
    assert verdict.classification == answer.classification
    assert [(r.provision, r.basis, r.value) for r in verdict.requirements] == [
        (r.provision, r.basis, r.value) for r in answer.requirements
    ]
    open_ways = [e for e in answer.exceptions if e.value != UNAVAILABLE]
    assert [(w.provision, w.value, w.conditions) for w in verdict.exceptions] == [
        (e.provision, e.value, tuple(c.id for c in e.conditions)) for e in open_ways
    ]
    assert verdict.review_policy == answer.review_policy
    assert verdict.missing == tuple(m.fact for m in answer.missing)
    assert (verdict.outcome == "undetermined") == (len(verdict.possible_outcomes) > 1)
    assert (verdict.outcome == "undetermined") or not verdict.missing
    places = [ORDER.index(way.value) for way in verdict.exceptions]
    assert places == sorted(places)
    assert len({verdict, verdict}) == 1
    assert hash(verdict) == hash(answer.verdict)


def test_exceptions_stand_in_the_laws_order() -> None:
    made = [
        provision("need", "requirement", "true", basis="ccl", exceptions=["A", "B"]),
        provision("way.1", "exception", "true", symbol="A"),
        provision("way.2", "exception", "true", symbol="B"),
        provision("way.3", "exception", "true", symbol="A"),
    ]
    answer = kt.check(own_item("own chip"), "CN", "2025-01-01", world=world(made))
    assert [way.provision for way in answer.verdict.exceptions] == ["way.1", "way.2", "way.3"]


def test_facts_stand_in_the_vocabularys_order_and_outcomes_strictest_first() -> None:
    vocabulary = shipped_world().law.vocabulary
    names = list(vocabulary.facts)
    assert sort_facts([names[5], names[2], names[5]], vocabulary) == (names[2], names[5])
    assert in_order({"no_licence_required", "prohibited"}) == ("prohibited", "no_licence_required")
