"""Addresses against listed addresses: the rule, the same in bulk, and what a party is told."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.parties.lists.entry import Entry
from klartecken.parties.party import Address, Party
from klartecken.parties.screened import Screening
from klartecken.parties.screening.address import (
    address_hit,
    build_addresses,
    by_address,
    meet_addresses,
    same_country,
)
from klartecken.parties.screening.listed import Listed, prepare
from klartecken.parties.screening.model import DEFAULT, Thresholds
from klartecken.parties.screening.screen import screen, screen_many
from tests.parties.screening import made

SITE = "Room 1905, 19/F, Quorn Hong Bldg., 148 Larch Street, Sheung Wan, Hong Kong"


def listed_of(*entries: Entry) -> Listed:
    return prepare(made.snapshot(entries))


def entry(number: int, name: str, *addresses: Address, countries: tuple[str, ...] = ()) -> Entry:
    return Entry(f"EL-{number}", "EL", name, addresses=addresses, countries=countries)


def told(text: str, country: str, *entries: Entry) -> Screening:
    party = Party("Zzyzx Vorpal", country=country, addresses=(Address(text, country),))
    return screen(party, listed_of(*entries))


@pytest.mark.parametrize(
    "text",
    [
        SITE,
        "148 Larch St., Quorn Hong Building, 19th floor, Rm 1905, HK",
        "Rm 1905 Quorn Hong Bldg, 148 Larch Street, Sheung Wan",  # floor left out
        "Room 1905, 19/F, Qourn Hong Bldg., 148 Larch Stret, Sheung Wan",  # typos
        "Room 2011, 20/F, Quorn Hong Bldg., 148 Larch Street, Sheung Wan",  # another room
    ],
)
def test_written_otherwise_it_is_found(text: str) -> None:
    assert address_hit(Address(text), Address(SITE), DEFAULT)
    assert address_hit(Address(SITE), Address(text), DEFAULT)


@pytest.mark.parametrize(
    "text",
    [
        "Room 1905, 19/F, Quorn Hong Bldg., 150 Larch Street, Sheung Wan, Hong Kong",
        "Room 1905, 19/F, Tamar Peak Bldg., 148 Queens Street, Sheung Wan, Hong Kong",
        "Sheung Wan, Hong Kong",
        "19/F, 20 Larch Street, Sheung Wan, Hong Kong",
        "Larch Street, Hong Kong",
    ],
)
def test_a_neighbour_is_not_reported(text: str) -> None:
    assert not address_hit(Address(text), Address(SITE), DEFAULT)


def test_a_city_alone_never_meets_itself() -> None:
    assert not address_hit(Address("Hong Kong"), Address("Hong Kong"), DEFAULT)


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [("HK", "CN", True), ("hk", "Hong Kong", True), ("MO", "CN", True), ("", "CN", True),
     ("US", "CN", False), ("UK", "GB", True), ("Atlantis", "CN", True), ("RU", "UA", True)],
)  # fmt: skip
def test_countries(ours: str, theirs: str, same: bool) -> None:
    assert same_country(ours, theirs) is same_country(theirs, ours) is same
    assert address_hit(Address(SITE, ours), Address(SITE, theirs), DEFAULT) is same


def test_an_entry_that_is_an_address_blocks_and_cites_the_rule() -> None:
    only = entry(1, "Address 01", Address(SITE, "HK"))
    found = told("Rm. 1905, 19th Floor, Quorn Hong Building, 148 Larch St, Sheung Wan", "CN", only)
    (hit,) = found.hits
    assert (found.status, hit.rule, hit.band) == ("hit", "address", "block")
    assert hit.matched_name == SITE
    assert hit.scores["address"] > 0.9
    assert any("744.16(f)" in note for note in hit.notes)
    assert {match.word for match in hit.matches} >= {"quorn", "148"}


def test_another_room_of_it_is_for_review() -> None:
    only = entry(1, "Address 01", Address(SITE, "HK"))
    (hit,) = told(SITE.replace("1905", "1907"), "HK", only).hits
    assert hit.band == "review"
    assert "numbers in one address only: 1905, 1907" in hit.notes


def test_the_address_of_a_named_entry_is_a_red_flag_for_review() -> None:
    named = entry(1, "Tulip Gate Trading", Address(SITE, "HK"))
    (hit,) = told(SITE, "HK", named).hits
    assert hit.band == "review"
    assert any("shares an address with Tulip Gate Trading" in note for note in hit.notes)


def test_the_best_pair_of_addresses_is_told_once() -> None:
    named = entry(1, "Tulip Gate", Address("148 Larch Street, Hong Kong"), Address(SITE))
    (hit,) = told(SITE, "HK", named).hits
    assert hit.matched_name == SITE


def test_what_cannot_be_compared_is_said_and_the_status_is_that_of_the_name() -> None:
    only = entry(1, "Address 01", Address(SITE, "HK"))
    found = told("Hong Kong", "HK", only)
    assert found.status == "no_hit"
    assert any("'Hong Kong' cannot be compared: it says too little" in r for r in found.reasons)
    assert any("1 listed entries in HK are an address and no name" in r for r in found.reasons)


def test_a_party_without_address_is_told_of_address_entries_in_its_country() -> None:
    listed = listed_of(entry(1, "Address 01", Address(SITE, "HK")))
    near = screen(Party("Zzyzx Vorpal", country="CN"), listed)
    far = screen(Party("Zzyzx Vorpal", country="SE"), listed)
    nowhere = screen(Party("Zzyzx Vorpal"), listed)
    assert "no address to compare" in " ".join(near.reasons)
    assert far.reasons == ()
    assert "no address to compare" in " ".join(nowhere.reasons)
    assert {near.status, far.status, nowhere.status} == {"no_hit"}


def test_address_entries_that_cannot_be_found_are_a_limit() -> None:
    listed = listed_of(
        entry(1, "Address 01"),
        entry(2, "Address 02", Address("Hong Kong")),
        entry(3, "Address 03", Address(SITE)),
    )
    assert len(listed.limits) == 2
    assert listed.limits[0].startswith("1 entries")
    assert "too little" in listed.limits[1]
    assert listed.addresses.left_out == 1


def test_an_address_entry_is_not_found_by_its_name() -> None:
    listed = listed_of(entry(1, "Address 01", Address(SITE)))
    assert not screen(Party("Address 01"), listed).hits


def test_no_addresses_at_all() -> None:
    listed = listed_of(entry(1, "Tulip Gate"))
    assert not screen(Party("Zzyzx", addresses=(Address(SITE),)), listed).hits


WORDS = ("quorn", "quron", "larch", "larches", "street", "st", "road", "room", "floor", "5", "7",
         "12", "148", "119000", "building", "dubai", "hong kong", "tower", "po box", "b",
         "larchroad", "5a", "unit")  # fmt: skip
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join)
addresses = st.builds(Address, texts, st.sampled_from(("", "HK", "CN", "US")))
rules = st.builds(
    Thresholds,
    characters=st.integers(600, 1000), addresses=st.integers(300, 1000), block=st.integers(1, 1000),
)  # fmt: skip


@given(st.lists(addresses, max_size=8), st.lists(addresses, max_size=8), rules)
def test_bulk_finds_what_the_definition_finds(
    ours: list[Address], theirs: list[Address], thresholds: Thresholds
) -> None:
    entries = [entry(i, f"Firm {i}", address) for i, address in enumerate(theirs)]
    listed = build_addresses(entries)
    parties = [Party("x", addresses=(address,)) for address in ours]
    met = meet_addresses(parties, listed, thresholds)
    for party, mine in zip(parties, ours, strict=True):
        found = {h.entry.id for h in by_address(party, met, entries, listed, thresholds)}
        assert found == {
            e.id for e in entries if address_hit(mine, e.addresses[0], thresholds)
        }  # fmt: skip


@given(addresses, addresses, rules)
def test_the_rule_has_no_direction(one: Address, other: Address, thresholds: Thresholds) -> None:
    assert address_hit(one, other, thresholds) is address_hit(other, one, thresholds)


@given(addresses, addresses, rules, st.integers(0, 300))
def test_a_higher_threshold_adds_nothing(
    one: Address, other: Address, thresholds: Thresholds, more: int
) -> None:
    higher = replace(thresholds, addresses=min(1000, thresholds.addresses + more))
    if address_hit(one, other, higher):
        assert address_hit(one, other, thresholds)


@given(st.lists(addresses, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_alone_or_in_a_batch(given_: list[Address], random: object) -> None:
    listed = listed_of(entry(1, "Address 01", Address(SITE)), entry(2, "Firm", *given_[:2]))
    parties = [Party("Zzyzx", addresses=(address,)) for address in given_]
    assert screen_many(parties, listed) == [screen(party, listed) for party in parties]
