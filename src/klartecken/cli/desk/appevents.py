"""`klartecken desk application event`, `statuses`, `change` and `resubmit`."""

from __future__ import annotations

import sys
from typing import Any

import click

from klartecken.cli.common import print_json, table
from klartecken.cli.desk.common import desk_options, read_body, seat, why_option
from klartecken.cli.desk.named import application_of
from klartecken.errors import InputError


@click.command("event")
@click.argument("application", metavar="APPLICATION")
@click.argument("event", metavar="EVENT")
@click.option("--on", metavar="DAY", help="The day it happened. Default: today, in UTC.")
@click.option("--acn", default="", metavar="NUMBER", help="The application control number, for "
              "submit or register.")  # fmt: skip
@click.option("--reason", default="", metavar="CODE", help="Why the clock stops, for stop_clock "
              "or hold.")  # fmt: skip
@click.option("--code", default="", metavar="CODE", help="Why it was returned, for return: "
              "applicant_withdrew, exception_applies, not_controlled, deficiency, other.",
)  # fmt: skip
@why_option
@desk_options
def event_command(
    application: str, event: str, on: str | None, acn: str, reason: str, code: str, why: str,
    as_json: bool, **where: Any,
) -> None:  # fmt: skip
    """Record what happened to an application: submit, register, refer, grant, return, ...

    `application show` lists what may follow. Whatever happens, nothing is released by it: only
    a licence in hand is.
    """
    with seat(**where) as held:
        from klartecken.decide.ask import read_day
        from klartecken.desk.applications.events import fire

        day = None if on is None else read_day(on)
        with held.work() as work:
            ident = application_of(work.connection, application)["id"]
            row = fire(work, ident, event, day, acn=acn, reason=reason, reason_code=code, why=why)
    if as_json:
        print_json(row)
        return
    number = f", {row['acn']}" if row["acn"] else ""
    click.echo(f"{row['reference']} (#{row['id']}{number}): {row['state'].replace('_', ' ')}")
    if row["state"].startswith("approved"):
        click.echo("Nothing may ship on it yet. Next, once the licence is in hand: "
                   "klartecken desk licence register")  # fmt: skip
    if row["state"] == "returned_without_action":
        from klartecken.desk.applications.view import NO_ANSWER

        click.echo(NO_ANSWER)


@click.command("statuses")
@click.argument("file", metavar="FILE")
@desk_options
def statuses_command(file: str, as_json: bool, **where: Any) -> None:
    """Record statuses as BIS's systems show them, pasted or from a CSV file; - for standard input.

    A line is: control number, status, date, and where it needs one a reason. The same lines a
    second time change nothing. Exit code 1 when a line was rejected.
    """
    raw = sys.stdin.buffer.read() if file == "-" else read_body(file)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        raise InputError("is no UTF-8 text", where=file) from err
    with seat(**where) as held:
        from klartecken.desk.applications.status import REJECTED, take

        with held.work() as work:
            found = take(work, text)
    if as_json:
        print_json([one.to_dict() for one in found])
    else:
        table(["row", "result", "state", "text", "why"], [
            [str(one.number), one.result, one.state.replace("_", " "), one.text, one.reason]
            for one in found
        ], frozenset({0}))  # fmt: skip
    if any(one.result == REJECTED for one in found):
        raise SystemExit(1)


@click.command("change")
@click.argument("application", metavar="APPLICATION")
@click.argument("what", metavar="WHAT")
@click.option("--binds", default="", metavar="NAME", help="Whose task it is.")
@click.option("--due", metavar="DAY", help="Until when it must be reported.")
@desk_options
def change_command(
    application: str, what: str, binds: str, due: str | None, as_json: bool, **where: Any
) -> None:
    """A party, owner, end use or other fact has changed after the filing (748.6(f)).

    It leaves tasks to notify BIS, before which nothing may leave on it: see `condition list`.
    """
    with seat(**where) as held:
        from klartecken.decide.ask import read_day
        from klartecken.desk.applications.changes import material_change
        from klartecken.desk.orders.touched import settle_about
        from klartecken.desk.storage.tables.licences import CONDITIONS

        day = None if due is None else read_day(due)
        with held.work() as work:
            row = application_of(work.connection, application)
            made = material_change(work, row["id"], what, binds=binds, due_on=day)
            for ident in made:
                settle_about(held.desk, work, work.get(CONDITIONS, ident), what)
    if as_json:
        print_json({"application": row["id"], "conditions": made})
        return
    click.echo(f"{row['reference']}: BIS is to be notified; tasks "
               f"{', '.join(str(ident) for ident in made)}")  # fmt: skip
    click.echo(f"Next, when it is reported: klartecken desk condition close {made[0]} "
               "--evidence TEXT")  # fmt: skip


@click.command("resubmit")
@click.argument("application", metavar="APPLICATION")
@click.option("--reference", default="", metavar="TEXT", help="Your own number. Default: A-00001.")
@desk_options
def resubmit_command(application: str, reference: str, as_json: bool, **where: Any) -> None:
    """A new draft of an application that came back; its clock starts anew (750.4(a)(2))."""
    with seat(**where) as held:
        from klartecken.desk.applications.changes import resubmit
        from klartecken.desk.storage.tables.applications import APPLICATIONS

        with held.work() as work:
            old = application_of(work.connection, application)
            row = work.get(APPLICATIONS, resubmit(work, old["id"], reference))
    if as_json:
        print_json(row)
    else:
        click.echo(f"{row['reference']} (#{row['id']}): a new draft of {old['acn']}")
