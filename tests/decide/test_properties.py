"""Laws of the algebra, on the real law: what must hold for every case whatever it says."""

from __future__ import annotations

import json
from html import unescape

import pytest
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st

import klartecken as kt
from klartecken.decide.ask import own_item
from klartecken.decide.findings import OUTCOMES, SEVERITY
from tests.decide.strategies import ALL, VOCABULARY, questions, value

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
few = settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
fewer = settings(max_examples=8, deadline=None, suppress_health_check=SLOW)  # asks many times


def ask(question, **changes):
    merged = {**question, **changes}
    merged["item"] = own_item("own chip")
    try:
        return kt.check(**merged)
    except kt.errors.InputError as err:  # facts that contradict each other are no case
        if "does not go" not in err.what:
            raise
        reject()


@few
@given(questions(), st.data())
def test_making_an_unknown_known_never_changes_a_determined_outcome(question, data):
    before = ask(question)
    given_facts = question["facts"]
    settled = set(given_facts) | set(before.run.assumed) | {"item_kind"}
    if "consignee_hq" in given_facts:
        settled.add("parent_hq")
    if "activity" in before.run.assumed:
        settled.add("ship_from")  # it may show the assumed movement to be wrong
    unknown = [name for name in ALL if name not in settled]
    assume(unknown)
    name = data.draw(st.sampled_from(unknown))
    facts = {**given_facts, name: data.draw(value(name))}
    if name == "consignee_hq":
        facts.setdefault("parent_hq", "unknown")
    after = ask(question, facts=facts)
    assert set(after.possible_outcomes) <= set(before.possible_outcomes)
    assert set(after.classification.certain) >= set(before.classification.certain)
    if before.outcome != "undetermined":
        assert after.outcome == before.outcome


@fewer
@given(questions(), st.data())
def test_every_reading_of_a_missing_fact_gives_what_it_promises(question, data):
    answer = ask(question)
    assert (answer.outcome == "undetermined") == bool(answer.missing)
    for missing in answer.missing:
        labels = {o for reading in missing.readings for o in reading.outcomes}
        assert labels == set(answer.possible_outcomes)
    promised = [(m.fact, reading) for m in answer.missing for reading in m.readings]
    assume(promised)
    for _ in range(4):  # there may be dozens, and each is a question of its own
        fact, reading = data.draw(st.sampled_from(promised))
        after = with_fact(question, answer, fact, reading.example)
        assert set(after.possible_outcomes) == set(reading.outcomes), (fact, reading)


def with_fact(question, answer, name, example):
    """The same case with one fact set, as a person would write it."""
    facts = {n: f for n, f in answer.case.facts.items() if n != "destination"}
    facts[name] = example
    facts.setdefault("parent_hq", "unknown")  # else it would be taken from the consignee
    to = question["to"] if name != "destination" else example
    return ask(question, to=to, facts={n: f for n, f in facts.items() if n != "destination"})


@fewer
@given(questions())
def test_every_change_of_one_fact_gives_what_it_promises(question):
    answer = ask(question)
    for change in answer.would_change:
        if not change.example or "any other" in change.example:
            continue
        after = with_fact(question, answer, change.fact, change.example)
        assert set(after.possible_outcomes) == set(change.outcomes), change
        assert answer.outcome not in change.outcomes or answer.outcome == "undetermined"


@few
@given(questions())
def test_a_wrong_assumption_gives_what_is_said(question):
    answer = ask(question)
    for assumption in answer.assumptions:
        assert assumption.if_wrong
        assert set(assumption.if_wrong) <= set(OUTCOMES)
        spec = VOCABULARY.facts[assumption.fact]
        if spec.kind != "flag":
            continue
        flipped = "no" if assumption.value == "yes" else "yes"
        after = with_fact(question, answer, assumption.fact, flipped)
        assert set(after.possible_outcomes) <= set(assumption.if_wrong)


@few
@given(questions())
def test_strict_only_ever_widens(question):
    plain, strict = ask(question, strict=False), ask(question, strict=True)
    assert set(plain.possible_outcomes) <= set(strict.possible_outcomes)


@few
@given(questions())
def test_a_licence_or_worse_stands_whenever_a_requirement_cannot_be_overcome(question):
    answer = ask(question)
    firm = [r for r in answer.requirements if r.value == "yes"]
    usable = {e.symbol for e in answer.exceptions if e.value in ("available", "unknown")}
    if firm and not usable:
        assert min(SEVERITY.index(o) for o in answer.possible_outcomes) >= SEVERITY.index(
            "licence_required"
        )
    if not answer.requirements:
        assert answer.outcome == "no_licence_required"


@fewer
@given(questions())
def test_replaying_a_receipt_gives_the_same_answer_to_the_letter(question):
    answer = ask(question)
    body = json.loads(json.dumps(answer.receipt()))
    found = kt.replay(body)
    assert found.same, found.lines


@fewer
@given(questions())
def test_text_html_and_json_come_from_the_same_record(question):
    answer = ask(question)
    data = json.loads(json.dumps(answer.to_dict()))
    assert data == answer.to_dict()
    text, html = answer.explain(), answer._repr_html_()
    assert data["outcome"] == answer.outcome
    for shown in (folded(text), folded(unescape(html))):
        assert [said for said in to_be_said(answer) if folded(said) not in shown] == []
    assert "<script" not in html
    assert text.splitlines()[0]
    for word in ("clear", "safe"):
        assert word not in text.splitlines()[0].lower()


def to_be_said(answer):
    """What a reader of the answer must find in it, in whatever form."""
    for requirement in answer.requirements:
        yield from (requirement.title, requirement.citation, requirement.url)
    for missing in answer.missing:
        yield from (missing.question, missing.fact)
        yield from (reading.condition for reading in missing.readings)
    yield from (notice.text for notice in (*answer.flags, *answer.gaps))
    yield from (assumption.text for assumption in answer.assumptions)


def folded(text):
    """Text with all blanks and line ends as one blank."""
    return " ".join(text.split())


def test_an_altered_receipt_is_told(tmp_path):
    answer = kt.check("nvidia-h20", to="CN", on="2025-07-15", exporter="NVIDIA")
    body = json.loads(json.dumps(answer.receipt()))
    body["answer"]["outcome"] = "no_licence_required"
    found = kt.replay(body)
    assert not found.same
    assert any("altered" in line for line in found.lines)
    assert any(line.startswith("outcome: was") for line in found.lines)


@pytest.mark.parametrize("broken", [{}, [], {"format": "x"}, {"format": "klartecken-receipt-1"}])
def test_what_is_no_receipt_is_refused(broken):
    with pytest.raises(kt.KlarteckenError):
        kt.replay(broken)
