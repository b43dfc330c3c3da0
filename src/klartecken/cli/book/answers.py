"""`klartecken book summary` and `klartecken book explain`: a table of answers read back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from klartecken.cli.book.tables import print_summary, summary_data
from klartecken.cli.bookoptions import items_option, own_items
from klartecken.cli.common import home_option, json_option, print_json, show_answer
from klartecken.cli.partyoptions import context_of
from klartecken.errors import InputError

anyway_option = click.option(
    "--anyway", is_flag=True, help="Go on although files, law or items are not the receipt's."
)


@click.command("summary")
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--by", multiple=True, metavar="COLUMN", default=("outcome",), show_default="outcome",
    help="outcome, basis, destination, item, month, exporter, case or any other column of "
    "OUT. Repeatable.",
)  # fmt: skip
@click.option(
    "--top", type=click.IntRange(0), default=40, show_default=True,
    help="How many rows to print at most; 0 for all.",
)  # fmt: skip
@anyway_option
@json_option
def summary_command(
    out: Path, by: tuple[str, ...], top: int, anyway: bool, as_json: bool
) -> None:  # fmt: skip
    """Lines, units and money of the answers OUT, by one column or several.

    OUT is what `klartecken book check -o` wrote. Money is quantity times price, exact, and
    never added up across currencies.

    \b
    klartecken book summary answers.parquet --by basis
    klartecken book summary answers.parquet --by month --by outcome
    """
    from klartecken.book.outfile import open_out
    from klartecken.book.summary import summarise

    held = open_out(out, anyway=anyway)
    found = summarise(held, by)
    if as_json:
        print_json({**summary_data(found), "receipt": held.receipt is not None})
        return
    print_summary(found, top)
    if held.receipt is None:
        click.echo("No receipt is beside it: nothing says that it is whole.", err=True)
    elif held.receipt["lines"]["rejected"]:
        click.echo(f"rejected, and not in here: {held.receipt['lines']['rejected']:,} lines")


@click.command("explain")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--line", "line_id", metavar="ID", help="The line's own number (line_id).")
@click.option("--row", type=click.IntRange(1), metavar="N", help="Its place in OUT, from 1.")
@items_option
@home_option
@anyway_option
@json_option
def explain_command(
    out: Path, line_id: str | None, row: int | None, items: tuple[Path, ...],
    home: str | None, anyway: bool, as_json: bool,
) -> None:  # fmt: skip
    """The whole answer to one line of OUT, as `klartecken check` prints it.

    The receipt beside OUT must be its own, and the law the one that it was answered under.
    Items of your own are given again with --items. Parties are resolved anew with the lists and
    decisions of the home folder, which must give the same.

    \b
    klartecken book explain answers.parquet --line L0000000023
    """
    from klartecken.book.explained import explained
    from klartecken.book.outfile import open_out, the_line
    from klartecken.decide.ask import shipped_world

    held = open_out(out, anyway=anyway)
    if held.receipt is None:
        from klartecken.book.receipt import read_receipt

        read_receipt(out)
        raise AssertionError("a receipt that is not there was read")
    body: Mapping[str, Any] = held.receipt
    own = own_items(items, body["settings"]["tf32_bits"])
    named = body.get("parties")
    context = context_of(home, named["list_age"]) if named else None
    answer, doubts = explained(
        the_line(held, line_id, row), held.columns, body, shipped_world(), own, context
    )
    if doubts and not anyway:
        raise InputError(
            "; ".join(doubts), where=str(out),
            next_step="Run `klartecken book check` again, or read on with --anyway",
        )  # fmt: skip
    for doubt in doubts:
        click.echo(f"Warning: {doubt}", err=True)
    show_answer(answer, as_json)
