"""Worlds under reforms: what a reform cannot touch, and what undoes itself."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

import klartecken as kt
from klartecken.decide.ask import own_item
from klartecken.decide.history import fingerprint
from klartecken.law.overlay import parameter
from klartecken.law.reform import reform_of
from tests.decide.strategies import questions

WORLD = kt.shipped_world()
REFORMS = {name: kt.read_reform(name) for name in kt.shipped_reforms()}
REFORMED = {name: WORLD.under(reform) for name, reform in REFORMS.items()}
some = settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


def ask(question, world):
    try:
        return kt.check(**{**question, "item": own_item("own chip")}, world=world)
    except kt.errors.InputError as err:  # facts that contradict each other are no case
        if "does not go" not in err.what:
            raise
        reject()


def remade(*identities, start, until=None):
    """A reform that ends provisions and adds each version again, word for word."""
    changes = []
    for identity in identities:
        changes.append({"end": identity})
        for written in WORLD.law.docs[identity]["versions"]:
            begins = written.get("compliance") or written["from"]
            if (written.get("until") or date.max) >= start and begins <= (until or date.max):
                again = {**written, "id": f"{written['id']}R"}
                changes.append({"add": identity, "version": again})
    return reform_of(
        {"reform": "remade", "title": "t", "start": start, "until": until, "cite": "c",
         "url": "https://example.org", "tag": "inferred", "changes": changes},
        "remade",
    )  # fmt: skip


@some
@given(questions(), st.sampled_from(sorted(REFORMS)))
def test_outside_its_period_the_whole_answer_is_that_of_the_law(question, name):
    reform = REFORMS[name]
    day = min(date.fromisoformat(question["on"]), reform.start - timedelta(days=1))
    mine, base = (ask({**question, "on": day}, w) for w in (REFORMED[name], WORLD))
    assert mine.to_dict() == base.to_dict()
    assert mine.run.law_day is base.run.law_day


@some
@given(questions())
def test_after_its_last_day_too(question):
    day = date.fromisoformat(question["on"])
    changes = [{"end": "level.a"}, {"end": "level.b"}, {"end": "level.c"}]
    reform = reform_of(
        {"reform": "past", "title": "t", "start": date(2022, 8, 1), "cite": "c", "tag": "inferred",
         "until": date(2025, 1, 1), "url": "https://example.org", "changes": changes},
        "past",
    )  # fmt: skip
    day = max(day, date(2025, 1, 2))
    mine, base = (ask({**question, "on": day}, w) for w in (WORLD.under(reform), WORLD))
    assert mine.to_dict() == base.to_dict()


WHOLE = remade(
    "parameters.a", "level.a", "742.6(a)(6).destination", "headquarters.a", "NAC", "ACA",
    "policy.denial", "letter.nvidia.2025-04-09", start=date(2022, 8, 1),
)  # fmt: skip


@some
@given(questions())
def test_to_end_and_add_again_changes_nothing(question):
    mine, base = ask(question, WORLD.under(WHOLE)), ask(question, WORLD)
    assert fingerprint(mine) == fingerprint(base)
    assert mine.law["hash"] != base.law["hash"]


@some
@given(questions())
def test_a_number_set_to_what_it_is_changes_nothing(question):
    (value,) = parameter(WORLD.law, "level.b.pd_b1").values.values()
    world = WORLD.under(kt.sweep_reform(WORLD.law, "level.b.pd_b1", value))
    assert fingerprint(ask(question, world)) == fingerprint(ask(question, WORLD))


@some
@given(questions())
def test_reforms_of_other_provisions_can_be_stacked_in_any_order(question):
    names = ["january-2026-path-40000", "april-2025-letters-public"]
    one, two = WORLD, WORLD
    for name in names:
        one = one.under(REFORMS[name])
    for name in reversed(names):
        two = two.under(REFORMS[name])
    assert one.hash != two.hash
    assert fingerprint(ask(question, one)) == fingerprint(ask(question, two))


def test_each_reform_of_a_stack_keeps_its_own_period():
    early = kt.sweep_reform(
        WORLD.law, "level.a.tpp_a1", 20000, date(2024, 1, 1), date(2024, 12, 31)
    )
    late = kt.sweep_reform(WORLD.law, "level.a.tpp_a1", 30000, date(2024, 7, 1), date(2025, 6, 30))
    world = WORLD.under(early).under(late)
    assert [r.id for r in world.reforms] == [early.id, late.id]
    lines = {}
    for day in ("2023-12-31", "2024-01-01", "2024-07-01", "2025-01-01", "2025-07-01"):
        bound = world.timeline.on(date.fromisoformat(day)).by_id["parameters.a"]
        lines[day] = int(bound.version.params["tpp_a1"])
    assert list(lines.values()) == [4800, 20000, 30000, 30000, 4800]
    assert world.on(date(2023, 12, 31)) is WORLD
    assert world.on(date(2024, 3, 1)).reforms == (early,)


def test_the_answer_says_that_it_is_hypothetical():
    world = REFORMED["april-2025-letters-public"]
    answer = kt.check("nvidia-h20", "CN", "2025-05-01", exporter="Example", world=world)
    assert answer.outcome == "licence_required"
    text = " ".join(answer.explain().split())
    assert "Hypothetical (april-2025-letters-public)" in text
    assert "us-ear+april-2025-letters-public" in text
    days = [change.condition for change in answer.would_change]
    assert any("2025-04-08" in condition for condition in days)


def test_history_has_the_first_day_of_the_reform():
    question = {"exporter": "Example Chips", "hq": "IN"}
    steps = kt.history(
        "nvidia-h100-sxm", "IN", date(2026, 9, 1), world=REFORMED["ai-diffusion-enforced"],
        **question,
    )  # fmt: skip
    base = kt.history("nvidia-h100-sxm", "IN", date(2026, 9, 1), **question)
    assert [s.day for s in steps if s not in base][-1] == date(2025, 5, 15)
    assert len(steps) == len(base) + 1


def test_a_receipt_under_a_shipped_reform_is_replayed_under_it():
    world = REFORMED["ai-diffusion-enforced"]
    answer = kt.check("nvidia-h100-sxm", "IN", "2025-06-01", hq="IN", world=world)
    body = json.loads(json.dumps(answer.receipt()))
    assert kt.replay(body).same
    assert kt.replay(body, world=world).same
    told = kt.replay(body, world=WORLD)
    assert not told.same
    assert any(line.startswith("law.regime") for line in told.lines)


def test_a_receipt_under_a_reform_that_is_not_at_hand_is_refused():
    world = WORLD.under(kt.sweep_reform(WORLD.law, "level.a.tpp_a1", 6000))
    answer = kt.check("nvidia-h100-sxm", "IN", "2025-06-01", hq="IN", world=world)
    body = json.loads(json.dumps(answer.receipt()))
    with pytest.raises(kt.KlarteckenError, match="hypothetical reform"):
        kt.replay(body)
    assert kt.replay(body, world=world).same


def test_a_receipt_under_another_wording_of_a_shipped_reform_is_refused():
    reform = REFORMS["ai-diffusion-enforced"]
    other = type(reform)(**{**vars(reform), "note": "another"})
    answer = kt.check("nvidia-h100-sxm", "IN", "2025-06-01", hq="IN", world=WORLD.under(other))
    body = json.loads(json.dumps(answer.receipt()))
    with pytest.raises(kt.KlarteckenError, match="of another wording"):
        kt.replay(body)


def test_a_receipt_of_a_day_before_the_reform_is_one_of_the_law():
    world = REFORMED["ai-diffusion-enforced"]
    answer = kt.check("nvidia-h100-sxm", "IN", "2025-05-14", hq="IN", world=world)
    assert answer.law["regime"] == "us-ear"
    assert kt.replay(json.loads(json.dumps(answer.receipt()))).same


def test_the_shipped_reforms_are_named_after_their_files_and_say_what_is_hypothetical():
    assert set(REFORMS) == {
        "ai-diffusion-enforced", "april-2025-letters-public", "january-2026-path-40000",
    }  # fmt: skip
    for name, reform in REFORMS.items():
        assert reform.id == name
        assert len(reform.title) < 90
        assert reform.note
        for change in reform.changes:
            assert change.url.startswith("https://")


def test_a_policy_reform_changes_no_requirement():
    world = REFORMED["january-2026-path-40000"]
    changed = [i for i, p in world.law.provisions.items() if WORLD.law.provisions.get(i) is not p]
    assert [world.law.provisions[i].stage for i in changed] == ["policy"]
