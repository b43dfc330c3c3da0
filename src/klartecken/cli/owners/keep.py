"""Import, list and remove tables of ownership."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from klartecken.cli.common import home_option, json_option, print_json, table, today
from klartecken.errors import InputError
from klartecken.words.amounts import plural

if TYPE_CHECKING:
    from klartecken.parties.ownership.store import Imported

SHOWN = 20


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--format", "form", type=click.Choice(["csv", "gleif-xml", "gleif-api", "bods"]),
    help="Format of all files. Default: each file's own is found out.",
)  # fmt: skip
@home_option
@json_option
def import_command(
    files: tuple[str, ...], form: str | None, home: str | None, as_json: bool
) -> None:
    """Take files of stakes, companies and headquarters into use, all or none.

    A row that cannot be read is named with its column, and then nothing is imported.
    """
    from klartecken.parties.home import home_folder
    from klartecken.parties.ownership.store import import_files

    done = import_files(home_folder(home), [Path(f) for f in files], today(), form)
    if as_json:
        print_json(_plain(done))
    elif not done.rejects:
        _say(done)
    if done.rejects:
        for reject in () if as_json else done.rejects[:SHOWN]:
            click.echo(reject.line(), err=True)
        raise InputError(
            f"{plural(len(done.rejects), 'row')} cannot be read, and nothing was imported",
            next_step="Mend them and import again (--json lists up to 1000)",
        )


def _plain(done: Imported) -> dict[str, Any]:
    return {
        "tables": [t.to_dict() for t in done.tables],
        "rejects": [{"where": r.where, "column": r.column, "why": r.why} for r in done.rejects],
        "problems": [
            {"code": p.code, "party": p.party, "text": p.text, "where": p.where}
            for p in done.problems
        ],
    }


def _say(done: Imported) -> None:
    for made in done.tables:
        click.echo(
            f"{made.file} ({made.format}): {plural(made.stakes, 'stake')}, "
            f"{plural(made.holders, 'holder')}, {plural(made.facts, 'headquarters fact')}; "
            f"table {made.hash[:12]}"
        )
        for why, count in made.ignored.items():
            click.echo(f"  left out: {count} x {why}")
        for warning in made.warnings:
            click.echo(f"  warning: {warning}")
    for problem in done.problems[:SHOWN]:
        click.echo(f"look at: {problem.text} ({problem.where or problem.code})")
    if len(done.problems) > SHOWN:
        click.echo(f"and {len(done.problems) - SHOWN} more to look at")


@click.command("list")
@home_option
@json_option
def list_command(home: str | None, as_json: bool) -> None:
    """The tables in use, and where each came from."""
    from klartecken.parties.home import home_folder
    from klartecken.parties.ownership.store import tables

    used = tables(home_folder(home))
    if as_json:
        print_json({"tables": [t.to_dict() for t in used]})
        return
    if not used:
        click.echo("There is no table. See klartecken owners import.")
        return
    table(
        ["table", "file", "format", "imported", "stakes", "holders", "facts"],
        [
            [t.hash[:12], t.file, t.format, t.imported, *map(str, (t.stakes, t.holders, t.facts))]
            for t in used
        ],
        frozenset({4, 5, 6}),
    )


@click.command("remove")
@click.argument("start", metavar="TABLE")
@home_option
@json_option
def remove_command(start: str, home: str | None, as_json: bool) -> None:
    """Take a table out of use, by the beginning of its hash. Its file stays."""
    from klartecken.parties.home import home_folder
    from klartecken.parties.ownership.store import remove

    gone = remove(home_folder(home), start)
    if as_json:
        print_json(gone.to_dict())
    else:
        click.echo(f"{gone.file} ({gone.hash[:12]}) is no longer in use")
