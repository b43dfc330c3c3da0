"""Quantities and prices, exactly; what is none is refused."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.book.amounts import HIGHEST, SCALE, amounts, money

TEXT = pa.dictionary(pa.int32(), pa.string())
MOST = 10**12


def read(values: list[Any], kind: pa.DataType, scale: int) -> tuple[list[int], list[bool]]:
    found = amounts(pa.array(values, kind), scale)
    assert found.units.dtype == np.int64
    assert found.units.min(initial=0) >= 0
    bad = [False] * len(values) if found.bad is None else found.bad.tolist()
    given_ = [True] * len(values) if found.given is None else found.given.tolist()
    assert given_ == [value is not None for value in values]
    return found.units.tolist(), bad


@pytest.mark.parametrize("kind", [TEXT, pa.int64(), pa.float64(), pa.decimal128(20, 2)])
def test_whole_quantities_in_every_form(kind: pa.DataType) -> None:
    values: list[Any] = [0, 1, None, 999, MOST]
    if kind == TEXT:
        values = [None if value is None else str(value) for value in values]
    assert read(values, kind, 1) == ([0, 1, 0, 999, MOST], [False] * 5)


def test_what_is_no_quantity() -> None:
    texts = [
        "1.5",
        "-1",
        "x",
        "1e13",
        "nan",
        "inf",
        "-inf",
        "1,000",
        "0x10",
        "1e999999999",
        "",
        "½",
    ]
    assert read(texts, TEXT, 1) == ([0] * len(texts), [True] * len(texts))
    floats = [1.5, -1.0, float("nan"), float("inf"), 1e13, -0.5]
    assert read(floats, pa.float64(), 1) == ([0] * 6, [True] * 6)
    assert read([-1, MOST + 1, 2**63 - 1, -(2**63)], pa.int64(), 1) == ([0] * 4, [True] * 4)
    assert read([Decimal("1.5"), Decimal("-1")], pa.decimal128(10, 1), 1) == ([0, 0], [True, True])


def test_texts_that_are_quantities() -> None:
    assert read(["1.0", "1e3", " 7 ", "+2", "1E+12", "-0"], TEXT, 1)[0] == [1, 1000, 7, 2, MOST, 0]


PRICES = {
    "0.0001": 1, "1.2345": 12345, "0.00005": 0, "0.00015": 2, "1e-9999": 0, "0.00025": 2,
    "999999999999.9999": 9_999_999_999_999_999, "1000000000000": 10**16,
}  # fmt: skip


@pytest.mark.parametrize("text", list(PRICES))
def test_prices_have_four_decimals_and_round_half_to_even(text: str) -> None:
    assert read([text], TEXT, SCALE) == ([PRICES[text]], [False])
    value = Decimal(text)
    if value == value.quantize(Decimal("1e-8")):
        assert read([value], pa.decimal128(38, 8), SCALE) == ([PRICES[text]], [False])


def test_whole_prices_do_not_overflow() -> None:
    assert read([MOST, 2**62, -1, None], pa.int64(), SCALE) == (
        [10**16, 0, 0, 0], [False, True, True, False],
    )  # fmt: skip


@given(st.integers(0, 10**9), st.integers(0, 9999))
def test_float_prices_of_four_decimals_are_exact(whole: int, part: int) -> None:
    units = whole * SCALE + part
    assert read([units / SCALE], pa.float64(), SCALE) == ([units], [False])


@given(st.lists(st.tuples(st.integers(0, HIGHEST), st.integers(0, HIGHEST * SCALE)), max_size=20))
def test_money_is_exact_or_refused(pairs: list[tuple[int, int]]) -> None:
    quantity, price = (np.array([pair[i] for pair in pairs], np.int64) for i in (0, 1))
    for (count, each), found in zip(pairs, money(quantity, price).tolist(), strict=True):
        exact = count * each
        assert found == exact or (found == -1 and Fraction(exact) > Fraction(89, 10) * 10**18)


def test_money_at_the_edge_of_int64() -> None:
    big = np.array([2**31, 3_037_000_500, MOST, 9 * 10**8, 2**32], np.int64)
    each = np.array([2**32 - 1, 3_037_000_500, 10**16, 10**10, 2**32], np.int64)
    assert money(big, each).tolist() == [-1, -1, -1, 9 * 10**18, -1]
