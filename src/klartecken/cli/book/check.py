"""`klartecken book check`: every line of a book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from klartecken.cli.book.engines import Engine, engine_of, engine_option
from klartecken.cli.book.tables import print_summary
from klartecken.cli.bookoptions import Progress, book_options, own_items, progress, refuse_same
from klartecken.cli.common import home_option, json_option, print_json, read_facts
from klartecken.cli.partyoptions import age_option, context_of
from klartecken.words.amounts import plural, whole
from klartecken.words.sentences import words
from klartecken.words.text import wrap

if TYPE_CHECKING:
    from klartecken.book.job import Job
    from klartecken.book.output import Written
    from klartecken.book.report import Report
    from klartecken.book.table.sources import Source

REASONS = 5  # kinds of rejects that are printed
MOST = 100  # and in JSON
LONG = 160  # letters of a reason that are printed


@click.command("check")
@click.argument("book", metavar="IN", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="OUT",
    help="Write the answers: .parquet, .csv or .jsonl. Without it, they are only counted.",
)  # fmt: skip
@book_options
@age_option
@home_option
@engine_option
@click.option("--threads", type=click.IntRange(1, 1024), help="Default: one per core.")
@json_option
def check_command(
    book: Path, output: Path | None, engine: str | None, threads: int | None, as_json: bool,
    mapping: Path | None, constants: tuple[str, ...], items: tuple[Path, ...],
    sheet: str | None, home: str | None, list_age: int, **settings: Any,
) -> None:  # fmt: skip
    """Answer every line of the order book IN.

    IN is .parquet, .csv, .tsv, .jsonl, .ndjson (text also as .gz) or .xlsx; `klartecken book
    columns` lists its columns. Beside OUT stand OUT.receipt.json, OUT.cases.json and, when
    lines could not be read, OUT.rejects.csv. All are written, or none. Rejected lines are
    counted and told; they do not change the exit code.

    With --engine dask, processes do the work, or with an address the workers of a Dask cluster.
    IN must be .parquet then, and OUT is a new folder of Parquet files. Needs the extra `dask`.

    \b
    klartecken book check orders.xlsx --set exporter=NVIDIA
    klartecken book check orders.csv -o answers.parquet --map columns.yaml
    klartecken book check orders.parquet -o answers --engine dask://scheduler.example:8786
    """
    from klartecken.book.api import open_book, settings_of
    from klartecken.book.job import Job
    from klartecken.book.partycolumns import names_parties
    from klartecken.decide.ask import shipped_world

    chosen = engine_of(engine, threads)
    world = shipped_world()
    held = settings_of(**settings, items=own_items(items, settings["tf32_bits"]))
    source = open_book(book, world, mapping, read_facts(constants, "--set"), held, sheet)
    if output is not None:
        _refuse_places(book, output, chosen)
    if names_parties(source.layout):
        held = replace(held, parties=context_of(home, list_age))
    job = Job(world, source.layout, held)
    with progress(source.rows) as tell:
        written, reports = _run(job, source, output, tell, chosen)
    if as_json:
        print_json(_data(job, source, written, reports, chosen))
        return
    _print(source, written, reports)
    _print_parties(job)


def _print_parties(job: Job) -> None:
    """How many parties were screened, against what; loudly when there was no list."""
    if job.parties is None:
        return
    found = job.parties.summary()
    told = ", ".join(f"{whole(n)} {words(state)}" for state, n in found["by_status"].items())
    click.echo()
    click.echo(f"parties: {plural(found['distinct'], 'distinct party', 'distinct parties')}"
               f"{': ' if told else ''}{told}")  # fmt: skip
    for remark in found["remarks"]:
        click.echo(f"Warning: {remark}", err=True)


def _refuse_places(book: Path, output: Path, engine: Engine) -> None:
    """Refuse, before any work, a place that nothing can be written to, or that the book has."""
    from klartecken.book.output import refuse_places, sides

    refuse_places(output, folder=engine.folder)
    refuse_same(book, output, *sides(output))


def _run(
    job: Job, source: Source, output: Path | None, tell: Progress | None, engine: Engine
) -> tuple[Written | None, tuple[Report, ...]]:
    if output is None:
        return None, engine.run(job, source, progress=tell)
    written = engine.answer_to(job, source, output, progress=tell)
    return written, written.reports


def _print(source: Source, written: Written | None, reports: Sequence[Report]) -> None:
    from klartecken.book.receipt import cases_path, receipt_path
    from klartecken.book.receipt import whole as together
    from klartecken.book.summary import by_outcome

    lines, rejected = sum(r.lines for r in reports), sum(r.rejected for r in reports)
    click.echo(
        f"{source.name}: {plural(lines, 'line')} = {whole(lines - rejected)} answered + "
        f"{whole(rejected)} rejected"
    )
    for told, names in (("read", _columns(source)), ("NOT READ", source.layout.others)):
        for text in wrap(", ".join(names), f"{told}: ", "  ") if names else ():
            click.echo(text)
    click.echo()
    print_summary(by_outcome(*together(reports)))
    if rejected:
        click.echo()
        for text in _reasons(reports):
            click.echo(text)
    if written is not None:
        click.echo()
        click.echo(f"answers: {written.out}")
        click.echo(f"receipt: {receipt_path(written.out)}; cases: {cases_path(written.out)}")
        if written.rejects:
            click.echo(f"rejected lines: {written.rejects}")
    if warning := _warning(lines, rejected, written):
        click.echo(f"Warning: {warning}", err=True)


def _warning(lines: int, rejected: int, written: Written | None) -> str:
    """What must not be overlooked, or nothing."""
    if not lines:
        return "the book holds no line"
    if not rejected:
        return ""
    told = f"{whole(rejected)} of {plural(lines, 'line')}"
    if rejected == lines:
        told = "EVERY line" if lines > 1 else "the only line"
    return f"rejected, so without an answer: {told}; " + (
        f"see {written.rejects}" if written else "-o OUT would list them"
    )


def _columns(source: Source) -> list[str]:
    """Each column with the heading it was read from, or the text it always has."""
    layout = source.layout
    named = [n if n == heading else f"{n} ({heading!r})" for n, heading in layout.names.items()]
    return [*named, *(f"{name} = {text}" for name, text in layout.constants.items())]


def kinds(reports: Sequence[Report]) -> list[tuple[str, str, int, int]]:
    """Column, reason, cells and first line of each kind of reject, the most frequent first."""
    found: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], int] = {}
    for report in reports:
        for reject in report.rejects:
            key = (reject.column, reject.reason)
            found[key] += 1
            first.setdefault(key, reject.line)
    return [(*key, cells, first[key]) for key, cells in found.most_common()]


def _reasons(reports: Sequence[Report]) -> Iterator[str]:
    held = kinds(reports)
    yield "rejected because"
    for column, reason, cells, first in held[:REASONS]:
        short = reason if len(reason) <= LONG else f"{reason[:LONG]}..."
        place = (
            f"line {whole(first)}" if cells == 1 else f"{whole(cells)}, first line {whole(first)}"
        )
        yield f"  {column}: {short} ({place})"
    if len(held) > REASONS:
        yield f"  and {plural(len(held) - REASONS, 'other reason')}"


def _data(
    job: Job, source: Source, written: Written | None, reports: Sequence[Report],
    engine: Engine,
) -> dict[str, Any]:  # fmt: skip
    from klartecken.book.receipt import receipt

    body = written.receipt if written else receipt(
        job, reports, source=source.name, digest=source.digest(),
        threads=engine.ran_on,
    )  # fmt: skip
    held = kinds(reports)
    return {
        "answers": str(written.out) if written else None,
        "rejects": str(written.rejects) if written and written.rejects else None,
        "reject_reasons": [
            {"column": column, "reason": reason, "cells": cells, "first_line": first}
            for column, reason, cells, first in held[:MOST]
        ],
        "reject_reasons_left_out": max(0, len(held) - MOST),
        "receipt": body,
    }
