"""The tools that write pages: one line of error, all files or none, a fresh map."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import map_docs
import pages
import pytest
import refresh_docs

from tests.house.places import ROOT

TOOLS = ("law_docs", "cli_docs", "refresh_docs", "map_docs")
BREAKS = {
    "law": ("law/us_ear/regime.yaml", "title:", "titel:"),
    "yaml": ("law/us_ear/letters.yaml", "provisions:", "provisions: ]"),
    "data": ("data/chips.csv", "nvidia-h20,", "nvidia-h20-sxm,"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project without its tests; the docs say something that a tool would mend."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("src", "docs", "tools"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("*.pyc"))
    for name in ("README.md", "Makefile"):
        shutil.copy(ROOT / name, folder)
    for path in (folder / "docs").rglob("*.md"):
        path.write_text(path.read_text("utf-8").replace("LICENCE REQUIRED", "X"), encoding="utf-8")
    (folder / "docs/cli.md").write_text("old\n", encoding="utf-8")
    (folder / "docs/law/index.md").write_text("old\n", encoding="utf-8")
    (folder / "docs/law/nobody.md").write_text("old\n", encoding="utf-8")
    return folder


def written(folder: Path) -> dict[str, bytes]:
    there = [folder / "README.md", *(folder / "docs").rglob("*")]
    return {str(path): path.read_bytes() for path in there if path.is_file()}


@pytest.mark.parametrize("broken", BREAKS)
@pytest.mark.parametrize("tool", TOOLS)
def test_what_does_not_load_is_one_line_and_nothing_is_written(
    copy: Path, tool: str, broken: str
) -> None:
    name, old, new = BREAKS[broken]
    path = copy / "src" / "klartecken" / name
    whole, before = path.read_bytes(), written(copy)
    assert old.encode() in whole
    path.write_bytes(whole.replace(old.encode(), new.encode(), 1))
    try:
        done = subprocess.run(
            [sys.executable, f"tools/{tool}.py"], cwd=copy, capture_output=True, text=True,
            env={**os.environ, "PYTHONPATH": str(copy / "src")}, check=False,
        )  # fmt: skip
    finally:
        path.write_bytes(whole)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1
    assert Path(name).name in done.stderr
    assert written(copy) == before


def page(folder: Path, name: str, command: str, output: str) -> Path:
    path = folder / name
    path.write_text(f"```console\n$ klartecken {command}\n{output}\n```\n", encoding="utf-8")
    return path


def test_pages_are_renewed_all_or_none(tmp_path: Path) -> None:
    good = page(tmp_path, "a.md", "chip nvidia-h20", "old\n...")
    bad = page(tmp_path, "b.md", "chip no-such-chip", "old\n...")
    before = written_in(tmp_path)
    with pytest.raises(pages.PageError, match=r"b\.md, line 2: the command now fails: Error: "):
        refresh_docs.refresh([good, bad])
    assert written_in(tmp_path) == before
    assert refresh_docs.refresh([good]) == [good]
    assert "Nvidia H20" in good.read_text("utf-8")


def test_a_page_may_show_an_error(tmp_path: Path) -> None:
    shown = page(tmp_path, "a.md", "chip no-such-chip", "Error: old")
    assert refresh_docs.refresh([shown]) == [shown]
    assert "Error: " in shown.read_text("utf-8")


def test_python_that_fails_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("```python\n>>> 1 / 0\n1\n```\n", encoding="utf-8")
    with pytest.raises(pages.PageError, match=r"a\.md, line 2: ZeroDivisionError"):
        refresh_docs.refresh([path])


def test_files_are_written_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old", encoding="utf-8")
    (tmp_path / "file").write_text("", encoding="utf-8")
    before = written_in(tmp_path)
    with pytest.raises(OSError, match="file"):
        pages.write_all({tmp_path / "a": "new", tmp_path / "file" / "b": "new"}, [tmp_path / "a"])
    assert written_in(tmp_path) == before
    pages.write_all({tmp_path / "a": "new", tmp_path / "b": b"x"}, [tmp_path / "file"])
    assert written_in(tmp_path) == {"a": b"new", "b": b"x"}


def written_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_map_is_up_to_date() -> None:
    pytest.importorskip("matplotlib")
    told = map_docs.difference(map_docs.PICTURE.read_bytes().decode(), map_docs.drawn())
    assert not told, "run `make docs`"


def test_the_sweep_is_up_to_date() -> None:
    pytest.importorskip("matplotlib")
    told = map_docs.difference(map_docs.SWEEP.read_bytes().decode(), map_docs.swept())
    assert not told, "run `make docs`"
    page = (ROOT / "docs" / "what-if.md").read_text("utf-8")
    assert f"klartecken {map_docs.ASKED} --book {map_docs.BOOK[0]}" in page.replace(" \\\n   ", "")


def test_the_readme_says_the_day_of_the_map() -> None:
    assert f"klartecken map --on {map_docs.day()} -o" in (ROOT / "README.md").read_text("utf-8")


def test_the_kept_map_says_by_which_version_it_was_drawn() -> None:
    assert map_docs.VERSION.search(map_docs.PICTURE.read_text(encoding="utf-8"))


def test_another_version_may_draw_otherwise_but_nothing_else() -> None:
    old = map_docs.PICTURE.read_text(encoding="utf-8")
    moved = old.replace("M 0 604.8", "M 0 604.9")
    other = map_docs.VERSION.sub("<dc:title>Matplotlib v0.0.1", moved)
    fewer = other.replace('id="label-nvidia-h20"', 'id="label-nvidia-h21"')
    assert map_docs.difference(old, old) == ""
    assert map_docs.difference(old, moved) == "it is drawn otherwise"
    assert map_docs.difference(old, other) == ""
    assert "-'label-nvidia-h20', +'label-nvidia-h21'" in map_docs.difference(old, fewer)
