"""Tables under the home folder: immutable, all or nothing, checked when read."""

import json
from datetime import date
from pathlib import Path

import pytest

from klartecken.errors import DataError, InputError
from klartecken.parties.ownership.lines import from_line, to_line
from klartecken.parties.ownership.model import Holder, HqFact, Stake
from klartecken.parties.ownership.share import read_share
from klartecken.parties.ownership.store import import_files, load_graph, remove, tables

DAY = date(2026, 11, 22)
GOOD = "owner,owned,share,owned_country\nAlder,Birch,60,SG\nAlder,Cedar,<50,US\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "good.csv"
    path.write_text(GOOD)
    return path


def test_what_is_imported_is_what_is_loaded(tmp_path: Path, file: Path) -> None:
    done = import_files(tmp_path / "home", [file], DAY)
    assert [(t.file, t.stakes, t.holders) for t in done.tables] == [("good.csv", 2, 2)]
    graph = load_graph(tmp_path / "home")
    assert [str(s.share) for s in graph.out["Alder"]] == ["60", "<50"]
    assert graph.holders["Cedar"].is_us is True
    again = import_files(tmp_path / "home", [file], DAY)
    assert tables(tmp_path / "home") == again.tables
    assert load_graph(tmp_path / "home").size == 2


def test_one_bad_row_and_nothing_is_kept(tmp_path: Path, file: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("owner,owned,share\nAlder,Dogwood,1\nAlder,Elm,many\n")
    done = import_files(tmp_path / "home", [file, bad], DAY)
    assert [(r.where, r.column) for r in done.rejects] == [("bad.csv, row 3", "share")]
    assert tables(tmp_path / "home") == ()
    assert list((tmp_path / "home" / "owners" / "tables").iterdir()) == []


def test_a_holder_with_two_leis_stops_the_import(tmp_path: Path, file: Path) -> None:
    bad = tmp_path / "bad.csv"
    leis = ("INR2EJN1ERAN0W5ZP974", "001GPB6A9XPE8XJICC14")
    bad.write_text("owner,owned,share,owner_lei\n" + "".join(f"Alder,Elm,5,{x}\n" for x in leis))
    with pytest.raises(InputError, match="two LEIs"):
        import_files(tmp_path / "home", [bad], DAY)
    assert tables(tmp_path / "home") == ()


def test_a_changed_table_is_an_error(tmp_path: Path, file: Path) -> None:
    home = tmp_path / "home"
    (table,) = import_files(home, [file], DAY).tables
    path = home / "owners" / "tables" / f"{table.hash}.jsonl"
    path.write_text(path.read_text().replace("60", "40"))
    with pytest.raises(DataError, match=r"changed since good\.csv"):
        load_graph(home)
    assert remove(home, table.hash[:8]) == table
    assert load_graph(home).size == 0
    with pytest.raises(InputError, match="0 tables"):
        remove(home, table.hash[:8])


def test_problems_and_warnings_are_told(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("owner,owned,share\nAlder,Birch,60\nElm,Birch,60\n")
    done = import_files(tmp_path / "home", [path], DAY)
    assert [p.code for p in done.problems] == ["over_100"]
    path.write_text("owner,owned,share\nAlder,Birch,0.6\n,Birch,0.4\n")
    (table,) = import_files(tmp_path / "home", [path], DAY).tables
    assert "per cent" in table.warnings[0]


@pytest.mark.parametrize("text", ["", "{}", '{"tables": [{}]}', "["])
def test_a_damaged_index(tmp_path: Path, text: str) -> None:
    (tmp_path / "owners").mkdir()
    (tmp_path / "owners" / "index.json").write_text(text)
    with pytest.raises(DataError, match="damaged"):
        tables(tmp_path)


def test_files_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        import_files(tmp_path / "home", [tmp_path / "none.csv"], DAY)
    zipped = tmp_path / "x.zip"
    zipped.write_bytes(b"PK\x03\x04")
    with pytest.raises(InputError, match="compressed"):
        import_files(tmp_path / "home", [zipped], DAY)
    empty = tmp_path / "e.csv"
    empty.write_text("owner,owned,share\n")
    with pytest.raises(InputError, match="holds nothing"):
        import_files(tmp_path / "home", [empty], DAY)


@pytest.mark.parametrize(
    "record",
    [
        Stake("", "B", read_share(">25-<50"), "s", "indirect", DAY, None, "é\n", "w"),
        Holder("A", "名", "SG", None, "", "person", "s", "w"),
        Holder("A", "A", "US", True, "INR2EJN1ERAN0W5ZP974", "organisation", "s", "w"),
        HqFact("A", "ultimate_parent", "", "P", "s", DAY, "inferred", "w", DAY),
    ],
)
def test_a_record_survives_its_line(record: Stake | Holder | HqFact) -> None:
    assert from_line(to_line(record)) == record
    assert "\n" not in to_line(record)
    assert isinstance(json.loads(to_line(record)), list)
