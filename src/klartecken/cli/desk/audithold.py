"""`klartecken desk audit legal-hold` and `retention`."""

from __future__ import annotations

from typing import Any

import click

from klartecken.cli.common import print_json, table
from klartecken.cli.desk.common import desk_options, seat, utc_now
from klartecken.cli.desk.evidence import about
from klartecken.cli.desk.named import names_of, subject_of
from klartecken.errors import InputError


@click.group("legal-hold", invoke_without_command=True)
@click.pass_context
def hold_command(ctx: click.Context) -> None:
    """An agency has asked: nothing of it may be destroyed, however old (762.6)."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@hold_command.command("place")
@click.argument("reason")
@about
@click.option("--everything", is_flag=True, help="On all records.")
@desk_options
def place_command(
    reason: str, line: str | None, application: str | None, licence: str | None,
    everything: bool, as_json: bool, **where: Any,
) -> None:  # fmt: skip
    """Put a legal hold on a line, a licence or an application, and all that belongs to it."""
    with seat(**where) as held:
        from klartecken.desk.ledger.legalhold import EVERYTHING, place
        from klartecken.desk.storage.tables.records import LEGAL_HOLDS

        with held.work() as work:
            subject = subject_of(work.connection, line, application, licence)
            if (subject is None) != everything:
                raise InputError("name one record, or --everything", where="legal-hold place")
            row = work.get(LEGAL_HOLDS, place(work, *(subject or (EVERYTHING, 0)), reason))
    if as_json:
        print_json(row)
    else:
        click.echo(f"Legal hold {row['id']} is placed.")


@hold_command.command("lift")
@click.argument("ident", type=click.IntRange(1), metavar="ID")
@click.option("--why", required=True, metavar="TEXT", help="The reason.")
@desk_options
def lift_command(ident: int, why: str, as_json: bool, **where: Any) -> None:
    """Lift a legal hold."""
    with seat(**where) as held:
        from klartecken.desk.ledger.legalhold import lift

        with held.work() as work:
            row = lift(work, ident, why)
    if as_json:
        print_json(row)
    else:
        click.echo(f"Legal hold {ident} is lifted.")


@hold_command.command("list")
@click.option("--all", "lifted", is_flag=True, help="Those that were lifted too.")
@desk_options
def list_command(lifted: bool, as_json: bool, **where: Any) -> None:
    """Legal holds."""
    with seat(**where) as held:
        from klartecken.desk.ledger.legalhold import open_holds
        from klartecken.desk.storage.tables.records import LEGAL_HOLDS
        from klartecken.desk.work import find

        with held.read("audit.read") as connection:
            rows = find(connection, LEGAL_HOLDS) if lifted else open_holds(connection)
            names = _names(connection, [(row["subject"], row["subject_id"]) for row in rows])
    if as_json:
        print_json(rows)
        return
    if not rows:
        click.echo("There is none.")
        return
    table(["id", "on", "placed", "lifted", "reason"], [
        [str(row["id"]), names.get((row["subject"], row["subject_id"]), "everything"),
         f"{row['placed_at']:%Y-%m-%d}", f"{row['lifted_at']:%Y-%m-%d}" if row["lifted_at"] else "",
         " ".join(row["reason"].split())]
        for row in rows
    ], frozenset({0}))  # fmt: skip


def _names(connection: Any, refs: list[tuple[str, int]]) -> dict[tuple[str, int], str]:
    found: dict[tuple[str, int], str] = {}
    for subject in ("lines", "applications", "licences"):
        held = names_of(connection, subject, {ident for name, ident in refs if name == subject})
        found |= {(subject, ident): f"{subject[:-1]} {name}" for ident, name in held.items()}
    return found


@click.command("retention")
@about
@click.option("--on", metavar="DAY", help="As of that day. Default: today, in UTC.")
@click.option("--all", "every", is_flag=True, help="All records, with the day until which each is "
              "kept.")  # fmt: skip
@desk_options
def retention_command(
    line: str | None, application: str | None, licence: str | None, on: str | None, every: bool,
    as_json: bool, **where: Any,
) -> None:  # fmt: skip
    """What need no longer be kept (762.6), or how long a record is. Nothing is destroyed."""
    from klartecken.decide.ask import read_day

    day = utc_now().date() if on is None else read_day(on)
    with seat(**where) as held:
        from dataclasses import asdict

        from klartecken.desk.ledger.retention import keep_until, keepings

        with held.read("audit.read") as connection:
            subject = subject_of(connection, line, application, licence)
            if subject is not None:
                found = [keep_until(connection, *subject)]
            else:
                found = [one for one in keepings(connection) if every or one.may_go(day)]
            names = _names(connection, [(one.subject, one.id) for one in found])
    if as_json:
        print_json([{**asdict(one), "may_go": one.may_go(day)} for one in found])
        return
    if not found:
        click.echo("Everything must still be kept.")
        return
    table(["record", "until", "counted from", "because", "legal holds", "may go"], [
        [names.get((one.subject, one.id), f"{one.subject} {one.id}"), str(one.until or "not known"),
         str(one.since or ""), one.because, " ".join(map(str, one.legal_holds)),
         "yes" if one.may_go(day) else "no"]
        for one in found
    ])  # fmt: skip
