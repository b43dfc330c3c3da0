"""Many lines at once get the answers that each gets alone; what cannot be screened is held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import klartecken as kt
from klartecken.desk.orders.evaluate import (
    FEW,
    Evaluation,
    evaluate,
    evaluate_many,
    evaluate_one,
    under,
)
from klartecken.desk.orders.screened import NOBODY, Parties, names_nobody
from klartecken.desk.work import Row
from klartecken.parties.decisions.record import Decisions
from klartecken.parties.register.record import Register
from klartecken.parties.resolve.context import Context
from tests.desk.orders.rows import DAY, OLD, OWN, OWN_LETTER, WORLD, lists, match, row
from tests.desk.world import nobody_listed
from tests.parties import fake, owners

ALL = [match(entry) for entry in fake.ENTRIES]
CONTEXTS: dict[str, Context] = {
    "plain": lists(),
    "confirmed": lists(*ALL, match(OWN), match(OWN_LETTER)),
    "set aside": lists(*(match(entry, verdict="false_positive") for entry in fake.ENTRIES)),
    "owners": lists(match(fake.MARLOW), owners=owners.Chain()),
    "none": Context(),
    "old": lists(max_age=7),
    "in part": nobody_listed(fake.snapshot(day=OLD, partial=("EL",))),
    "not all": nobody_listed(fake.snapshot((fake.MARLOW,), OLD, lists=("EL", "MEU"))),
    "later": nobody_listed(fake.snapshot(day=date(2025, 8, 1))),
}  # fmt: skip
ITEMS = ("nvidia-h20", "nvidia-h100-sxm", "nvidia-l40s", "nvidia-h200-sxm", "server:8xnvidia-h20",
         "amd-mi308x", "Own Nine")  # fmt: skip
OTHER = "Own Nine"  # an item that is described by facts
PARTIES = (
    "Beispiel GmbH", "Lantern Cloud Computing", "Marlow Sonics", "Marlow Works", "Brisa Trading",
    "Harrow Bank", "Palma Lines", "Quill Parts", "Osprey Holdings", "Falk Aerodyne",
    "Sable Freight", "Cinder Works", "Nordlicht Oy", "???", "TBD",
    "Beispiel GmbH|Marlow Sonics", "",
)  # fmt: skip
FACTS: tuple[dict[str, str], ...] = (
    {"consignee_hq": "DE", "parent_hq": "DE"}, {"consignee_hq": "DE", "parent_hq": "CN"},
    {"hq": "CN"}, {}, {"consignee_hq": "unknown"}, {"consignee_hq": "SG|MO", "parent_hq": "SG"},
    {"nac_notice_days": "30", "nac_number_received": "yes", "purchase_order": "yes",
     "single_end_user": "yes", "nac_six_items": "yes", "consignee_hq": "DE", "parent_hq": "DE"},
    {"subject_to_ear": "no"}, {"informed_by_letter": "no", "hq": "DE", "parent_hq": "DE"},
    {"datacenter": "no", "hq": "JP", "parent_hq": "JP"}, {"supercomputer_place": "CN"},
)  # fmt: skip


@st.composite
def rows(draw: st.DrawFn) -> tuple[Row, date, dict[str, str]]:
    item = draw(st.sampled_from(ITEMS))
    facts = draw(st.sampled_from(FACTS))
    if item == OTHER:
        facts = {**facts, "tpp": draw(st.sampled_from(["900", "2400", "4000..5000", "unknown"]))}
        facts.pop("datacenter", None)
    one = row(
        item=item, facts=facts, destination=draw(st.sampled_from(["CN", "DE", "HK", "AE", "MO"])),
        ship_from=draw(st.sampled_from(["US", "DE", ""])),
        activity=draw(st.sampled_from(["", "export", "reexport", "transfer"])),
        exporter=draw(st.sampled_from(["NVIDIA", "AMD", "Example Exports Inc", ""])),
        end_use=draw(st.sampled_from(["commercial", "military", "", "supercomputer", "nonsense"])),
        **{role: draw(st.sampled_from(PARTIES))
           for role in ("consignee", "end_user", "purchaser", "intermediate")},
    )  # fmt: skip
    days = ["2022-10-07", "2023-11-17", "2025-04-08", "2025-04-09", "2025-07-15", "2026-02-01",
            "2026-11-10", "2020-01-01"]  # fmt: skip
    papers = draw(st.sampled_from([{}, {}, {"purchase_order": "yes"}, {"nac_notice_days": "26"}]))
    return one, date.fromisoformat(draw(st.sampled_from(days))), papers


def same(many: Evaluation, one: Evaluation) -> None:
    assert many.verdict == one.verdict
    assert (many.case_id, many.outcome, many.on_uvl) == (one.case_id, one.outcome, one.on_uvl)
    assert many.party_holds == one.party_holds
    assert many.unreadable == one.unreadable
    assert bool(many.unreadable) == (one.verdict is None)


@settings(max_examples=8)
@given(st.lists(rows(), min_size=1, max_size=30), st.sampled_from(sorted(CONTEXTS)))
def test_many_as_one(drawn: list[tuple[Row, date, dict[str, str]]], name: str) -> None:
    held, days, papers = (list(column) for column in zip(*drawn, strict=True))
    found = evaluate_many(held, days, WORLD, CONTEXTS[name], papers)
    assert len(found) == len(held)
    for many, one, day, facts in zip(found, held, days, papers, strict=True):
        alone, answer = evaluate_one(one, day, WORLD, CONTEXTS[name], facts)
        same(many, alone)
        assert (answer is None) == (alone.verdict is None)


@pytest.mark.parametrize("name", sorted(kt.shipped_reforms()))
def test_many_as_one_under_a_reform(name: str) -> None:
    reform = kt.read_reform(name)
    world = WORLD.under(reform)
    held = [row(item=item, destination=place, facts={"hq": place, "parent_hq": place})
            for item in ITEMS[:4] for place in ("CN", "AE", "IN")]  # fmt: skip
    for day in (reform.start, DAY):
        found = evaluate_many(held, [day] * len(held), world, CONTEXTS["plain"])
        for many, one in zip(found, held, strict=True):
            same(many, evaluate_one(one, day, world, CONTEXTS["plain"])[0])


def find(context: Context, day: date = DAY, **said: Any) -> Evaluation:
    return evaluate([row(**said)], [day], WORLD, context)[0]


def codes(found: Evaluation) -> set[str]:
    return {hold.code for hold in found.party_holds}


@pytest.mark.parametrize("name", ["none", "old", "in part", "not all", "later"])
def test_without_good_lists_nobody_is_free(name: str) -> None:
    assert "lists_old" in codes(find(CONTEXTS[name]))
    assert "lists_old" in codes(find(CONTEXTS[name], consignee="", end_user=""))


def test_a_list_is_too_old_on_the_day_after_its_last() -> None:
    context = nobody_listed(fake.snapshot(day=date(2025, 7, 1)), max_age=7)
    assert not codes(find(context, date(2025, 7, 8)))
    assert codes(find(context, date(2025, 7, 9))) == {"lists_old"}
    told = {hold.detail for hold in find(context, date(2025, 7, 9)).party_holds}
    assert told == {hold.detail for hold in find(context, date(2025, 8, 9)).party_holds}


def test_between_the_turns_parties_are_what_they_were() -> None:
    """Holds of one era are found once: on each of its days they must be the same."""
    decision = replace(match(fake.MARLOW, verdict="false_positive"), until=date(2025, 7, 20))
    decisions = Decisions((decision, match(fake.TERN)))
    held = (fake.snapshot(day=date(2025, 6, 1)), fake.snapshot((fake.TERN,), date(2025, 8, 1)))
    context = nobody_listed(*held, decisions=decisions, owners=owners.Chain(), max_age=30)
    rows_ = [row(consignee=name) for name in ("Marlow Sonics", "Quill Parts", "Tern Foundry")]
    days = [date(2025, 5, 25) + timedelta(n) for n in range(120)]
    days += [date(2026, 11, 20) + timedelta(n) for n in range(14)]
    together = Parties(context)
    for one in rows_:
        for day in days:
            assert together.of(one, day) == Parties(context).of(one, day)


CASES: Mapping[str, tuple[str, str | None]] = {
    # party -> hold while nobody decided on the hit, and once it is confirmed
    "Marlow Sonics": ("party_hit", None), "Brisa Trading": ("party_hit", None),
    "Harrow Bank": ("party_hit", None), "Falk Aerodyne": ("party_hit", None),
    "Osprey Holdings": ("party_hit", None), "Palma Lines": ("party_hit", "party_barred"),
    "Sable Freight": ("party_hit", "party_barred"), "Cinder Works": ("party_hit", None),
}  # fmt: skip


@pytest.mark.parametrize("role", ["consignee", "end_user", "purchaser", "intermediate"])
@pytest.mark.parametrize("name", sorted(CASES))
def test_who_may_be_listed_is_held_in_any_role(name: str, role: str) -> None:
    undecided, confirmed = CASES[name]
    assert undecided in codes(find(CONTEXTS["plain"], **{role: name}))
    assert undecided in codes(find(CONTEXTS["plain"], **{role: f"Beispiel GmbH|{name}"}))
    found = find(CONTEXTS["confirmed"], **{role: name})
    assert codes(found) == ({confirmed} if confirmed else set())
    if confirmed is None and name not in ("Brisa Trading", "Osprey Holdings"):
        assert found.outcome != "no_licence_required"
    assert found.on_uvl == (name == "Brisa Trading")
    assert not codes(find(CONTEXTS["set aside"], **{role: "Marlow Sonics"}))


def test_somebody_decided_to_be_listed_who_no_longer_comes_up_is_held() -> None:
    context = nobody_listed(fake.snapshot(entries=(), day=OLD), decisions=lists(ALL[0]).decisions)
    assert "party_hit" in codes(find(context, consignee="Marlow Sonics"))


@pytest.mark.parametrize("name", ["TBD", "t.b.d.", "N/A", "n.a.", "UNKNOWN", "same as above",
                                  "End-User", "(various)", "<none>"])  # fmt: skip
def test_a_word_for_a_name_names_nobody(name: str) -> None:
    assert "party_unnamed" in codes(find(CONTEXTS["plain"], end_user=name))


def test_words_that_name_nobody_are_plain() -> None:
    assert all(names_nobody(word.upper()) for word in NOBODY)
    assert not any(names_nobody(name) for name in ("Nader AG", "Unknown Worlds Ltd", "NAND Inc"))


@pytest.mark.parametrize("role", ["consignee", "end_user"])
def test_both_must_be_named(role: str) -> None:
    assert codes(find(CONTEXTS["plain"], **{role: ""})) == {"party_unnamed"}
    assert not codes(find(CONTEXTS["plain"], purchaser="", intermediate=""))


def test_who_cannot_be_screened_is_held() -> None:
    assert codes(find(CONTEXTS["plain"], consignee="123 456")) == {"party_unread"}


def test_few_and_many_lines_take_their_own_way() -> None:
    for count in (FEW, FEW + 1):
        held = [row(n, consignee=PARTIES[n % 4]) for n in range(count)]
        found = evaluate(held, [DAY] * count, WORLD, CONTEXTS["plain"])
        assert found[0] == find(CONTEXTS["plain"])
        assert [hold.code for one in found for hold in one.party_holds].count("party_hit") >= 10


def test_no_lines() -> None:
    assert evaluate_many([], [], WORLD, Context()) == []


def test_what_answers_rest_on_has_a_mark_of_its_own() -> None:
    register = nobody_listed(register=Register({}))
    marks = [under(world, context, day) for world, context, day in (
        (WORLD, CONTEXTS["plain"], DAY), (WORLD, CONTEXTS["plain"], date(2025, 7, 16)),
        (WORLD, CONTEXTS["confirmed"], DAY), (WORLD, CONTEXTS["none"], DAY),
        (WORLD, CONTEXTS["in part"], DAY), (WORLD, CONTEXTS["old"], DAY),
        (WORLD.under(kt.read_reform("ai-diffusion-enforced")), CONTEXTS["plain"], DAY),
        (WORLD, register, DAY), (WORLD, CONTEXTS["owners"], DAY),
    )]  # fmt: skip
    assert len({*marks}) == len(marks)
