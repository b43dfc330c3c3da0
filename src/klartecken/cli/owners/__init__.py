"""`klartecken owners`: who owns whom, and what a 50 percent rule makes of it."""

from __future__ import annotations

import click

from klartecken.cli.owners.ask import check_command, show_command
from klartecken.cli.owners.keep import import_command, list_command, remove_command


@click.group("owners", invoke_without_command=True)
@click.pass_context
def owners_command(ctx: click.Context) -> None:
    """Owners of parties: import what is known, and ask the 50 percent rules.

    \b
    klartecken owners import stakes.csv
    klartecken owners show "Example Holding"
    klartecken owners check "Example Trading" --on 2026-11-22 --restricted listed.csv
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


for _command in (import_command, list_command, remove_command, show_command, check_command):
    owners_command.add_command(_command)
