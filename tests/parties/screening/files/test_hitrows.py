"""Rows of hits keep the order of the hits."""

import pytest
from hypothesis import given

from klartecken.parties.lists.entry import Entry
from klartecken.parties.party import Party
from klartecken.parties.screened import Hit
from klartecken.parties.screening import screen as screening
from klartecken.parties.screening.files.hitrows import hit_row, strongest_first
from klartecken.parties.screening.listed import prepare
from klartecken.parties.screening.model import Thresholds
from tests.parties.screening import made


@given(made.parties, made.entry_lists(), made.thresholds)
def test_rows_sort_as_their_hits(party: Party, entries: list[Entry], rules: Thresholds) -> None:
    hits = screening.screen(party, prepare(made.snapshot(entries)), rules).hits
    for hit in hits:
        assert strongest_first(hit_row(hit)) == screening.strongest_first(hit)


@pytest.mark.parametrize(
    ("rule", "scores"),
    [
        ("identifier", {"identifier": 1.0}), ("native_name", {"native_name": 0.85}),
        ("address", {"address": 0.8, "characters": 0.5}),
        ("words", {"words": 0.9, "characters": 0.7}),
    ],
)  # fmt: skip
def test_so_do_those_of_every_rule(rule: str, scores: dict[str, float]) -> None:
    hit = Hit(made.ENTRIES[0], "Zorbla", "Zorbla", rule, scores, "review")
    assert strongest_first(hit_row(hit)) == screening.strongest_first(hit)
