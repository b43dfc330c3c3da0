"""`klartecken lists`: snapshots of the restricted-party lists."""

from __future__ import annotations

import click

from klartecken.cli.lists.comparing import diff_command
from klartecken.cli.lists.taking import import_command, update_command
from klartecken.cli.lists.telling import show_command, status_command, verify_command


@click.group("lists", invoke_without_command=True)
@click.pass_context
def lists_command(ctx: click.Context) -> None:
    """The restricted-party lists: fetch, check, keep and compare them.

    \b
    klartecken lists update
    klartecken lists import consolidated.json
    klartecken lists status
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


for _command in (
    import_command, update_command, status_command, show_command, diff_command, verify_command,
):  # fmt: skip
    lists_command.add_command(_command)
