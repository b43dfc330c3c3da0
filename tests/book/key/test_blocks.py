"""Which facts are read together."""

from __future__ import annotations

import pytest

from klartecken.book.key.blocks import Block, blocks
from klartecken.decide.ask import shipped_world
from klartecken.decide.derived import links
from klartecken.logic.nodes import Atom, atoms

LAW = shipped_world().law
ATOMS: tuple[Atom, ...] = tuple(
    {
        atom: None
        for provision in LAW.provisions.values()
        for version in provision.versions
        for tree in version.trees
        for atom in atoms(tree)
    }
)


def made(*columns: str, own: tuple[str, ...] = ()) -> tuple[Block, ...]:
    return blocks(LAW, ATOMS, columns, own)


def home(found: tuple[Block, ...], fact: str) -> Block:
    return next(block for block in found if fact in block.facts)


@pytest.mark.parametrize(
    "columns",
    [
        ("item", "destination"), ("destination", "tpp"), ("destination", "subject_to_ear"),
        ("item", "destination", "listed", "end_use", "dd_conditions", "exporter"),
        ("exporter", "item", "performance_density", "parent_hq", "activity", "destination"),
    ],
)  # fmt: skip
def test_every_fact_has_one_block_and_every_column_too(columns: tuple[str, ...]) -> None:
    silent, *rest = made(*columns)
    facts = [name for block in (silent, *rest) for name in block.facts]
    assert sorted(facts) == sorted(LAW.vocabulary.facts)
    assert silent.columns == ()
    assert sorted(name for block in rest for name in block.columns) == sorted(columns)
    for part in links(LAW):
        assert any(part <= set(block.facts) for block in (silent, *rest))


def test_the_item_comes_first_and_the_exporter_next() -> None:
    _, first, second, *_ = made("end_use", "exporter", "destination", "item")
    assert (first.columns, second.columns) == (("item",), ("exporter",))


def test_what_follows_from_the_route_stays_with_the_route() -> None:
    found = made("item", "destination")
    assert home(found, "subject_to_ear").columns == ("destination",)
    assert home(found, "tpp").columns == ("item",)


def test_what_own_items_state_belongs_to_the_item() -> None:
    found = made("item", "destination", own=("subject_to_ear", "tpp"))
    assert home(found, "subject_to_ear") == home(found, "tpp")


def test_a_book_without_items_reads_them_with_a_column() -> None:
    for columns in (("destination", "tpp"), ("destination", "subject_to_ear")):
        assert home(made(*columns), "item_kind").columns
