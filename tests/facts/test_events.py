"""The ledger of events: who knew what when, and how good the evidence is."""

from datetime import date

import pytest

from klartecken.facts.chips import load_catalogue
from klartecken.facts.events import RUNGS, load_events
from klartecken.facts.places import load_places


@pytest.fixture(scope="module")
def ledger():
    return load_events()


def ids(events):
    return [e.id for e in events]


def test_all_events_are_there_in_order(ledger):
    assert len(ledger) == 141
    days = [e.day for e in ledger.events]
    assert days == sorted(days)


def test_families_and_places_are_known(ledger):
    families = {c.family for c in load_catalogue()} | {"HBM"}
    places = load_places()
    for event in ledger.events:
        assert event.families <= families
        assert all(places.resolve(code) == code for code in event.destinations)
        assert event.source_url.startswith("http")


def test_an_assurance_is_not_a_licence(ledger):
    event = ledger.get("E2025-033")
    assert (event.day, event.action, event.rung) == (
        date(2025, 7, 15), "assurance_given", 2,
    )  # fmt: skip
    assert RUNGS[event.rung] == "government assurance"
    assert event.families == {"H20"}
    assert ledger.get("E2025-032").rung == 3
    assert ledger.get("E2025-049").rung == 1  # a licence granted to somebody else


def test_law_stands_beside_the_ladder(ledger):
    for event in ledger.events:
        if event.action.startswith("rule_") or event.action == "is_informed_letter":
            assert event.rung is None
    assert max(e.rung for e in ledger.events if e.rung is not None) == 4


def test_support_counts_are_those_of_the_notes(ledger):
    counts = {k: sum(e.support == k for e in ledger.events) for k in "SRK"}
    assert counts == {"S": 72, "R": 55, "K": 14}


@pytest.mark.parametrize(
    ("ident", "public"),
    [
        ("E2022-01", "2022-08-31"), ("E2022-03", "2022-08-31"), ("E2023-09", "2023-10-24"),
        ("E2025-007", "2025-04-15"), ("E2025-010", "2025-04-15"), ("E2025-033", "2025-07-15"),
    ],
)  # fmt: skip
def test_letters_become_public_later(ledger, ident, public):
    assert ledger.get(ident).public_from == date.fromisoformat(public)


def test_the_addressee_knows_before_the_public(ledger):
    def seen(day, exporter):
        return ids(ledger.about({"H20"}, False, {"CN"}, day, exporter))

    for day in (date(2025, 4, 9), date(2025, 4, 14)):
        assert "E2025-007" not in seen(day, None)
        assert "E2025-007" not in seen(day, "AMD")
        assert "E2025-007" in seen(day, "NVIDIA Corporation")
    assert "E2025-007" not in seen(date(2025, 4, 8), "nvidia")
    assert "E2025-010" in seen(date(2025, 4, 14), "nvidia")
    assert "E2025-007" in seen(date(2025, 4, 15), None)


def test_about_filters_by_family_scope_and_place(ledger):
    until = date(2026, 11, 22)
    h20 = ledger.about({"H20"}, False, {"CN"}, until)
    assert "E2025-033" in ids(h20)
    assert "E2025-059" in ids(h20)  # all EAR items
    assert not any(e.scope == "market" for e in h20)
    assert "E2023-11" not in ids(h20)
    advanced = ids(ledger.about({"H100"}, True, {"VN"}, until))
    assert "E2023-11" in advanced  # a general rule names only some of its places
    assert "E2022-02" not in advanced
    assert ledger.about(set(), False, set(), date(2022, 1, 1)) == ()


def test_the_scheduled_event_is_not_known_before_its_day(ledger):
    assert "E2026-33" not in ids(ledger.about(set(), True, set(), date(2026, 11, 9)))
    assert "E2026-33" in ids(ledger.about(set(), True, set(), date(2026, 11, 10)))
