"""`klartecken lists` from end to end, on invented lists."""

import json
from pathlib import Path
from typing import Any

import pytest

from klartecken.cli import common
from tests.feed.conftest import Answer, Web, web  # noqa: F401
from tests.house.program import Ran, klartecken
from tests.parties.lists.made import csl_json, names

ACCEPT = ("--accept", "invented data", "--by", "Ann Example")


class Home:
    """The commands, with a home folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *arguments: str) -> Ran:
        command, *rest = arguments
        return klartecken("lists", command, *rest, "--home", str(self.folder / "home"))

    def json(self, *arguments: str) -> Any:
        ran = self.run(*arguments, "--json")
        assert ran.code == 0, ran.err
        return json.loads(ran.out)

    def file(self, name: str, data: bytes) -> str:
        path = self.folder / name
        path.write_bytes(data)
        return str(path)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_without_a_list_the_status_is_loud(home: Home) -> None:
    ran = home.run("status")
    assert ran.code == 0
    assert "NO LIST IS IN USE" in ran.out
    assert "Nobody can be said not to be listed" in ran.out
    assert "klartecken lists update" in ran.out
    data = home.json("status")
    assert (data["in_use"], data["stale"], data["parts"]) == (None, True, [])


def test_import_status_show_verify(home: Home) -> None:
    file = home.file("made.json", csl_json(names(3)))
    refused = home.run("import", file)
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert refused.err.startswith("Error: refused: CAP has 0 entries, below 95 % of the 1 known")
    assert not (home.folder / "home").exists()
    done = home.run("import", file, *ACCEPT)
    assert done.code == 0
    assert "Consolidated Screening List, JSON, 3 entries" in done.out
    assert "Accepted by Ann Example (invented data)" in done.out
    status = home.run("status")
    assert "In use: 2026-08-01-" in status.out
    assert "STALE" in status.out
    assert "not whole" in status.out
    shown = home.json("show")
    assert shown["accepted"]["by"] == "Ann Example"
    assert shown["sources"][0]["files"] == ["made.json"]
    assert home.run("show", shown["label"]).code == 0
    assert "as its hash says" in home.run("verify").out
    assert home.json("import", file, *ACCEPT)["new"] is False


def test_an_own_list_beside_the_others(home: Home) -> None:
    home.run("import", home.file("made.json", csl_json(names(3))), *ACCEPT)
    own = home.file("own.csv", b"name,country\nInvented Friend,CN\n")
    missing = home.run("import", own)
    assert (missing.code, "--date" in missing.err) == (2, True)
    made = home.json("import", own, "--date", "2026-08-03", "--name", "friends")
    assert {p["list"] for p in made["parts"]} >= {"EL", "OWN:friends"}
    assert "EL" in made["carried_over"]
    old = home.run("import", own, "--date", "2026-08-02", "--alone")
    assert "In use today stays 2026-08-03" in old.out
    assert home.json("status")["in_use"].startswith("2026-08-03")


def test_diff_by_day_label_and_file(home: Home) -> None:
    home.run("import", home.file("a.json", csl_json(names(3))), *ACCEPT)
    file = home.file("b.json", csl_json(names(4), "2026-08-05T00:00:00Z"))
    home.run("import", file, *ACCEPT)
    by_day = home.run("diff", "2026-08-02", "2026-08-06")
    assert "EL: 1 came, 0 went, 0 changed\n  + Invented Works No. 3 (no country) EL-" in by_day.out
    by_label = home.json("diff", "2026-08-01", "2026-08-05")
    assert [len(one["came"]) for one in by_label["lists"]] == [1]
    assert home.json("diff", "2026-08-02", file)["lists"] == by_label["lists"]
    assert "no difference" in home.run("diff", file, file).out
    for wrong in ("2020-01-01", "nothing"):
        ran = home.run("diff", wrong, "2026-08-06")
        assert (ran.code, ran.err.count("\n")) == (2, 1)


def test_a_list_that_one_side_lacks_is_no_list_of_newcomers(home: Home) -> None:
    own = home.file("own.csv", b"name\nA\n")
    home.run("import", own, "--date", "2026-07-01", "--name", "mine")
    home.run("import", home.file("a.json", csl_json(names(3))), *ACCEPT)
    told = home.run("diff", "2026-07-01", "2026-08-02").out
    (line,) = [line for line in told.splitlines() if line.startswith("EL: ")]
    assert "(2026-07-01-" in line
    assert line.endswith("does not hold this list)")
    assert "hold this list" not in home.run("diff", "2026-08-02", "2026-08-02").out


def test_a_list_that_is_not_in_use_says_how_it_would_be(home: Home) -> None:
    own, csl = home.file("own.csv", b"name\nA\n"), home.file("a.json", csl_json(names(3)))
    today = common.today().isoformat()
    home.run("import", own, "--date", today, "--name", "mine")
    told = home.run("import", csl, *ACCEPT).out
    assert f"give --date {today}" in told
    assert {p["list"] for p in home.json("status")["parts"]} == {"OWN:mine"}
    home.run("import", csl, *ACCEPT, "--date", today)
    parts = {p["list"]: p["date"] for p in home.json("status")["parts"]}
    assert parts["OWN:mine"] == today
    assert parts["EL"] == "2026-08-01"
    undated = home.run("import", own, "--date", "2026-08-01", "--name", "mine").out
    assert "In use today stays" in undated
    assert "give --date" not in undated  # it would be said to be of that day


def test_what_alone_leaves_out_is_said(home: Home) -> None:
    home.run("import", home.file("a.json", csl_json(names(3))), *ACCEPT)
    own = home.file("own.csv", b"name\nA\n")
    assert "no longer in use" not in home.run("import", own, "--date", "2026-08-02").err
    err = home.run("import", own, "--date", "2026-08-02", "--alone").err
    assert err.startswith("WARNING: no longer in use: ")
    assert "SDN" in err


def test_a_long_diff_says_what_it_leaves_out(home: Home) -> None:
    a = home.file("a.csv", b"name\nNobody\n")
    b = home.file("b.csv", ("name\n" + "".join(f"N{n}\n" for n in range(30))).encode())
    assert "and 10 more" in home.run("diff", a, b).out
    assert "more" not in home.run("diff", a, b, "--all").out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("import", "absent.csv"), "absent.csv"),
        (("import", "{own}", "--date", "2999-01-01"), "still to come"),
        (("import", "{own}", "--date", "x"), "calendar"),
        (("import", "{own}", "--date", "2026-01-01", "--accept", "x"), "--by"),
        (("import", "{own}", "--date", "2026-01-01", "--by", "x"), "--accept"),
        (("import", "{own}", "--date", "2026-01-01", "--accept", "", "--by", "x"), "empty"),
        (("import", "{html}", "--date", "2026-01-01"), "web page"),
        (("show",), "no list is stored"),
        (("show", "x"), "'x'"),
        (("verify",), "no list is stored"),
        (("update", "--url", "http://example.org/x"), "only https"),
        (("update", "nowhere"), "csl-json"),
    ],
)
def test_errors_are_one_line(home: Home, arguments: tuple[str, ...], told: str) -> None:
    files = {"own": home.file("own.csv", b"name\nA\n"), "html": home.file("x", b"<html>")}
    ran = home.run(*(a.format(**files) for a in arguments))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    assert told in ran.err


def test_an_update_that_is_not_in_use_says_so(home: Home, web: Web) -> None:  # noqa: F811
    web.answers["/list.json"] = Answer(csl_json(names(3)))
    url = ("update", "--url", web.url(), *ACCEPT)
    assert home.run(*url).err == ""
    own = home.file("own.csv", b"name\nA\n")
    home.run("import", own, "--date", "2026-08-02")
    assert home.run(*url).err == ""  # carried over, so in use
    web.answers["/list.json"] = Answer(csl_json(names(4)))  # of 2026-08-01, as before
    err = home.run(*url).err
    assert err.startswith("WARNING: not in use today: 2026-08-02-")
    assert err.count("\n") == 1


def test_update_and_its_failure(home: Home, web: Web) -> None:  # noqa: F811
    web.answers["/list.json"] = Answer(csl_json(names(3)))
    url = ("--url", web.url())
    assert home.json("update", *url, *ACCEPT)["status"] == "new"
    web.answers["/list.json"] = Answer(b"down", 500)
    failed = home.run("update", *url)
    assert failed.code == 2
    assert "not updated, the lists in use stay: the server answers 500" in failed.err
    data = home.json("status")
    assert data["in_use"].startswith("2026-08-01")
    assert data["last_attempt_failed"]
    assert "500" in data["last_failure"]["reason"]
    assert "the last update failed" in home.run("status").out


def test_a_broken_snapshot_is_told(home: Home) -> None:
    label = home.json("import", home.file("a.json", csl_json(names(3))), *ACCEPT)["label"]
    entries = home.folder / "home" / "lists" / label / "entries.jsonl"
    entries.write_bytes(entries.read_bytes()[:-5])
    ran = home.run("verify")
    assert (ran.code, "BROKEN" in ran.out) == (2, True)
    assert "entries.jsonl" in ran.err
    (entries.parent / "snapshot.json").write_text("{}")
    assert home.run("status").code == 2
