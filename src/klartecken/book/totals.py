"""Counts, quantities and money of a book, by verdict and currency, in whole numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from klartecken.book.amounts import SCALE, Units
from klartecken.book.key.grid import Codes

MANY = 500  # distinct texts in the currency column
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

    @property
    def amount(self) -> Decimal:
        """The money, in units of its currency."""
        return Decimal(self.money) / SCALE

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


class Counter:
    """Adds up lines, a part at a time (small parts stay in the cache)."""

    def __init__(self) -> None:
        self._wide = 4  # currencies that there is room for
        self._held = np.zeros((4, 0), np.int64)  # lines, units, priced, money
        self._most = [0.0, 0.0]  # bounds of the sums of units and of money
        self._spilled: dict[tuple[int, int], Total] = {}

    def add(
        self, numbers: Codes, currencies: Codes, units: Units, money: Units,
        priced: npt.NDArray[np.bool_],
    ) -> None:  # fmt: skip
        """Put some lines to the rest.

        Args:
            numbers: the verdict of each line.
            currencies: the currency of each line, by number.
            units, money, priced: quantity, value and whether both are given, of each line.
        """
        if not numbers.size:
            return
        bounds = [float(column.max()) * column.size for column in (units, money)]
        if max(held + more for held, more in zip(self._most, bounds, strict=True)) > LIMIT:
            self._spill()
            if max(bounds) > LIMIT and numbers.size > 1:  # one line alone always fits
                for part in np.array_split(np.arange(numbers.size), 2):
                    self.add(
                        numbers[part], currencies[part], units[part], money[part], priced[part]
                    )
                return
        self._most = [held + more for held, more in zip(self._most, bounds, strict=True)]
        if int(currencies.max()) >= MANY:  # hardly currencies: a table of them is too much
            self._sparse(numbers, currencies, units, money, priced)
            return
        self._room(int(numbers.max()) + 1, int(currencies.max()) + 1)
        keys = numbers.astype(np.intp)
        keys *= self._wide
        keys += currencies
        lines = np.bincount(keys, minlength=self._held.shape[1])
        self._held[0] += lines
        np.add.at(self._held[1], keys, units)
        np.add.at(self._held[3], keys, money)
        all_priced = bool(priced.all())
        size = self._held.shape[1]
        self._held[2] += lines if all_priced else np.bincount(keys[priced], minlength=size)

    def _room(self, numbers: int, currencies: int) -> None:
        wide = self._wide
        while wide < currencies:
            wide *= 2
        high = self._held.shape[1] // self._wide
        if numbers <= high and wide == self._wide:
            return
        held = self._held.reshape(4, high, self._wide)
        new = np.zeros((4, max(high, 2 * numbers), wide), np.int64)
        new[:, :high, : self._wide] = held
        self._held, self._wide = new.reshape(4, -1), wide

    def _sparse(
        self, numbers: Codes, currencies: Codes, units: Units, money: Units,
        priced: npt.NDArray[np.bool_],
    ) -> None:  # fmt: skip
        """Add lines by the pairs of verdict and currency that occur."""
        pairs = numbers.astype(np.int64) << 32 | currencies
        distinct, keys = np.unique(pairs, return_inverse=True)
        held = np.zeros((4, distinct.size), np.int64)
        ones = np.ones(numbers.size, np.int64)
        for column, weights in zip(held, (ones, units, priced, money), strict=True):
            np.add.at(column, keys, weights.astype(np.int64, copy=False))
        for place, pair in enumerate(distinct.tolist()):
            self._spilled.setdefault((pair >> 32, pair & 0xFFFFFFFF), Total()).add(
                Total(*(int(column[place]) for column in held))
            )

    def _spill(self) -> None:
        """Add what is held to Python's own integers, which have no end, and begin anew."""
        lines, units, priced, money = self._held
        for key in np.flatnonzero(lines).tolist():
            self._spilled.setdefault(divmod(key, self._wide), Total()).add(
                Total(int(lines[key]), int(units[key]), int(priced[key]), int(money[key]))
            )
        self._held[:] = 0
        self._most = [0.0, 0.0]

    def totals(self, names: Sequence[str]) -> Totals:
        """What was added up, by number of verdict and name of currency."""
        self._spill()
        found = Totals()
        for (verdict, currency), total in sorted(self._spilled.items()):
            found.by.setdefault((verdict, names[currency]), Total()).add(total)
        return found


def count(
    numbers: Codes, currencies: Codes, names: Sequence[str], units: Units, money: Units,
    priced: npt.NDArray[np.bool_],
) -> Totals:  # fmt: skip
    """The totals of some lines (see :meth:`Counter.add`)."""
    counter = Counter()
    counter.add(numbers, currencies, units, money, priced)
    return counter.totals(names)


def sums(keys: npt.NDArray[np.integer], weights: Units, size: int) -> Units:
    """Exact sums by key: int64, or Python's own integers where those are too small."""
    most = float(weights.max(initial=0)) * weights.size
    found: Units = np.zeros(size, np.int64 if most < LIMIT else object)
    np.add.at(found, keys, weights if most < LIMIT else weights.astype(object))
    return found
