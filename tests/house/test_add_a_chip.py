"""docs/add-a-chip.md, followed to the letter (its examples run in test_readme.py)."""

import shutil
from pathlib import Path

import doc_blocks
import pytest

import klartecken as kt
from klartecken.errors import DataError
from klartecken.facts import chips, table
from tests.house.places import ROOT

FILES = {
    example.name: example.source
    for example in doc_blocks.examples((ROOT / "docs" / "add-a-chip.md").read_text("utf-8"))
    if example.kind == "file"
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the data with the page's rows appended."""
    copy = tmp_path / "data"
    shutil.copytree(table.DATA, copy)
    for name in ("chips", "chip_figures", "chip_sources"):
        with (copy / f"{name}.csv").open("a", encoding="utf-8") as file:
            file.write(FILES[f"{name}.rows"])
    return copy


def test_two_sources_give_a_range_and_the_answer_asks(folder: Path) -> None:
    chip = chips.read_catalogue(folder).get("Example One")
    answer = kt.check(chip, to="CN", on="2026-04-01", exporter="Example Distribution",
                      listed="none")  # fmt: skip
    assert answer.outcome == "undetermined"
    assert [m.fact for m in answer.missing] == ["tpp"]
    assert len(chips.read_catalogue(folder)) == len(kt.load_catalogue()) + 1


@pytest.mark.parametrize(
    ("file", "line", "told"),
    [
        ("chip_figures", "example-two,die_area,712,mm2,u,primary,yes,\n", "example-two"),
        ("chip_figures", "example-one,die_area,712,cm2,u,primary,yes,\n", "cm2"),
        ("chip_figures", "example-one,die_area,,mm2,u,primary,yes,\n", "value"),
        ("chip_figures", "example-one,die_area,712,mm2,,primary,yes,\n", "source"),
        ("chip_sources", "example-one,2,https://example.org/\n", "rank"),
        ("chips", "example-one,x,,US,,ic,,,yes,memory,,,1,memory,\n", "twice"),
    ],
)
def test_a_slip_is_named(folder: Path, file: str, line: str, told: str) -> None:
    with (folder / f"{file}.csv").open("a", encoding="utf-8") as handle:
        handle.write(line)
    with pytest.raises(DataError) as caught:
        chips.read_catalogue(folder)
    assert file in caught.value.line()
    assert told in caught.value.line()
