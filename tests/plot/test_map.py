"""The map: its regions are the law's own, its lines the law's numbers, its bytes the same."""

import json
import random
import re
import sys
from datetime import date
from fractions import Fraction

import pytest
from click.testing import CliRunner

from klartecken.cli import main
from klartecken.decide.ask import shipped_world
from klartecken.decide.lines import classes
from klartecken.errors import KlarteckenError
from klartecken.facts.chips import load_catalogue
from klartecken.facts.items import from_chip
from klartecken.logic.values import INF, Fact, Range, show
from klartecken.plot.labels import Box, Wish, place
from klartecken.plot.map import EVERY, render
from klartecken.plot.plane import plane
from klartecken.plot.style import LABELS, SHOWN
from tests.decide.test_lines import made

DENSITY_DAYS = (date(2023, 11, 17), date(2024, 6, 1), date(2026, 11, 22))
EARLY = date(2023, 3, 1)
DAYS = (date(2022, 9, 15), EARLY, *DENSITY_DAYS)


@pytest.fixture(scope="module")
def now():
    return plane(date(2026, 11, 22))


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(main, ["map", *words])
    assert result.exit_code == code, result.output
    return result.output


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_regions_agree_with_the_law_at_random_points(day):
    found = plane(day)
    dice = random.Random(7)
    for _ in range(60):
        x, y = (
            Fraction(round(10 ** dice.uniform(*span), 3)).limit_denominator(1000)
            for span in ((2, 5), (-0.5, 4 if found.y.fact == "io_bandwidth" else 2))
        )
        if x in found.x.lines or y in found.y.lines:
            continue
        region = next(r for r in found.regions
                      if r.x[0] < x < r.x[1] and r.y[0] < y < r.y[1])  # fmt: skip
        if found.y.fact == "performance_density":
            known = {"tpp": x, "applicable_die_area": x / y}
        else:
            known = {"tpp": x, "io_bandwidth": y}
        assert classes(made(True, **known), day).names == region.datacentre
        assert classes(made(False, **known), day).names == region.other


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_regions_tile_the_plane(day):
    found = plane(day)
    assert len(found.regions) == (len(found.x.lines) + 1) * (len(found.y.lines) + 1)
    assert {r.x for r in found.regions} == set(found.x.spans)
    assert found.x.spans[-1][1] == INF


def params(provision: str, day: date, prefix: str) -> set[Fraction]:
    versions = shipped_world().law.provisions[provision].versions
    bound = next((v for v in versions if v.binds(day, "practice")), None)
    return {v for n, v in bound.params.items() if n.startswith(prefix)} if bound else set()


@pytest.mark.parametrize("day", DENSITY_DAYS, ids=str)
def test_lines_are_the_numbers_of_the_law_files(day):
    found = plane(day)
    tpp = {v for p in ("parameters.a", "parameters.b", "note2") for v in params(p, day, "tpp")}
    density = {v for p in ("parameters.a", "parameters.b") for v in params(p, day, "pd")}
    assert (set(found.x.lines), set(found.y.lines)) == (tpp, density)
    assert found.y.fact == "performance_density"


def test_before_the_density_counted_the_plane_is_another():
    found = plane(EARLY)
    assert found.y.fact == "io_bandwidth"
    assert set(found.x.lines) == params("parameters.a", EARLY, "tpp")
    assert params("parameters.a", EARLY, "io") < set(found.y.lines)
    assert not any(region.spared for region in found.regions)
    assert plane(date(2022, 9, 15)).x.lines == ()


def test_only_below_4800_is_a_chip_not_for_data_centres_spared(now):
    (line,) = params("note2", now.day, "tpp")
    spared = [region for region in now.regions if region.spared]
    assert spared
    assert all(region.x[1] <= line for region in spared)


def test_every_chip_is_drawn_or_listed_as_left_out(now):
    drawn = {spot.id for spot in now.spots}
    assert drawn | set(now.left_out) == {chip.id for chip in load_catalogue()}
    assert not drawn & set(now.left_out)
    for spot in now.spots:
        assert spot.classes == classes(from_chip(load_catalogue().chips[spot.id]), now.day).names
    assert "nvidia-h20" in drawn


def test_chips_of_later_days_are_faint():
    later = {spot.id for spot in plane(EARLY).spots if spot.later}
    assert {"nvidia-h20", "nvidia-b200", "nvidia-b30a"} <= later
    assert "nvidia-a100-sxm-80gb" not in later


def test_labels_and_highlights_name_chips_of_the_catalogue():
    assert set(LABELS) <= set(load_catalogue().chips)
    assert set(SHOWN.values()) <= set(LABELS)


@pytest.mark.parametrize("day", [EARLY, DENSITY_DAYS[-1]], ids=str)
def test_lines_on_the_picture_are_those_of_the_law(day):
    pytest.importorskip("matplotlib")
    found = plane(day)
    picture = render(found, "svg").decode()
    drawn = set(re.findall(r'<g id="line-([\w.-]+)"', picture))
    wanted = {f"{axis.fact}-{show(v)}" for axis in (found.x, found.y) for v in axis.lines}
    assert drawn == wanted


def test_the_same_question_gives_the_same_svg(now):
    pytest.importorskip("matplotlib")
    first = render(now, "svg")
    assert first == render(now, "svg")
    assert b"<dc:date>" not in first
    assert b"22 November 2026" in first
    for name in ("nvidia-h20", "nvidia-h100-sxm", "nvidia-rtx-4090-d"):
        assert f'id="label-{name}"'.encode() in first


def test_labels_may_be_none_or_all(now):
    pytest.importorskip("matplotlib")
    few, all_ = render(now, "svg", count=0), render(now, "svg", count=EVERY)
    assert len(few) < len(render(now, "svg")) < len(all_)


def test_png(now):
    pytest.importorskip("matplotlib")
    assert render(now, "png").startswith(b"\x89PNG")


def test_without_matplotlib_the_extra_is_named(now, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(KlarteckenError, match=r"pip install 'klartecken\[plot\]'"):
        render(now, "svg")
    target = tmp_path / "map.svg"
    out = run("--on", "2026-11-22", "-o", str(target), code=2)
    assert out.startswith("Error: ")
    assert out.count("\n") == 1
    assert "klartecken[plot]" in out
    assert not target.exists()


def test_the_command_writes_the_file_whole(tmp_path):
    pytest.importorskip("matplotlib")
    target = tmp_path / "map.svg"
    out = run("--on", "2026-11-22", "-o", str(target), "--title", "Ours", "--labels", "5")
    whole = plane(date(2026, 11, 22))
    drawn, left_out = len(whole.spots), len(whole.left_out)
    assert drawn >= 131  # as shipped; more may come
    assert f"{drawn} chips drawn, {left_out} left out" in out
    assert "<!-- Ours -->" in target.read_text(encoding="utf-8")
    assert [p.name for p in tmp_path.iterdir()] == ["map.svg"]
    found = json.loads(run("--on", "2026-11-22", "-o", str(target), "--json"))
    assert (len(found["drawn"]), len(found["left_out"])) == (drawn, left_out)
    assert found["across"]["lines"] == [1600, 2400, 4800]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("-o", "map.jpg"), "Name the file .svg or .png"),
        (("-o", "map"), "without ending"),
        (("-o", "map.svg", "--labels", "many"), "Write 32 or all"),
        (("-o", "nowhere/map.svg"), "cannot be written"),
        (("-o", "map.svg", "--on", "2020-01-01"), "first day"),
    ],
)
def test_errors_are_one_line(words, told, tmp_path, monkeypatch):
    pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    out = run(*(words if "--on" in words else (*words, "--on", "2026-11-22")), code=2)
    assert told in out
    assert out.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_placed_labels_never_meet():
    dice = random.Random(3)
    frame = Box(0, 0, 400, 300)
    wishes = [Wish(str(n), dice.uniform(0, 400), dice.uniform(0, 300), 40, 10) for n in range(80)]
    dots = [Box(w.x - 3, w.y - 3, w.x + 3, w.y + 3) for w in wishes]
    taken = [Box(100, 100, 200, 150)]
    placed = place(wishes, dots, taken, frame, 60)
    assert 20 < len(placed) <= 60
    assert place(wishes, dots, taken, frame, 60) == placed
    for n, label in enumerate(placed):
        assert label.box.within(frame)
        assert not any(label.box.meets(other.box) for other in placed[:n])
        assert not label.box.meets(taken[0])


def test_a_range_is_drawn_between_its_ends(now):
    spot = next(s for s in now.spots if s.id == "cerebras-wse-2")
    assert spot.x == Range(Fraction(54400), Fraction(120000))
    assert isinstance(from_chip(load_catalogue().chips[spot.id]).facts["tpp"], Fact)
