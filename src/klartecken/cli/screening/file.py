"""`klartecken screen-file`: many parties."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from klartecken.cli.bookoptions import progress
from klartecken.cli.common import day_of, home_option, json_option, print_json
from klartecken.cli.screening.options import (
    fail_option,
    on_option,
    take_thresholds,
    tell,
    threshold_options,
    warn_of_lists,
)
from klartecken.words.amounts import plural, whole

FIELDS = ("name", "id", "alias", "address", "country", "kind", "identifier")


def column_options(command: Any) -> Any:
    """``--name-column`` and the like."""
    told = {
        "name": "Heading of the names. Default: name.",
        "id": "Of your own numbers. Default: id or party_id.",
        "alias": "Of other names, parted by ; or |. Default: aliases or alias.",
        "address": "Of addresses. Default: address.",
        "country": "Of countries, as ISO codes or names. Default: country.",
        "kind": "Of organisation, person or unknown. Default: kind.",
        "identifier": "Of KIND:NUMBER, parted by ; or |. Default: identifiers.",
    }
    for name in reversed(FIELDS):
        option = click.option(f"--{name}-column", metavar="HEADING", default="", help=told[name])
        command = option(command)
    return command


@click.command("screen-file")
@click.argument("source", metavar="IN", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), metavar="HITS",
    help="File of hits to write: .csv, .jsonl or .parquet.",
)  # fmt: skip
@column_options
@click.option(
    "--previous", type=click.Path(path_type=Path), metavar="HITS",
    help="File of hits of an earlier run: only what changed is screened anew.",
)  # fmt: skip
@click.option(
    "--jobs", type=click.IntRange(1, 256), default=1, show_default=True,
    help="Processes. The result is the same; with --previous, one does the work.",
)  # fmt: skip
@on_option
@home_option
@threshold_options
@fail_option
@json_option
def screen_file_command(
    source: Path, output: Path, previous: Path | None, jobs: int, on: str | None,
    home: str | None, fail_on_hit: bool, as_json: bool, **options: Any,
) -> int:  # fmt: skip
    """Screen every party of the table IN: every hit there is, and why.

    IN is .csv, .jsonl or .parquet (Parquet needs the extra `book`). HITS has one row for each
    hit, and one for each party without any, with its status: no party is passed over. Beside
    it stands HITS.receipt.json. Both are written, or neither.

    \b
    klartecken screen-file customers.csv -o hits.csv --name-column customer
    """
    from klartecken.parties.screening.files.columns import Columns
    from klartecken.parties.screening.files.run import screen_file

    thresholds = take_thresholds(options)
    columns = Columns(**{name: options[f"{name}_column"] for name in FIELDS})
    day = day_of(on)
    with progress(unit="parties") as bar:
        done = screen_file(
            source, output, on=day, home=home, columns=columns, thresholds=thresholds,
            previous=previous, jobs=jobs, progress=bar, note=tell,
        )  # fmt: skip
    warn_of_lists(done.limits, done.receipt["snapshot"], day)
    if as_json:
        print_json(done.receipt)
    else:
        _print(source, output, done.receipt)
    return 1 if fail_on_hit and done.receipt["counts"]["hit"] else 0


def _print(source: Path, output: Path, receipt: dict[str, Any]) -> None:
    counts, checked = receipt["counts"], receipt["self_check"]
    click.echo(
        f"{source.name}: {plural(counts['parties'], 'party', 'parties')} = "
        f"{whole(counts['hit'])} hit + {whole(counts['no_hit'])} no_hit + "
        f"{whole(counts['not_screenable'])} not_screenable; {plural(counts['hits'], 'hit')}"
    )
    click.echo(f"screened against {receipt['snapshot']['label']} ({receipt['run']})")
    click.echo(
        f"self-check: {whole(checked['canaries_found'])} canaries found; "
        f"{plural(checked['forms_scored_against_all'], 'name')} scored against every listed one, "
        "with the same result"
    )
    for text in (*receipt["gaps"], *receipt["limits"]):
        click.echo(f"note: {text}")
    click.echo(f"hits: {output}; receipt: {output}.receipt.json")
