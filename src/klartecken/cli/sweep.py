"""`klartecken sweep`: a threshold of the law moved over a book."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from klartecken.cli.bookoptions import book_options, progress, refuse_same
from klartecken.cli.common import (
    json_option,
    period,
    print_json,
    table,
    today,
    write_new,
)
from klartecken.cli.compared import outcomes_data
from klartecken.cli.whatif import CATALOGUE, book_option, destination_option, read, warn
from klartecken.errors import InputError
from klartecken.logic.values import show
from klartecken.words.amounts import money, plural, whole
from klartecken.words.sentences import OUTCOME_WORDS

if TYPE_CHECKING:
    from klartecken.law.overlay import Reform
    from klartecken.whatif.book import Book
    from klartecken.whatif.sweep import Point, Sweep


@click.command("sweep")
@click.argument("parameter", metavar="PROVISION.PARAMETER")
@click.argument("span", metavar="LO..HI")
@click.option(
    "--steps", type=click.IntRange(2, 1000), default=21, show_default=True,
    help="How many values, evenly spaced, both ends included; the law's own are added.",
)  # fmt: skip
@click.option("--from", "start", metavar="DAY", help="First day of the change. Default: the law's.")
@click.option("--until", metavar="DAY", help="Last day of the change. Default: no end.")
@click.option("--currency", metavar="CCY", help="Money to show. Default: the largest.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="PLOT",
    help="Picture to write: .svg or .png. Needs the extra `plot`.",
)  # fmt: skip
@book_option
@destination_option
@book_options
@json_option
def sweep_command(
    parameter: str, span: str, steps: int, start: str | None, until: str | None,
    currency: str | None, output: Path | None, book: Path | None,
    destinations: tuple[str, ...], as_json: bool, **options: Any,
) -> None:  # fmt: skip
    """Move one number of the law from LO to HI: lines and money by outcome at each value.

    The book is read once. Without --book, the catalogue is asked, on --on or today. Numbers
    that belong together do not follow by themselves (see docs/what-if.md). Needs the extra
    `book`.

    \b
    klartecken sweep policy.jan2026.tpp_ceiling 21000..60000 --book orders.csv
    klartecken sweep parameters.b.tpp_b1 1600..4000 --steps 13 --on 2026-03-02 -o sweep.svg
    """
    from klartecken.law.load import load_law
    from klartecken.whatif.sweep import steps as values_of
    from klartecken.whatif.sweep import sweep

    gc.enable()  # a book takes longer than one answer
    refuse_same(book, output)
    if output is not None:
        _drawable(output)
    if book is None and options["on"] is None:
        options["on"] = today().isoformat()
    first, last = period(start, until, "--from")
    held: list[Book] = []

    def reader(reforms: Sequence[Reform]) -> Book:
        held.append(read(book, destinations, reforms, options))
        return held[0]

    values = values_of(span, steps)
    with progress(len(values), "values") as tell:
        found = sweep(reader, load_law(), parameter, values, start=first, until=last, progress=tell)
    named = currency_of(found, currency)
    if output is not None:
        _draw(found, output, named, CATALOGUE if book is None else book.name)
    if as_json:
        print_json(sweep_data(found, str(output) if output else None))
    else:
        print_sweep(found, named, CATALOGUE if book is None else str(book))
        if output is not None:
            click.echo(f"\n{output}: drawn")
    warn(held[0], book)


def currency_of(found: Sweep, asked: str | None) -> str | None:
    """The currency to show: that asked for, or the largest; None when there is no money.

    Raises:
        InputError: the book has no money of it.
    """
    if asked is None:
        return found.currencies[0] if found.currencies else None
    if asked not in found.currencies:
        known = ", ".join(name or "(none)" for name in found.currencies) or "no money at all"
        raise InputError(
            f"the book has no money in {asked}", where="--currency", next_step=f"It has {known}"
        )
    return asked


def _drawable(output: Path) -> None:
    """Refuse a picture that cannot be drawn before the book is read."""
    from klartecken.plot.picture import form_of

    form_of(output.name)


def _draw(found: Sweep, output: Path, currency: str | None, source: str) -> None:
    from klartecken.plot.picture import form_of
    from klartecken.plot.sweep import render

    write_new(output, render(found, form_of(output.name), currency=currency, source=source))


# -- text -----------------------------------------------------------------------------------
def print_sweep(found: Sweep, currency: str | None, source: str) -> None:
    """Lines at each value, then money."""
    law = ", ".join(f"{show(v)} ({version})" for version, v in found.current.items())
    click.echo(f"{found.parameter} moved from {show(found.points[0].value)} to "
               f"{show(found.points[-1].value)}; in the law: {law}")  # fmt: skip
    asked = found.lines - found.rejected
    click.echo(
        f"{source}: {plural(found.lines, 'line')} = {whole(asked)} answered + "
        f"{whole(found.rejected)} rejected"
    )
    outcomes = _outcomes(found)
    click.echo("\nLines")
    _table(found, outcomes, lambda point, name: whole(lines_at(point, name)))
    if currency is not None:
        click.echo(f"\nMoney, {currency or 'no currency'}")
        _table(found, outcomes, lambda point, name: money_at(point, name, currency))


def _outcomes(found: Sweep) -> list[str]:
    from klartecken.decide.findings import SEVERITY

    held = {name for point in found.points for name in point.outcomes} | set(found.base)
    return [name for name in reversed(SEVERITY) if name in held]


def _table(found: Sweep, outcomes: Sequence[str], cell: Any) -> None:
    current = set(found.current.values())
    rows = []
    for point in found.points:
        mark = " *" if point.value in current else "  "
        cells = [cell(point, name) for name in outcomes]
        rows.append([show(point.value) + mark, whole(point.changed), *cells])
    headings = ["value  ", "lines changed", *(OUTCOME_WORDS[name] for name in outcomes)]
    table(headings, rows, frozenset(range(len(headings))))


def lines_at(point: Point, outcome: str) -> int:
    """The lines with an outcome at a value."""
    return sum(total.lines for total in point.outcomes.get(outcome, {}).values())


def money_at(point: Point, outcome: str, currency: str) -> str:
    """The money with an outcome at a value."""

    total = point.outcomes.get(outcome, {}).get(currency)
    return money(total.amount) if total and total.priced else "-"


def sweep_data(found: Sweep, output: str | None) -> dict[str, Any]:
    """A sweep as plain data; money is exact, as text."""
    return {
        "parameter": found.parameter,
        "in_the_law": {version: show(value) for version, value in found.current.items()},
        "lines": found.lines, "rejected": found.rejected,
        "law_as_it_is": outcomes_data(found.base),
        "points": [
            {"value": show(p.value), "changed": p.changed, "outcomes": outcomes_data(p.outcomes)}
            for p in found.points
        ],
        "picture": output,
    }  # fmt: skip
