"""The kept index: the same as the one that was built, or it is not used."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from klartecken.parties.lists.build import Build
from klartecken.parties.lists.entry import Entry
from klartecken.parties.lists.store import SnapshotHead, save
from klartecken.parties.party import Identifier, Party
from klartecken.parties.screening import kept
from klartecken.parties.screening.kept import kept_path, load_listed, packed, unpacked
from klartecken.parties.screening.listed import Listed, prepare
from klartecken.parties.screening.screen import screen_many
from tests.parties.screening import made

ASKED = [Party("Zorbla Chip"), Party("Petrovask Olgrim"), Party("Vantablat"), Party("nobody")]


def store(home: Path, entries: tuple[Entry, ...] = made.ENTRIES) -> SnapshotHead:
    build = Build(made.snapshot(entries), (), (), None, (), "", ())
    return save(home, build, "2026-01-05T00:00:00Z")[0]


def same(a: Listed, b: Listed) -> bool:
    first, second = packed(a), packed(b)
    arrays = first.keys() == second.keys() and all(
        np.array_equal(array, second[name]) for name, array in first.items()
    )
    ours, theirs = a.index, b.index
    derived = (
        np.array_equal(ours.weights, theirs.weights)
        and np.array_equal(ours.postings.values, theirs.postings.values)
        and ours.vocabulary.ids == theirs.vocabulary.ids
        and ours.vocabulary.skeletons == theirs.vocabulary.skeletons
        and ours.compact.keys() == theirs.compact.keys()
    )
    plain = [(x.about, x.limits, x.gaps, x.canaries, x.identifiers) for x in (a, b)]
    return arrays and derived and plain[0] == plain[1] and tuple(a.entries) == tuple(b.entries)


@given(made.entry_lists())
def test_unpacking_gives_what_was_packed(entries: list[Entry]) -> None:
    numbered = [Entry(**{**vars(e), "identifiers": (Identifier("Tax", f"99{i}88776"),)})
                for i, e in enumerate(entries)]  # fmt: skip
    snapshot = made.snapshot(numbered)
    built = prepare(snapshot)
    again = unpacked(packed(built), snapshot)
    assert same(again, built)
    assert screen_many(ASKED, again) == screen_many(ASKED, built)


def test_made_once_then_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head = store(tmp_path)
    notes: list[str] = []
    first = load_listed(head, notes.append)
    assert kept_path(head.path).is_file()
    monkeypatch.setattr(kept, "prepare", lambda *_: pytest.fail("it was made again"))
    assert same(load_listed(head.path, notes.append), first)
    assert notes == []
    assert not [p for p in head.path.iterdir() if p.name.startswith(".")]


def damage(path: Path, how: str, other: Path) -> None:
    data = path.read_bytes()
    if how == "cut short":
        path.write_bytes(data[: len(data) // 2])
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "no archive":
        path.write_bytes(b"{}" * 1000)
    elif how == "a byte flipped":
        place = data.index(b"zorbla")
        path.write_bytes(data[:place] + b"x" + data[place + 1 :])
    elif how == "of another snapshot":
        path.write_bytes(other.read_bytes())
    else:
        with np.load(path) as held:
            arrays = {name: held[name] for name in held.files}
        if how == "an array changed":
            arrays["names_owners"] = arrays["names_owners"][::-1]
        elif how == "an array missing":
            del arrays["names_forms"]
        else:
            body = json.loads(arrays["head"].tobytes())
            body["model"] = "0" * 64
            arrays["head"] = np.frombuffer(json.dumps(body).encode(), np.uint8)
        np.savez(path, **arrays)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "how",
    [
        "cut short", "empty", "no archive", "a byte flipped", "of another snapshot",
        "an array changed", "an array missing", "of another model",
    ],
)  # fmt: skip
def test_a_damaged_or_foreign_file_is_made_anew(tmp_path: Path, how: str) -> None:
    head, foreign = store(tmp_path / "a"), store(tmp_path / "b", made.ENTRIES[:3])
    built = load_listed(head)
    load_listed(foreign)
    damage(kept_path(head.path), how, kept_path(foreign.path))
    notes: list[str] = []
    assert same(load_listed(head, notes.append), built)
    assert len(notes) == 1
    assert "made anew" in notes[0]
    notes.clear()
    assert same(load_listed(head, notes.append), built)
    assert notes == []


@pytest.mark.parametrize("name", ["skeleton", "readings"])
def test_an_index_by_other_code_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The version says the same, but words sound otherwise, or names are read otherwise."""
    head = store(tmp_path)
    load_listed(head)
    other = {"skeleton": lambda word: word[::-1], "readings": lambda *_: ("zzz other",)}
    monkeypatch.setattr(kept, name, other[name])
    notes: list[str] = []
    load_listed(head, notes.append)
    assert "this version" in notes[0]


def test_no_pickle_is_ever_read(tmp_path: Path) -> None:
    head = store(tmp_path)
    np.savez(kept_path(head.path), head=np.array([{"a": 1}], dtype=object))
    notes: list[str] = []
    load_listed(head, notes.append)
    assert "allow_pickle" in notes[0]


def test_a_folder_that_cannot_be_written_is_no_obstacle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    head = store(tmp_path)
    monkeypatch.setattr(kept.tempfile, "mkstemp", refuse)
    notes: list[str] = []
    assert screen_many(ASKED, load_listed(head, notes.append))[0].status == "hit"
    assert "cannot be kept" in notes[0]
