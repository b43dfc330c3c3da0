"""The table that fills itself: the same numbers whether dense, grown, sparse, or shared."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import RLock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klartecken.book.key import grid as module
from klartecken.book.key.grid import Codes, Grid

PRIME = 1_000_003


def number(row: int, column: int) -> int:
    return (row * 7919 + column * 31) % PRIME


def wanted(rows: Codes, columns: Codes) -> Codes:
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    return np.array([number(row, column) for row, column in pairs], np.int32)


def drawn(seed: int, size: tuple[int, int], count: int = 500) -> tuple[Codes, Codes]:
    rng = np.random.default_rng(seed)
    rows, columns = (rng.integers(0, n, count).astype(np.int32) for n in size)
    return rows, columns


SIZES = st.lists(st.tuples(st.integers(1, 300), st.integers(1, 300)), min_size=1, max_size=6)


@settings(max_examples=40, deadline=None)
@given(SIZES, st.sampled_from([64, 1000, 10_000, 1 << 24]))
def test_the_numbers_are_those_of_the_rule(sizes: list[tuple[int, int]], dense: int) -> None:
    """Whatever the order of growth, and whenever it goes over to sparse."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "DENSE", dense)
        grid = Grid(number, RLock())
        high = wide = 1
        for seed, (height, width) in enumerate(sizes):
            high, wide = max(high, height), max(wide, width)
            rows, columns = drawn(seed, (high, wide))
            np.testing.assert_array_equal(
                grid.look(rows, columns, (high, wide)), wanted(rows, columns)
            )


@pytest.mark.parametrize("dense", [64, 1 << 24])
def test_a_pair_is_worked_out_once(dense: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DENSE", dense)
    asked: list[tuple[int, int]] = []

    def fill(row: int, column: int) -> int:
        asked.append((row, column))
        return number(row, column)

    grid = Grid(fill, RLock())
    for _ in range(3):
        rows, columns = drawn(1, (40, 50), 5000)
        grid.look(rows, columns, (40, 50))
    assert len(asked) == len(set(asked)) <= 2000


@pytest.mark.parametrize("dense", [4096, 1 << 24])
def test_many_threads_grow_one_table(dense: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DENSE", dense)
    grid = Grid(number, RLock())

    def one(seed: int) -> bool:
        size = (1 + seed * 5, 1 + seed * 3)
        rows, columns = drawn(seed, size, 2000)
        return bool((grid.look(rows, columns, size) == wanted(rows, columns)).all())

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(one, range(1, 120)))


def test_nothing_is_asked_of_no_lines() -> None:
    grid = Grid(number, RLock())
    none = np.empty(0, np.int32)
    assert grid.look(none, none, (1, 1)).size == 0


def test_a_failure_leaves_the_rest_as_it_was() -> None:
    broken = True

    def fill(row: int, column: int) -> int:
        if broken and column == 3:
            raise MemoryError
        return number(row, column)

    grid = Grid(fill, RLock())
    rows, columns = drawn(5, (10, 10))
    with pytest.raises(MemoryError):
        grid.look(rows, columns, (10, 10))
    broken = False
    np.testing.assert_array_equal(grid.look(rows, columns, (10, 10)), wanted(rows, columns))
