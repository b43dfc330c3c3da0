"""Quantities and prices, exactly: whole units, and ten-thousandths of the currency.

Whole numbers add up the same in any order and on any number of machines, so that totals
can be compared to the last digit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Units = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
SCALE = 10_000  # parts of one unit of currency
HIGHEST = 10**12  # of a quantity, or of a price in whole units of currency


@dataclass(frozen=True, slots=True)
class Amounts:
    """One number per line.

    Attributes:
        units: int64; zero where it is not given or cannot be read.
        given: which lines have one.
        bad: which lines hold something that cannot be read, or None when none does.
    """

    units: Units
    given: Mask | None
    bad: Mask | None


def amounts(array: pa.Array, scale: int) -> Amounts:
    """The numbers of a canonical amount column.

    Args:
        array: int64, float64, decimal128, or dictionary of strings; null: not given.
        scale: 1 for quantities (whole numbers only), ``SCALE`` for prices (rounded half to
            even beyond four decimals).
    """
    given = None if array.null_count == 0 else np.asarray(array.is_valid())
    if pa.types.is_dictionary(array.type):
        return _by_distinct(array, given, lambda text: _read(text, scale))
    if pa.types.is_decimal(array.type):
        return _by_distinct(array.dictionary_encode(), given, lambda value: _exact(value, scale))
    plain = np.asarray(array.fill_null(0) if given is not None else array)
    if pa.types.is_integer(array.type):
        bad = (plain < 0) | (plain > HIGHEST)
        units = plain.astype(np.int64, copy=False)
        return _amounts(units * scale if scale != 1 else units, given, bad)
    scaled = plain * scale
    units = np.rint(scaled)
    # "not (within)" also catches what is not a number
    bad = ~((plain >= 0) & (plain <= HIGHEST))
    if scale == 1:
        bad |= units != scaled
    return _amounts(np.where(bad, 0, units).astype(np.int64), given, bad)


def _amounts(units: Units, given: Mask | None, bad: Mask) -> Amounts:
    if not bad.any():
        return Amounts(units, given, None)
    if given is not None:
        bad &= given
    return Amounts(np.where(bad, 0, units), given, bad)


def _by_distinct(
    array: pa.DictionaryArray, given: Mask | None, read: Callable[[Any], int | None]
) -> Amounts:
    values = [read(value) for value in array.dictionary.to_pylist()]
    numbers = np.array([-1 if value is None else value for value in values] + [0], np.int64)
    indices = array.indices
    if indices.null_count:
        indices = pc.fill_null(indices, len(values))
    units = numbers.take(np.asarray(indices))
    return _amounts(units, given, units < 0)


def _read(text: str | None, scale: int) -> int | None:
    if text is None:
        return 0
    try:
        return _exact(Decimal(text.strip()), scale)
    except InvalidOperation:
        return None


def _exact(value: Decimal | None, scale: int) -> int | None:
    """The number in parts of a unit, or None when it is not one."""
    if value is None:
        return 0
    if not value.is_finite() or not 0 <= value <= HIGHEST:
        return None
    scaled = value * scale
    if scale == 1 and scaled != scaled.to_integral_value():
        return None
    return int(scaled.to_integral_value(ROUND_HALF_EVEN))


def money(quantity: Units, price: Units) -> Units:
    """Quantity times price in ten-thousandths; -1 where that is more than int64 can hold."""
    product = quantity * price
    if float(quantity.max(initial=0)) * float(price.max(initial=0)) <= 9e18:
        return product
    large = quantity.astype(np.float64) * price > 9e18
    return np.where(large, -1, product)
