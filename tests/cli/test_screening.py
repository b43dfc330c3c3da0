"""`klartecken screen` and `klartecken screen-file`."""

import json
from pathlib import Path

import pytest

from klartecken.parties.lists.build import Build
from klartecken.parties.lists.store import save
from klartecken.parties.screening import screen as screening
from tests.house.program import klartecken
from tests.parties.screening import made


@pytest.fixture
def home(tmp_path: Path) -> str:
    build = Build(made.snapshot(made.ENTRIES), (), (), None, (), "", ())
    save(tmp_path / "home", build, "2026-01-05T00:00:00Z")
    return str(tmp_path / "home")


def test_status_first_then_hits_then_the_list(home: str) -> None:
    ran = klartecken("screen", "Zorbla Chips", "--home", home, "--on", "2026-02-04")
    lines = ran.out.splitlines()
    assert ran.code == 0
    assert lines[0] == "HIT: 'Zorbla Chips' may be 1 listed party"
    assert lines[2] == "1. Zorbla Semiconductor Co., Ltd [EL, EL-1]"
    assert "   footnotes: 1, 4" in lines
    assert "   citation: 1 FR 2" in lines
    assert any(line.startswith("screened against 2026-01-05-") for line in lines)
    assert "30 days old on 2026-02-04" in ran.out
    assert "Not legal advice" in ran.out


def test_json(home: str) -> None:
    ran = klartecken(
        "screen", "Petrowask, Olgrim", "--kind", "person", "--home", home, "--json",
        "--on", "2026-02-04",
    )  # fmt: skip
    data = json.loads(ran.out)
    assert data["status"] == "hit"
    hit = data["hits"][0]
    keys = {"entry_id", "list", "listed_name", "matched_name", "scores", "rule", "explanation",
            "citation", "footnotes", "requirement", "policy"}  # fmt: skip
    assert keys <= hit.keys()
    assert hit["entry_id"] == "SDN-4"
    assert data["snapshot"]["date"] == "2026-01-05"
    assert data["self_check"]["canaries_found"] >= 3


def test_what_else_is_known_of_the_party(home: str) -> None:
    ran = klartecken(
        "screen", "Hollowmere", "--alias", "Merqua Industries", "--address",
        "12 Zorbla Road, Shenzhen 518000", "--country", "China", "--identifier", "LEI:99887766",
        "--home", home, "--on", "2026-02-04", "--json",
    )  # fmt: skip
    assert {hit["entry_id"] for hit in json.loads(ran.out)["hits"]} == {"DPL-5", "EL-1"}


@pytest.mark.parametrize(
    ("name", "words"),
    [("Hollowmere Bakery", "NO HIT"), ("Федькино", "NOT SCREENABLE"), ("", "NOT SCREENABLE")],
)
def test_without_a_hit(home: str, name: str, words: str) -> None:
    ran = klartecken("screen", name, "--home", home, "--on", "2026-02-04", "--fail-on-hit")
    assert ran.code == 0
    assert ran.out.startswith(words)


def test_no_word_promises_too_much(home: str) -> None:
    for name in ("Hollowmere Bakery", "Zorbla Chips", "Федькино"):
        told = klartecken("screen", name, "--home", home, "--on", "2026-02-04").out.casefold()
        assert "clear" not in told
        assert "safe" not in told


def test_exit_codes(home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ("screen", "Zorbla Chips", "--home", home)
    assert klartecken(*asked, "--on", "2026-02-04").code == 0
    assert klartecken(*asked, "--on", "2026-02-04", "--fail-on-hit").code == 1
    early = klartecken(*asked, "--on", "2026-01-04")
    assert early.code == 2
    assert "the earliest is of 2026-01-05" in early.err
    monkeypatch.setattr(screening, "meet", lambda *_: {})
    failed = klartecken(*asked, "--on", "2026-02-04")
    assert failed.code == 3
    assert failed.out == ""
    assert failed.err.startswith("Error: screening: the self-check failed")
    assert failed.err.count("\n") == 1


def test_without_any_list_it_is_said_loudly(tmp_path: Path) -> None:
    home = str(tmp_path)
    ran = klartecken("screen", "Hollowmere Bakery", "--home", home, "--json")
    assert ran.err.startswith("WARNING: No restricted-party list is imported")
    data = json.loads(ran.out)
    assert data["status"] == "not_screenable"
    assert data["snapshot"]["label"].startswith("built-in table")
    assert klartecken("screen", "Inspur Group", "--home", home).out.startswith("HIT")


def test_thresholds(home: str) -> None:
    asked = ("screen", "Zorbla Semicond", "--home", home, "--on", "2026-02-04")
    strict = klartecken(*asked, "--threshold-words", "1000", "--threshold-characters", "1000")
    assert strict.out.startswith("NO HIT")
    assert klartecken(*asked, "--threshold-words", "300").out.startswith("HIT")
    wrong = klartecken(*asked, "--threshold-words", "0")
    assert wrong.code == 2
    assert "not between 1 and 1000" in wrong.err


def test_a_file(home: str, tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "hits.csv"
    source.write_text("customer\nZorbla Chips\nHollowmere\n\n", encoding="utf-8")
    asked = ("screen-file", str(source), "-o", str(out), "--home", home, "--on", "2026-02-04",
             "--name-column", "customer")  # fmt: skip
    ran = klartecken(*asked)
    assert ran.code == 0
    assert ran.out.startswith("in.csv: 3 parties = 1 hit + 1 no_hit + 1 not_screenable; 1 hit\n")
    assert out.is_file()
    again = klartecken(*asked, "--previous", str(out), "--json", "--fail-on-hit")
    assert again.code == 1
    assert json.loads(again.out)["run"].startswith("re-screened")
    assert klartecken(*asked[:-2]).code == 2


def test_old_lists_are_said_loudly(home: str) -> None:
    asked = ("screen", "Hollowmere Bakery", "--home", home, "--on")
    assert klartecken(*asked, "2026-01-12").err == ""
    old = klartecken(*asked, "2026-01-13").err
    assert old.startswith("WARNING: more than 7 days old on 2026-01-13: ")
    assert "SDN" in old
    assert old.count("\n") == 1


def test_old_lists_are_said_loudly_of_a_file(home: str, tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("name\nHollowmere Bakery\n", encoding="utf-8")
    ran = klartecken(
        "screen-file", str(source), "-o", str(tmp_path / "out.csv"), "--home", home,
        "--on", "2026-02-04",
    )  # fmt: skip
    assert ran.code == 0
    assert "WARNING: more than 7 days old on 2026-02-04: " in ran.err


def test_a_listed_party_is_told_once(home: str) -> None:
    ran = klartecken(
        "screen", "Zorbla Chips", "--address", "12 Zorbla Road, Shenzhen 518000",
        "--country", "CN", "--home", home, "--on", "2026-02-04",
    )  # fmt: skip
    assert ran.out.count("[EL, EL-1]") == 1
    assert "block: exact" in ran.out
    assert "review: address" in ran.out
