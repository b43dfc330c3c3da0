"""Totals are exact and add up in any order."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.book.totals import Total, Totals, count, sums

LINE = st.tuples(
    st.integers(0, 5), st.integers(0, 3), st.integers(0, 10**12), st.integers(0, 9 * 10**18),
    st.booleans(),
)  # fmt: skip
NAMES = ["", "EUR", "SEK", "USD"]


def counted(lines: list[tuple[int, int, int, int, bool]]) -> Totals:
    columns = list(zip(*lines, strict=True)) if lines else [[]] * 5
    kinds = (np.int32, np.int32, np.int64, np.int64, np.bool_)
    numbers, currencies, units, money, priced = (
        np.array(column, kind) for column, kind in zip(columns, kinds, strict=True)
    )
    return count(numbers, currencies, NAMES, units, money, priced)


def by_hand(lines: list[tuple[int, int, int, int, bool]]) -> dict[tuple[object, str], Total]:
    found: dict[tuple[object, str], Total] = defaultdict(Total)
    for number, currency, units, money, priced in lines:
        found[number, NAMES[currency]].add(Total(1, units, int(priced), money))
    return dict(found)


@given(st.lists(LINE, max_size=40))
def test_totals_are_those_of_adding_by_hand(lines: list[tuple[int, int, int, int, bool]]) -> None:
    assert counted(lines).by == by_hand(lines)


@given(st.lists(LINE, max_size=40), st.integers(0, 40))
def test_totals_of_parts_are_those_of_the_whole(
    lines: list[tuple[int, int, int, int, bool]], cut: int
) -> None:
    parts = counted(lines[cut:])
    parts.add(counted(lines[:cut]))
    assert parts.by == counted(lines).by
    assert parts.lines == len(lines)


def test_a_column_of_free_text_for_currencies() -> None:
    """A text of its own on each line and many verdicts: no table of all pairs is made."""
    size = 20_000
    numbers, each = np.arange(size, dtype=np.int32), np.arange(size, dtype=np.int32)
    names = [f"text {place}" for place in range(size)]
    units = np.full(size, 3, np.int64)
    found = count(numbers, each, names, units, units, units > 0)
    assert found.lines == size
    assert len(found.by) == size
    assert found.by[7, "text 7"] == Total(1, 3, 1, 3)


def test_one_currency_only() -> None:
    numbers, zeros = np.array([3, 1, 3], np.int32), np.zeros(3, np.int32)
    found = count(numbers, zeros, [""], np.ones(3, np.int64), np.zeros(3, np.int64), zeros > 0)
    assert found.by == {(1, ""): Total(1, 1), (3, ""): Total(2, 2)}


@pytest.mark.parametrize("each", [2**53 // 1000 - 1, 2**53 // 1000 + 1, 9 * 10**18])
def test_sums_are_exact_on_both_paths(each: int) -> None:
    keys = np.zeros(1000, np.int32)
    assert int(sums(keys, np.full(1000, each, np.int64), 1)[0]) == 1000 * each


def test_renaming_joins_what_gets_one_name() -> None:
    totals = Totals({(1, "EUR"): Total(1, 2, 1, 3), (2, "EUR"): Total(4, 5, 0, 6)})
    assert totals.renamed(lambda _: "same").by == {("same", "EUR"): Total(5, 7, 1, 9)}
