"""Generated pages are those that the generators write."""

import desk_docs
import law_docs

from klartecken.law.load import load_law
from tests.house.places import ROOT

FOLDER = ROOT / "docs" / "law"


def test_the_pages_of_the_law_are_up_to_date() -> None:
    made = law_docs.generate()
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    assert sorted(there) == sorted(made), "run `make docs`"
    stale = [name for name, text in made.items() if there[name] != text]
    assert not stale, "run `make docs`"


def test_the_pages_of_the_desk_are_up_to_date() -> None:
    folder = ROOT / "docs" / "desk"
    for name, text in desk_docs.generate().items():
        assert (folder / name).read_text(encoding="utf-8") == text, "run `make docs`"


def test_every_provision_version_and_citation_is_printed() -> None:
    made = law_docs.generate()
    for provision in load_law().provisions.values():
        page = made[provision.file.removesuffix(".yaml") + ".md"]
        assert f"## `{provision.id}`" in page
        for version in provision.versions:
            assert f"### {version.id}: " in page
            assert version.url in page
            assert str(version.start) in page
            assert version.source in page
