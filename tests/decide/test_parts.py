"""A question read in parts is the question read whole, and refused when it would be."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klartecken.book.coder import ordered
from klartecken.book.key.blocks import ITEM, blocks
from klartecken.decide.ask import own_item, read_day, shipped_world
from klartecken.decide.case import build_case, read_part
from klartecken.decide.derived import links
from klartecken.errors import InputError
from klartecken.facts.items import Item, find_item
from klartecken.logic.values import Fact
from tests.decide.strategies import questions

WORLD = shipped_world()
LAW, PLACES = WORLD.law, WORLD.places
Facts = dict[str, Fact] | None


def whole(item: Item, said: dict[str, Any], strict: bool) -> Facts:
    facts = dict(said)
    to = facts.pop("destination")
    try:
        case = build_case(
            item, LAW, PLACES, to=to, on=read_day("2025-07-15"), strict=strict,
            facts={name: facts[name] for name in ordered(tuple(facts))},
        )  # fmt: skip
    except InputError:
        return None
    return dict(case.facts)


def in_parts(item: Item, said: dict[str, Any], strict: bool, rnd: Random) -> Facts:
    """Read in a random partition that respects the links."""
    _, *found = blocks(LAW, (), [ITEM, *said])
    parts: dict[int, list[str]] = {}
    for block in found:
        parts.setdefault(rnd.randrange(4), []).extend(block.columns)
    facts: dict[str, Fact] = {}
    try:
        for names in parts.values():
            read = read_part(
                [(name, said[name]) for name in ordered(names) if name != ITEM], LAW, PLACES,
                item=item if ITEM in names else None, strict=strict,
            )  # fmt: skip
            assert facts.keys().isdisjoint(read.facts)
            facts |= read.facts
    except InputError:
        return None
    return facts


@settings(max_examples=120, deadline=None)
@given(questions(), st.sampled_from(["own chip", "H20", "MI308X", "server:8xH20"]), st.integers())
def test_any_partition_gives_the_facts_of_the_whole(
    question: dict[str, Any], name: str, seed: int
) -> None:
    item = own_item(name) if name == "own chip" else find_item(name)
    said = {**question["facts"], "destination": question["to"]}
    strict = question["strict"]
    assert in_parts(item, said, strict, Random(seed)) == whole(item, said, strict)


@pytest.mark.parametrize(
    "said",
    [
        {"destination": "CN", "ship_from": "US", "activity": "transfer"},
        {"destination": "CN", "ship_from": "US", "subject_to_ear": "no"},
        {"destination": "CN", "tpp": "10", "tops": "8"},
        {
            "destination": "CN", "tpp": "4800", "applicable_die_area": "800",
            "performance_density": "2",
        },
        {"destination": "CN", "exporter_role": "other", "exporter": "TSMC"},
        {"destination": "CN", "parent_hq": "CN", "consignee_hq": "US"},
    ],
    ids=lambda said: " ".join(said),
)  # fmt: skip
def test_what_is_linked_needs_one_part(said: dict[str, Any]) -> None:
    """Each link is needed: cut through it, and something is missed."""
    item = own_item("own chip")
    facts: dict[str, Fact] = {}
    for name, text in said.items():
        facts |= read_part([(name, text)], LAW, PLACES).facts
    assert {**item.facts, **facts} != whole(item, said, strict=False)
    assert in_parts(item, said, False, Random(1)) == whole(item, said, strict=False)
    assert any(len(part & {*said, "parent_hq"}) > 1 for part in links(LAW))
