"""`klartecken reform`, `diff` and `sweep`."""

from __future__ import annotations

import csv
import json

import pytest

from klartecken.facts.chips import load_catalogue
from klartecken.law.overlay import shipped_reforms
from tests.house.program import klartecken

LETTERS = ("reform", "diff", "april-2025-letters-public", "--set", "exporter=Acme", "--set",
           "hq=CN", "--set", "listed=none")  # fmt: skip
BOOK = """id,item,to,on,exporter,hq,listed,qty,price,ccy
a,nvidia-h20,CN,2025-04-09,Acme,CN,none,10,100.5,USD
b,nvidia-h20,CN,2025-04-08,Acme,CN,none,7,100,USD
c,nvidia-h20,DE,2025-04-09,Acme,DE,none,5,100,EUR
d,nvidia-h20,Nowhere,2025-04-09,Acme,CN,none,1,100,USD
"""


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(BOOK, encoding="utf-8")
    return path


def told(*words: str) -> str:
    ran = klartecken(*words)
    assert ran.code == 0, ran.err
    return ran.out


def data(*words: str):
    return json.loads(told(*words, "--json"))


def test_the_shipped_reforms_are_listed():
    assert [row["reform"] for row in data("reform", "list")] == list(shipped_reforms())
    assert told("reform") == told("reform", "list")
    assert "None of them is law." in told("reform")


def test_a_reform_is_shown_with_what_it_replaces():
    assert "tpp_ceiling: 21000 -> 40000" in told("reform", "show", "january-2026-path-40000")
    (change,) = data("reform", "show", "january-2026-path-40000")["changes"]
    assert change["before"] == {"tpp_ceiling": 21000}
    for name in shipped_reforms():
        assert "hypothetical" in told("reform", "show", name)


def test_over_the_catalogue_items_are_named():
    text = told(*LETTERS)
    assert "nvidia-h20 to CN" in text
    assert "+letters_2025.public: Memory and interconnect test of April 2025" in text
    assert "Hypothetical (april-2025-letters-public)" in text
    assert "stricter: " in text
    assert "freer: " not in text
    found = data(*LETTERS)
    assert found["lines"] == len(load_catalogue().chips) + len(load_catalogue().servers)
    (move,) = (
        m for m in found["moves"]
        if {"item": "nvidia-h20", "destination": "CN"} in m["items"]
    )  # fmt: skip
    assert (move["before"]["outcome"], move["after"]["outcome"]) == (
        "no_licence_required", "licence_required",
    )  # fmt: skip
    assert move["causes"] == ["+letters_2025.public"]
    assert all(len(m["items"]) == m["lines"] for m in found["moves"])


def test_the_day_before_its_period_nothing_changes():
    text = told(*LETTERS, "--on", "2025-04-08")
    assert "no line has another outcome or review policy" in text
    assert data(*LETTERS, "--on", "2025-04-08")["moves"] == []


def test_more_places_more_lines():
    one, two = data(*LETTERS), data(*LETTERS, "--destination", "CN", "--destination", "Germany")
    assert two["lines"] == 2 * one["lines"]


def test_over_a_book(book, tmp_path):
    out = tmp_path / "lines.csv"
    ran = klartecken(
        "reform", "diff", "april-2025-letters-public", "--book", str(book), "-o", str(out)
    )
    assert ran.code == 0
    assert "4 lines = 3 compared + 1 rejected" in ran.out
    assert "USD 1,005.00" in ran.out
    assert ran.err.startswith("Warning: rejected, so not asked: 1 of 4 lines")
    with out.open(encoding="utf-8", newline="") as file:
        assert [row["line_id"] for row in csv.DictReader(file)] == ["a"]
    found = data("reform", "diff", "april-2025-letters-public", "--book", str(book))
    assert found["changed"] == 1
    assert found["each_way"]["stricter"] == {"lines": 1, "units": 10, "money": {"USD": "1005"}}
    for side in ("outcomes_before", "outcomes_after"):
        assert sum(part["lines"] for part in found[side].values()) == 3


def test_two_days_over_a_book_need_no_days_of_its_own(tmp_path):
    path = tmp_path / "undated.csv"
    path.write_text("item,to,exporter,listed\nnvidia-h20,CN,NVIDIA,none\n", encoding="utf-8")
    found = data("diff", "--from", "2025-04-08", "--to", "2025-04-09", "--book", str(path))
    assert (found["lines"], found["rejected"], found["changed"]) == (1, 0, 1)
    (move,) = found["moves"]
    assert move["causes"] == ["+letter.nvidia.2025-04-09"]


def test_all_shows_what_is_no_other_answer():
    short, long = told(*LETTERS), told(*LETTERS, "--all")
    assert "besides, only class, reasons or exceptions are others" in short
    assert len(long.splitlines()) > len(short.splitlines())
    assert "more row" not in long


def test_a_book_is_not_written_over(book):
    ran = klartecken(
        "reform", "diff", "april-2025-letters-public", "--book", str(book), "-o", str(book)
    )
    assert ran.code == 2
    assert "over the book" in ran.err
    assert book.read_text(encoding="utf-8") == BOOK


def test_a_sweep_over_a_book(book, tmp_path):
    words = ("sweep", "parameters.b.tpp_b1", "2200..2600", "--steps", "3", "--book", str(book))
    text = told(*words)
    assert "in the law: 2400 (V2)" in text
    assert "2400 *" in text
    assert "Money, USD" in text
    assert "Money, EUR" in told(*words, "--currency", "EUR")
    found = data(*words)
    assert [point["value"] for point in found["points"]] == ["2200", "2400", "2600"]
    # 2,368 is reached from 2,200 on: in China both days; in Germany no licence either way
    assert [p["outcomes"]["no_licence_required"]["lines"] for p in found["points"]] == [1, 3, 3]
    bounded = data(*words, "--from", "2025-04-09")
    lines = [p["outcomes"]["no_licence_required"]["lines"] for p in bounded["points"]]
    assert lines == [2, 3, 3]


def test_a_sweep_is_drawn(book, tmp_path):
    pytest.importorskip("matplotlib")
    out = tmp_path / "sweep.svg"
    words = ("sweep", "parameters.b.tpp_b1", "2200..2600", "--steps", "3", "--book", str(book))
    assert f"{out}: drawn" in told(*words, "-o", str(out))
    assert out.read_bytes().startswith(b"<?xml")


def test_slips_on_the_command_line_are_named():
    line = ("sweep", "parameters.b.tpp_b1", "1600..3200")
    for args, wanted in (
        ((*line, "--from", "2026-01-01", "--until", "2025-01-01"), "--from: 2026-01-01 lies after"),
        (("sweep", "parameters.b.tpp_b1", "5..5"), "'5..5' is no range between two numbers"),
        (("reform", "diff", "nosuch.yaml"), "nosuch.yaml: there is no such file"),
    ):
        ran = klartecken(*args)
        assert ran.code == 2
        assert wanted in ran.err
