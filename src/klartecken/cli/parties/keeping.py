"""Import, list and show the firm's own parties."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from klartecken.cli.common import day_of, home_option, json_option, print_json, table
from klartecken.cli.partyoptions import age_option, context_of
from klartecken.errors import InputError
from klartecken.words.amounts import plural
from klartecken.words.text import wrap

if TYPE_CHECKING:
    from klartecken.parties.register.csvfile import Refused

SHOWN = 20


@click.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Leave out the parties that are there already.")
@home_option
@json_option
def import_command(file: Path, replace: bool, home: str | None, as_json: bool) -> None:
    """Take the parties of the CSV table FILE into the register, all or none.

    Columns: id and name; and where known aliases, kind, country, address, identifiers, hq,
    parent, parent_hq, roles, source, as_of. Several values of a cell are parted by | or, but
    for addresses, by ;. A party of an id that is there already is replaced. Earlier versions
    are kept.
    """
    from klartecken.parties.home import home_folder
    from klartecken.parties.register.csvfile import read_parties
    from klartecken.parties.register.store import keep

    found, refused = read_parties(file)
    if refused:
        _tell(refused, as_json)
        rows = plural(len({r.row for r in refused}), "row")
        raise InputError(
            f"{rows} cannot be read, and nothing was imported",
            where=str(file), next_step="Mend them and import again",
        )  # fmt: skip
    kept = keep(home_folder(home), found, replace=replace)
    if as_json:
        print_json({"imported": len(found), "parties": len(kept.records), "register": kept.hash,
                    "refused": []})  # fmt: skip
        return
    click.echo(
        f"imported {len(found)}; the register holds {plural(len(kept.records), 'party', 'parties')}"
    )
    click.echo(f"version {kept.hash[:12]}")


def _tell(refused: tuple[Refused, ...], as_json: bool) -> None:
    if as_json:
        rows = [{"row": r.row, "column": r.column, "value": r.value, "reason": r.reason}
                for r in refused]  # fmt: skip
        print_json({"imported": 0, "refused": rows})
        return
    for r in refused[:SHOWN]:
        column = f", column {r.column}" if r.column else ""
        click.echo(f"row {r.row}{column}: {' '.join(r.value.split())!r}: {r.reason}", err=True)
    if len(refused) > SHOWN:
        click.echo(f"and {len(refused) - SHOWN} more", err=True)


@click.command("list")
@home_option
@json_option
def list_command(home: str | None, as_json: bool) -> None:
    """The parties of the register."""
    from klartecken.parties.home import home_folder
    from klartecken.parties.register.store import read_register

    register = read_register(home_folder(home))
    records = register.records if register else ()
    if as_json:
        print_json({"register": register.hash if register else None,
                    "parties": [record.to_dict() for record in records]})  # fmt: skip
        return
    if not records:
        click.echo("There is no party. See klartecken parties import.")
        return
    rows = [[r.party.id, r.party.name, r.party.country, r.hq, r.parent_hq] for r in records]
    table(["id", "name", "country", "hq", "parent hq"], rows)


@click.command("show")
@click.argument("name")
@click.option("--on", metavar="DATE", help="As of this day. Default: today.")
@age_option
@home_option
@json_option
def show_command(
    name: str, on: str | None, list_age: int, home: str | None, as_json: bool
) -> None:  # fmt: skip
    """A party by NAME or id: screened, with what was decided and what follows for a case.

    It is taken to be both consignee and end user. A name that is not in the register is
    screened as it stands.
    """
    day = day_of(on)
    found = shown(name, day, home, list_age)
    if as_json:
        print_json(found)
        return
    from klartecken.words.parties import told

    text, finer, _ = told(found["named"][0])
    click.echo("\n".join(wrap(text, "", "  ")))
    for fine in finer:
        click.echo("\n".join(wrap(fine, "  ", "    ")))
    click.echo()
    rows = [[fact, held["value"], held["source"]] for fact, held in found["values"].items()]
    table(["fact", "value", "source"], rows)
    for remark in _once(found["remarks"]):
        click.echo("\n".join(wrap(remark, "- ", "  ")))


def _once(remarks: list[dict[str, Any]]) -> Iterator[str]:
    """The texts, without those on the end user that stand there of the same consignee."""
    texts = [str(remark["text"]) for remark in remarks]
    said = {text.removeprefix("consignee ") for text in texts if text.startswith("consignee ")}
    return (text for text in texts if text.removeprefix("end user ") not in said)


def shown(name: str, day: date, home: str | None, list_age: int) -> dict[str, Any]:
    """The party as plain data, with the values of its facts."""
    from klartecken.parties.resolve.resolve import resolve

    context = context_of(home, list_age)
    found = resolve({"consignee": name, "end_user": name}, day, context)
    values = {
        fact: {"value": str(held.value), "source": held.source, "note": held.note}
        for fact, held in found.facts.items()
    }
    record = found.named[0].record
    return {**found.to_dict(), "values": values, "record": record.to_dict() if record else None}
