"""Named parties in one case: facts, words, receipt, history."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

import klartecken as kt
from klartecken.errors import InputError
from klartecken.parties.decisions.record import Decisions, decide
from klartecken.parties.party import Party
from klartecken.parties.register.record import Registered, register_of
from klartecken.parties.resolve.context import Context
from klartecken.parties.resolve.supplement import approvals
from tests.parties.fake import DAY, MARLOW, context, snapshot
from tests.parties.owners import Chain

REGISTER = register_of({
    "A": Registered(Party("Nordlicht Oy", id="A"), hq="HK"),
    "B": Registered(Party("Vik Oy", id="B"), hq="FI", parent_hq="CN"),
    "C": Registered(Party("Tarn Oy", id="C"), hq="FI"),
})  # fmt: skip


def ask(item: str = "nvidia-rtx-4090", to: str = "SG", on: date | str = DAY, **more: Any) -> Any:
    return kt.check(item, to, on, **more)


def test_the_case_of_a_clean_name() -> None:
    answer = ask(hq="SG", consignee="Vik Oy", parties=context())
    assert answer.outcome == "no_licence_required"
    assumed = {a.fact for a in answer.assumptions}
    assert "listed_entity" not in assumed
    assert "affiliate_of_listed" in assumed
    assert answer.case.facts["listed_entity"].source.startswith("screened against 2026-11-20-")
    assert "consignee 'Vik Oy': no hit" in answer.explain()


def test_a_hit_holds_the_answer_until_a_person_decides() -> None:
    open_ = ask(hq="SG", consignee="Marlow Works", parties=context())
    assert open_.outcome == "undetermined"
    assert open_.possible_outcomes == ("licence_required", "no_licence_required")
    assert [m.fact for m in open_.missing] == ["listed_entity"]
    told = " ".join(open_.explain().split())
    assert "consignee 'Marlow Works': 1 hit that nobody decided on" in told
    assert 'klartecken parties decide "Marlow Works" EL-marlow' in told
    for verdict, outcome in (("match", "licence_required"),
                             ("false_positive", "no_licence_required")):  # fmt: skip
        made = decide(Party("Marlow Works"), MARLOW, verdict, reason="r", by="A", day=DAY,
                      until=DAY)  # fmt: skip
        held = context(decisions=Decisions((made,)))
        assert ask(hq="SG", consignee="Marlow Works", parties=held).outcome == outcome


def test_the_footnote_of_an_entry_reaches_foreign_made_items() -> None:
    made = decide(Party("Marlow Works"), MARLOW, "match", reason="r", by="A", day=DAY)
    held = context(decisions=Decisions((made,)))
    answer = ask(to="MY", ship_from="SG", hq="MY", end_user="Marlow Works", parties=held,
                 facts={"subject_to_ear": "no"})  # fmt: skip
    assert answer.outcome == "licence_required"


@pytest.mark.parametrize("context_", [None, Context()])
def test_without_a_list_it_is_said_loudly(context_: Context | None) -> None:
    answer = ask(hq="SG", consignee="Vik Oy", parties=context_)
    assert answer.outcome == "undetermined"
    assert "prohibited" in answer.possible_outcomes
    told = answer.explain()
    assert "NOT SCREENED" in told
    assert "klartecken lists import FILE" in " ".join(told.split())
    assert "party_lists_missing" in {flag.code for flag in answer.flags}


def test_nobody_named_is_as_before() -> None:
    assert ask(hq="SG", parties=context()).case.parties is None
    assert ask(hq="SG", end_user=()).to_dict()["parties"] is None


@pytest.mark.parametrize(
    "more",
    [{"listed": "none"}, {"listed": "uvl"}, {"facts": {"listed_entity": "no"}},
     {"facts": {"entity_list_footnote": "4"}}, {"facts": {"supp8_entity": "no"}}],
)  # fmt: skip
def test_a_listed_fact_is_not_said_twice(more: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="and the named parties give") as err:
        ask(hq="SG", consignee="Vik Oy", parties=context(), **more)
    assert "\n" not in err.value.line()
    assert "Leave it out, or name no party" in err.value.line()


def test_seats_beside_what_the_asker_says() -> None:
    held = context(register=REGISTER)
    assert str(ask(consignee="A", parties=held).case.value("consignee_hq")) == "CN"
    assert ask(consignee="A", hq="CN", parties=held).outcome == "licence_required"
    assert ask(consignee="nordlicht oy", hq="HK", parties=held).outcome == "licence_required"
    with pytest.raises(InputError, match="consignee_hq: is given as SG"):
        ask(consignee="A", hq="SG", parties=held)
    # the parent of C is not known: taken to sit where C sits, unless another one's is known
    assert str(ask(consignee="C", parties=held).case.value("parent_hq")) == "FI"
    both = {"consignee": "B", "end_user": "C", "parties": held}
    parent = ask(**both).case.facts["parent_hq"]
    assert not parent.known
    assert parent.note == "consignee 'Vik Oy': CN; of the others unknown"
    assert ask(**both, parent_hq="CN|FI").case.value("parent_hq") is not None
    with pytest.raises(InputError, match="parent_hq"):
        ask(**both, parent_hq="FI")


def test_what_an_entry_leaves_open_the_asker_may_settle() -> None:
    blank = MARLOW.__class__("EL-b", "EL", "Blank Works")
    made = decide(Party("Blank Works"), blank, "match", reason="r", by="A", day=DAY)
    held = context(snapshot((blank,)), decisions=Decisions((made,)))
    settled = ask(hq="SG", consignee="Blank Works", parties=held,
                  facts={"entity_list_policy": "policy_of_denial"})  # fmt: skip
    assert settled.review_policy == "policy_of_denial"
    made = decide(Party("Marlow Works"), MARLOW, "match", reason="r", by="A", day=DAY)
    held = context(decisions=Decisions((made,)))
    with pytest.raises(InputError, match="entity_list_policy"):
        ask(hq="SG", consignee="Marlow Works", parties=held,
            facts={"entity_list_policy": "case_by_case"})  # fmt: skip


def test_owners_decide_while_the_rule_is_in_force() -> None:
    made = decide(Party("Marlow Sonics"), MARLOW, "match", reason="r", by="A", day=DAY)
    held = context(owners=Chain(), decisions=Decisions((made,)))
    answer = ask(consignee="Nordlicht Oy", parties=held)
    assert answer.outcome == "licence_required"
    assert "744.11(a)(1).affiliates" in {r.provision for r in answer.requirements}


def test_approval_by_name_in_the_emirates() -> None:
    g42 = approvals()[0].entry
    made = decide(Party("G42"), g42, "match", reason="r", by="A", day=DAY)
    roles = {"consignee": "G42", "end_user": "G42", "hq": "AE"}
    plain = ask("nvidia-h100-sxm", "AE", parties=context(), **roles)
    assert plain.outcome == "undetermined"
    held = context(decisions=Decisions((made,)), max_age=900)
    assert ask("nvidia-h100-sxm", "AE", parties=held, **roles).outcome == "no_licence_required"
    later = ask("nvidia-h100-sxm", "AE", "2027-04-07", parties=held, **roles)
    assert later.outcome == "undetermined"
    renewed = ask("nvidia-h100-sxm", "AE", "2027-04-07", parties=held, **roles,
                  facts={"supp8_status_current": "yes"})  # fmt: skip
    assert renewed.outcome == "no_licence_required"


@pytest.mark.parametrize("name", ["Vik Oy", "Marlow Works", "123", "Osprey Holdings"])
@pytest.mark.parametrize("lists", [True, False])
def test_a_receipt_gives_the_same_answer_without_the_lists(name: str, lists: bool) -> None:
    answer = ask(hq="SG", end_user=[name, "Nordlicht Oy"], parties=context() if lists else None)
    body = json.loads(json.dumps(answer.receipt()))
    assert body["case"]["parties"]["named"][0]["name"] == name
    if lists:
        assert len(body["case"]["parties"]["snapshot"]["hash"]) == 64
    again = kt.replay(body)
    assert again.lines == ()
    assert again.same
    body["case"]["parties"]["remarks"] = "all is well"
    with pytest.raises(InputError):
        kt.replay(body)


def test_history_turns_with_the_lists() -> None:
    first = snapshot((), DAY - timedelta(3))
    held = context(first, snapshot(), max_age=5)
    steps = kt.history("nvidia-rtx-4090", "SG", until=date(2026, 12, 24), hq="SG",
                       consignee="Marlow Works", parties=held)  # fmt: skip
    turns = {step.day: step.answer.outcome for step in steps if step.day >= date(2026, 11, 16)}
    assert turns == {
        date(2026, 11, 17): "no_licence_required", date(2026, 11, 20): "undetermined",
        date(2026, 11, 26): "undetermined",
    }  # fmt: skip


@pytest.mark.parametrize("wrong", [5, ["Zorbla", 7], 1.5])
def test_what_is_no_name_is_refused(wrong: object) -> None:
    with pytest.raises(InputError, match="is no name"):
        kt.check("nvidia-h20", to="CN", on="2026-08-03", consignee=wrong)


def test_what_is_no_context_is_refused() -> None:
    with pytest.raises(InputError, match="no context of parties"):
        kt.check("nvidia-h20", to="CN", on="2026-08-03", consignee="Zorbla", parties="lists")
