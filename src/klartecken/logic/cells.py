"""Cells: parts of one fact's values between which the rules can tell, and a value in each."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from klartecken.logic.values import INF, Bound

OTHER = "(any other)"


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of one fact's values within which no atom of that fact alone changes.

    Numbers: a point (``low == high``) or an open interval. Choices: some options.
    """

    fact: str
    low: Bound = -INF
    high: Bound = INF
    options: tuple[str, ...] = ()

    @property
    def example(self) -> str:
        """One value in the cell, as it can be given back (an exact number, or an option)."""
        if self.options:
            named = [option for option in self.options if option != OTHER]
            return named[0] if named else OTHER
        if self.low == self.high:
            return str(self.low)
        return str(_short(self))


def _short(cell: Cell) -> Decimal:
    """The decimal of fewest digits after the point strictly inside an open cell."""
    middle = sample(cell)
    for digits in range(40):
        step = Fraction(1, 10**digits)
        nearest = round(middle / step) * step
        if cell.low < nearest < cell.high:
            return Decimal(round(nearest / step)).scaleb(-digits)
    raise ValueError(f"no short decimal in {cell}")


def sample(cell: Cell) -> Fraction:
    """A number in a cell: its point, or one strictly inside."""
    low, high = cell.low, cell.high
    if isinstance(low, Fraction) and isinstance(high, Fraction):
        return (low + high) / 2
    if isinstance(low, Fraction):
        return low + 1
    return high - 1 if isinstance(high, Fraction) else Fraction(1)
