"""How the totals of a book are printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from klartecken.cli.common import table
from klartecken.words.amounts import money, plural, whole
from klartecken.words.sentences import BASIS_WORDS, OUTCOME_WORDS
from klartecken.words.text import wrap

if TYPE_CHECKING:
    from klartecken.book.summary import Row, Summary

NO_CURRENCY = "no currency"
NONE = "(none)"
BASIS_NOTE = (
    "basis: of the requirement; a line with two bases counts under each, so the rows need not "
    "add up to all lines. `?`: may apply."
)


def print_summary(summary: Summary, top: int = 0) -> None:
    """Lines, units and money for each row, and for all lines.

    Args:
        summary: what to print.
        top: how many rows at most; 0 for all.
    """
    shown = summary.rows[:top] if top else summary.rows
    currencies = sorted(summary.whole.money)
    headings = [*summary.by, "lines", "units", *(name or NO_CURRENCY for name in currencies)]
    rows = [[*_names(summary.by, row.key), *_figures(row, currencies)] for row in shown]
    whole_name = ["all lines", *[""] * (len(summary.by) - 1)]
    rows.append([*whole_name, *_figures(summary.whole, currencies)])
    wide = len(summary.by)
    table(headings, rows, frozenset(range(wide, len(headings))))
    if len(shown) < len(summary.rows):
        click.echo(f"and {plural(len(summary.rows) - len(shown), 'more row')} (--top 0 shows all)")
    if "basis" in summary.by:
        for text in wrap(BASIS_NOTE, "", "  "):
            click.echo(text)
    unpriced = summary.whole.lines - summary.whole.priced
    if unpriced:
        click.echo(
            f"without a quantity or a price, so not in the money: {plural(unpriced, 'line')}"
        )


def _figures(row: Row, currencies: Sequence[str]) -> list[str]:
    amounts = [money(row.money[name]) if name in row.money else "-" for name in currencies]
    return [whole(row.lines), whole(row.units), *amounts]


def _names(by: Sequence[str], key: Sequence[str | None]) -> list[str]:
    return [_name(column, text) for column, text in zip(by, key, strict=True)]


def _name(column: str, text: str | None) -> str:
    if text is None:
        return "(no requirement)" if column == "basis" else NONE
    if column == "outcome":
        return OUTCOME_WORDS.get(text, text)
    if column == "basis":
        words = BASIS_WORDS.get(text.rstrip("?"))
        return f"{text} ({words})" if words and words != text.rstrip("?") else text
    return text


def summary_data(summary: Summary) -> dict[str, Any]:
    """A summary as plain data; money is exact, as text."""
    return {
        "by": list(summary.by),
        "rows": [
            {**dict(zip(summary.by, row.key, strict=True)), **_row_data(row)}
            for row in summary.rows
        ],
        "all": _row_data(summary.whole),
        "a_line_may_count_twice": "basis" in summary.by,
    }


def _row_data(row: Row) -> dict[str, Any]:
    held = {name: str(amount) for name, amount in row.money.items()}
    return {"lines": row.lines, "units": row.units, "priced": row.priced, "money": held}
