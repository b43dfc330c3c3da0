"""Counts, quantities and money of a book, by verdict and currency, in whole numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from klartecken.book.amounts import Units
from klartecken.book.key.engine import CHUNK
from klartecken.book.key.grid import Codes
from klartecken.errors import KlarteckenError

LIMIT = 9.0e18  # what an int64 holds, and a little less


@dataclass(slots=True)
class Total:
    """Lines, units and money (in ten-thousandths of the currency).

    ``priced`` counts the lines whose quantity and price are both given.
    """

    lines: int = 0
    units: int = 0
    priced: int = 0
    money: int = 0

    def add(self, other: Total) -> None:
        """Put another total to this one."""
        self.lines += other.lines
        self.units += other.units
        self.priced += other.priced
        self.money += other.money


@dataclass
class Totals:
    """Totals by verdict (its number or its case id) and currency (empty: not given)."""

    by: dict[tuple[object, str], Total] = field(default_factory=dict)

    def add(self, other: Totals) -> None:
        """Put other totals to these."""
        for key, total in other.by.items():
            self.by.setdefault(key, Total()).add(total)

    def renamed(self, name: Callable[[object], object]) -> Totals:
        """The same totals under other names of the verdicts."""
        found = Totals()
        for (verdict, currency), total in self.by.items():
            found.by.setdefault((name(verdict), currency), Total()).add(total)
        return found

    @property
    def lines(self) -> int:
        """All lines."""
        return sum(total.lines for total in self.by.values())

    def __iter__(self) -> Iterator[tuple[object, str, Total]]:
        for (verdict, currency), total in sorted(self.by.items(), key=str):
            yield verdict, currency, total


def count(
    numbers: Codes, currencies: Codes, names: list[str], units: Units, money: Units,
    priced: npt.NDArray[np.bool_],
) -> Totals:  # fmt: skip
    """The totals of some lines.

    Args:
        numbers: the verdict of each line.
        currencies: the currency of each line, an index into ``names``.
        units, money, priced: quantity, value and whether both are given, of each line.
    """
    found = Totals()
    if not numbers.size:
        return found
    wide = len(names)
    size = (int(numbers.max()) + 1) * wide
    lines, held = np.zeros(size, np.int64), np.zeros((3, size), np.int64)
    total_units, total_priced, total_money = held
    for start in range(0, numbers.size, CHUNK):
        part = slice(start, start + CHUNK)
        keys = numbers[part].astype(np.intp)
        if wide > 1:
            keys *= wide
            keys += currencies[part]
        counted = np.bincount(keys, minlength=size)
        lines += counted
        np.add.at(total_units, keys, units[part])
        np.add.at(total_money, keys, money[part])
        if priced[part].all():
            total_priced += counted
        else:
            total_priced += np.bincount(keys[priced[part]], minlength=size)
    _refuse_overflow(units, money)
    for key in np.flatnonzero(lines).tolist():
        verdict, currency = divmod(key, wide)
        found.by[verdict, names[currency]] = Total(
            int(lines[key]), int(total_units[key]), int(total_priced[key]), int(total_money[key])
        )
    return found


def _refuse_overflow(*columns: Units) -> None:
    for column in columns:
        if (
            float(column.max(initial=0)) * column.size > LIMIT
            and float(column.sum(dtype=float)) > LIMIT
        ):
            raise KlarteckenError("the money or units of a batch are too large to add up")


def sums(keys: npt.NDArray[np.integer], weights: Units, size: int) -> Units:
    """Exact sums by key.

    Raises:
        KlarteckenError: more than an int64 can hold.
    """
    _refuse_overflow(weights)
    found = np.zeros(size, np.int64)
    np.add.at(found, keys, weights)
    return found
