"""Screening as a function of a name, and which lists it uses."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import klartecken as kt
from klartecken.errors import InputError
from klartecken.parties.lists.build import Build
from klartecken.parties.lists.store import save
from klartecken.parties.party import Address, Identifier, Party
from klartecken.parties.screening.api import party_of, screen
from klartecken.parties.screening.listed import prepare
from klartecken.parties.screening.model import Thresholds
from tests.parties.screening import made

SNAPSHOT = made.snapshot(made.ENTRIES)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for day, entries in ((made.DAY, made.ENTRIES), (date(2026, 3, 1), made.ENTRIES[1:])):
        snapshot = made.snapshot(entries, day)
        save(tmp_path, Build(snapshot, (), (), None, (), "", ()), "2026-03-01T00:00:00Z")
    return tmp_path


def test_by_name() -> None:
    answer = kt.screen("Zorbla Chips", on="2026-01-05", snapshot=SNAPSHOT)
    assert answer.status == "hit"
    assert answer.hits[0].entry.footnotes == ("1", "4")
    assert answer.to_dict()["hits"][0]["citation"] == "1 FR 2"
    assert kt.screen("Hollowmere", on=made.DAY, snapshot=prepare(SNAPSHOT)).status == "no_hit"


def test_with_thresholds() -> None:
    strict = kt.screen(
        "Zorbla Semicond", on=made.DAY, snapshot=SNAPSHOT,
        thresholds=Thresholds(words=1000, characters=1000),
    )  # fmt: skip
    assert strict.status == "no_hit"
    assert strict.model["thresholds"]["words"] == 1000


def test_the_latest_list_not_after_the_day(home: Path) -> None:
    def label(day: str) -> str:
        snapshot = kt.screen("Zorbla Chips", on=day, home=home).snapshot
        assert snapshot is not None
        return str(snapshot["date"])

    assert label("2026-01-05") == label("2026-02-28") == "2026-01-05"
    assert label("2026-03-01") == label("2027-01-01") == "2026-03-01"
    assert kt.screen("Zorbla Chips", on="2026-02-28", home=home).status == "hit"
    assert kt.screen("Zorbla Chips", on="2026-03-02", home=home).status == "no_hit"


def test_no_list_of_that_day(home: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="earliest is of 2026-01-05"):
        kt.screen("Zorbla", on="2026-01-04", home=home)
    with pytest.raises(InputError, match="no list is imported"):
        kt.screen("Zorbla", on="2020-01-04", home=tmp_path / "none")


def test_without_any_list_nobody_is_unlisted(tmp_path: Path) -> None:
    answer = kt.screen("Hollowmere Bakery", home=tmp_path)
    assert answer.status == "not_screenable"
    assert any("No restricted-party list" in reason for reason in answer.reasons)
    assert kt.screen("Inspur Group", home=tmp_path).status == "hit"


def test_fields_as_people_write_them() -> None:
    made_up = party_of(
        "Zorbla", aliases=["Zorb"], country="SG", addresses=["1 Quux Road"],
        identifiers=["UEN:2019", Identifier("LEI", "5")], kind="organisation", id="7",
    )  # fmt: skip
    assert made_up == Party(
        "Zorbla", ("Zorb",), "organisation", "SG", (Address("1 Quux Road", "SG"),),
        (Identifier("UEN", "2019"), Identifier("LEI", "5")), "7",
    )  # fmt: skip
    assert party_of(made_up) is made_up
    assert party_of(made_up, id="8") == replace(made_up, id="8")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"alias": ["x"]}, "no 'alias'"),
        ({"aliases": "x"}, "one text"),
        ({"identifiers": ["12345"]}, "KIND:NUMBER"),
        ({"kind": "ship"}, "no kind of party"),
    ],
)
def test_fields_that_no_party_has(fields: dict[str, object], told: str) -> None:
    with pytest.raises(InputError, match=told):
        party_of("Zorbla", **fields)


def test_half_a_character_is_refused() -> None:
    with pytest.raises(InputError, match="surrogate"):
        screen("Zorbla \ud800", on=made.DAY, snapshot=SNAPSHOT)
