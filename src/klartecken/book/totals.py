"""Counts, quantities and money of a book, by verdict and currency, in whole numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from klartecken.book.amounts import SAFE, Units
from klartecken.book.key.grid import Codes

MANY = 500  # distinct texts in the currency column


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
    if not numbers.size:
        return Totals()
    wide = len(names)
    keys = numbers if wide == 1 else numbers.astype(np.int64) * wide + currencies
    distinct = None
    if wide > MANY:  # hardly currencies; a cell for each verdict and each of them is too much
        distinct, keys = np.unique(keys, return_inverse=True)
    lines = np.bincount(keys)
    held = {
        "units": sums(keys, units, lines.size), "money": sums(keys, money, lines.size),
        "priced": sums(keys, priced, lines.size),
    }  # fmt: skip
    found = Totals()
    for key in np.flatnonzero(lines).tolist():
        verdict, currency = divmod(key if distinct is None else int(distinct[key]), wide)
        total = Total(
            int(lines[key]), int(held["units"][key]), int(held["priced"][key]),
            int(held["money"][key]),
        )  # fmt: skip
        found.by[verdict, names[currency]] = total
    return found


def sums(keys: npt.NDArray[np.integer], weights: npt.NDArray[np.generic], size: int) -> Units:
    """Exact sums by key."""
    largest = float(weights.max(initial=0))
    if largest * weights.size < SAFE:  # every partial sum is a whole number of float64
        return np.bincount(keys, weights, size).astype(np.int64)
    found = np.zeros(size, object)  # Python's own integers, as large as they must be
    np.add.at(found, keys, weights.astype(object))
    return found
