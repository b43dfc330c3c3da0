"""`klartecken desk worklist` and `show`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from klartecken.cli.common import print_json, table, write_new
from klartecken.cli.desk.common import desk_options, seat, told_line, utc_now
from klartecken.cli.desk.named import line_of

SHOWN = ("external_id", "state", "hold", "item", "quantity", "destination", "consignee", "value",
         "currency", "age_days")  # fmt: skip


@click.command("worklist")
@click.option("--state", "states", multiple=True, help="held, ready, released, ... Repeatable.")
@click.option("--hold", default="", metavar="CODE", help="Lines with this hold.")
@click.option("--first-hold", default="", metavar="CODE", help="Lines with this hold first.")
@click.option("--outcome", default="", help="Lines with this outcome.")
@click.option("--to", "destination", default="", metavar="CC", help="Lines to this place.")
@click.option("--item", default="", help="Lines of this item.")
@click.option("--order", "order_number", default="", help="Lines of this order.")
@click.option("--party", default="", metavar="TEXT", help="Part of consignee or end user.")
@click.option("--after", type=click.IntRange(0), default=0, help="Begin after this number.")
@click.option("--limit", type=click.IntRange(1, 500), default=30, show_default=True,
              help="How many lines.")  # fmt: skip
@click.option("--columns", default="", metavar="A,B,...", help="Columns to show; `all` for all.")
@click.option("-o", "out", metavar="OUT", help="Write all rows to .csv or .xlsx.")
@click.option("--summary", "sums", is_flag=True, help="Only count.")
@desk_options
def worklist_command(
    states: tuple[str, ...], after: int, limit: int, columns: str, out: str | None, sums: bool,
    db: str | None, token: str | None, home: str | None, as_json: bool, **wanted: str,
) -> None:  # fmt: skip
    """What to do next: open lines, with the first thing that stands against each.

    \b
    klartecken desk worklist --hold licence_required
    klartecken desk worklist -o today.xlsx
    """
    with seat(db, home, token) as held:
        from klartecken.desk.machines.line import OPEN
        from klartecken.desk.orders import worklist

        fits = worklist.Filter(states=states or OPEN, **wanted)
        shown = _columns(columns, worklist.COLUMNS)
        with held.desk.read() as connection:
            if sums:
                _tell_summary(worklist.summary(connection), as_json)
                return
            if out is not None:
                rows = list(worklist.every(connection, utc_now(), fits))
            else:
                page = worklist.page(connection, utc_now(), fits, after=after, limit=limit)
                rows = list(page.rows)
    if out is not None:
        _write(Path(out), rows, shown if columns else worklist.COLUMNS)
        click.echo(f"{out}: {len(rows):,} lines")
    elif as_json:
        print_json({"lines": rows, "after": page.after})
    else:
        _tell(rows, shown, page.after)


def _columns(text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    from klartecken.errors import UnknownName

    if text == "all":
        return known
    wanted = tuple(name.strip() for name in text.split(",") if name.strip()) or SHOWN
    for name in wanted:
        if name not in known:
            raise UnknownName(f"there is no column {name!r}", where="--columns", nearest=known)
    return wanted


def _tell(rows: list[dict[str, Any]], shown: tuple[str, ...], after: int | None) -> None:
    from klartecken.desk.orders.sheets import shown as text_of
    from klartecken.desk.orders.worklist import cells

    right = frozenset(n for n, name in enumerate(shown)
                      if name in ("quantity", "value", "unit_price", "age_days", "id"))  # fmt: skip
    if not rows:
        click.echo("Nothing to do here.")
        return
    table([name.replace("_", " ") for name in shown],
          [[text_of(cell) for cell in cells(row, shown)] for row in rows], right)  # fmt: skip
    if after is not None:
        click.echo(f"and more: --after {after}")


def _write(out: Path, rows: list[dict[str, Any]], columns: tuple[str, ...]) -> None:
    from klartecken.desk.orders.sheets import csv_of, xlsx_of
    from klartecken.desk.orders.worklist import cells
    from klartecken.errors import InputError

    made = {".csv": csv_of, ".xlsx": xlsx_of}.get(out.suffix.lower())
    if made is None:
        raise InputError("must end in .csv or .xlsx", where=str(out))
    write_new(out, made(columns, (cells(row, columns) for row in rows)))


def _tell_summary(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    from klartecken.desk.holds import HOLDS

    rows = [[name, str(count)] for name, count in found["states"].items()]
    table(["state", "lines"], rows, frozenset({1}))
    if found["first_holds"]:
        click.echo("")
        table(["first hold", "lines"], [
            [HOLDS[code].title, f"{count:,}"] for code, count in found["first_holds"].items()
        ], frozenset({1}))  # fmt: skip
    for currency, value in found["held_value"].items():
        click.echo(f"held: {currency} {value}")


@click.command("show")
@click.argument("line", metavar="LINE")
@desk_options
def show_command(
    line: str, db: str | None, token: str | None, home: str | None, as_json: bool
) -> None:
    """One line: what is said of it, what stands against it, and what happened to it.

    LINE is its external id, or its number as #12.
    """
    with seat(db, home, token) as held:
        from klartecken.desk.orders.story import story

        with held.desk.read() as connection:
            row = line_of(connection, line)
            told = story(connection, row)
    if as_json:
        print_json({"line": row, **told})
        return
    click.echo(told_line(row))
    for name in ("item", "quantity", "unit_price", "currency", "destination", "ship_from",
                 "exporter", "consignee", "end_user", "purchaser", "intermediate", "end_use",
                 "outcome", "authorisation"):  # fmt: skip
        if row[name]:
            click.echo(f"  {name.replace('_', ' ')}: {row[name]}")
    for fact, text in row["facts"].items():
        click.echo(f"  {fact}: {text}")
    for approval in told["approvals"]:
        click.echo(f"  approval {approval['id']} ({approval['what']}): {approval['state']}")
    click.echo("What happened")
    for entry in told["entries"]:
        why = f": {entry['why']}" if entry["why"] else ""
        click.echo(f"  {entry['at']}  {entry['action']} by {entry['by']}{why}")
