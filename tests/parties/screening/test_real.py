"""A real list: every listed name hits its own entry; the kept index is quick and the same."""

import random
from pathlib import Path

import pytest

from klartecken.parties.lists.build import build_snapshot
from klartecken.parties.lists.formats.recognise import read_files
from klartecken.parties.lists.snapshot import Snapshot
from klartecken.parties.names.normal import LONGEST, readings
from klartecken.parties.party import KINDS, Party
from klartecken.parties.screening.index import is_address_only
from klartecken.parties.screening.kept import packed, unpacked
from klartecken.parties.screening.listed import Listed, prepare
from klartecken.parties.screening.meet import EXACT, meet
from klartecken.parties.screening.model import DEFAULT
from klartecken.parties.screening.selfcheck import Checker


@pytest.fixture(scope="module")
def snapshot(shared: Path) -> Snapshot:
    """The reduced Consolidated Screening List of 2026-07-31."""
    file = shared / "data" / "lists" / "csl-reduced-2026-07-31.json.gz"
    return build_snapshot(read_files([file]), None).snapshot


@pytest.fixture(scope="module")
def listed(snapshot: Snapshot) -> Listed:
    return prepare(snapshot)


def asked_as(kind: str) -> str:
    return kind if kind in KINDS else "unknown"


def test_every_listed_name_meets_its_own_form_exactly(listed: Listed) -> None:
    """Recall 1.000 on every name and alias, at the level of forms: all of them."""
    forms = list(listed.index.forms)
    met = meet(forms, listed.index, DEFAULT)
    lost = [
        form for form in forms
        if not any(one.rule == EXACT and listed.index.forms[one.row] == form for one in met[form])
    ]  # fmt: skip
    assert lost == []


def test_every_listed_name_is_a_form_of_its_entry(listed: Listed) -> None:
    rows = {form: row for row, form in enumerate(listed.index.forms)}
    owners = listed.index.owners
    for number, entry in enumerate(listed.entries):
        if is_address_only(entry):
            continue
        for name in entry.names:
            found = readings(name, entry.kind)
            assert found or len(name) > LONGEST, name
            for form in found:
                row = rows[form]
                bearers = owners.values[owners.starts[row] : owners.starts[row + 1]] // 4096
                assert number in bearers


def test_a_sample_of_names_hits_its_entries_by_the_whole_way(listed: Listed) -> None:
    draw = random.Random(20260731)
    entries = [e for e in draw.sample(list(listed.entries), 300) if not is_address_only(e)]
    asked = [(e, Party(name, kind=asked_as(e.kind))) for e in entries for name in e.names]
    answers, checked = Checker(listed).screen([party for _, party in asked], sample=3, seed="real")
    for (entry, _), answer in zip(asked, answers, strict=True):
        assert {hit.entry.id: hit.rule for hit in answer.hits}[entry.id] == EXACT
    lists = {entry.list for entry in listed.entries}
    assert {canary.list for canary in listed.canaries} == lists
    assert checked.canaries >= 5 * len(lists) - 3  # all but a few reach a threshold


def test_the_kept_index_is_the_same(listed: Listed, snapshot: Snapshot) -> None:
    arrays = packed(listed)
    again = unpacked(arrays, snapshot)
    assert again.canaries == listed.canaries
    assert {n: a.tobytes() for n, a in packed(again).items()} == {
        n: a.tobytes() for n, a in arrays.items()
    }
