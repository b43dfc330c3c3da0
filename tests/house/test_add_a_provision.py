"""docs/add-a-provision.md, followed to the letter: a rule is added with data alone."""

import shutil
from pathlib import Path

import doc_blocks
import pytest

import klartecken as kt
from klartecken.errors import LawError
from klartecken.law import load
from tests.cases.compare import all_cases, answer, ask, differences
from tests.cases.coverage import lacking_notices, lacking_versions
from tests.cases.form import NamedCase, load_cases
from tests.cases.names import check_names
from tests.house.places import ROOT

PAGE = ROOT / "docs" / "add-a-provision.md"
FILES = {
    example.name: example.source
    for example in doc_blocks.examples(PAGE.read_text(encoding="utf-8"))
    if example.kind == "file"
}
QUESTION = {"to": "CN", "exporter": "Example Distribution", "listed": "none"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the law with the page's file in it."""
    copy = tmp_path / "law"
    shutil.copytree(Path(load.__file__).parent / "us_ear", copy)
    (copy / "made_up.yaml").write_text(FILES["made_up.yaml"], encoding="utf-8")
    return copy


def world(folder: Path) -> kt.World:
    return kt.World(load.load_folder(folder), kt.load_places(), kt.load_events())


def test_the_new_rule_answers(folder: Path) -> None:
    new = world(folder)
    before = kt.check("nvidia-h20", on="2026-12-31", world=new, **QUESTION)
    after = kt.check("nvidia-h20", on="2027-01-01", world=new, **QUESTION)
    assert before.outcome == "no_licence_required"
    assert after.outcome == "licence_required"
    assert after.review_policy == "case_by_case"
    assert "made_up.memory_bandwidth" in [r.provision for r in after.requirements]
    assert "2026-12-31" in " ".join(c.condition for c in after.would_change)


def test_the_shipped_law_knows_nothing_of_it() -> None:
    assert not [name for name in kt.shipped_world().law.provisions if "made_up" in name]


def test_the_hash_is_another(folder: Path) -> None:
    assert world(folder).hash != kt.shipped_world().hash


def test_the_edge_is_exact(folder: Path) -> None:
    new = world(folder)
    for value, outcome in (("2999.999", "no_licence_required"), ("3000", "licence_required")):
        facts = {"memory_bandwidth": value}
        answer = kt.check("nvidia-h20", on="2027-01-01", world=new, facts=facts, **QUESTION)
        assert answer.outcome == outcome


@pytest.fixture
def cases(tmp_path: Path) -> tuple[NamedCase, ...]:
    """The cases of the page."""
    there = tmp_path / "cases"
    there.mkdir()
    (there / "made_up.yaml").write_text(FILES["made_up_case.yaml"], encoding="utf-8")
    return load_cases(there)


def test_the_case_file_of_the_page_holds(folder: Path, cases: tuple[NamedCase, ...]) -> None:
    new = world(folder)
    assert len(cases) == 2
    for case in cases:
        check_names(case, new.law)
        assert differences(case, ask(case, new)) == []


def test_the_cases_of_the_page_exercise_all_that_it_adds(
    folder: Path, cases: tuple[NamedCase, ...]
) -> None:
    """The checks of tests/cases/test_coverage.py, on the law with the page's rule in it."""
    new = world(folder)
    old = [(case, answer(name)) for name, case in all_cases().items()]
    added = {("made_up.memory_bandwidth", "X1"), ("policy.made_up", "X1")}
    assert lacking_versions(new.law, old) >= added
    assert not lacking_versions(new.law, [*old, *((case, ask(case, new)) for case in cases)])
    assert not lacking_notices(new.law, [*all_cases().values(), *cases])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("memory_bandwidth >=", "memory_bandwith >=", "memory_bandwith"),
        ('"d5_or_macau"', '"d5_and_macau"', "d5_and_macau"),
        ("basis: ccl", "bases: ccl", "basis"),
        ("from: 2027-01-01", "from: 2027-02-30", "day"),
        ("exceptions: [RPL, GOV, TMP]", "exceptions: [RPX]", "RPX"),
        ("stage: requirement", "stage: requirements", "requirements"),
        ("for: [made_up.memory_bandwidth]", "for: [made_up.memory]", "made_up.memory"),
    ],
)  # fmt: skip
def test_a_slip_is_named(folder: Path, old: str, new: str, told: str) -> None:
    text = FILES["made_up.yaml"]
    assert old in text
    (folder / "made_up.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LawError) as caught:
        load.load_folder(folder)
    assert "made_up.yaml" in caught.value.line()
    assert told in caught.value.line()
