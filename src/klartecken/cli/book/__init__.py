"""`klartecken book`: whole books of order lines."""

from __future__ import annotations

import gc

import click

from klartecken.cli.book.answers import explain_command, summary_command
from klartecken.cli.book.check import check_command
from klartecken.cli.book.made import columns_command, synth_command


@click.group("book", invoke_without_command=True)
@click.pass_context
def book_command(ctx: click.Context) -> None:
    """Whole order books: a table of lines in, a table of answers out.

    Needs the extra `book`.

    \b
    klartecken book synth 1000 -o orders.csv
    klartecken book check orders.csv -o answers.csv
    klartecken book summary answers.csv --by basis
    klartecken book explain answers.csv --line L0000000023
    """
    gc.enable()  # a book takes longer than one answer
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


for _command in (check_command, summary_command, explain_command, synth_command, columns_command):
    book_command.add_command(_command)
