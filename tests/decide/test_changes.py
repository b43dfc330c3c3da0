"""Papers, policies and days under "what would change it": asked again, they keep their promise."""

from __future__ import annotations

from datetime import date

import pytest

import klartecken as kt
from tests.cases.compare import all_cases, answer, reformed, spelt_out
from tests.cases.form import NamedCase
from tests.decide.papers import facts_of

EVERY = 4  # of the cases; all of them would take half a minute
NAMES = sorted(all_cases())[::EVERY]
VOCABULARY = kt.shipped_world().law.vocabulary


def again(case: NamedCase, day: str = "", **more: str) -> kt.Determination:
    """The question of a case again, on another day or with more facts."""
    question = dict(case.ask)
    if "reform" in question:  # on a day outside the reform the law promises, not the reform
        world = reformed(question.pop("reform"))
        question["world"] = world.on(date.fromisoformat(case.ask["on"]))
    question["ship_from"] = more.pop("ship_from", question.pop("from", None))
    question["on"] = day or question["on"]
    question["facts"] = {**spelt_out(case.ask.get("facts", {})), **more}
    if "activity" in more:
        question["activity"] = question["facts"].pop("activity")
    return kt.check(question.pop("item"), question.pop("to"), question.pop("on"), **question)


@pytest.fixture(scope="module", params=range(EVERY * 2))
def share(request: pytest.FixtureRequest) -> list[str]:
    """A part of the cases, so that two processes can work."""
    return NAMES[request.param :: EVERY * 2]


def test_a_day_gives_what_it_promises(share: list[str]) -> None:
    wrong = []
    for name in share:
        for change in answer(name).would_change:
            if change.kind != "day":
                continue
            day = date.fromisoformat(change.condition.split()[-1])
            there = again(all_cases()[name], day.isoformat())
            if set(there.possible_outcomes) != set(change.outcomes):
                wrong.append((name, change, there.possible_outcomes))
            elif there.review_policy != change.review_policy:
                wrong.append((name, change, there.review_policy))
    assert not wrong


def test_the_papers_of_an_exception_give_what_they_promise(share: list[str]) -> None:
    wrong = []
    for name in share:
        symbols = {item.symbol for item in answer(name).exceptions}
        for change in answer(name).would_change:
            facts = facts_of(change.condition, VOCABULARY)
            if change.kind != "paper" or change.fact not in symbols or facts is None:
                continue
            met = again(all_cases()[name], **facts)
            value = next(e.value for e in met.exceptions if e.symbol == change.fact)
            if set(met.possible_outcomes) != set(change.outcomes) or value != "available":
                wrong.append((name, change, met.possible_outcomes, value))
    assert not wrong


def test_a_milder_policy_follows_from_what_is_named(share: list[str]) -> None:
    wrong = []
    for name in share:
        for change in answer(name).would_change:
            facts = facts_of(change.condition, VOCABULARY)
            if not change.fact.startswith("policy.") or facts is None:
                continue
            met = again(all_cases()[name], **facts)
            if met.review_policy != change.review_policy:
                wrong.append((name, change, met.review_policy))
    assert not wrong


def test_there_are_such_changes_to_verify() -> None:
    found = [change for name in NAMES for change in answer(name).would_change]
    papers = [c for c in found if c.kind == "paper" and facts_of(c.condition, VOCABULARY)]
    assert len([c for c in papers if c.fact.isupper()]) > 20
    assert [c for c in papers if c.fact.startswith("policy.")]
    assert len([c for c in found if c.kind == "day"]) > 20
