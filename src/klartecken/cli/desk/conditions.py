"""`klartecken desk condition` and `cap`."""

from __future__ import annotations

from typing import Any

import click

from klartecken.cli.common import print_json, table
from klartecken.cli.desk.common import desk_options, read_body, seat, why_option
from klartecken.cli.desk.documents import read_document
from klartecken.cli.desk.named import application_of, licence_of, line_of, names_of
from klartecken.errors import InputError


@click.group("condition", invoke_without_command=True)
@click.pass_context
def condition_command(ctx: click.Context) -> None:
    """Conditions of licences and lines, and what must be reported to BIS, as tasks."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@condition_command.command("list")
@click.option("--licence", metavar="LICENCE", help="Only of this licence.")
@click.option("--line", metavar="LINE", help="Only of this order line.")
@click.option("--application", metavar="APPLICATION", help="Only of this application.")
@click.option("--all", "closed", is_flag=True, help="Those that are met or ended too.")
@desk_options
def list_command(
    licence: str | None, line: str | None, application: str | None, closed: bool, as_json: bool,
    **where: Any,
) -> None:  # fmt: skip
    """Open tasks, by their due day."""
    with seat(**where) as held:
        from klartecken.desk.storage.tables.licences import CONDITIONS
        from klartecken.desk.work import find

        with held.read() as connection:
            wanted: dict[str, Any] = {} if closed else {"state": "open"}
            for name, said, look in (("licence", licence, licence_of), ("line", line, line_of),
                                     ("application", application, application_of)):  # fmt: skip
                if said is not None:
                    wanted[name] = look(connection, said)["id"]
            rows = find(connection, CONDITIONS, **wanted)
            of = {subject: names_of(connection, subject, {row[name] for row in rows} - {None})
                  for subject, name in (("licences", "licence"), ("lines", "line"),
                                        ("applications", "application"))}  # fmt: skip
    rows.sort(key=lambda row: (row["due_on"] is None, row["due_on"] or 0, row["id"]))
    if as_json:
        print_json(rows)
        return
    if not rows:
        click.echo("None is open.")
        return
    table(["id", "of", "kind", "state", "due", "stops", "text"], [
        [str(row["id"]),
         of["licences"].get(row["licence"]) or of["lines"].get(row["line"])
         or of["applications"].get(row["application"], ""),
         row["kind"].replace("_", " "), row["state"], str(row["due_on"] or ""), _stops(row),
         " ".join(row["text"].split())]
        for row in rows
    ], frozenset({0}))  # fmt: skip


def _stops(row: dict[str, Any]) -> str:
    if row["before_shipment"]:
        return "until met"
    return "when overdue" if row["stops_when_overdue"] else ""


@condition_command.command("close")
@click.argument("ident", type=click.IntRange(1), metavar="ID")
@click.option("--evidence", metavar="TEXT", help="What shows that it is met.")
@click.option("--file", metavar="FILE", help="A file that shows it: attached, with its hash.")
@click.option("--end", is_flag=True, help="It binds no longer (750.7(i)); needs --why, and a "
              "second person.")  # fmt: skip
@click.option("--reopen", is_flag=True, help="It is not met after all; needs --why.")
@why_option
@desk_options
def close_command(
    ident: int, evidence: str | None, file: str | None, end: bool, reopen: bool, why: str,
    as_json: bool, **where: Any,
) -> None:  # fmt: skip
    """Say that a task is met, and by what; or end or reopen it.

    A recurring one opens its next task.
    """
    if sum((evidence is not None, end, reopen)) != 1 or (file and evidence is None):
        raise InputError("give one of --evidence, --end and --reopen", where="condition close",
                         next_step="--file goes with --evidence")  # fmt: skip
    with seat(**where) as held:
        from klartecken.desk.licences import conditions
        from klartecken.desk.orders.touched import settle_about
        from klartecken.desk.storage.tables.licences import CONDITIONS

        following = None
        with held.work() as work:
            if evidence is not None:
                sha256 = _attach(work, ident, file) if file else ""
                following = conditions.meet(work, ident, evidence, sha256=sha256)
            elif end:
                conditions.end(work, ident, why)
            else:
                conditions.reopen(work, ident, why)
            row = work.get(CONDITIONS, ident)
            settle_about(held.desk, work, row, why)
    if as_json:
        print_json({**row, "next": following})
        return
    more = f"; the next one is {following}" if following else ""
    click.echo(f"Condition {ident}: {row['state']}{more}")


def _attach(work: Any, ident: int, path: str) -> str:
    import hashlib
    from pathlib import Path

    from klartecken.desk import attachments
    from klartecken.desk.storage.tables.licences import CONDITIONS

    body = read_body(path)
    attachments.add(work, CONDITIONS, ident, name=Path(path).name, body=body, kind="evidence")
    return hashlib.sha256(body).hexdigest()


@click.group("cap", invoke_without_command=True)
@click.pass_context
def cap_command(ctx: click.Context) -> None:
    """Cumulative caps: performance to some places, measured against that to others."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@cap_command.command("list")
@desk_options
def caps_command(as_json: bool, **where: Any) -> None:
    """All caps."""
    with seat(**where) as held:
        from klartecken.desk.storage.tables.licences import CAPS
        from klartecken.desk.work import find

        with held.read() as connection:
            rows = find(connection, CAPS)
    if as_json:
        print_json(rows)
        return
    if not rows:
        click.echo("There is none.")
        return
    table(["cap", "item", "percent", "to", "of those to", "from", "outside: to", "of"], [
        [row["name"], row["item"], str(row["percent"]), " ".join(row["destinations"]),
         " ".join(row["reference"]), str(row["starts_on"] or ""), str(row["outside_capped"]),
         str(row["outside_reference"])]
        for row in rows
    ], frozenset({2, 6, 7}))  # fmt: skip


@cap_command.command("add")
@click.argument("file", metavar="FILE")
@click.option("--why", required=True, metavar="TEXT", help="The reason.")
@desk_options
def add_command(file: str, why: str, as_json: bool, **where: Any) -> None:
    """Record a cap from YAML or JSON, or change the one of that name.

    \b
    name: H200 to China
    item: nvidia-h200
    cite: supplement 2 to part 748, (dd)(1)(iii)
    starts_on: 2026-01-15
    percent: 50
    destinations: [CN, MO]
    reference: [US]

    outside_capped and outside_reference are TPP that left outside this desk; they need a
    source.
    """
    data = read_document(file)
    with seat(**where) as held:
        from klartecken.desk.licences.caps import set_cap
        from klartecken.desk.storage.tables.licences import CAPS

        with held.work() as work:
            row = work.get(CAPS, set_cap(work, data, why))
    if as_json:
        print_json(row)
        return
    click.echo(f"Cap {row['name']} (#{row['id']}) is kept.")
    click.echo("Next: klartecken desk reevaluate")
