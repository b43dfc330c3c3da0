"""`klartecken lists import` and `klartecken lists update`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from klartecken.cli.common import home_option, json_option, print_json, table, today
from klartecken.cli.lists.options import (
    PART_HEADINGS,
    accept_options,
    built_data,
    parts_rows,
    read_accepted,
    read_date,
)
from klartecken.errors import InputError
from klartecken.words.amounts import plural

if TYPE_CHECKING:
    from klartecken.parties.lists.build import Build

SHOWN = 20  # rejected rows told on the terminal; the record has all


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--date",
    "day",
    metavar="DATE",
    help="Day that the lists are of. Needed where the file does not say it.",
)
@click.option("--name", default="", metavar="NAME", help="Name of an own list (OWN:NAME).")
@click.option("--alone", is_flag=True, help="Carry no list over from the snapshot in use.")
@accept_options
@home_option
@json_option
def import_command(
    files: tuple[str, ...], day: str | None, name: str, alone: bool, reason: str | None,
    by: str | None, home: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Read list files into a new snapshot.

    The format is recognised from the content: Consolidated Screening List (CSV, JSON), OFAC's
    delimited files (the four of SDN or CONS together), Denied Persons List, an own list (CSV
    with a column called name). Lists that the files do not hold are carried over. A list that
    shrinks by more than 3 %, goes missing or is short at its first import is refused.

    \b
    klartecken lists import consolidated.json
    klartecken lists import own.csv --name customers --date 2026-11-20
    """
    from klartecken.parties.home import home_folder
    from klartecken.parties.lists.build import build_snapshot, day_of_files, not_after
    from klartecken.parties.lists.formats.recognise import read_files
    from klartecken.parties.lists.store import head_before, load_snapshot, save

    folder, now = home_folder(home), today()
    accepted, given = read_accepted(reason, by), read_date(day, now)
    read = not_after(read_files([Path(file) for file in files], name), now)
    before = head_before(folder, day_of_files(read, given))
    previous = None if before is None else load_snapshot(before)
    build = build_snapshot(read, given, previous, alone=alone, accepted=accepted)
    head, is_new = save(folder, build, stamp())
    if as_json:
        print_json(built_data(build, head.label, is_new))
        return
    for one in read:
        click.echo(f"{one.name}: {one.told}, {plural(len(one.entries), 'entry', 'entries')}")
    tell(build, head.label, is_new)
    if accepted is not None and build.accepted is None:
        click.echo("Nothing was refused: --accept is not kept.")
    used = head_before(folder, now)
    if used is not None and used.label != head.label:
        told = f"In use today stays {used.label}: it is of a later day, or imported later."
        if all(one.generated is not None for one in read):  # else --date would be the lists' day
            told += f" To use these lists from today on beside its others, give --date {now}."
        click.echo(told)
    elif before is not None and (dropped := sorted({*before.parts} - {*build.snapshot.parts})):
        click.echo(f"WARNING: no longer in use: {', '.join(dropped)} (--alone)", err=True)


def stamp() -> str:
    """The time now, in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def tell(build: Build, label: str, is_new: bool) -> None:
    """A snapshot taken over, for people."""
    click.echo(f"{label}: {'stored' if is_new else 'was stored already'}")
    table(PART_HEADINGS, parts_rows(build.snapshot.parts.values()), frozenset({2}))
    if build.carried:
        click.echo(f"Carried over from {build.previous}: {', '.join(build.carried)}")
    if build.accepted is not None:
        click.echo(f"Accepted by {build.accepted.by} ({build.accepted.reason}):")
        for refusal in build.refused:
            click.echo(f"  {refusal.text}")
    for row in build.rejected[:SHOWN]:
        click.echo(f"Not read: {row.file}, row {row.row}: {row.reason}")
    if len(build.rejected) > SHOWN:
        click.echo(f"and {len(build.rejected) - SHOWN} more rows: klartecken lists show {label}")


@click.command("update")
@click.argument("source", required=False)
@click.option(
    "--url",
    metavar="URL",
    help="Another address, in place of a known source; http only on this machine.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, 600),
    default=30,
    show_default=True,
    help="Seconds without a byte from the server.",
)
@accept_options
@home_option
@json_option
def update_command(
    source: str | None, url: str | None, timeout: float, reason: str | None, by: str | None,
    home: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Fetch the current list from its official address and take it over.

    SOURCE is csl-json (the default), csl-csv or csl-csv-static. Only https. Whatever goes
    wrong leaves the snapshot in use as it is, and `klartecken lists status` shows it.
    """
    from klartecken.feed.lists import chosen, update
    from klartecken.parties.home import home_folder

    folder, now = home_folder(home), today()
    accepted = read_accepted(reason, by)
    name, address = chosen(source, url)
    attempt, build, error = update(
        folder, name, address, datetime.now(UTC), now, accepted=accepted, timeout=timeout
    )
    if error is not None:
        raise InputError(
            f"not updated, the lists in use stay: {error.what}", where=error.where,
            next_step=error.next_step,
        ) from error  # fmt: skip
    if as_json:
        print_json(attempt.to_dict() | {"parts": [] if build is None else
                   built_data(build, attempt.label, True)["parts"]})  # fmt: skip
    elif build is None:
        click.echo(f"{address}: unchanged; {attempt.label} is current as of {attempt.at}")
    else:
        tell(build, attempt.label, True)
    _warn_unless_in_use(folder, attempt.label, now)


def _warn_unless_in_use(folder: Path, label: str, now: date) -> None:
    """Say when the lists just fetched are not those that a screening of today looks at."""
    from klartecken.parties.lists.store import find_head, head_before

    used, fetched = head_before(folder, now), find_head(folder, label)
    sources = {} if used is None else {c: p.source_hash for c, p in used.parts.items()}
    own = [c for c in fetched.parts if c not in fetched.record["carried_over"]]
    if used is not None and any(sources.get(c) != fetched.parts[c].source_hash for c in own):
        click.echo(
            f"WARNING: not in use today: {used.label} stays, for it is of a later day or imported "
            f"later. Download the file and klartecken lists import FILE --date {now}", err=True,
        )  # fmt: skip
