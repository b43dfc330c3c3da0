"""`klartecken diff`, and what other comparisons share with it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from klartecken.cli.bookoptions import book_options, progress, reading_of, refuse_same
from klartecken.cli.common import day_of, json_option, print_json
from klartecken.errors import InputError
from klartecken.words.amounts import plural, whole

if TYPE_CHECKING:
    from klartecken.whatif.book import Book, Scenario

F = TypeVar("F", bound=Callable[..., Any])
CATALOGUE = "catalogue"

book_option = click.option(
    "--book", "book", type=click.Path(path_type=Path), metavar="IN",
    help="Order book. Default: the catalogue, each chip and server to each --destination.",
)  # fmt: skip
destination_option = click.option(
    "--destination", "destinations", multiple=True, metavar="CC",
    help="Without --book: where to. Repeatable. Default: CN.",
)  # fmt: skip
lines_option = click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="LINES",
    help="Write every line that changes: .csv, .parquet or .jsonl.",
)  # fmt: skip
all_option = click.option(
    "--all",
    "every",
    is_flag=True,
    help="All rows, also where only class, reasons or exceptions are others.",
)


def comparison_options(command: F) -> F:
    """The options of a comparison: the book, how it is read, what is shown."""
    command = json_option(all_option(lines_option(command)))
    return book_option(destination_option(book_options(command)))


@click.command("diff")
@click.option("--from", "first", required=True, metavar="DAY", help="As if shipped on this day.")
@click.option("--to", "second", required=True, metavar="DAY", help="As if shipped on that day.")
@comparison_options
def diff_command(first: str, second: str, **options: Any) -> None:
    """What changes between two days: each line asked as if shipped on either.

    Without a book, the catalogue is asked. Needs the extra `book`.

    \b
    klartecken diff --from 2025-04-08 --to 2025-04-09 --set exporter=NVIDIA
    klartecken diff --from 2025-01-10 --to 2026-03-02 --book orders.csv -o changed.csv
    """
    from klartecken.decide.ask import shipped_world
    from klartecken.whatif.book import scenario

    world = shipped_world()
    one, other = (scenario(day_of(text), world) for text in (first, second))
    compare_to_print(one, other, default_day=first, **options)


def compare_to_print(
    one: Scenario, other: Scenario, *, default_day: str, book: Path | None,
    destinations: tuple[str, ...], output: Path | None, every: bool, as_json: bool,
    **options: Any,
) -> None:  # fmt: skip
    """Read the book for two scenarios, compare, write the changed lines, print.

    Args:
        default_day: the day of lines that have none, unless --on says otherwise; of a book
            only when both scenarios ask a day of their own.
        others: as the command line gives them.
    """
    from klartecken.cli.compared import Answer, comparison_data
    from klartecken.cli.comparison import print_comparison
    from klartecken.whatif.catalogue import named_changes
    from klartecken.whatif.compare import KINDS, compare
    from klartecken.whatif.lines import write_changes

    gc.enable()  # a book takes longer than one answer
    refuse_same(book, output)
    if options["on"] is None and (book is None or (one.on and other.on)):
        options["on"] = default_day
    held = read(book, destinations, (one, other), options)
    found = compare(held, one, other)
    named = named_changes(held, one, other) if book is None else None
    written = None
    if output is not None:
        with progress(held.lines) as tell:
            kinds = KINDS if every else KINDS[:2]
            count = write_changes(held, one, other, output, kinds=kinds, progress=tell)
        written = (str(output), count)
    answer = Answer(found, held, one, other, CATALOGUE if book is None else str(book), named)
    if as_json:
        print_json(comparison_data(answer, written))
    else:
        print_comparison(answer, every)
        if written:
            click.echo(f"\n{written[0]}: {plural(written[1], 'line')} that change")
    warn(held, book)


def read(
    book: Path | None, destinations: tuple[str, ...], laws: Sequence[Any], options: dict[str, Any]
) -> Book:
    """The book, or the catalogue as one, read for some scenarios.

    Raises:
        InputError: destinations beside a book; or what :func:`klartecken.read_book` raises.
    """
    from klartecken.whatif.book import read_book
    from klartecken.whatif.catalogue import catalogue_table

    if book is not None and destinations:
        raise InputError(
            "is for the catalogue; the lines of a book have their own", where="--destination",
            next_step="Leave out one of --book and --destination",
        )  # fmt: skip
    table = catalogue_table(destinations or ("CN",)) if book is None else book
    with progress() as tell:
        return read_book(table, laws=laws, progress=tell, **reading_of(options))


def warn(held: Book, book: Path | None) -> None:
    """Say on standard error that lines were left out, and how to see why."""
    if held.rejected:
        told = f"{whole(held.rejected)} of {plural(held.lines, 'line')}"
        why = f"; `klartecken book check {book}` says why" if book else ""
        click.echo(f"Warning: rejected, so not asked: {told}{why}", err=True)
