"""Totals of a book by outcome and currency."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from klartecken.book.totals import Total, Totals
from klartecken.decide.verdict import Verdict

Outcomes = dict[str, dict[str, Total]]  # outcome -> currency (empty: not given) -> total


def outcomes(verdicts: Sequence[Verdict], totals: Totals) -> Outcomes:
    """Totals by outcome and currency.

    Args:
        verdicts: what the numbers of ``totals`` stand for.
        totals: by number of verdict.
    """
    found: Outcomes = {}
    for number, currency, total in totals:
        mine = found.setdefault(verdicts[int(str(number))].outcome, {})
        mine.setdefault(currency, Total()).add(total)
    return found


def by_currency(totals: Totals) -> dict[str, Total]:
    """Totals of all verdicts together, by currency."""
    found: dict[str, Total] = {}
    for _, currency, total in totals:
        found.setdefault(currency, Total()).add(total)
    return found


def together(parts: Sequence[dict[str, Total]]) -> dict[str, Total]:
    """The sum of several totals by currency."""
    found: dict[str, Total] = {}
    for part in parts:
        for currency, total in part.items():
            found.setdefault(currency, Total()).add(total)
    return dict(sorted(found.items()))


def lines_of(totals: dict[str, Total]) -> int:
    """All lines of totals by currency."""
    return sum(total.lines for total in totals.values())


def units_of(totals: dict[str, Total]) -> int:
    """All units of totals by currency."""
    return sum(total.units for total in totals.values())


def money_of(totals: dict[str, Total]) -> dict[str, Decimal]:
    """Money by currency, of the lines that have a quantity and a price."""
    return {name: total.amount for name, total in sorted(totals.items()) if total.priced}
