"""Decisions in a file of hits: set aside, written all the same, lapsing."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from klartecken.parties.decisions.record import Decisions, Withdrawal, decide
from klartecken.parties.decisions.store import add, read_decisions
from klartecken.parties.party import Party
from klartecken.parties.screening.api import screen
from klartecken.parties.screening.files.run import screen_file
from tests.parties.screening import made
from tests.parties.screening.files.test_files import read, stored, table

NAME = "Zorbla Semiconductors Company"
LATER = made.DAY + timedelta(days=30)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    stored(folder, made.ENTRIES)
    return folder


def told(tmp_path: Path, home: Path, on: date = LATER, **options: object) -> list[dict[str, str]]:
    source = table(tmp_path / "parties.csv", [(NAME,), ("Hollowmere Bakery",)], ("name",))
    screen_file(source, tmp_path / "hits.csv", on=on, home=home, **options)  # type: ignore[arg-type]
    return read(tmp_path / "hits.csv")


def set_aside(home: Path, verdict: str = "false_positive") -> None:
    until = None if verdict == "match" else LATER + timedelta(days=90)
    entry = made.ENTRIES[0]
    add(home, decide(Party(NAME), entry, verdict, reason="another, in Uppsala", by="Ada",
                     day=made.DAY, until=until, second="Bo"))  # fmt: skip


def test_a_false_positive_is_written_and_no_longer_counts(tmp_path: Path, home: Path) -> None:
    before = told(tmp_path, home)
    assert [row["status"] for row in before] == ["hit", "no_hit"]
    set_aside(home)
    after = told(tmp_path, home)
    assert [row["status"] for row in after] == ["no_hit", "no_hit"]
    assert after[0]["entry_id"] == before[0]["entry_id"]
    assert "false positive by Ada and Bo" in after[0]["decision"]
    assert screen(NAME, on=LATER, home=home).status == "no_hit"


def test_it_lapses_with_its_day(tmp_path: Path, home: Path) -> None:
    set_aside(home)
    row, _ = told(tmp_path, home, on=LATER + timedelta(days=91))
    assert row["status"] == "hit"
    assert row["decision"] == ""
    assert "lapsed" in row["reasons"]


def test_a_match_stays_a_hit_and_says_who_decided(tmp_path: Path, home: Path) -> None:
    set_aside(home, "match")
    row, _ = told(tmp_path, home)
    assert row["status"] == "hit"
    assert row["decision"].startswith("match by Ada and Bo")


def test_a_withdrawn_decision_counts_no_more(tmp_path: Path, home: Path) -> None:
    set_aside(home)
    (decision,) = read_decisions(home).standing
    add(home, Withdrawal(decision.id, "an error", "Ada", LATER))
    assert told(tmp_path, home)[0]["status"] == "hit"


def test_file_and_single_say_the_same(tmp_path: Path, home: Path) -> None:
    set_aside(home)
    for on in (made.DAY, LATER, LATER + timedelta(days=90), LATER + timedelta(days=91)):
        row, _ = told(tmp_path, home, on=on)
        alone = screen(NAME, on=on, home=home)
        assert row["status"] == alone.status
        assert bool(row["decision"]) == bool(alone.suppressed)


def test_an_earlier_run_with_decisions_starts_from_all_hits(tmp_path: Path, home: Path) -> None:
    set_aside(home)
    told(tmp_path, home)
    (tmp_path / "hits.csv").rename(tmp_path / "old.csv")
    (tmp_path / "hits.csv.receipt.json").rename(tmp_path / "old.csv.receipt.json")
    (decision,) = read_decisions(home).standing
    add(home, Withdrawal(decision.id, "an error", "Ada", LATER))
    again = told(tmp_path, home, previous=tmp_path / "old.csv")
    assert again == told(tmp_path, home)
    assert again[0]["status"] == "hit"
    assert again[0]["decision"] == ""


def test_no_decision_changes_nothing(home: Path) -> None:
    assert read_decisions(home) == Decisions()
