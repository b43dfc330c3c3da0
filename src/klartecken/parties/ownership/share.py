"""A share in per cent as an exact range, with ends that belong to it or not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from klartecken.errors import InputError

_NUMBER = r"([0-9]{1,3}(?:\.[0-9]{1,15})?)"
_EXACT = re.compile(rf"{_NUMBER}\s*%?")
_BOUND = re.compile(rf"(>=|<=|>|<)\s*{_NUMBER}\s*%?")
_BETWEEN = re.compile(rf"(>=|>)?\s*{_NUMBER}\s*%?\s*(?:-|–|\.\.)\s*(<=|<)?\s*{_NUMBER}\s*%?")
_WORDS = frozenset({"", "unknown", "?"})
_ZERO, _FULL = Fraction(0), Fraction(100)


@dataclass(frozen=True, slots=True)
class Share:
    """What part of a company an owner holds, in per cent.

    Attributes:
        low, high: exact ends, 0 to 100.
        low_open, high_open: the end itself is not meant: ``<50`` is 0 to 50 with an open high
            end, and is never 50.

    Raises:
        InputError: ends out of order, outside 0 to 100, or with nothing between them.
    """

    low: Fraction
    high: Fraction
    low_open: bool = False
    high_open: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.high <= 100:
            raise InputError(
                f"a share from {plain(self.low)} to {plain(self.high)} is not within 0 to 100",
                next_step="Write per cent, the smaller number first",
            )
        if self.low == self.high and (self.low_open or self.high_open):
            raise InputError(f"no share lies between {plain(self.low)} and itself")

    @property
    def exact(self) -> bool:
        """One figure, not a range."""
        return self.low == self.high

    @property
    def positive(self) -> bool:
        """More than nothing, for sure."""
        return self.low > 0 or self.low_open

    def meet(self, other: Share) -> Share | None:
        """What both say, or None where they contradict each other."""
        low, low_open = max((self.low, self.low_open), (other.low, other.low_open))
        high, closed = min((self.high, not self.high_open), (other.high, not other.high_open))
        if low > high or (low == high and (low_open or not closed)):
            return None
        return Share(low, high, low_open, not closed)

    def hull(self, other: Share) -> Share:
        """From the smaller low end to the greater high end."""
        low, low_open = min((self.low, self.low_open), (other.low, other.low_open))
        high, closed = max((self.high, not self.high_open), (other.high, not other.high_open))
        return Share(low, high, low_open, not closed)

    def plus_at_most(self, other: Share) -> Share:
        """Either one alone or both together, at most 100: the cautious reading of two rows."""
        low, low_open = min((self.low, self.low_open), (other.low, other.low_open))
        high = self.high + other.high
        if high > 100:
            return Share(low, _FULL, low_open)
        return Share(low, high, low_open, self.high_open or other.high_open)

    def __str__(self) -> str:
        if self.exact:
            return plain(self.low)
        if self == ANY:
            return "unknown"
        if self.high == 100 and not self.high_open:
            return f"{'>' if self.low_open else '>='}{plain(self.low)}"
        if self.low == 0 and not self.low_open:
            return f"{'<' if self.high_open else '<='}{plain(self.high)}"
        low = f"{'>' if self.low_open else ''}{plain(self.low)}"
        return f"{low}-{'<' if self.high_open else ''}{plain(self.high)}"


ANY = Share(_ZERO, _FULL)
SOME = Share(_ZERO, _FULL, low_open=True)
WHOLE = Share(_FULL, _FULL)


def plain(number: Fraction) -> str:
    """A decimal without trailing zeros.

    >>> plain(Fraction(99, 2))
    '49.5'
    """
    if number.denominator == 1:
        return str(number.numerator)
    places = 0
    scaled = number
    while scaled.denominator != 1 and places < 30:
        scaled *= 10
        places += 1
    if scaled.denominator != 1:
        return f"{number.numerator}/{number.denominator}"
    whole, rest = divmod(scaled.numerator, 10**places)
    return f"{whole}.{rest:0{places}d}"


def exactly(percent: Fraction | int | str) -> Share:
    """One figure."""
    number = Fraction(percent)
    return Share(number, number)


@lru_cache(maxsize=65536)
def read_share(text: str) -> Share:
    """A share as people and registers write it, in per cent.

    ``49.9``, ``50 %``, ``25-50`` (both ends belong), ``>25-50``, ``25-<50``, ``>50``,
    ``>=50``, ``<50``, ``<=50``, ``unknown`` or nothing.

    >>> str(read_share(">25 - 50"))
    '>25-50'

    Raises:
        InputError: none of these, or outside 0 to 100.
    """
    said = text.strip().casefold()
    if said in _WORDS:
        return ANY
    if found := _EXACT.fullmatch(said):
        return exactly(found[1])
    if found := _BOUND.fullmatch(said):
        number, is_open = Fraction(found[2]), len(found[1]) == 1
        if found[1][0] == ">":
            return Share(number, _FULL, is_open)
        return Share(_ZERO, number, False, is_open)
    if found := _BETWEEN.fullmatch(said):
        low, high = Fraction(found[2]), Fraction(found[4])
        return Share(low, high, found[1] == ">", found[3] == "<")
    raise InputError(
        f"{text[:60]!r} is no share in per cent",
        next_step="Write 49.9, 25-50, >50, <50 or unknown",
    )
