"""`klartecken chips` and `klartecken chip`."""

import json

import pytest
from click.testing import CliRunner

from klartecken.cli import main
from klartecken.facts.chips import load_catalogue


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(main, list(words))
    assert result.exit_code == code, result.output
    return result.output


def data(*words: str):
    return json.loads(run(*words, "--json"))


def test_the_whole_catalogue_and_its_count():
    lines = run("chips", "--on", "2026-11-22").splitlines()
    chips, servers = len(load_catalogue()), len(load_catalogue().servers)
    assert len(lines) == 1 + chips + servers + 2
    assert lines[-1].startswith(f"{chips} chips, {servers} servers on 2026-11-22")
    assert "turns on facts that are not known" in lines[-1]


def test_a_filter_and_the_class_on_the_day():
    before = run("chips", "a800", "--on", "2023-03-01")
    after = run("chips", "A800", "--on", "2023-11-17")
    count = len(load_catalogue().search("a800"))
    assert count >= 3
    assert before.count("3A991.p") == after.count("3A090.a") == count
    assert f"{count} chips on 2023-11-17" in after
    assert "no chip or server matches" in run("chips", "nothing like it")
    assert data("chips", "nothing like it") == []


def test_unknown_bound_and_range_are_shown_as_such():
    rows = {line.split()[0]: line for line in run("chips", "--on", "2026-11-22").splitlines()[1:-2]}
    assert ">=2324" in rows["nvidia-rtx-pro-6000d"]
    assert "6000..6560" in rows["groq-lpu-v1"]
    for row in data("chips", "--on", "2026-11-22"):
        if row["tpp"]["low"] is None:
            assert row["tpp"]["value"] == "unknown"
            assert "?" in rows[row["id"]]


def test_servers_stand_beside_the_chips():
    found = data("chips", "hgx h20", "--on", "2026-11-22")
    assert [(row["id"], row["kind"]) for row in found if row["contains"]] == [
        ("nvidia-hgx-h20", "assembly")
    ]
    assert found[-1]["class"] == {"settled": "4A994.l", "possible": ["4A994.l"]}


def test_h20_as_text():
    text = run("chip", "h20", "--on", "2025-07-15")
    assert "Class on 2025-07-15: 3A991.p" in text
    assert "binding: tpp 2368 to 2400 (+1.35 %" in text
    assert "applicable_die_area 814 to 740 (-9.09 %, performance_density then 3.2): 3A090.b" in text
    assert "memory_bandwidth_density  unknown" in text
    assert "letters only" in text
    assert "[1] https://" in text


def test_h20_as_data():
    found = data("chip", "h20", "--on", "2026-11-22")
    assert found["class"]["settled"] == "3A991.p"
    assert found["binding"]["fact"] == "tpp"
    assert found["binding"]["relative"] == pytest.approx(32 / 2368)
    assert found["facts"]["tpp"]["low"] == 2368
    assert found["facts"]["memory_bandwidth_density"]["value"] == "unknown"
    assert found["facts"]["memory_bandwidth_density"]["low"] is None
    assert {line["use"] for line in found["lines"]} == {"classification", "letter", "policy"}
    assert all(line["citations"] for line in found["lines"])
    scores = {score["format"]: score for score in found["scores"]}
    assert scores["fp8"]["score"]["low"] == 2368
    assert all(score["sources"] for score in found["scores"])


def test_every_figure_is_there_with_source_and_grade():
    for ident in ("nvidia-h100-sxm", "nvidia-t4", "amd-mi300x", "cerebras-wse-2"):
        chip = load_catalogue().chips[ident]
        figures = [f for group in chip.figures.values() for f in group]
        found = data("chip", ident)["figures"]
        assert len(found) == len(figures)
        assert all(figure["source"] and figure["grade"] for figure in found)
        assert all(figure["note"] for figure in found if not figure["used"])


def test_an_unused_figure_shows_its_reason():
    text = run("chip", "nvidia-h100-sxm")
    row = next(line for line in text.splitlines() if "267.6" in line)
    assert " no " in row
    assert "vector rate, not the tensor rate" in row


def test_tf32_bits_count():
    plain = {s["format"]: s for s in data("chip", "h20")["scores"]}
    short = {s["format"]: s for s in data("chip", "h20", "--tf32-bits", "19")["scores"]}
    assert plain["tf32"]["score"]["low"] == 74 * 32
    assert short["tf32"]["score"]["low"] == 74 * 19


def test_a_chip_without_known_performance_says_so():
    text = run("chip", "nvidia-rtx-pro-6000d", "--on", "2026-11-22")
    assert "not settled: What is the total processing performance" in text
    assert "either side" in text


def test_a_server_and_an_own_file(tmp_path):
    assert "Contains 8 x" in run("chip", "nvidia-hgx-b200")
    own = tmp_path / "own.yaml"
    own.write_text("name: Ours\nkind: ic\ntpp: 2300\ndie_area: 800\ndatacenter: yes\ntops: 290\n")
    text = run("chip", str(own), "--on", "2026-11-22")
    assert "binding: tpp 2300 to 2400 (+4.35 %" in text
    assert "Figures of" not in text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("chip", "nvidia-h2o"), "nvidia-h20"),
        (("chip", "h20", "--on", "2020-01-01"), "first day that the law is encoded for"),
        (("chips", "--on", "yesterday"), "is not a day of the calendar"),
    ],
)
def test_errors_are_one_line(words, told):
    out = run(*words, code=2)
    assert told in out
    assert out.startswith("Error: ")
    assert out.count("\n") == 1
