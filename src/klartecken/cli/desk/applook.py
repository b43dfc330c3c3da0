"""`klartecken desk application list`, `show` and `sheet`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from klartecken.cli.common import print_json, table, write_new
from klartecken.cli.desk.common import desk_options, seat, utc_now
from klartecken.cli.desk.named import application_of, line_of
from klartecken.errors import InputError

on_option = click.option("--on", metavar="DAY", help="As of that day. Default: today, in UTC.")


def _day(on: str | None) -> date:
    from klartecken.decide.ask import read_day

    return utc_now().date() if on is None else read_day(on)


@click.command("list")
@click.option("--state", metavar="STATE", help="A state, or pending or granted.")
@click.option("--policy", metavar="NAME", help="Under this review policy.")
@click.option("--line", metavar="LINE", help="For this order line.")
@click.option("--party", metavar="NAME", help="That name this party, or did before.")
@click.option("--country", metavar="CC", help="That name this country, or did before.")
@click.option("--reference", metavar="TEXT", help="That name this order, number or reference.")
@click.option("--after", type=click.IntRange(0), default=0, help="Begin after this number.")
@click.option("--limit", type=click.IntRange(1, 500), default=50, show_default=True,
              help="How many.")  # fmt: skip
@on_option
@desk_options
def list_command(
    state: str | None, policy: str | None, line: str | None, party: str | None,
    country: str | None, reference: str | None, after: int, limit: int, on: str | None,
    as_json: bool, **where: Any,
) -> None:  # fmt: skip
    """Applications, with their clocks and what is overdue."""
    day = _day(on)
    with seat(**where) as held:
        from klartecken.desk.applications.dues import overdue
        from klartecken.desk.applications.view import counted, listed

        with held.read() as connection:
            number = None if line is None else line_of(connection, line)["id"]
            rows = listed(connection, state=state, review_policy=policy, line=number, party=party,
                          country=country, reference=reference, after=after,
                          limit=limit)  # fmt: skip
        told = [
            {**row, "days": counted(row, day),
             "overdue": [due.to_dict() for due in overdue(row, day)]} for row in rows
        ]  # fmt: skip
    if as_json:
        print_json({"applications": told, "after": _last(rows, limit)})
        return
    if not told:
        click.echo("There is none.")
        return
    table(["application", "control number", "state", "policy", "days", "not counted",
           "overdue"], [
        [row["reference"], row["acn"] or "", row["state"].replace("_", " "),
         row["review_policy"].replace("_", " "), str(row["days"]["counted"]),
         str(row["days"]["not_counted"]),
         "; ".join(f"{due['title']} ({due['overdue']} days)" for due in row["overdue"])]
        for row in told
    ], frozenset({4, 5}))  # fmt: skip
    if (last := _last(rows, limit)) is not None:
        click.echo(f"and perhaps more: --after {last}")


def _last(rows: list[dict[str, Any]], limit: int) -> int | None:
    return int(rows[-1]["id"]) if len(rows) == limit else None


@click.command("show")
@click.argument("application", metavar="APPLICATION")
@on_option
@desk_options
def show_command(application: str, on: str | None, as_json: bool, **where: Any) -> None:
    """One application: what stands against it, its checklist, clock and limits."""
    day = _day(on)
    with seat(**where) as held:
        from klartecken.desk.applications.view import shown

        with held.read() as connection:
            told = shown(connection, application_of(connection, application)["id"], day)
    if as_json:
        print_json(told)
    else:
        _tell(told)


def _tell(told: dict[str, Any]) -> None:
    number = f", {told['acn']}" if told["acn"] else ""
    click.echo(f"{told['reference']} (#{told['id']}{number}): {told['state'].replace('_', ' ')}")
    if told["review_policy"]:
        click.echo(f"  review policy: {told['review_policy'].replace('_', ' ')}")
    if told["registered_on"]:
        click.echo(f"  days: {told['days']['counted']} counted, "
                   f"{told['days']['not_counted']} not counted")  # fmt: skip
    if told["note"]:
        click.echo(f"  {told['note']}")
    _section("Findings", (
        f"{'blocks' if found['severity'] == 'blocking' else 'note'}  "
        f"{found['where']}{': ' if found['where'] else ''}{found['text']}"
        f"{_cited(found['cite'])}" for found in told["findings"]
    ))  # fmt: skip
    _section("Checklist", (
        f"[{'x' if item['done'] else ' '}] {item['id']}  {item['text']}"
        f"{_cited(item['cite'])}{': ' + item['evidence'] if item['evidence'] else ''}"
        for item in told["checklist"]
    ))  # fmt: skip
    _section("Limits", (_due(due) for due in told["dues"]))
    _section("Files", (
        f"{file['name']} ({file['kind'].replace('_', ' ')}, {file['on_file']})"
        for file in told["attachments"]
    ))  # fmt: skip
    _section("What happened", (
        f"{step['on']}  {step['event'].replace('_', ' ')}{': ' if step['why'] else ''}{step['why']}"
        for step in told["steps"]
    ))  # fmt: skip
    if told["events"]:
        click.echo(f"What may follow: {', '.join(told['events'])}")


def _section(title: str, lines: Any) -> None:
    held = list(lines)
    if held:
        click.echo(title)
    for line in held:
        click.echo(f"  {line}")


def _cited(cite: str) -> str:
    return f" ({cite})" if cite else ""


def _due(due: dict[str, Any]) -> str:
    when = due["due_on"] or "the clock is stopped"
    state = f", met on {due['met_on']}" if due["met_on"] else (
        f", OVERDUE by {due['overdue']} days" if due["overdue"] else ""
    )  # fmt: skip
    return f"{when}  {due['who']}: {due['title']}{_cited(due['cite'])}{state}"


@click.command("sheet")
@click.argument("application", metavar="APPLICATION")
@click.option("-o", "out", required=True, metavar="OUT", help="File to write: .html, which a "
              "browser prints, or .csv.")  # fmt: skip
@desk_options
def sheet_command(application: str, out: str, as_json: bool, **where: Any) -> None:
    """The filled data sheet, block by block, for re-keying: neither filing system has a door."""
    ending = Path(out).suffix.lower()
    if ending not in (".html", ".htm", ".csv"):
        raise InputError("must end in .html or .csv", where=out)
    with seat(**where) as held:
        from klartecken.desk.applications.cells import cells
        from klartecken.desk.applications.cells_csv import write_csv
        from klartecken.desk.applications.sheet import sheet
        from klartecken.desk.applications.validate import files, findings
        from klartecken.desk.machines.application import EDITABLE

        with held.read() as connection:
            row = application_of(connection, application)
            found = findings(connection, row) if row["state"] in EDITABLE else []
            held_files = files(connection, row["id"])
        made = write_csv(cells(row["form"])) if ending == ".csv" else sheet(
            row, held_files, found
        )  # fmt: skip
    write_new(Path(out), made)
    blocking = sum(one.blocks for one in found)
    if as_json:
        print_json({"file": out, "application": row["id"], "blocking": blocking})
        return
    click.echo(f"written: {out}")
    if blocking:
        click.echo(f"{blocking} findings block the filing: klartecken desk application show "
                   f"{row['reference']}")  # fmt: skip
