"""`klartecken desk reevaluate` and `look-backs`."""

from __future__ import annotations

import click

from klartecken.cli.common import print_json, table
from klartecken.cli.desk.common import channel, desk_options, seat, why_option
from klartecken.cli.desk.files import progress
from klartecken.errors import InputError


@click.command("reevaluate")
@why_option
@desk_options
def reevaluate_command(
    why: str, db: str | None, token: str | None, home: str | None, as_json: bool
) -> None:
    """Evaluate all open lines anew, with the law, lists and facts of today.

    Released lines whose answer is another one are held again; shipped ones are looked back
    at. Run it whenever a list, a decision, a stake or the program changes, and every night.
    """
    with seat(db, home, token) as held:
        from klartecken.desk.orders.reevaluate import reevaluate

        with progress() as done:
            found = reevaluate(held.desk, held.person, channel(), why=why, progress=done)
    if as_json:
        print_json(found.to_dict())
        return
    click.echo(f"{found.lines:,} open lines evaluated, {found.changed:,} changed; "
               f"{found.held_again:,} releases withdrawn, {found.lapsed:,} lapsed; "
               f"{found.look_backs:,} new look-backs")  # fmt: skip
    for state, count in sorted(found.states.items()):
        click.echo(f"  {state}: {count:,}")


@click.command("look-backs")
@click.option("--close", "ident", type=click.IntRange(1), metavar="ID", help="Close one.")
@why_option
@desk_options
def look_backs_command(
    ident: int | None, why: str, db: str | None, token: str | None, home: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Shipped lines whose answer, for their own day, is another one today."""
    if ident is not None and not why.strip():
        raise InputError("a reason is needed", where="--why")
    with seat(db, home, token) as held:
        from klartecken.desk.orders.lookback import close
        from klartecken.desk.storage.tables.orders import LOOK_BACKS
        from klartecken.desk.work import find

        if ident is not None:
            with held.work() as work:
                close(work, ident, why)
        with held.desk.read() as connection:
            rows = find(connection, LOOK_BACKS, state="open")
    if as_json:
        print_json(rows)
        return
    if not rows:
        click.echo("None is open.")
        return
    table(["id", "line", "was", "found", "parties"], [
        [str(row["id"]), f"#{row['line']}", row["was"]["outcome"] or "",
         row["found"]["outcome"] or row["found"]["unreadable"],
         "; ".join(hold["detail"] for hold in row["found"]["holds"])] for row in rows
    ], frozenset({0, 1}))  # fmt: skip
