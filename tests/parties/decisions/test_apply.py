"""Decisions laid over screenings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.errors import InputError
from klartecken.parties.decisions.apply import apply
from klartecken.parties.decisions.record import Decision, Decisions, Record, Withdrawal, decide
from klartecken.parties.lists.entry import Entry
from klartecken.parties.party import Party
from klartecken.parties.screened import HIT, NO_HIT, NOT_SCREENABLE, Hit, Screening
from tests.parties.fake import DAY, MARLOW, MODEL, TERN

PARTY = Party("Marlow Works", country="SG", id="P1")
OTHERS = (PARTY, replace(PARTY, country="MY"), Party("Tern Mills"), Party("Nordlicht Oy"))
ENTRIES = (MARLOW, TERN, replace(MARLOW, aliases=("Marlow S.",)), Entry("EL-x", "EL", "X"))
DAYS = [DAY + timedelta(n) for n in (-3, -1, 0, 1, 5, 9)]


def hit(entry: Entry, rule: str = "words") -> Hit:
    return Hit(entry, entry.name, "asked", rule, {"words": 0.8}, "review")


def screening(party: Party = PARTY, *hits: Hit, status: str = "") -> Screening:
    state = status or (HIT if hits else NO_HIT)
    return Screening(party, state, hits, (), {"hash": "0"}, MODEL)


def denied(entry: Entry = MARLOW, party: Party = PARTY, **more: object) -> Decision:
    held = decide(party, entry, "false_positive", reason="another", by="A", day=DAY,
                  until=DAY + timedelta(5), second="B")  # fmt: skip
    return replace(held, **more)  # type: ignore[arg-type]


def same(entry: Entry = MARLOW, party: Party = PARTY, **more: object) -> Decision:
    held = decide(party, entry, "match", reason="the same", by="A", day=DAY)
    return replace(held, **more)  # type: ignore[arg-type]


def test_a_false_positive_is_set_aside_and_logged() -> None:
    found = apply(screening(PARTY, hit(MARLOW), hit(TERN)), Decisions((denied(),)), DAY)
    assert [h.entry.id for h in found.hits] == [TERN.id]
    assert found.status == HIT
    (aside,) = found.suppressed
    assert aside["entry_id"] == MARLOW.id
    assert aside["decision"]["by"] == "A"
    assert apply(screening(PARTY, hit(MARLOW)), Decisions((denied(),)), DAY).status == NO_HIT


def test_a_match_is_confirmed_and_stays_a_hit() -> None:
    found = apply(screening(PARTY, hit(MARLOW)), Decisions((same(),)), DAY - timedelta(900))
    assert found.confirmed == (MARLOW.id,)
    assert found.status == HIT
    assert found.to_dict()["hits"][0]["confirmed"] is True


@pytest.mark.parametrize(
    ("party", "entry", "day", "told"),
    [
        (replace(PARTY, country="MY"), MARLOW, DAY, "the party changed"),
        (PARTY, replace(MARLOW, aliases=("M.",)), DAY, "the entry changed"),
        (PARTY, MARLOW, DAY + timedelta(6), "it ended on 2026-11-25"),
        (PARTY, MARLOW, DAY - timedelta(1), "does not count yet"),
    ],
)
def test_a_decision_lapses_and_says_so(party: Party, entry: Entry, day: date, told: str) -> None:
    found = apply(screening(party, hit(entry)), Decisions((denied(),)), day)
    assert [h.entry.id for h in found.hits] == [MARLOW.id]
    assert not found.suppressed
    (reason,) = found.reasons
    assert reason.startswith("a decision of 2026-11-20 by A on EL-marlow")
    assert told in reason


@pytest.mark.parametrize("rule", ["exact", "identifier"])
def test_an_exact_hit_takes_two_people(rule: str) -> None:
    alone = denied(second="")
    assert apply(screening(PARTY, hit(MARLOW, rule)), Decisions((alone,)), DAY).hits
    assert apply(screening(PARTY, hit(MARLOW)), Decisions((alone,)), DAY).status == NO_HIT
    both = apply(screening(PARTY, hit(MARLOW), hit(MARLOW, rule)), Decisions((alone,)), DAY)
    assert len(both.hits) == 2
    assert apply(screening(PARTY, hit(MARLOW, rule)), Decisions((denied(),)), DAY).status == NO_HIT


def test_one_that_was_taken_anew_is_not_told_to_have_lapsed() -> None:
    abroad = replace(PARTY, country="MY")

    def told(*decisions: Decision) -> tuple[str, ...]:
        return apply(screening(PARTY, hit(MARLOW)), Decisions(decisions), DAY).reasons

    assert told(same(party=abroad), same()) == ()
    assert told(denied(party=abroad), denied()) == ()
    assert told(denied(party=abroad), same()) == ()
    (old,) = told(same(party=abroad), denied())
    assert old.endswith("lapsed: the party changed")


def test_of_two_that_contradict_one_another_the_match_counts() -> None:
    found = apply(screening(PARTY, hit(MARLOW)), Decisions((denied(), same())), DAY)
    assert found.confirmed == (MARLOW.id,)
    assert found.hits
    assert "contradict" in found.reasons[0]


def test_a_confirmed_entry_that_does_not_come_up_is_told() -> None:
    found = apply(screening(PARTY), Decisions((same(),)), DAY)
    assert found.confirmed == (MARLOW.id,)
    assert "did not come up now" in found.reasons[0]


def test_what_cannot_be_screened_stays_so() -> None:
    found = apply(screening(PARTY, hit(MARLOW), status=NOT_SCREENABLE), Decisions((denied(),)), DAY)
    assert found.status == NOT_SCREENABLE


def test_deciding_asks_for_reason_person_and_end() -> None:
    for more, told in (
        ({"reason": " "}, "reason"), ({"by": ""}, "by"), ({"until": None}, "needs a last day"),
        ({"until": DAY - timedelta(1)}, "is before"), ({"second": "a"}, "decides already"),
        ({"second": " A. "}, "decides already"),
        ({"exact": True}, "two people"), ({"verdict": "maybe"}, "no verdict"),
        ({"reason": "two\nlines"}, "control"),
    ):  # fmt: skip
        asked = {"verdict": "false_positive", "reason": "r", "by": "A", "day": DAY,
                 "until": DAY, **more}  # fmt: skip
        with pytest.raises(InputError, match=told):
            decide(PARTY, MARLOW, **asked)  # type: ignore[arg-type]


# -- laws ----------------------------------------------------------------------------------------
def records(rnd: Random) -> list[Record]:
    found: list[Record] = []
    for number in range(rnd.randint(0, 8)):
        entry, party = rnd.choice(ENTRIES), rnd.choice(OTHERS)
        make = rnd.choice((denied, same))
        until = rnd.choice((None, *DAYS)) if make is same else rnd.choice(DAYS)
        found.append(make(entry, party, day=rnd.choice(DAYS), until=until, number=number,
                          second=rnd.choice(("", "B"))))  # fmt: skip
    if found and rnd.random() < 0.4:
        found.append(Withdrawal(rnd.choice(found).id, "wrong", "B", DAY, len(found)))
    return found


def some(rnd: Random) -> Screening:
    mine = rnd.sample((MARLOW, TERN, ENTRIES[3]), rnd.randint(0, 3))
    return screening(rnd.choice(OTHERS), *(hit(e, rnd.choice(("words", "exact"))) for e in mine))


@given(st.integers(0, 10**9))
def test_the_order_of_records_does_not_matter(seed: int) -> None:
    rnd = Random(seed)
    held, asked, day = records(rnd), some(rnd), rnd.choice(DAYS)
    other = rnd.sample(held, len(held))
    assert apply(asked, Decisions(tuple(held)), day) == apply(asked, Decisions(tuple(other)), day)
    assert Decisions(tuple(held)).hash == Decisions(tuple(other)).hash


@given(st.integers(0, 10**9))
def test_no_other_pair_is_touched_and_nothing_is_lost(seed: int) -> None:
    rnd = Random(seed)
    held, asked, day = Decisions(tuple(records(rnd))), some(rnd), rnd.choice(DAYS)
    found = apply(asked, held, day)
    pairs = {(d.party_hash, d.entry_hash) for d in held.standing}
    for one in asked.hits:
        if (asked.party.hash, one.entry.hash) not in pairs:
            assert one in found.hits
            assert one.entry.id not in found.confirmed
    aside = {row["entry_id"] for row in found.suppressed}
    kept = {one.entry.id for one in found.hits}
    assert aside | kept == {one.entry.id for one in asked.hits}
    assert not aside & kept
    assert not aside & set(found.confirmed)


@given(st.integers(0, 10**9))
def test_lapsed_decisions_never_suppress(seed: int) -> None:
    rnd = Random(seed)
    held, asked, day = Decisions(tuple(records(rnd))), some(rnd), rnd.choice(DAYS)
    gone = {r.withdraws for r in held.records if isinstance(r, Withdrawal)}
    for row in apply(asked, held, day).suppressed:
        made = row["decision"]
        assert made["id"] not in gone
        assert made["verdict"] == "false_positive"
        assert date.fromisoformat(made["day"]) <= day <= date.fromisoformat(made["until"])
        assert made["party_hash"] == asked.party.hash
        assert made["entry_hash"] == row["entry_hash"]
        assert row["rule"] != "exact" or made["second"]


@given(st.integers(0, 10**9))
def test_within_an_era_nothing_changes(seed: int) -> None:
    rnd = Random(seed)
    held, asked = Decisions(tuple(records(rnd))), some(rnd)
    day = DAY + timedelta(rnd.randint(-5, 12))
    if day not in held.turns:
        before = apply(asked, held, day - timedelta(1))
        after = apply(asked, held, day)
        assert (before.hits, before.confirmed) == (after.hits, after.confirmed)
