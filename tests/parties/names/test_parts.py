"""Several names in one: each is read by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.parties.lists.entry import Entry
from klartecken.parties.names import parts
from klartecken.parties.names.nobody import nobody
from klartecken.parties.names.normal import fold, party_readings, readings
from klartecken.parties.names.parts import MOST, listed_parts, party_parts
from klartecken.parties.names.words import INITIAL, names_lexicon
from klartecken.parties.party import Party
from klartecken.parties.screening.listed import prepare
from klartecken.parties.screening.screen import screen
from tests.parties.screening.made import names, snapshot

OTHER, ASKED = "Quornfeld Larchmont Trading", "Zorbla Werke GmbH"
LISTED = prepare(snapshot([Entry("EL-1", "EL", ASKED)]))
FORMS = (
    "{o} c/o {a}", "{o}, care of {a}", "{a} d/b/a {o}", "{o} D.B.A. {a}",
    "{o} doing business as {a}",
    "{o} t/a {a}", "{o} trading as {a}", "{o} (formerly {a})", "{o} f/k/a {a}", "{o}, f.k.a. {a}",
    "{o} a/k/a {a}", "{o} aka {a}", "{o} also known as {a}", "{o} on behalf of {a}",
    "{o} for account of {a}", "{o} for the account of {a}", "To the order of {a}",
    "{a} Attn: J. Doe",
    "Attn: Jane Doe, {a}", "{o} / {a}", "{o}/{a}", "{o}; {a}", "{o} | {a}", "{o} \\ {a}",
    "{o} + {a}",
    "{o}, a subsidiary of {a}", "{o} (a division of {a})", "{o} as agent for {a}", "{o} via {a}",
    "{o}, end user: {a}", "{o} ship to {a}", "Quorn Bank, notify party: {a}", "{o} ({a})",
    "{o} - {a}", "{o}, {a}", "{o} & {a}", "100234 {a}", "{a} #100234", "“{a}”", "{o} owned by {a}",
    "{o} f/b/o {a}", "{o} p/a {a}", "{o} ex {a}", "{o} for {a}", "{o} with {a}", "{o} *{a}*",
    "{o} → {a}", "{o} • {a}", "{o}. {a}.", "{o} vormals {a}", "{o} @ {a}",
    "夸恩 {a}", "Zorbla&nbsp;Werke&#32;GmbH", "Z0rbla W3rke GmbH", "Zorb1a Werke GmbH",
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_each_name_within_a_name_is_read(form: str) -> None:
    found = party_readings(form.format(o=OTHER, a=ASKED), "organisation")
    assert "zorbla werke llc" in found


@pytest.mark.parametrize(
    "name",
    ["zorbla a/s", "zorbla (shenzhen)", "zorbla, shenzhen", "wang, jianguo", "24/7 zorbla",
     "zorbla & co", "zorbla and sons"],
)  # fmt: skip
def test_what_is_one_name_stays_one(name: str) -> None:
    assert party_readings(name) == readings(name)


def test_a_listed_name_is_parted_by_what_names_the_same_party_only() -> None:
    assert listed_parts("zorbla ooo (a.k.a. quux werke)".replace("a.k.a.", "aka")) == (
        "zorbla ooo", "quux werke",
    )  # fmt: skip
    assert listed_parts("zorbla, a subsidiary of quux") == ()


def test_a_brand_in_brackets_is_a_name() -> None:
    assert "zorblaq" in party_readings("Quornfeld Oy (Zorblaq)")


def telling(form: str) -> tuple[str, ...]:
    """The words of a form that are more than a legal form or an initial, or the form itself."""
    weight = names_lexicon().weight
    return tuple(word for word in form.split() if weight(word) > INITIAL) or (form,)


@given(names, st.sampled_from(["unknown", "person", "organisation"]))
def test_a_party_is_read_in_all_that_the_same_listed_name_is(name: str, kind: str) -> None:
    """So that a name always meets itself; and never in more forms than are bounded."""
    mine = party_readings(name, kind)
    assert {*map(telling, readings(name, kind))} <= {*map(telling, mine)}
    assert mine[:1] == readings(name, kind)[:1]
    assert len(party_parts(fold(name))) <= MOST + 1


def test_too_many_parts_are_not_passed_over() -> None:
    name = ", ".join(f"Quornfeld{chr(97 + i)} Larchmont" for i in range(40))
    found = screen(Party(name), LISTED)
    assert found.status == "not_screenable"
    assert "parts" in found.unread[0]


NOBODY = (
    "TBD", "t.b.d.", "unknown", "N/A", "n.a.", "None", "same as above", "Same as consignee",
    "To order", "to be advised", "end user", "various customers", "Undisclosed End User",
    "XXX", "xx", "test", "not applicable", "see attached", "unbekannt", "-", "?", "100234",
    "CUST-00123", "C100234", "Customer 1", "Customer no. 4711",
    "Quornfeld Oy on behalf of undisclosed principal", "Quornfeld Oy / TBD", "c/o unknown",
)  # fmt: skip


@pytest.mark.parametrize("name", NOBODY)
def test_a_name_that_names_nobody_is_not_screenable(name: str) -> None:
    assert screen(Party(name), LISTED).status == "not_screenable"


@pytest.mark.parametrize(
    "name", ["Unknown Worlds Entertainment", "Core42", "G42", "Quux 1000",
             "Test Research Institute of Quux", "Nobody Oy Zorb",
             "Quornfeld Oy / End user", "Order Systems Inc", "3M Quux"],
)  # fmt: skip
def test_a_name_that_only_holds_such_words_names_somebody(name: str) -> None:
    assert nobody(fold(name)) == ""


WORDS = (
    "quornfeld", "zorbla", "oy", "gmbh", "of", "for", "to", "by", "the", "order", "account",
    "agent", "agents", "via", "attn:", "attention", "notify", "party", "ship", "shipped", "sold-to",
    "owned",
    "controlled", "subsidiary", "branch", "unit", "member", "trading", "as", "now", "known", "also",
    "on", "behalf", "c/o", "t/a", "a/k/a", "aka", "dba", "care", "formerly", "doing", "business",
    "end", "user:", "consignee", ":", "/", "wholly-owned", "an", "f/a/o", "obo", "under",
    "vormals", "ehemals", "ex", "fbo", "z.", "hd.", "z.hd.", "zhd", "p/a", "f/b/o", "i/c/o",
)  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join) | names.map(fold))
def test_the_quick_look_never_says_no_where_there_are_parts(text: str) -> None:
    assert parts._may_hold(text) or not parts._ALL.search(text)
