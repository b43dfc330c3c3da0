"""`klartecken lists diff`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from klartecken.cli.common import day_of, home_option, json_option, print_json, today
from klartecken.errors import InputError

if TYPE_CHECKING:
    from klartecken.parties.lists.diff import ListDiff
    from klartecken.parties.lists.snapshot import Snapshot

SHOWN = 20


@click.command("diff")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--all", "whole", is_flag=True, help=f"Print all entries, not {SHOWN} a list.")
@home_option
@json_option
def diff_command(before: str, after: str, whole: bool, home: str | None, as_json: bool) -> None:
    """Who came onto the lists, who went, and who is described otherwise.

    A and B are days (the snapshot in use on it), labels or their first letters, or list
    files; of a file, only the lists that it holds are compared.

    \b
    klartecken lists diff 2026-07-31 2026-11-20
    """
    from klartecken.parties.home import home_folder
    from klartecken.parties.lists.diff import diff

    folder = home_folder(home)
    left, left_lists = _snapshot(folder, before)
    right, right_lists = _snapshot(folder, after)
    only = left_lists if right_lists is None else right_lists
    if left_lists is not None and right_lists is not None:
        only = left_lists | right_lists
    found = [one for one in diff(left, right) if only is None or one.list in only]
    if as_json:
        print_json({
            "a": left.label, "b": right.label,
            "lists": [one.to_dict() for one in found],
        })  # fmt: skip
        return
    click.echo(f"From {left.label} to {right.label}")
    for one in found:
        lacking = [side.label for side in (left, right) if one.list not in side.parts]
        _tell(one, None if whole else SHOWN, lacking)
    if not found:
        click.echo("no difference")


def _snapshot(folder: Path, name: str) -> tuple[Snapshot, set[str] | None]:
    """A snapshot, and of a file the lists that it holds."""
    from klartecken.parties.lists.build import plain_snapshot
    from klartecken.parties.lists.formats.recognise import read_files
    from klartecken.parties.lists.store import find_head, latest, load_snapshot

    if Path(name).is_file():
        files = read_files([Path(name)])
        made = plain_snapshot(files, today())
        return made, {code for file in files for code in (*file.lists, *file.counts)}
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", name):
        snapshot = latest(folder, day_of(name))
        if snapshot is None:
            raise InputError("no list is stored", where=str(folder),
                             next_step="klartecken lists import FILE")  # fmt: skip
        return snapshot, None
    return load_snapshot(find_head(folder, name)), None


def _tell(one: ListDiff, shown: int | None, lacking: list[str]) -> None:
    click.echo(f"{one.list}: {len(one.came):,} came, {len(one.went):,} went, "
               f"{len(one.changed):,} changed"
               + "".join(f" ({label} does not hold this list)" for label in lacking))  # fmt: skip
    lines = [f"  + {e.name} ({', '.join(e.countries) or 'no country'}) {e.id}" for e in one.came]
    lines += [f"  - {e.name} ({', '.join(e.countries) or 'no country'}) {e.id}" for e in one.went]
    lines += [f"  ~ {c.after.name} {c.after.id}: {', '.join(c.fields)}" for c in one.changed]
    for line in lines[:shown]:
        click.echo(line)
    if shown is not None and len(lines) > shown:
        click.echo(f"  and {len(lines) - shown:,} more (--all prints them)")
