"""`klartecken desk licence`: register, verify, edit, event, reconcile, reminders, list, show."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from klartecken.cli.common import day_of, print_json
from klartecken.cli.desk.common import desk_options, read_body, seat, why_option
from klartecken.cli.desk.documents import read_document
from klartecken.cli.desk.licencelook import list_command, reminders_command, show_command
from klartecken.cli.desk.named import licence_of
from klartecken.errors import InputError

if TYPE_CHECKING:
    from klartecken.desk.work import Row, Work

document_option = click.option(
    "--document", metavar="FILE", help="The licence itself: it is attached, and its name and hash "
    "are recorded.",
)  # fmt: skip
in_hand_option = click.option(
    "--in-hand", metavar="DAY", help="The day on which the document was received.",
)  # fmt: skip


@click.group("licence", invoke_without_command=True)
@click.pass_context
def licence_command(ctx: click.Context) -> None:
    """Licences in hand, with what is left of them. LICENCE is a number as printed, or #12."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@licence_command.command("register")
@click.argument("file", metavar="FILE")
@document_option
@in_hand_option
@why_option
@desk_options
def register_command(
    file: str, document: str | None, in_hand: str | None, why: str, as_json: bool, **where: Any
) -> None:
    """Record a licence as it is printed, from YAML or JSON; a second person verifies it.

    \b
    number: D1234567
    holder: Example Chips Inc.
    destination: CN
    end_use: commercial
    issued_on: 2026-08-03
    expires_on: 2030-08-31
    lines:
    - {item: nvidia-h20, eccn: 3A090.b, quantity: 300, unit: pieces, value: 3750000,
       currency: USD}
    parties:
    - {role: consignee, name: Lantern Cloud Computing, country: CN}
    - {role: end_user, name: Lantern Cloud Computing, country: CN}

    Further fields: acn, application, exporter (else the holder), activity, ship_from, letters,
    scope, riders, replaces, conditions. Without --document and --in-hand it is an approval,
    and releases nothing.
    """
    data = {**read_document(file), **_received(document, in_hand)}
    with seat(**where) as held:
        from klartecken.desk.licences.licence import register

        with held.work() as work:
            ident = register(work, data, why)
            _attach(work, ident, document)
            row = work.get(_table(), ident)
    _tell(row, as_json, f"registered; {_next(row)}")


@licence_command.command("edit")
@click.argument("licence", metavar="LICENCE")
@click.argument("file", metavar="FILE", required=False)
@document_option
@in_hand_option
@why_option
@desk_options
def edit_command(
    licence: str, file: str | None, document: str | None, in_hand: str | None, why: str,
    as_json: bool, **where: Any,
) -> None:  # fmt: skip
    """Correct a licence by the fields in FILE; a second person then verifies it anew.

    An entry of `lines` or `parties` with an `id` changes that one (`struck: true` strikes it
    out), one without adds to them. --document and --in-hand say that the paper has arrived.
    """
    data = {**(read_document(file) if file else {}), **_received(document, in_hand)}
    if not data:
        raise InputError("nothing is to be changed", where="licence edit",
                         next_step="Give FILE, or --document and --in-hand")  # fmt: skip
    with seat(**where) as held:
        from klartecken.desk.licences.change import edit
        from klartecken.desk.orders.touched import settle_licence

        for name in ("lines", "parties"):
            for entry in data.get(name) or ():
                if isinstance(entry, dict) and str(entry.get("id", "")).isdecimal():
                    entry["id"] = int(entry["id"])
        with held.work() as work:
            ident = licence_of(work.connection, licence)["id"]
            row = edit(work, ident, data, why)
            _attach(work, ident, document)
            settle_licence(held.desk, work, ident, why)
    _tell(row, as_json, f"changed; {_next(row)}")


def _received(document: str | None, in_hand: str | None) -> dict[str, Any]:
    """What the arrival of the paper says."""
    import hashlib

    said: dict[str, Any] = {}
    if document is not None:
        body = read_body(document)
        said = {"document_name": Path(document).name,
                "document_sha256": hashlib.sha256(body).hexdigest()}  # fmt: skip
    if in_hand is not None:
        said["in_hand_on"] = day_of(in_hand)
    return said


def _attach(work: Work, ident: int, document: str | None) -> None:
    """Attach the document to the licence."""
    from klartecken.desk import attachments

    if document is not None:
        attachments.add(work, _table(), ident, name=Path(document).name, body=read_body(document),
                        kind="licence")  # fmt: skip


def _table() -> Any:
    from klartecken.desk.storage.tables.licences import LICENCES

    return LICENCES


def _next(row: Row) -> str:
    second = f"next, a second person: klartecken desk licence verify {row['number']}"
    missing = "" if row["in_hand_on"] else "; it is not in hand and releases nothing"
    return second + missing


def _tell(row: Row, as_json: bool, text: str) -> None:
    if as_json:
        print_json(row)
    else:
        click.echo(f"{row['number']} (#{row['id']}), {row['state']}: {text}")


@licence_command.command("verify")
@click.argument("licence", metavar="LICENCE")
@click.option("--refuse", is_flag=True, help="Refuse it: it is not what the document says.")
@click.option("--why", required=True, metavar="TEXT", help="The reason.")
@desk_options
def verify_command(licence: str, refuse: bool, why: str, as_json: bool, **where: Any) -> None:
    """Say, as a second person, that the record is what the document says."""
    with seat(**where) as held:
        from klartecken.desk.licences.licence import verify
        from klartecken.desk.orders.touched import settle_licence

        with held.work() as work:
            row = licence_of(work.connection, licence)
            verify(work, row["id"], why, not refuse, row["version"])
            settle_licence(held.desk, work, row["id"], why)
            row = work.get(_table(), row["id"])
    if as_json:
        print_json({**row, "verified": not refuse})
    else:
        click.echo(f"{row['number']} (#{row['id']}), {row['state']}: "
                   f"{'refused' if refuse else 'verified'}")  # fmt: skip


@licence_command.command("event")
@click.argument("licence", metavar="LICENCE")
@click.argument("event", metavar="EVENT")
@click.option("--letter", metavar="FILE", help="BIS's letter; it becomes part of the scope.")
@click.option("--letter-on", metavar="DAY", help="The day that stands on the letter.")
@click.option("--until", metavar="DAY", help="The new last day, for extend.")
@click.option("--to", "holder", metavar="NAME", help="The new holder, for transfer.")
@click.option("--why", required=True, metavar="TEXT", help="The reason.")
@desk_options
def event_command(
    licence: str, event: str, letter: str | None, letter_on: str | None, until: str | None,
    holder: str | None, why: str, as_json: bool, **where: Any,
) -> None:  # fmt: skip
    """Record what BIS or the holder did to a licence.

    EVENT: suspend, reinstate (needs --letter), revoke, surrender, void, extend (needs --until
    and --letter), transfer (needs --to and --letter). Lines on it are evaluated anew at once.
    """
    said = _letter(letter, letter_on)
    if (until is not None and event != "extend") or (holder is not None and event != "transfer"):
        raise InputError("--until is for extend, --to for transfer", where=event)
    with seat(**where) as held:
        from klartecken.desk.licences import change
        from klartecken.desk.licences.events import fire
        from klartecken.desk.orders.touched import settle_licence

        with held.work() as work:
            ident = licence_of(work.connection, licence)["id"]
            if event == "extend":
                row = change.extend(work, ident, until or "", said or {}, why)
            elif event == "transfer":
                row = change.transfer(work, ident, holder or "", said or {}, why)
            else:
                row = fire(work, ident, event, why, letter=said)
            _attach_letter(work, ident, letter)
            lines = settle_licence(held.desk, work, ident, why)
    if as_json:
        print_json({**row, "lines": [{"id": line["id"], "external_id": line["external_id"],
                                      "state": line["state"]} for line in lines]})  # fmt: skip
        return
    click.echo(f"{row['number']} (#{row['id']}): {row['state']}")
    for line in lines:
        click.echo(f"  {line['external_id']} (#{line['id']}): {line['state']}")


def _letter(path: str | None, on: str | None) -> dict[str, Any] | None:
    import hashlib

    if path is None and on is None:
        return None
    if path is None or on is None:
        raise InputError("go together", where="--letter and --letter-on")
    return {"name": Path(path).name, "sha256": hashlib.sha256(read_body(path)).hexdigest(),
            "date": day_of(on)}  # fmt: skip


def _attach_letter(work: Work, ident: int, path: str | None) -> None:
    from klartecken.desk import attachments

    if path is not None and work.person.may(attachments.PERMISSIONS["licences"]):
        attachments.add(work, _table(), ident, name=Path(path).name, body=read_body(path),
                        kind="letter")  # fmt: skip


@licence_command.command("reconcile")
@click.argument("file", metavar="FILE.csv")
@click.option("--since", metavar="DAY", help="Only what left on that day or after.")
@click.option("--until", metavar="DAY", help="Only what left on that day or before.")
@click.option("--whole-money", is_flag=True, help="The report's values are rounded to units.")
@desk_options
def reconcile_command(
    file: str, since: str | None, until: str | None, whole_money: bool, as_json: bool,
    **where: Any,
) -> None:  # fmt: skip
    """Compare what left on licences with the filing system's report; exit code 1 if they differ.

    Columns: licence, itn, quantity, value. The filing system stops nothing when a licence is
    overdrawn: the desk's own balances are the only brake.
    """
    from klartecken.cli.common import period, table

    first, last = period(since, until)
    try:
        text = read_body(file).decode("utf-8-sig")
    except UnicodeDecodeError as err:
        raise InputError("is no UTF-8 text", where=file) from err
    with seat(**where) as held:
        from dataclasses import asdict

        from klartecken.desk.licences.reconcile import reconcile

        with held.read() as connection:
            try:
                found = reconcile(connection, text, start=first, until=last,
                                  whole_money=whole_money)  # fmt: skip
            except InputError as err:
                raise InputError(err.what, where=f"{file}, {err.where}".rstrip(", "),
                                 next_step=err.next_step) from err  # fmt: skip
    if as_json:
        print_json([asdict(one) for one in found])
    elif not found:
        click.echo("The desk and the report say the same.")
    else:
        table(["licence", "itn", "what differs", "desk", "report"], [
            [one.licence, one.itn, one.kind.replace("_", " "), one.desk, one.report]
            for one in found
        ])  # fmt: skip
    if found:
        raise SystemExit(1)


for _command in (list_command, show_command, reminders_command):
    licence_command.add_command(_command)
