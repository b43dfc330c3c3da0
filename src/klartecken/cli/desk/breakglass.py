"""`klartecken desk break-glass`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from klartecken.cli.common import print_json, table
from klartecken.cli.desk.common import Seat, desk_options, seat, told_line, utc_now
from klartecken.cli.desk.named import line_of, names_of

if TYPE_CHECKING:
    from klartecken.desk.work import Row


@click.group("break-glass", invoke_without_command=True)
@click.pass_context
def break_glass_command(ctx: click.Context) -> None:
    """In an emergency two people set a hold of the desk's own making aside, for some hours.

    Never a hold of law: only `manual` and `not_approved`. A report is due afterwards.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def _settled(held: Seat, work: Any, ident: int) -> tuple[Row, Row]:
    """What was asked and its line, which is evaluated anew."""
    from klartecken.desk.orders.settle import settle
    from klartecken.desk.storage.tables.orders import LINES
    from klartecken.desk.storage.tables.people import BREAK_GLASS

    row = work.get(BREAK_GLASS, ident)
    settle(held.desk, work, [row["line"]], "break-glass")
    return row, work.get(LINES, row["line"])


def _tell(row: Row, line: Row, as_json: bool) -> None:
    """How both stand."""
    if as_json:
        print_json({**row, "line_state": line["state"]})
        return
    until = f" until {row['ends_at']:%Y-%m-%d %H:%M} UTC" if row["state"] == "open" else ""
    click.echo(f"Break-glass {row['id']} ({row['holds']}): {row['state']}{until}")
    click.echo(told_line(line))


@break_glass_command.command("ask")
@click.argument("line", metavar="LINE")
@click.option("--hold", "codes", multiple=True, required=True, metavar="CODE",
              help="The hold to set aside: manual or not_approved. Repeatable.")  # fmt: skip
@click.option("--why", required=True, metavar="TEXT", help="The reason.")
@desk_options
def ask_command(line: str, codes: tuple[str, ...], why: str, as_json: bool, **where: Any) -> None:
    """Ask for it; nothing is set aside until a second person agrees."""
    with seat(**where) as held:
        from klartecken.desk.people.breakglass import ask

        with held.work() as work:
            ident = ask(work, line_of(work.connection, line)["id"], codes, why)
            row, its = _settled(held, work, ident)
    _tell(row, its, as_json)
    if not as_json:
        click.echo(f"Next, a second person: klartecken desk break-glass second {ident}")


@break_glass_command.command("second")
@click.argument("ident", type=click.IntRange(1), metavar="ID")
@click.option("--why", required=True, metavar="TEXT", help="The reason.")
@desk_options
def second_command(ident: int, why: str, as_json: bool, **where: Any) -> None:
    """Agree, as a second person, who neither asked for it nor wrote the line."""
    with seat(**where) as held:
        from klartecken.desk.people.breakglass import second

        with held.work() as work:
            second(work, ident, why)
            row, line = _settled(held, work, ident)
    _tell(row, line, as_json)


@break_glass_command.command("end")
@click.argument("ident", type=click.IntRange(1), metavar="ID")
@click.option("--why", required=True, metavar="TEXT", help="The reason.")
@desk_options
def end_command(ident: int, why: str, as_json: bool, **where: Any) -> None:
    """End it before its time, or refuse it."""
    with seat(**where) as held:
        from klartecken.desk.people.breakglass import end

        with held.work() as work:
            end(work, ident, why)
            row, line = _settled(held, work, ident)
    _tell(row, line, as_json)


@break_glass_command.command("report")
@click.argument("ident", type=click.IntRange(1), metavar="ID")
@click.argument("text")
@desk_options
def report_command(ident: int, text: str, as_json: bool, **where: Any) -> None:
    """Write down what was done, and why; if it still ran, it is over."""
    with seat(**where) as held:
        from klartecken.desk.people.breakglass import report

        with held.work() as work:
            report(work, ident, text)
            row, line = _settled(held, work, ident)
    _tell(row, line, as_json)


@break_glass_command.command("list")
@click.option("--line", metavar="LINE", help="Only of this line.")
@click.option("--due", is_flag=True, help="Only those whose report is due.")
@desk_options
def list_command(line: str | None, due: bool, as_json: bool, **where: Any) -> None:
    """Everything that was asked for."""
    with seat(**where) as held:
        from klartecken.desk.people.breakglass import of_line, reports_due

        with held.read() as connection:
            ident = None if line is None else line_of(connection, line)["id"]
            late = {row["id"] for row in reports_due(connection, utc_now())}
            rows = [row for row in of_line(connection, ident) if not due or row["id"] in late]
            names = names_of(connection, "lines", {row["line"] for row in rows})
    if as_json:
        print_json([{**row, "report_due": row["id"] in late} for row in rows])
        return
    if not rows:
        click.echo("There is none.")
        return
    table(["id", "line", "holds", "state", "ends", "report", "why"], [
        [str(row["id"]), names[row["line"]], row["holds"], row["state"],
         f"{row['ends_at']:%Y-%m-%d %H:%M}" if row["ends_at"] else "",
         "due" if row["id"] in late else "", " ".join(row["why"].split())]
        for row in rows
    ], frozenset({0}))  # fmt: skip
