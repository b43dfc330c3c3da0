"""`klartecken desk import` and `template`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from klartecken.cli.common import json_option, on_terminal, print_json, write_new
from klartecken.cli.desk.common import channel, desk_options, read_body, seat, why_option


@click.command("import")
@click.argument("file", metavar="FILE")
@click.option("--rejects", metavar="OUT.csv", help="Where rejected rows go. Default: beside FILE.")
@why_option
@desk_options
def import_command(
    file: str, rejects: str | None, why: str, db: str | None, token: str | None,
    home: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Import order lines from .csv, .tsv or .xlsx, and evaluate them.

    A row is known by its external_id: importing a file twice changes nothing, and a row that
    says something else edits its line. Rows that cannot be read go to a file of rejects. Exit
    code 1 when there are any.

    \b
    klartecken desk template -o orders.csv
    klartecken desk import orders.csv
    """
    with seat(db, home, token) as held:
        from klartecken.desk.orders.importing import import_file, rejects_csv

        with progress() as done:
            found = import_file(held.desk, held.person, channel(), Path(file).name,
                                read_body(file), why=why, progress=done)  # fmt: skip
        target = Path(rejects) if rejects else Path(file).with_suffix(".rejects.csv")
        if found.rejects:
            write_new(target, rejects_csv(found.rejects))
    told = {**found.to_dict(), "rejects_file": str(target) if found.rejects else None}
    if as_json:
        print_json(told)
    else:
        click.echo(f"{file}: {found.rows:,} rows = {found.new:,} new + {found.changed:,} changed "
                   f"+ {found.unchanged:,} unchanged + {found.rejected:,} rejected")  # fmt: skip
        if found.rejects:
            click.echo(f"rejected rows: {target}")
        click.echo("Next: klartecken desk worklist")
    if found.rejects:
        raise SystemExit(1)


class progress:
    """Lines done, on a terminal; nothing elsewhere."""

    def __init__(self) -> None:
        self._count = 0
        self._shown = on_terminal()

    def __enter__(self) -> Any:
        return self._add

    def _add(self, lines: int) -> None:
        self._count += lines
        if self._shown:
            click.echo(f"\r{self._count:,} lines evaluated", nl=False, err=True)

    def __exit__(self, *_: object) -> None:
        if self._shown and self._count:
            click.echo("", err=True)


@click.command("template")
@click.option("-o", "out", metavar="OUT.csv", help="File to write. Default: standard output.")
@json_option
def template_command(out: str | None, as_json: bool) -> None:
    """An empty table of order lines with all its headings.

    Any fact of `klartecken facts` may be a further column.
    """
    from klartecken.cli.desk.common import require_desk

    require_desk()
    from klartecken.desk.orders.importing import template_csv

    made = template_csv()
    if out is not None:
        write_new(Path(out), made)
    if as_json:
        print_json({"columns": made.decode("utf-8-sig").splitlines()[0].split(","), "file": out})
    elif out is None:
        click.echo(made.decode("utf-8-sig"), nl=False)
    else:
        click.echo(f"written: {out}")
