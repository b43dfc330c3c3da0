"""`klartecken owners`: import, show, check."""

import json
from pathlib import Path

import pytest

from tests.house.program import Ran, klartecken

STAKES = (
    "owner,owned,share,owned_country,owned_hq\n"
    "Alder Group,Birch Pte,40,SG,SG\n,Birch Pte,60,,\nBirch Pte,Cedar Inc,100,US,US\n"
)
LISTED = "name,list,footnotes,policy\nAlder Group,EL,4,presumption_of_denial\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KLARTECKEN_HOME", str(tmp_path / "home"))
    (tmp_path / "stakes.csv").write_text(STAKES)
    (tmp_path / "listed.csv").write_text(LISTED)
    assert klartecken("owners", "import", str(tmp_path / "stakes.csv")).code == 0
    return tmp_path


def check(home: Path, party: str, *more: str) -> Ran:
    listed = str(home / "listed.csv")
    return klartecken("owners", "check", party, "--on", "2026-11-22", "--restricted", listed, *more)


def test_check(home: Path) -> None:
    ran = check(home, "birch pte")
    assert ran.code == 0
    assert "unknown: restricted parties may own 50 per cent or more" in ran.out
    assert "from 10 per cent on" in ran.out
    data = json.loads(check(home, "Birch Pte", "--json").out)
    assert (data["status"], data["least"], data["most"]) == ("unknown", "40", "100")
    assert data["inherited_at_most"]["footnotes"] == ["4"]
    assert json.loads(check(home, "Cedar Inc", "--json").out)["foreign"] == "no"


def test_ofac_counts_no_entity_list_party(home: Path) -> None:
    data = json.loads(check(home, "Birch Pte", "--json", "--rule", "ofac").out)
    assert (data["status"], data["governing"]) == ("unknown", [])


def test_without_restricted_parties_it_says_so(home: Path) -> None:
    ran = klartecken("owners", "check", "Birch Pte")
    assert ran.err.startswith("WARNING: No restricted party was given")
    assert ran.err.count("\n") == 1


def test_an_empty_store_says_what_to_do(tmp_path: Path) -> None:
    ran = klartecken("owners", "list", "--home", str(tmp_path))
    assert ran.out == "There is no table. See klartecken owners import.\n"


def test_show_list_and_remove(home: Path) -> None:
    shown = klartecken("owners", "show", "Birch Pte", "--on", "2026-11-22").out
    assert "headquarters: SG" in shown
    assert "holders that nobody names" in shown
    data = json.loads(klartecken("owners", "show", "Birch Pte", "--json").out)
    assert [s["share"] for s in data["owners"]] == ["40", "60"]
    (table,) = json.loads(klartecken("owners", "list", "--json").out)["tables"]
    assert table["hash"][:12] in klartecken("owners", "list").out
    assert klartecken("owners", "remove", table["hash"][:12]).code == 0
    assert json.loads(klartecken("owners", "list", "--json").out) == {"tables": []}


def test_a_bad_row_is_named(home: Path) -> None:
    path = home / "bad.csv"
    path.write_text("owner,owned,share\nA,B,many\n")
    ran = klartecken("owners", "import", str(path))
    assert ran.code == 2
    assert "bad.csv, row 2, column share: 'many' is no share" in ran.err
    assert "nothing was imported" in ran.err


@pytest.mark.parametrize("words", [("show", "Dogwood"), ("check", "Dogwood")])
def test_an_unknown_party(home: Path, words: tuple[str, ...]) -> None:
    ran = klartecken("owners", *words)
    assert ran.code == 2
    assert "nothing is known of the owners of 'Dogwood'" in ran.err
