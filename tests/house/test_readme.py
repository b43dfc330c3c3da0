"""Every example in README.md and docs runs, and prints what the page says."""

from pathlib import Path
from typing import Any

import doc_blocks
import pytest

from tests.house.places import ROOT

PAGES = doc_blocks.pages(ROOT)
WITH_EXAMPLES = [p for p in PAGES if list(doc_blocks.examples(p.read_text(encoding="utf-8")))]


def label(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=label)
def test_examples(page: Path, tmp_path: Path) -> None:
    names: dict[str, Any] = {"__name__": "__page__"}
    with doc_blocks.inside(tmp_path):
        for example in doc_blocks.examples(page.read_text(encoding="utf-8")):
            actual = doc_blocks.run(example, names)
            if example.kind != "file":
                shown = "\n".join(actual)
                assert doc_blocks.matches(example.expected, actual), (
                    f"{label(page)}, line {example.first}: {example.source}\n"
                    f"prints (run `make docs`):\n{shown}"
                )


def test_the_readme_has_examples_of_both_kinds() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {example.kind for example in doc_blocks.examples(text)} >= {"console", "python"}


@pytest.mark.parametrize("page", PAGES, ids=label)
def test_links_lead_somewhere(page: Path) -> None:
    import re

    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target or target.startswith("#"):
            continue
        assert (page.parent / target.partition("#")[0]).exists(), target


@pytest.mark.parametrize(
    ("expected", "actual", "same"),
    [
        (("a", "b"), ["a", "b"], True),
        (("a",), ["a", "b"], False),
        (("a", "..."), ["a", "b", "c"], True),
        (("...", "c"), ["a", "b", "c"], True),
        (("a", "...", "c"), ["a", "c"], True),
        (("a", "...", "d"), ["a", "b", "c"], False),
        (("a ",), ["a"], True),
        ((), [], True),
        ((), ["a"], False),
    ],
)
def test_an_elision_stands_for_any_lines(
    expected: tuple[str, ...], actual: list[str], same: bool
) -> None:
    assert doc_blocks.matches(expected, actual) is same


def test_refreshing_keeps_elisions() -> None:
    new = doc_blocks.renewed(("a", "...", "Why", "x", "...", "Law", "y"),
                             ["A", "b", "Why", "X", "z", "Law", "Y", "Z"])  # fmt: skip
    assert new == ["A", "...", "Why", "X", "...", "Law", "Y", "Z"]
    with pytest.raises(ValueError, match="no longer printed"):
        doc_blocks.renewed(("a", "...", "Gone"), ["A", "b"])
