"""Parties resolved to facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.errors import InputError, KlarteckenError
from klartecken.law.load import load_law
from klartecken.logic.values import Choice
from klartecken.parties.decisions.record import Decision, Decisions, Withdrawal, decide
from klartecken.parties.lists.entry import Entry
from klartecken.parties.lists.snapshot import Snapshot
from klartecken.parties.party import Party
from klartecken.parties.register.record import Registered, register_of
from klartecken.parties.resolve.context import LISTED, Context
from klartecken.parties.resolve.resolve import Resolver, resolve
from klartecken.parties.resolve.supplement import approvals
from tests.parties.fake import (
    BLOCKED,
    CUBAN,
    DAY,
    ENTRIES,
    MARLOW,
    TERN,
    context,
    snapshot,
    values,
)  # fmt: skip
from tests.parties.owners import END, Chain

NOTHING = "one of no, yes"
VOCABULARY = load_law().vocabulary


def same(name: str, entry: Entry, day: date = DAY) -> Decision:
    return decide(Party(name), entry, "match", reason="same", by="A", day=day)


def asked(name: str = "Nordlicht Oy", day: date = DAY, held: Context | None = None,
          role: str = "consignee", **more: Any) -> dict[str, str]:  # fmt: skip
    return values(resolve({role: name}, day, held or context(**more)).facts)


def test_a_no_carries_its_source() -> None:
    held = context()
    facts = resolve({"consignee": "Nordlicht Oy"}, DAY, held).facts
    for name in LISTED:
        assert str(facts[name].value) == "no"
        assert facts[name].source == f"screened against {held.covers[0].label}: no hit"
    assert str(facts["entity_list_footnote"].value) == "none"
    assert "affiliate_of_listed" not in facts
    assert "consignee_hq" not in facts


@pytest.mark.parametrize("role", ["purchaser", "intermediate", "consignee", "end_user"])
def test_an_undecided_hit_is_unknown_in_every_role(role: str) -> None:
    found = resolve({role: "Marlow Works", "consignee" if role != "consignee" else "end_user":
                     "Nordlicht Oy"}, DAY, context())  # fmt: skip
    facts = values(found.facts)
    assert facts["listed_entity"] == NOTHING
    assert facts["entity_list_footnote"] == "one of 4, none"
    assert facts["entity_list_policy"] == "presumption_of_denial"
    assert {facts[name] for name in LISTED if name != "listed_entity"} == {"no"}
    note = found.facts["listed_entity"].note
    assert 'klartecken parties decide "Marlow Works" EL-marlow' in note
    assert "party_undecided" in {remark.code for remark in found.remarks}


def test_a_confirmed_match_is_a_yes() -> None:
    held = context(decisions=Decisions((same("Marlow Works", MARLOW),)))
    facts = asked("Marlow Works", held=held)
    assert facts["listed_entity"] == "yes"
    assert facts["entity_list_footnote"] == "4"
    both = values(resolve({"consignee": "Marlow Works", "end_user": "Tern Mills"}, DAY, held).facts)
    assert both["listed_entity"] == "yes"
    assert both["entity_list_footnote"] == "4"
    assert both["entity_list_policy"] == "one of case_by_case, presumption_of_denial"


def test_of_confirmed_entries_the_strictest_policy_governs() -> None:
    made = Decisions((same("Marlow Works", MARLOW), same("Tern Mills", TERN)))
    found = resolve({"consignee": ["Marlow Works", "Tern Mills"]}, DAY, context(decisions=made))
    assert values(found.facts)["entity_list_policy"] == "presumption_of_denial"
    other = replace(TERN, review_policy="")
    lists = snapshot((MARLOW, other))
    made = Decisions((same("Marlow Works", MARLOW), same("Tern Mills", other)))
    found = resolve({"consignee": ["Marlow Works", "Tern Mills"]}, DAY,
                    context(lists, decisions=made))  # fmt: skip
    assert found.facts["entity_list_policy"].value == VOCABULARY.facts["entity_list_policy"].unknown


def test_a_decision_that_lapsed_leaves_it_unknown() -> None:
    old = decide(Party("Marlow Works", country="SG"), MARLOW, "false_positive", reason="r", by="A",
                 day=DAY, until=DAY)  # fmt: skip
    found = resolve({"consignee": "Marlow Works"}, DAY, context(decisions=Decisions((old,))))
    assert values(found.facts)["listed_entity"] == NOTHING
    assert any("the party changed" in remark.text for remark in found.remarks)


def test_set_aside_is_told_beside_the_no() -> None:
    made = decide(Party("Marlow Works"), MARLOW, "false_positive", reason="r", by="A", day=DAY,
                  until=DAY)  # fmt: skip
    found = resolve({"consignee": "Marlow Works"}, DAY, context(decisions=Decisions((made,))))
    assert values(found.facts)["listed_entity"] == "no"
    assert found.facts["listed_entity"].note == "1 hit set aside by a reviewer"
    assert found.to_dict()["named"][0]["suppressed"][0]["decision"]["id"] == made.id


def test_a_match_whose_entry_is_gone_stays_open_until_withdrawn() -> None:
    made = same("Marlow Works", MARLOW)
    lists = snapshot((TERN,))
    held = context(lists, decisions=Decisions((made,)))
    assert asked("Marlow Works", held=held)["listed_entity"] == NOTHING
    gone = Withdrawal(made.id, "delisted", "A", DAY)
    held = context(lists, decisions=Decisions((made, gone)))
    assert asked("Marlow Works", held=held)["listed_entity"] == "no"


def test_a_new_name_frees_nobody_of_a_match() -> None:
    """Confirmed, then renamed under the same id: not "no" by silence, but open, and told."""
    made = decide(Party("Marlow Sonics", id="P1"), MARLOW, "match", reason="r", by="A", day=DAY)
    held = context(decisions=Decisions((made,)))
    renamed = Party("Sunny Trading", id="P1")
    found = resolve({"consignee": renamed}, DAY, held)
    assert values(found.facts)["listed_entity"] == NOTHING
    assert any("lapsed: the party changed" in remark.text for remark in found.remarks)
    assert asked("Sunny Trading", held=held)["listed_entity"] == "no"  # without the id: another
    ended = replace(made, until=DAY)
    held = context(decisions=Decisions((ended,)))
    assert values(resolve({"consignee": renamed}, DAY, held).facts)["listed_entity"] == NOTHING
    later = resolve({"consignee": renamed}, DAY + timedelta(1), held)
    assert values(later.facts)["listed_entity"] == "no"


def test_who_receives_and_who_uses_are_asked_for() -> None:
    def told(*roles: str) -> list[str]:
        found = resolve(dict.fromkeys(roles, "Nordlicht Oy"), DAY, context())
        return [r.text for r in found.remarks if r.code == "party_role_unnamed"]

    assert told("consignee", "end_user") == []
    assert "no end user is named" in told("consignee")[0]
    assert "no consignee and no end user is named" in told("purchaser")[0]


# -- lists that are not there ------------------------------------------------------------------
def test_without_a_list_everything_is_unknown() -> None:
    found = resolve({"consignee": "Nordlicht Oy"}, DAY, Context())
    assert {values(found.facts)[name] for name in LISTED} == {NOTHING}
    footnote = found.facts["entity_list_footnote"].value
    assert footnote == VOCABULARY.facts["entity_list_footnote"].unknown
    assert "klartecken lists import" in found.facts["listed_entity"].note
    assert found.remarks[0].code == "party_lists_missing"
    assert found.named[0].screening is None
    assert found.to_dict()["named"][0]["status"] == "not_screened"


def test_before_the_first_snapshot_there_is_no_list() -> None:
    assert asked(day=DAY - timedelta(1))["listed_uvl"] == NOTHING


@pytest.mark.parametrize(("days", "value"), [(0, "no"), (7, "no"), (8, NOTHING)])
def test_a_stale_list_fails_closed(days: int, value: str) -> None:
    found = asked(day=DAY + timedelta(days))
    assert {found[name] for name in LISTED} == {value}
    allowed = asked(day=DAY + timedelta(days), held=context(max_age=days))
    assert allowed["listed_entity"] == "no"


def test_each_list_is_judged_alone() -> None:
    facts = asked(held=context(snapshot((MARLOW,), lists=("EL", "UVL", "MEU"), partial=("MEU",))))
    assert facts["listed_entity"] == facts["listed_uvl"] == "no"
    assert facts["listed_meu"] == facts["listed_dpl"] == facts["listed_sdn"] == NOTHING


def test_who_cannot_be_screened_is_on_no_list_for_sure() -> None:
    found = resolve({"end_user": "123"}, DAY, context())
    assert {values(found.facts)[name] for name in LISTED} == {NOTHING}
    assert "party_not_screenable" in {remark.code for remark in found.remarks}


def test_another_snapshot_than_the_one_believed_is_an_error() -> None:
    held = context()
    wrong = replace(held, covers=(replace(held.covers[0], hash="f" * 64),))
    with pytest.raises(KlarteckenError, match="was screened against"):
        resolve({"consignee": "Nordlicht Oy"}, DAY, wrong)


# -- what each list means ----------------------------------------------------------------------
def test_blocked_persons_count_by_their_programme() -> None:
    made = Decisions((same("Harrow Bank", BLOCKED), same("Palma Lines", CUBAN)))
    assert asked("Harrow Bank", decisions=made)["listed_sdn"] == "yes"
    found = resolve({"consignee": "Palma Lines"}, DAY, context(decisions=made))
    assert values(found.facts)["listed_sdn"] == "no"
    assert "OFAC" in next(r.text for r in found.remarks if r.code == "party_sdn_ofac")
    silent = Entry("SDN-3", "SDN", "Quiet Sea")
    lists = snapshot((silent,))
    made = Decisions((same("Quiet Sea", silent),))
    assert asked("Quiet Sea", held=context(lists, decisions=made))["listed_sdn"] == NOTHING
    spelt = Entry("SDN-4", "SDN", "Loud Sea", programmes=("CUBA", "Illicit-Drugs-EO14059"))
    made = Decisions((same("Loud Sea", spelt),))
    assert asked("Loud Sea", held=context(snapshot((spelt,)), decisions=made))["listed_sdn"] == (
        "yes"
    )


def test_an_order_counts_until_its_end() -> None:
    held = context(max_age=60)
    assert asked("Quill Parts", date(2026, 11, 30), held)["listed_dpl"] == NOTHING
    found = resolve({"consignee": "Quill Parts"}, date(2026, 12, 1), held)
    assert values(found.facts)["listed_dpl"] == "no"
    assert "party_entry_not_in_force" in {remark.code for remark in found.remarks}


def test_other_lists_are_remarked_on() -> None:
    found = resolve({"consignee": "Osprey Holdings"}, DAY, context())
    assert {values(found.facts)[name] for name in LISTED} == {"no"}
    assert "NS-CMIC" in next(r.text for r in found.remarks if r.code == "party_on_other_list")


def test_an_own_list_with_a_requirement_leaves_the_letter_open() -> None:
    own = Entry("OWN-1", "OWN:desk", "In House", requirement="letter of 2026-01-02")
    plain = Entry("OWN-2", "OWN:desk", "Out House")
    held = context(snapshot((own, plain)))
    assert asked("In House", held=held)["informed_by_letter"] == NOTHING
    assert "informed_by_letter" not in asked("Out House", held=held)
    assert "informed_by_letter" in held.speaks_of
    assert "informed_by_letter" not in context().speaks_of


# -- seats -------------------------------------------------------------------------------------
REGISTER = register_of({
    "A": Registered(Party("Nordlicht Oy", id="A"), hq="HK", parent_hq="SG", source="contract"),
    "B": Registered(Party("Tarn Oy", id="B"), hq="FI"), "C": Registered(Party("Vik Oy", id="C")),
})  # fmt: skip


def test_seats_are_of_consignee_and_end_users_only() -> None:
    held = context(register=REGISTER)
    assert "consignee_hq" not in asked("A", role="purchaser", held=held)
    facts = resolve({"consignee": "A", "purchaser": "B"}, DAY, held).facts
    assert str(facts["consignee_hq"].value) == "CN"
    assert str(facts["parent_hq"].value) == "SG"
    assert facts["consignee_hq"].source == "register, party A; contract"


def test_seats_that_differ_or_are_partly_known() -> None:
    held = context(register=REGISTER)
    found = resolve({"consignee": "A", "end_user": "B"}, DAY, held)
    assert str(found.facts["consignee_hq"].value) == "one of CN, FI"
    assert found.facts["parent_hq"].value == Choice()
    assert found.partly == {"parent_hq": {"SG"}}
    assert [r.code for r in found.remarks] == ["party_seats_differ"] * 2
    found = resolve({"consignee": "C"}, DAY, held)
    assert "consignee_hq" not in found.facts


# -- owners ------------------------------------------------------------------------------------
def test_owners_count_once_they_are_decided_on() -> None:
    held = context(owners=Chain())
    facts = asked(held=held)
    assert facts["affiliate_of_listed"] == NOTHING
    assert facts["entity_list_footnote"] == "one of 4, none"
    assert facts["owner_policy"] == "presumption_of_denial"
    made = Decisions((same("Marlow Sonics", MARLOW),))
    facts = asked(held=replace(held, decisions=made))
    assert facts["affiliate_of_listed"] == "yes"
    assert facts["entity_list_footnote"] == "4"
    assert facts["listed_entity"] == "no"
    assert asked(day=END, held=replace(held, decisions=made))["affiliate_of_listed"] == "no"


def test_an_owner_whose_confirmed_entry_is_gone_stays_open() -> None:
    made = Decisions((same("Marlow Sonics", MARLOW),))
    held = context(snapshot((TERN,)), owners=Chain(), decisions=made)
    assert asked(held=held)["affiliate_of_listed"] == NOTHING


def test_a_party_without_owners_data_is_never_called_free() -> None:
    made = Decisions((same("Marlow Sonics", MARLOW),))
    held = context(owners=Chain(), decisions=made)
    found = resolve({"consignee": "Nordlicht Oy", "end_user": "Vik Oy"}, END, held)
    assert "affiliate_of_listed" not in found.facts
    found = resolve({"consignee": "Nordlicht Oy", "end_user": "Vik Oy"}, DAY, held)
    assert values(found.facts)["affiliate_of_listed"] == "yes"


def test_the_owners_of_each_party_in_one_name_count() -> None:
    class Folded(Chain):
        def find(self, party: Party) -> str | None:
            return super().find(replace(party, name=party.name.title()))

    held = context(owners=Folded())
    assert asked("Vik Oy c/o Nordlicht Oy", held=held)["affiliate_of_listed"] == NOTHING
    # but that nothing is found behind a part says nothing of the whole
    assert "affiliate_of_listed" not in asked("Vik Oy c/o Nordlicht Oy", END, held=held)
    bulk = Resolver(held).alike({"consignee": ("Vik Oy c/o Nordlicht Oy",)}, DAY)
    assert values(bulk.facts)["affiliate_of_listed"] == NOTHING


def test_owners_are_open_where_the_list_is() -> None:
    facts = asked(held=context(snapshot(lists=(), partial=("EL",)), owners=Chain()))
    assert facts["affiliate_of_listed"] == NOTHING
    assert len(facts["entity_list_footnote"].split(",")) == 5


# -- approvals by name -------------------------------------------------------------------------
G42, CORE42 = (approval.entry for approval in approvals())


def test_nobody_is_approved_until_a_person_says_so() -> None:
    for name in ("G42", "g42 cloud llc", "Core 42", "CORE42 Ltd"):
        found = resolve({"consignee": name, "end_user": name}, DAY, context())
        assert values(found.facts)["uae_supp8_entity"] == NOTHING, name
        assert "party_approval_open" in {remark.code for remark in found.remarks}
    assert asked()["uae_supp8_entity"] == "no"
    assert "uae_supp8_entity" not in asked(role="purchaser")


def test_approved_are_consignee_and_every_end_user() -> None:
    held = context(decisions=Decisions((same("G42", G42), same("Core42", CORE42))))

    def status(**roles: Any) -> str:
        return values(resolve(roles, DAY, held).facts)["uae_supp8_entity"]

    assert status(consignee="G42", end_user=["Core42", "G42"]) == "yes"
    assert status(consignee="G42", end_user=["Core42", "Nordlicht Oy"]) == "no"
    assert status(consignee="G42", end_user=["Core42", "G42 Cloud"]) == NOTHING
    assert status(consignee="G42") == NOTHING
    assert status(end_user="G42") == NOTHING
    assert status(consignee="Nordlicht Oy") == "no"
    early = date(2026, 7, 1)
    found = resolve({"consignee": "G42", "end_user": "G42"}, early, held)
    assert values(found.facts)["uae_supp8_entity"] == NOTHING


@pytest.mark.parametrize(
    ("day", "value"), [(DAY, "yes"), (date(2027, 4, 6), "yes"), (date(2027, 4, 7), NOTHING)]
)
def test_an_approval_ends(day: date, value: str) -> None:
    held = context(decisions=Decisions((same("G42", G42),)))
    facts = values(resolve({"consignee": "G42", "end_user": "G42"}, day, held).facts)
    assert facts["uae_supp8_entity"] == "yes"
    assert facts["supp8_status_current"] == value


# -- errors and laws ---------------------------------------------------------------------------
def test_roles_and_names() -> None:
    for roles, told in (
        ({"boss": "A"}, "no role"),
        ({"consignee": " "}, "is empty"),
        ({"consignee": "a\nb"}, "control"),
    ):
        with pytest.raises(InputError, match=told):
            resolve(roles, DAY, context())
    assert resolve({}, DAY, context()).facts == {}


NAMES = ("Nordlicht Oy", "Marlow Sonics", "Marlow Works", "Tern Foundry", "Quill Parts", "G42", "7",
         "Palma Lines", "Harrow Bank", "Falk Aerodyne", "A", "B", "Osprey")  # fmt: skip


def anything(rnd: Random) -> Context:
    old: Snapshot = snapshot(ENTRIES[:4], DAY - timedelta(12), partial=rnd.sample(("MEU", "EL"), 1))
    made = [same(rnd.choice(NAMES), rnd.choice(ENTRIES), DAY + timedelta(rnd.randint(-3, 3)))
            for _ in range(3)]  # fmt: skip
    return context(old, snapshot(), decisions=Decisions(tuple(made)), owners=Chain(),
                   register=REGISTER, max_age=rnd.randint(0, 14))  # fmt: skip


def named(rnd: Random) -> dict[str, list[str]]:
    roles = rnd.sample(("purchaser", "intermediate", "consignee", "end_user"), rnd.randint(1, 3))
    return {role: rnd.sample(NAMES, rnd.randint(1, 2)) for role in roles}


@given(st.integers(0, 10**9))
def test_within_an_era_no_fact_changes(seed: int) -> None:
    rnd = Random(seed)
    held, roles = anything(rnd), named(rnd)
    day = DAY + timedelta(rnd.randint(-16, 20))
    first, last = held.era(day)
    assert first <= day <= last
    span = (last - day).days if last < date.max else 3
    other = day + timedelta(rnd.randint(0, min(span, 400)))
    assert resolve(roles, day, held).values == resolve(roles, other, held).values


@given(st.integers(0, 10**9))
def test_facts_are_of_the_vocabulary_and_told_beforehand(seed: int) -> None:
    rnd = Random(seed)
    held, roles = anything(rnd), named(rnd)
    found = resolve(roles, DAY + timedelta(rnd.randint(-16, 20)), held)
    assert set(found.facts) <= set(held.speaks_of) <= set(VOCABULARY.facts)
    for name, fact in found.facts.items():
        spec = VOCABULARY.facts[name]
        assert isinstance(fact.value, Choice)
        if spec.kind == "flag":
            assert fact.value.options is not None
            assert fact.value.options <= {"yes", "no"}
        elif spec.options:
            assert fact.value.options is not None
            assert fact.value.options <= set(spec.options)
        assert fact.known or fact.note, name


@given(st.integers(0, 10**9))
def test_one_more_party_never_turns_an_unknown_or_yes_into_a_no(seed: int) -> None:
    rnd = Random(seed)
    held, roles = anything(rnd), named(rnd)
    day = DAY + timedelta(rnd.randint(-16, 20))
    more = {**roles, "end_user": [*roles.get("end_user", []), rnd.choice(NAMES)]}
    before, after = resolve(roles, day, held).values, resolve(more, day, held).values
    for name in (*LISTED, "affiliate_of_listed"):
        if name in before and str(before[name]) != "no":
            assert str(after[name]) != "no", name


@given(st.integers(0, 10**9))
def test_tuples_that_are_alike_have_the_same_values(seed: int) -> None:
    rnd = Random(seed)
    resolver = Resolver(anything(rnd))
    for _ in range(12):
        roles = {role: tuple(names) for role, names in named(rnd).items()}
        day = DAY + timedelta(rnd.randint(-16, 20))
        found, wanted = resolver.alike(roles, day), resolve(roles, day, resolver.context)
        assert (found.values, found.partly) == (wanted.values, wanted.partly)
