"""`klartecken desk`: the licence desk."""

from __future__ import annotations

import click

from klartecken.cli.desk.applications import application_command
from klartecken.cli.desk.audit import audit_command
from klartecken.cli.desk.breakglass import break_glass_command
from klartecken.cli.desk.conditions import cap_command, condition_command
from klartecken.cli.desk.demo import demo_command
from klartecken.cli.desk.evidence import evidence_command, filing_command
from klartecken.cli.desk.files import import_command, template_command
from klartecken.cli.desk.licences import licence_command
from klartecken.cli.desk.lines import (
    approve_command,
    assign_command,
    cancel_command,
    edit_command,
    hold_command,
    lift_command,
    release_command,
    ship_command,
    take_back_command,
)
from klartecken.cli.desk.look import show_command, worklist_command
from klartecken.cli.desk.people import people_command, token_command
from klartecken.cli.desk.runs import look_backs_command, reevaluate_command
from klartecken.cli.desk.setup import init_command, serve_command, settings_command
from klartecken.cli.desk.webhooks import webhook_command


@click.group("desk", invoke_without_command=True)
@click.pass_context
def desk_command(ctx: click.Context) -> None:
    """The licence desk: order lines, holds, releases, licences and their record.

    Needs the extra `desk`; for PostgreSQL also `postgresql`. A desk is an SQLite file or a
    PostgreSQL database: --db, or KLARTECKEN_DB. Who acts is told by a token: --token, or
    KLARTECKEN_TOKEN; @FILE reads it from a file.

    \b
    klartecken desk demo
    klartecken desk init --admin "Ada Example" --keep ada.token
    klartecken desk import orders.csv
    klartecken desk worklist
    klartecken desk serve
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


for _command in (
    demo_command, init_command, serve_command, settings_command, people_command, token_command,
    template_command, import_command, worklist_command, show_command, edit_command,
    assign_command, approve_command, hold_command, lift_command, release_command, ship_command,
    take_back_command, cancel_command, filing_command, licence_command, condition_command,
    cap_command, application_command, evidence_command, reevaluate_command, look_backs_command,
    break_glass_command, audit_command, webhook_command,
):  # fmt: skip
    desk_command.add_command(_command)
