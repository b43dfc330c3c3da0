"""`klartecken desk licence list`, `show` and `reminders`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from klartecken.cli.common import print_json, table
from klartecken.cli.desk.common import desk_options, seat, utc_now
from klartecken.cli.desk.named import licence_of

if TYPE_CHECKING:
    from klartecken.desk.licences.content import Whole
    from klartecken.desk.work import Row


@click.command("list")
@click.option("--state", "states", multiple=True, help="issued, suspended, ... Repeatable.")
@desk_options
def list_command(states: tuple[str, ...], as_json: bool, **where: Any) -> None:
    """All licences: state, last day, and what is neither reserved nor has left."""
    with seat(**where) as held:
        from klartecken.desk.licences.content import read_wholes, verified
        from klartecken.desk.machines.licence import LICENCE
        from klartecken.errors import InputError

        for state in states:
            if state not in LICENCE.states:
                raise InputError(f"{state!r} is no state of a licence", where="--state",
                                 next_step="Use " + ", ".join(LICENCE.states))  # fmt: skip
        with held.read() as connection:
            told = [_plain(whole, verified(connection, whole) is not None)
                    for whole in read_wholes(connection).values()
                    if not states or whole.licence["state"] in states]  # fmt: skip
    if as_json:
        print_json(told)
        return
    if not told:
        click.echo("There is none.")
        return
    table(["licence", "state", "verified", "in hand", "last day", "to", "left"], [
        [row["number"], row["state"], "yes" if row["verified"] else "no",
         str(row["in_hand_on"] or "no"), str(row["expires_on"]), row["destination"],
         "; ".join(_left(line) for line in row["lines"] if not line["struck"])]
        for row in told
    ])  # fmt: skip


def _plain(whole: Whole, verified: bool) -> dict[str, Any]:
    """A licence with its lines and what is left of them."""
    from klartecken.desk.licences.balance import left_of

    lines = []
    for line in whole.lines:
        left = left_of(line)
        lines.append({**line, "left_quantity": left.quantity, "left_value": left.value})
    return {**whole.licence, "verified": verified, "lines": lines}


def _left(line: Row) -> str:
    return (f"{line['place']}: {line['left_quantity']} of {line['quantity']} {line['unit']}, "
            f"{line['left_value']} {line['currency']}")  # fmt: skip


@click.command("show")
@click.argument("licence", metavar="LICENCE")
@desk_options
def show_command(licence: str, as_json: bool, **where: Any) -> None:
    """One licence: the document, its lines with balances, parties, conditions, lines on it."""
    with seat(**where) as held:
        from klartecken.desk import attachments
        from klartecken.desk.licences.content import read_whole, verified
        from klartecken.desk.storage.tables.licences import LICENCES
        from klartecken.desk.storage.tables.orders import LINES
        from klartecken.desk.work import find

        with held.read() as connection:
            whole = read_whole(connection, licence_of(connection, licence)["id"])
            told = _plain(whole, verified(connection, whole) is not None)
            places = [line["id"] for line in whole.lines]
            orders = find(connection, LINES, LINES.c.licence_line.in_(places))
            files = attachments.of(connection, LICENCES, whole.licence["id"])
    kept = ("id", "external_id", "state", "quantity", "licence_line")
    told |= {"parties": whole.parties, "conditions": whole.conditions, "attachments": files,
             "orders": [{name: row[name] for name in kept} for row in orders]}  # fmt: skip
    if as_json:
        print_json(told)
        return
    _tell(told)


def _tell(told: dict[str, Any]) -> None:
    verified = "verified" if told["verified"] else "not verified"
    click.echo(f"{told['number']} (#{told['id']}): {told['state']}, {verified}")
    for name in ("holder", "exporter", "activity", "ship_from", "destination", "end_use",
                 "issued_on", "expires_on", "in_hand_on", "document_name", "acn", "scope",
                 "riders"):  # fmt: skip
        if told[name]:
            click.echo(f"  {name.replace('_', ' ')}: {told[name]}")
    for letter in told["letters"]:
        click.echo(f"  letter of {letter['date']}: {letter['name']}")
    for party in told["parties"]:
        struck = " (struck out)" if party["struck"] else ""
        role = party["role"].replace("_", " ") or "any role"
        click.echo(f"  {role}: {party['name']}, {party['country'] or 'any country'}{struck}")
    for line in told["lines"]:
        struck = " (struck out)" if line["struck"] else ""
        click.echo(f"Line {line['place']}: {line['item']}{struck}")
        for what, unit in (("quantity", line["unit"]), ("value", line["currency"])):
            most = line["quantity"] if what == "quantity" else line["value_limit"]
            parts = [f"{line[f'{part}_{what}']} {part}" for part in ("reserved", "shipped", "left")]
            click.echo(f"  {what}: {most} {unit} = {' + '.join(parts)}")
    for task in told["conditions"]:
        due = f", due on {task['due_on']}" if task["due_on"] else ""
        click.echo(f"Condition {task['id']} ({task['kind'].replace('_', ' ')}), "
                   f"{task['state']}{due}: {task['text']}")  # fmt: skip
    for row in told["orders"]:
        click.echo(f"On it: {row['external_id']} (#{row['id']}), {row['quantity']}, {row['state']}")


@click.command("reminders")
@click.option("--on", metavar="DAY", help="As of that day. Default: today, in UTC.")
@desk_options
def reminders_command(on: str | None, as_json: bool, **where: Any) -> None:
    """What to see to: licences that expire or run out, conditions and applications that are due.

    Licences 180, 90 and 30 days before their last day, and used to 80, 95 and 100 %; tasks due
    within 30 days; applications with a limit that is past.
    """
    from klartecken.decide.ask import read_day

    with seat(**where) as held:
        from dataclasses import asdict

        from klartecken.desk.applications.view import late
        from klartecken.desk.licences.ageing import reminders
        from klartecken.desk.people.breakglass import reports_due

        day = utc_now().date() if on is None else read_day(on)
        with held.read() as connection:
            found = reminders(connection, day)
            applications = [
                {"application": row["id"], "reference": row["reference"], **due}
                for row, past in late(connection, day) for due in past
            ]  # fmt: skip
            reports = reports_due(connection, utc_now())
    if as_json:
        print_json({"licences": [asdict(one) for one in found], "applications": applications,
                    "break_glass": reports})  # fmt: skip
        return
    for one in found:
        click.echo(f"{one.on}  {one.text}")
    for due in applications:
        click.echo(f"{due['due_on']}  {due['reference']}: overdue by {due['overdue']} days: "
                   f"{due['title']} ({due['who']}, {due['cite']})")  # fmt: skip
    for row in reports:
        click.echo(f"{row['ends_at'].date()}  break-glass {row['id']}: its report is due")
    if not (found or applications or reports):
        click.echo("Nothing is due.")
