"""The normal form of an address, its weights, and what says too little. Invented addresses."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.facts.table import read_table
from klartecken.parties.names.addresses import (
    Numbers,
    address_forms,
    address_lexicon,
    address_obstacle,
    kinds,
    numbers_of,
)
from klartecken.parties.names.forms import DATA
from klartecken.parties.names.normal import LONGEST
from klartecken.parties.names.words import FORM, UNIT

SAME = {
    "abbreviations": ("Rm. 5, 2/F, Blk B, Quorn Ind'l Bldg.", "Room 5 2nd Floor Block B Quorn "
                      "Industrial Building"),
    "house number": ("d.7 ul. Lipovaya, Moskva", "No. 7, Street Lipovaya, Moscow"),
    "leading zeros": ("Unit 04, 7 Quorn Road", "UNIT 4 7 QUORN RD"),
    "accents": ("Häuserstraße 5, Köln", "Hauser Street 5 Koln"),
    "hong kong": ("5 Quorn Road, Hong Kong", "5 Quorn Road, H.K."),
    "box": ("P.O. Box 123, Dubai", "PO BOX 123 dubai"),
    "post office box": ("Post Office Box 123, Dubai", "P. O. Box 123, Dubai"),
    "british postcode": ("5 Quorn Road, SW3 1ES", "5 Quorn Road, sw31es"),
    "direction": ("5 Quorn Dong Lu", "5 Quorn East Road"),
    "full width": ("５ Quorn Road, ２/Ｆ", "5 quorn road 2 floor"),
    "cyrillic": ("ул. Липовая, д. 7", "ul. Lipovaya, d. 7"),
    "lines": ("5 Quorn Road\nFl. 2", "5 Quorn Road, floor 2"),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_one_address_written_two_ways_has_one_form(name: str) -> None:
    one, other = SAME[name]
    assert address_forms(one)
    assert address_forms(one) == address_forms(other)


def test_different_numbers_stay_different() -> None:
    assert address_forms("5A Quorn Road") != address_forms("5B Quorn Road")
    assert address_forms("15 Quorn Road") != address_forms("1 5 Quorn Road")


@pytest.mark.parametrize(
    "text",
    ["Dubai", "Hong Kong", "Moscow 119000, Russia", "P.O. Box 55", "Xi'an, Shaanxi Province, CN",
     "Building No. 6, Burma", "--", "5", "Free Zone, Sharjah, U.A.E.", "P.O. Box 55, Iran"],
)  # fmt: skip
def test_too_little_to_compare_is_said(text: str) -> None:
    assert address_forms(text) == ()
    assert address_obstacle(text).startswith("it says too little")


@pytest.mark.parametrize(
    "text",
    ["5 Quorn Road", "Quorn Road", "Quorn Building, Dubai", "P.O. Box 55, Dubai", "Quorn 5",
     "80 SW 8th Street Suite 2000, Miami", "12725 Jollet Avneue"],
)  # fmt: skip
def test_enough_to_compare(text: str) -> None:
    assert address_forms(text)
    assert address_obstacle(text) == ""


def test_other_obstacles_are_said() -> None:
    assert "empty" in address_obstacle("  ")
    assert str(LONGEST) in address_obstacle("a" * (LONGEST + 1))
    assert "Han" in address_obstacle("香港永樂街148號")
    assert "words" in address_obstacle("5 quorn road " * 60)
    assert address_forms("5 quorn road " * 60) == ()


def test_parts_between_semicolons_are_read_too() -> None:
    whole, first, second = address_forms("5 Quorn Road, Dubai; 6 Larch Street, Dubai")
    assert (first, second) == ("5 quorn road dubai", "6 larch street dubai")
    assert whole == f"{first} {second}"


@pytest.mark.parametrize(
    ("form", "house", "part"),
    [
        ("room 5 19 floor 148 quorn street", {"148"}, {"5", "19"}),
        ("floor 19 quorn street 148", {"148"}, {"19"}),
        ("unit b 1 148 quorn street 123456", {"148"}, {"1"}),
        ("quorn street", set(), set()),
        ("flat no 7 12 quorn street", {"12"}, {"7"}),
    ],
)
def test_numbers_by_what_they_number(form: str, house: set[str], part: set[str]) -> None:
    assert numbers_of(form) == Numbers(frozenset(house), frozenset(part))


def test_the_tables_keep_to_their_layout() -> None:
    weights = address_lexicon().table
    assert set(weights) == set(kinds())
    assert all(re.fullmatch("[a-z]+", word) and 0 < w <= UNIT for word, w in weights.items())
    written = {r.cell("written"): r.cell("form") for r in
               read_table("address_words", DATA, ("written", "form"))}  # fmt: skip
    assert not set(written) & set(written.values()), "a form must stand for itself"
    assert {form for form in written.values() if not form.isdigit()} <= set(weights)


def test_weights_are_of_the_word_alone() -> None:
    weight = address_lexicon().weight
    assert [weight(n) for n in ("5", "55", "555", "5555", "55555", "555555")] == [
        250, 400, 500, 600, 400, 400,
    ]  # fmt: skip
    assert FORM < weight("street") < weight("dubai") < weight("555") < weight("quorn") == UNIT


@given(st.text(max_size=80))
def test_a_form_is_plain_and_settled(text: str) -> None:
    for form in address_forms(text):
        assert re.fullmatch(r"[a-z0-9]+( [a-z0-9]+)*", form)
        assert address_obstacle(text) == "" or "written in" in address_obstacle(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("6 Ke Lin Tang Nan Road, Haidian", "6 Kelintang South Road, Haidian"),
        ("6 Kelintang Nanlu", "6 Kelin Tang South Road"),
        ("445 Dong Lan Zhong Rd., Pudong", "445 Donglan Middle Road, Pu Dong"),
        ("5 De Lin Men Street", "5 Delinmen Street"),
    ],
)
def test_pinyin_is_read_in_one_word_too(one: str, other: str) -> None:
    assert address_forms(one)[-1] == address_forms(other)[-1]


def test_pinyin_is_not_joined_across_a_comma() -> None:
    assert address_forms("5 Donglan, Kelin Tang Road")[-1] == "5 donglan kelintang road"
