"""`klartecken parties`, and parties on the command line of a case and of a book."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from klartecken.cli import common
from klartecken.parties.lists.build import Build
from klartecken.parties.lists.store import save
from tests.house.program import klartecken
from tests.parties.fake import DAY, ENTRIES, snapshot

CASE = ("check", "nvidia-rtx-4090", "--to", "SG", "--hq", "SG", "--on", DAY.isoformat())


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A home folder with one snapshot of invented lists."""
    monkeypatch.setattr(common, "today", lambda: DAY)
    monkeypatch.setattr("klartecken.cli.parties.deciding.today", lambda: DAY)
    path = tmp_path / "home"
    save(path, Build(snapshot(ENTRIES), (), (), None, (), "", ()), "2026-11-20T00:00:00Z")
    return str(path)


def ask(*arguments: str) -> Any:
    ran = klartecken(*arguments, "--json")
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def test_a_case_before_and_after_deciding(home: str) -> None:
    named = (*CASE, "--consignee", "Marlow Sonic", "--home", home)
    assert ask(*named)["outcome"] == "undetermined"
    decide = ("parties", "decide", "Marlow Sonic", "EL-marlow", "--reason", "r", "--by", "A. One",
              "--home", home)  # fmt: skip
    kept = ask(*decide, "--false-positive")
    assert kept["until"] == (DAY + timedelta(365)).isoformat()
    found = ask(*named)
    assert found["outcome"] == "no_licence_required"
    assert found["parties"]["named"][0]["suppressed"][0]["decision"]["id"] == kept["id"]
    assert ask("parties", "withdraw", kept["id"], "--reason", "r", "--by", "B", "--home", home)
    assert ask(*named)["outcome"] == "undetermined"
    assert ask(*decide, "--match")["until"] is None
    assert ask(*named)["outcome"] == "licence_required"
    log = ask("parties", "decisions", "--home", home)["decisions"]
    assert [row["stands"] for row in log] == [False, False, True]


def test_what_cannot_be_decided(home: str) -> None:
    more = ("--reason", "r", "--by", "A", "--home", home)
    for arguments, told in (
        (("Marlow Sonics", "EL-marlow", "--false-positive"), "takes two people"),
        (("Marlow Sonics", "EL-marlow"), "Give either --match or --false-positive"),
        (("Marlow Sonics", "EL-tern", "--match"), "did not come up"),
        (("Vik Oy", "EL-tern", "--match"), "nothing to decide"),
        (("Vik Oy", "EL-tern", "--match", "--owner"), "no owners are known"),
        (("Marlow Sonics", "EL-marlow", "--match", "--until", "2026-01-01"), "is before"),
    ):
        ran = klartecken("parties", "decide", *arguments, *more)
        assert ran.code == 2
        assert told in ran.err
    assert ask("parties", "decisions", "--home", home)["decisions"] == []
    second = ("--false-positive", "--second", "B")
    assert ask("parties", "decide", "Marlow Sonics", "EL-marlow", *second, *more)["second"] == "B"


def test_the_register_on_the_command_line(home: str, tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text("id,name,hq\nP1,Nordlicht Oy,CN\nP2,Vik Oy,Nowhere\n", encoding="utf-8")
    ran = klartecken("parties", "import", str(table), "--home", home)
    assert ran.code == 2
    assert "row 3, column hq: 'Nowhere': there is no place" in ran.err
    assert ask("parties", "list", "--home", home)["parties"] == []
    table.write_text("id,name,hq\nP1,Nordlicht Oy,CN\n", encoding="utf-8")
    assert ask("parties", "import", str(table), "--home", home)["parties"] == 1
    assert "Nordlicht Oy" in klartecken("parties", "list", "--home", home).out
    found = ask("parties", "show", "p1", "--home", home, "--on", DAY.isoformat())
    assert found["record"]["party"]["id"] == "P1"  # not screened as a name that is on no list
    found = ask("parties", "show", "P1", "--home", home, "--on", DAY.isoformat())
    assert found["values"]["consignee_hq"]["value"] == "CN"
    told = klartecken("parties", "show", "P1", "--home", home, "--on", "2027-11-22").out
    assert "days older than" in told
    case = ask("check", "nvidia-rtx-4090", "--to", "SG", "--on", DAY.isoformat(), "--consignee",
               "P1", "--home", home)  # fmt: skip
    assert case["outcome"] == "licence_required"
    ran = klartecken(*CASE, "--consignee", "P1", "--home", home)
    assert "consignee_hq: is given as SG" in ran.err


def test_the_age_of_a_list(home: str) -> None:
    late = (DAY + timedelta(8)).isoformat()
    named = ("check", "nvidia-rtx-4090", "--to", "SG", "--hq", "SG", "--on", late, "--end-user",
             "Vik Oy", "--purchaser", "Tarn Oy", "--home", home)  # fmt: skip
    assert ask(*named)["outcome"] == "undetermined"
    assert "or allow more with --list-age" in klartecken(*named).out.replace("\n    ", " ")
    assert ask(*named, "--list-age", "8")["outcome"] == "no_licence_required"


def test_a_receipt_is_replayed_without_the_lists(home: str, tmp_path: Path) -> None:
    receipt = tmp_path / "receipt.json"
    ran = klartecken(*CASE, "--end-user", "Marlow Sonic", "--home", home, "--receipt", str(receipt))
    assert ran.code == 0
    assert klartecken("replay", str(receipt)).code == 0


def test_history_with_a_party(home: str) -> None:
    ran = klartecken("history", "nvidia-rtx-4090", "--to", "SG", "--hq", "SG", "--until",
                     DAY.isoformat(), "--consignee", "Marlow Sonic", "--home", home)  # fmt: skip
    assert ran.code == 0
    assert DAY.isoformat() in ran.out


def test_a_book_with_parties(home: str, tmp_path: Path) -> None:
    book, out = tmp_path / "orders.csv", tmp_path / "answers.csv"
    book.write_text(
        "line_id,item,to,hq,on,consignee,Buyer\n"
        f"1,nvidia-rtx-4090,SG,SG,{DAY},Vik Oy,Marlow Sonic\n"
        f"2,nvidia-rtx-4090,SG,SG,{DAY},Vik Oy|Tarn Oy,\n", encoding="utf-8",
    )  # fmt: skip
    ran = klartecken("book", "check", str(book), "-o", str(out), "--home", home)
    assert ran.code == 0, ran.err
    assert "parties: 3 distinct parties: 1 hit, 2 no hit" in ran.out
    explained = klartecken("book", "explain", str(out), "--line", "1", "--home", home)
    assert explained.code == 0, explained.err
    assert "purchaser 'Marlow Sonic': 1 hit" in explained.out
    body = json.loads((tmp_path / "answers.csv.receipt.json").read_text(encoding="utf-8"))
    assert body["parties"]["by_status"] == {"hit": 1, "no_hit": 2}
    other = klartecken("book", "explain", str(out), "--line", "1", "--home", str(tmp_path))
    assert other.code == 2
    assert "was undetermined" in other.err
    bare = klartecken("book", "check", str(book), "--home", str(tmp_path / "none"))
    assert "Warning: for some lines" in bare.err


def test_what_is_shown_is_said_once_and_in_short_lines(home: str) -> None:
    told = klartecken("parties", "show", "Marlow Sonic", "--home", home, "--on", DAY.isoformat())
    remarks = [line for line in told.out.splitlines() if line.startswith("- ")]
    assert any(line.startswith("- consignee 'Marlow Sonic' may be") for line in remarks)
    assert not any(line.startswith("- end user") for line in remarks)
    assert all(len(line) <= 96 for line in remarks)
    assert "--match` or --false-positive, with --reason and --by" in " ".join(told.out.split())
