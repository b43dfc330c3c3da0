"""Counts and money as text."""

from __future__ import annotations

from decimal import Decimal


def whole(number: int) -> str:
    """A count.

    >>> whole(1234567)
    '1,234,567'
    """
    return f"{number:,}"


def money(amount: Decimal) -> str:
    """An amount of money, exactly: with two decimals, or as many more as it has.

    >>> money(Decimal("1234567.5")), money(Decimal("0.1250")), money(Decimal("2E+3"))
    ('1,234,567.50', '0.125', '2,000.00')
    """
    places = max(2, -int(amount.normalize().as_tuple().exponent))
    return f"{amount:,.{places}f}"


def plural(number: int, one: str, many: str = "") -> str:
    """A count with its noun.

    >>> plural(1, "line"), plural(2000, "line")
    ('1 line', '2,000 lines')
    """
    return f"{whole(number)} {one if number == 1 else many or one + 's'}"
