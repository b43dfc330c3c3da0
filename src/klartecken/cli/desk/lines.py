"""`klartecken desk edit`, `assign`, `approve`, `hold`, `lift`, `release`, `ship`, ..."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from klartecken.cli.common import print_json, read_facts
from klartecken.cli.desk.common import Seat, desk_options, seat, told_line, why_option
from klartecken.cli.desk.named import line_of
from klartecken.errors import InputError

if TYPE_CHECKING:
    from klartecken.desk.work import Row, Work

Act = Callable[[Seat, "Work", "Row"], "Row"]


def _act(
    line: str, act: Act, db: str | None, token: str | None, home: str | None, as_json: bool
) -> None:
    """Find a line, do something to it in one transaction, and tell how it stands."""
    with seat(db, home, token) as held, held.work() as work:
        row = act(held, work, line_of(work.connection, line))
    if as_json:
        print_json(row)
    else:
        click.echo(told_line(row))


def _many(
    lines: tuple[str, ...], act: Act, db: str | None, token: str | None, home: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """The same to several lines, each by itself; exit code 1 where one was refused."""
    from klartecken.errors import KlarteckenError

    told: list[dict[str, Any]] = []
    with seat(db, home, token) as held:
        for name in lines:
            try:
                with held.work() as work:
                    row = act(held, work, line_of(work.connection, name))
                told.append({"line": name, "state": row["state"]})
                if not as_json:
                    click.echo(told_line(row))
            except KlarteckenError as err:
                if len(lines) == 1:
                    raise
                told.append({"line": name, "error": err.line()})
                if not as_json:
                    click.echo(f"{name}: {err.line()}", err=True)
    if as_json:
        print_json(told if len(lines) > 1 else row)
    if any("error" in one for one in told):
        raise SystemExit(1)


@click.command("edit")
@click.argument("line", metavar="LINE")
@click.option("--set", "pairs", multiple=True, metavar="K=V",
              help="A column (consignee=..., quantity=8) or a fact. Repeatable.")  # fmt: skip
@why_option
@desk_options
def edit_command(line: str, pairs: tuple[str, ...], why: str, **where: Any) -> None:
    """Change what is said of a line. Its release and its approvals lapse.

    \b
    klartecken desk edit E-1 --set consignee_hq=DE --set "end_user=Example GmbH"
    """
    said = read_facts(pairs, "--set")
    if not said:
        raise InputError("nothing is to be changed", where="--set")

    def act(held: Seat, work: Work, row: Row) -> Row:
        from klartecken.desk.orders.enter import edit
        from klartecken.desk.orders.reading import NAMES

        columns: dict[str, Any] = {n: text for n, text in said.items() if n in NAMES}
        facts = {n: text for n, text in said.items() if n not in NAMES}
        if facts:
            columns["facts"] = {**row["facts"], **facts}
        return edit(held.desk, work, row["id"], columns, why)

    _act(line, act, **where)


@click.command("assign")
@click.argument("line", metavar="LINE")
@click.option("--licence", metavar="NUMBER", help="Number of the licence.")
@click.option("--place", type=click.IntRange(1), default=1, show_default=True,
              help="Which line of the licence.")  # fmt: skip
@click.option("--exception", metavar="SYMBOL", help="A licence exception, as NAC.")
@click.option("--none", "nothing", is_flag=True, help="Take an assignment back.")
@why_option
@desk_options
def assign_command(
    line: str, licence: str | None, place: int, exception: str | None, nothing: bool, why: str,
    **where: Any,
) -> None:  # fmt: skip
    """Assign what a line is to leave on; a second person approves it.

    \b
    klartecken desk assign E-1 --licence D1234567 --place 1
    """
    if sum((licence is not None, exception is not None, nothing)) != 1:
        raise InputError("give one of --licence, --exception and --none", where="assign")

    def act(held: Seat, work: Work, row: Row) -> Row:
        from klartecken.desk.orders import assign

        if nothing:
            return assign.unassign(held.desk, work, row["id"], why)
        if exception is not None:
            return assign.assign_exception(held.desk, work, row["id"], exception, why)
        found = assign.licence_line_of(work.connection, str(licence), place)
        return assign.assign_licence(held.desk, work, row["id"], found, why)

    _act(line, act, **where)


@click.command("approve")
@click.argument("line", metavar="LINE")
@click.option("--refuse", is_flag=True, help="Refuse it instead.")
@click.option("--why", required=True, metavar="TEXT", help="The reason.")
@desk_options
def approve_command(line: str, refuse: bool, why: str, **where: Any) -> None:
    """Approve what was assigned to a line, as a second person."""

    def act(held: Seat, work: Work, row: Row) -> Row:
        from klartecken.desk.orders.assign import decide_assignment, open_assignment

        asked = open_assignment(work.connection, row["id"])
        return decide_assignment(held.desk, work, asked, not refuse, why)

    _act(line, act, **where)


@click.command("hold")
@click.argument("line", metavar="LINE")
@click.argument("reason")
@desk_options
def hold_command(line: str, reason: str, **where: Any) -> None:
    """Hold a line by hand."""

    def act(held: Seat, work: Work, row: Row) -> Row:
        from klartecken.desk.orders.manual import place_hold

        return place_hold(held.desk, work, row["id"], reason)

    _act(line, act, **where)


@click.command("lift")
@click.argument("line", metavar="LINE")
@click.option("--why", required=True, metavar="TEXT", help="The reason.")
@desk_options
def lift_command(line: str, why: str, **where: Any) -> None:
    """Lift all holds that were placed on a line by hand."""

    def act(held: Seat, work: Work, row: Row) -> Row:
        from klartecken.desk.orders.manual import lift_hold, open_holds

        for hold in open_holds(work.connection, row["id"]):
            row = lift_hold(held.desk, work, hold["id"], why)
        return row

    _act(line, act, **where)


@click.command("release")
@click.argument("lines", metavar="LINE...", nargs=-1, required=True)
@click.option("--days", type=click.IntRange(0), help="Days that it holds, at most.")
@why_option
@desk_options
def release_command(lines: tuple[str, ...], days: int | None, why: str, **where: Any) -> None:
    """Release ready lines, on a fresh determination, for some days.

    Not by who entered, edited or assigned them. Several lines are released each by itself.
    """

    def act(held: Seat, work: Work, row: Row) -> Row:
        from klartecken.desk.orders.release import release

        return release(held.desk, work, row["id"], why, days)

    _many(lines, act, **where)


@click.command("ship")
@click.argument("lines", metavar="LINE...", nargs=-1, required=True)
@click.option("--on", metavar="DAY", help="The day it left. Default: today, in UTC.")
@click.option("--itn", default="", help="The number that the filing returned.")
@why_option
@desk_options
def ship_command(lines: tuple[str, ...], on: str | None, itn: str, why: str, **where: Any) -> None:
    """Record that released lines have left."""

    def act(held: Seat, work: Work, row: Row) -> Row:
        from klartecken.decide.ask import read_day
        from klartecken.desk.orders.leave import ship

        day = None if on is None else read_day(on)
        return ship(held.desk, work, row["id"], day, itn, why)

    _many(lines, act, **where)


@click.command("take-back")
@click.argument("line", metavar="LINE")
@click.option("--why", required=True, metavar="TEXT", help="The reason.")
@desk_options
def take_back_command(line: str, why: str, **where: Any) -> None:
    """Record that a shipped line came back."""

    def act(_held: Seat, work: Work, row: Row) -> Row:
        from klartecken.desk.orders.leave import take_back

        return take_back(work, row["id"], why)

    _act(line, act, **where)


@click.command("cancel")
@click.argument("line", metavar="LINE")
@click.option("--why", required=True, metavar="TEXT", help="The reason.")
@desk_options
def cancel_command(line: str, why: str, **where: Any) -> None:
    """Cancel a line; what it reserved of a licence is free again."""

    def act(_held: Seat, work: Work, row: Row) -> Row:
        from klartecken.desk.orders.enter import cancel

        return cancel(work, row["id"], why)

    _act(line, act, **where)
