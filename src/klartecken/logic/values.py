"""What may be known of one fact: a range of numbers or a set of choices.

A known number is a range of one point; an unknown one is (-inf, inf). A yes/no fact is a
choice among ``yes`` and ``no``. Numbers are exact fractions, so that a value and a legal
line are compared as written, never after rounding.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation, localcontext
from fractions import Fraction

from klartecken.errors import InputError

INF = math.inf
Bound = Fraction | float  # the only floats are the two infinities


@dataclass(frozen=True, slots=True)
class Range:
    """All numbers x with lo <= x <= hi (an infinite end is open)."""

    lo: Bound = -INF
    hi: Bound = INF

    def __post_init__(self) -> None:
        for end in (self.lo, self.hi):
            if not isinstance(end, Fraction) and end not in (INF, -INF):
                raise TypeError("a finite bound must be an exact Fraction")
        if self.lo > self.hi or self.lo == INF or self.hi == -INF:
            raise InputError(f"empty range {show(self.lo)}..{show(self.hi)}")

    @property
    def known(self) -> bool:
        """Is there only one possible value?"""
        return self.lo == self.hi

    def hull(self, other: Range) -> Range:
        """The smallest range that holds both."""
        return Range(min(self.lo, other.lo), max(self.hi, other.hi))

    def meet(self, other: Range) -> Range | None:
        """The values in both, or None."""
        lo, hi = max(self.lo, other.lo), min(self.hi, other.hi)
        return Range(lo, hi) if lo <= hi else None

    def scaled(self, factor: Fraction) -> Range:
        """Each value times a positive factor."""
        return Range(self.lo * factor, self.hi * factor)

    def __str__(self) -> str:
        if self.known:
            return show(self.lo)
        if self.lo == -INF and self.hi == INF:
            return "unknown"
        if self.lo == -INF:
            return f"<={show(self.hi)}"
        if self.hi == INF:
            return f">={show(self.lo)}"
        return f"{show(self.lo)}..{show(self.hi)}"


@dataclass(frozen=True, slots=True)
class Choice:
    """The options that are still possible. None: any at all, also ones never named."""

    options: frozenset[str] | None = None

    def __post_init__(self) -> None:
        if self.options is not None and not self.options:
            raise InputError("a choice with no possible option")

    @property
    def known(self) -> bool:
        """Is there only one possible option?"""
        return self.options is not None and len(self.options) == 1

    def only(self) -> str:
        """The one option, when it is known.

        Raises:
            ValueError: more than one is possible.
        """
        if self.options is None or len(self.options) != 1:
            raise ValueError("not known")
        return next(iter(self.options))

    def __str__(self) -> str:
        if self.options is None:
            return "unknown"
        names = sorted(self.options)
        return names[0] if len(names) == 1 else "one of " + ", ".join(names)


Value = Range | Choice
UNKNOWN_NUMBER = Range()
UNKNOWN_CHOICE = Choice()
FLAG_YES = Choice(frozenset({"yes"}))
FLAG_NO = Choice(frozenset({"no"}))
FLAG_UNKNOWN = Choice(frozenset({"yes", "no"}))


def exactly(number: int | str | Decimal | Fraction) -> Range:
    """The range of one known number."""
    value = number if isinstance(number, Fraction) else Fraction(str(number))
    return Range(value, value)


def choose(*options: str) -> Choice:
    """The choice among just these options."""
    return Choice(frozenset(options))


@dataclass(frozen=True, slots=True)
class Fact:
    """A value, where it came from, and how good the source is.

    Attributes:
        value: the range or choice.
        source: an address, a citation, or who said so ("given by the asker").
        grade: ``primary``, ``secondary``, ``memory``, ``inferred``, ``given``,
            ``assumed``, ``presumed`` or ``none``.
        note: one sentence, when needed.
    """

    value: Value
    source: str = ""
    grade: str = "none"
    note: str = ""

    @property
    def known(self) -> bool:
        """Is there only one possible value?"""
        return self.value.known


def show(number: Bound) -> str:
    """A number for people: exact where short, else five significant digits after a ``~``.

    >>> show(Fraction(2368)), show(Fraction(1, 3))
    ('2368', '~0.33333')
    """
    if isinstance(number, float):
        return "inf" if number > 0 else "-inf"
    if number.denominator == 1:
        return str(number.numerator)
    scaled = number * 10**6
    if scaled.denominator == 1:
        whole, part = divmod(abs(scaled.numerator), 10**6)
        return f"{'-' if number < 0 else ''}{whole}.{part:06}".rstrip("0")
    with localcontext(Context(prec=40)):
        value = Decimal(number.numerator) / number.denominator
        if not Decimal("1e-4") < abs(value) < Decimal("1e12"):
            return f"~{value:.4e}"
        # five digits, and never so few that it looks like the whole number beside it
        return f"~{value:.{max(2, 4 - value.adjusted())}f}"


_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")


def parse_number(text: str) -> Fraction:
    """A decimal number or a fraction (``740/3``), exactly. No commas between thousands.

    Raises:
        InputError: not a plain finite number.
    """
    text = text.strip()
    if len(text) > 400:
        raise InputError(f"a number of {len(text)} characters is too long")
    if re.fullmatch(r"\d{1,40}/[1-9]\d{0,39}", text):
        return Fraction(text)
    if not _NUMBER.fullmatch(text):
        raise InputError(f"{text!r} is not a number", next_step="Write it like 2368 or 5.92")
    try:
        return Fraction(Decimal(text))
    except InvalidOperation as err:  # pragma: no cover - the pattern excludes it
        raise InputError(f"{text!r} is not a number") from err


def parse_range(text: str) -> Range:
    """``2368``, ``2300..2400``, ``>=2300``, ``<=2400``, ``2300..``, ``..2400``, ``unknown``.

    Raises:
        InputError: none of these, or an empty range.
    """
    text = text.strip()
    if text.lower() in ("unknown", "?", ""):
        return UNKNOWN_NUMBER
    if text.startswith(">="):
        return Range(parse_number(text[2:]), INF)
    if text.startswith("<="):
        return Range(-INF, parse_number(text[2:]))
    if ".." in text:
        low, _, high = text.partition("..")
        return Range(
            parse_number(low) if low.strip() else -INF,
            parse_number(high) if high.strip() else INF,
        )
    number = parse_number(text)
    return Range(number, number)
