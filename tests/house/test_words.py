"""The pages use the words of the code: bases, outcomes, views, policies, rungs, stages."""

import pytest

from klartecken.decide.findings import OUTCOMES
from klartecken.facts.events import RUNGS
from klartecken.law.model import BASES, STAGES, TAGS, VIEWS
from tests.house.places import MODULES, ROOT, kept_files

# the language of the project, in the order in which it was fixed
WORDS = (
    "item", "fact", "provision", "version", "regime", "law", "case", "classification",
    "requirement", "exception", "bar", "review policy", "determination", "outcome", "residual",
    "receipt", "gap", "party", "listing", "hit", "owner", "assurance", "application", "licence",
    "authorisation", "hold", "release", "order line", "book", "reform", "regime day",
)  # fmt: skip


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("word", WORDS)
def test_the_glossary_has_every_word(word: str) -> None:
    assert f"\n| {word} | " in page("glossary.md")


@pytest.mark.parametrize("name", [*BASES, *OUTCOMES, "undetermined", *VIEWS])
def test_the_glossary_has_every_name(name: str) -> None:
    assert f"`{name}`" in page("glossary.md")


@pytest.mark.parametrize("stage", STAGES)
def test_add_a_provision_has_every_stage(stage: str) -> None:
    assert f"`{stage}`" in page("add-a-provision.md")


@pytest.mark.parametrize("tag", TAGS)
def test_contributing_has_every_tag(tag: str) -> None:
    assert f"`{tag}`" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("rung", RUNGS)
def test_the_ladder_is_that_of_the_code(rung: int) -> None:
    assert f"\n| {rung} | {RUNGS[rung]} |" in page("concepts.md")


def test_outcome_words_never_promise_too_much() -> None:
    """No outcome, headline or heading says "clear" or "safe"."""
    from klartecken.words.sentences import OUTCOME_WORDS

    for text in OUTCOME_WORDS.values():
        assert "clear" not in text
        assert "safe" not in text


def test_licence_is_spelt_the_british_way() -> None:
    """In our own names and text; titles of the law and of other people keep theirs."""
    wrong = []
    files = [*MODULES, *(f for f in kept_files() if f.suffix == ".md")]
    for file in files:
        if "law" in file.relative_to(ROOT).parts[:2] or file.name == "LICENSE":
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            plain = line.replace("Apache License", "").replace("LICENSE", "")
            if "License" in plain or "license " in plain:
                wrong.append(f"{file.name}:{number}: {line.strip()}")
    assert not wrong
