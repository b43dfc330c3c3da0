"""`klartecken book synth` and `klartecken book columns`."""

from __future__ import annotations

from pathlib import Path

import click

from klartecken.cli.bookoptions import progress
from klartecken.cli.common import json_option, on_terminal, print_json, table
from klartecken.words.amounts import plural
from klartecken.words.text import wrap


@click.command("synth")
@click.argument("lines", metavar="N", type=click.IntRange(0, 9_999_999_999))
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True,
    help="Another seed, another book.",
)  # fmt: skip
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), metavar="FILE",
    help="Table to write: .parquet, .csv or .jsonl.",
)  # fmt: skip
@json_option
def synth_command(lines: int, seed: int, output: Path, as_json: bool) -> None:
    """Make up an order book of N lines, to try things with.

    Items and places are real; mix, prices and parties are invented.

    \b
    klartecken book synth 1000 -o orders.csv
    """
    from klartecken.book.output import refuse_places
    from klartecken.book.synthetic.lines import NOTE, schema, synth
    from klartecken.book.table.sinks import open_sink

    refuse_places(output)
    with open_sink(output, schema()) as sink, progress(lines) as tell:
        for batch in synth(lines, seed, batch=250_000):
            sink.write(batch)
            if tell is not None:
                tell(batch.num_rows)
    if as_json:
        print_json({"file": str(output), "lines": lines, "seed": seed, "synthetic": NOTE.decode()})
        return
    click.echo(f"{output}: {plural(lines, 'line')}, seed {seed}")
    click.echo(NOTE.decode())


@click.command("columns")
@json_option
def columns_command(as_json: bool) -> None:
    """The columns that a book may have: names, other headings, what they hold.

    Needed are a destination, a day of shipment, and the item or a fact of it. Each may be a
    constant (--set), and the day may come from --on.
    """
    from klartecken.book.table.columns import documented
    from klartecken.law.load import load_law

    held = list(documented(load_law().vocabulary))
    if as_json:
        print_json([{"column": n, "headings": list(a), "what": what} for n, a, what in held])
        return
    rows = [[name, what.replace("`", ""), ", ".join(also)] for name, also, what in held]
    if on_terminal():
        table(["column", "what", "other headings"], rows)
        return
    for name, what, also in rows:
        click.echo(f"{name} ({also})" if also else name)
        for text in wrap(what, "    ", "    "):
            click.echo(text)
