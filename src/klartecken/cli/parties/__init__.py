"""`klartecken parties`: the firm's own parties, and the reviewers' decisions."""

from __future__ import annotations

import gc

import click

from klartecken.cli.parties.deciding import decide_command, decisions_command, withdraw_command
from klartecken.cli.parties.keeping import import_command, list_command, show_command


@click.group("parties", invoke_without_command=True)
@click.pass_context
def parties_command(ctx: click.Context) -> None:
    """Your own parties, and what a person decided about hits.

    \b
    klartecken parties import parties.csv
    klartecken parties show "Example Trading" --on 2026-11-22
    klartecken parties decide "Example Trading" EL-0123abcd --false-positive \\
        --reason "another town and business" --by "A. Reviewer"
    """
    gc.enable()
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


for _command in (
    import_command, list_command, show_command, decide_command, decisions_command,
    withdraw_command,
):  # fmt: skip
    parties_command.add_command(_command)
