"""The acceptance list names tests that are there."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from klartecken.desk.ledger.acceptance import ACCEPTANCE, Demand, table

DESK_TESTS = Path(__file__).parents[1]


@pytest.mark.parametrize("demand", ACCEPTANCE, ids=lambda demand: demand.asks[:30])
def test_the_tests_that_it_names_are_there(demand: Demand) -> None:
    assert demand.tests
    assert demand.met
    for named in demand.tests:
        file, _, name = named.partition("::")
        tree = ast.parse((DESK_TESTS / file).read_text(encoding="utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, named


def test_every_paragraph_is_listed() -> None:
    assert [demand.cite for demand in ACCEPTANCE] == [
        "762.5(b)(1)-(3)", "762.5(b)(4)", "762.5(b)(5)-(6)", "762.5(b)(7)", "762.5(b)(8)",
        "762.5(b)(9)", "762.5(c)", "762.6", "762.6",
    ]  # fmt: skip


def test_the_page_shows_the_list() -> None:
    """docs/desk-records.md holds the table as it is."""
    page = DESK_TESTS.parents[1] / "docs/desk-records.md"
    assert table() in page.read_text(encoding="utf-8")
