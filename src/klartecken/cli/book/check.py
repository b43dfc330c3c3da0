"""`klartecken book check`: every line of a book."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from klartecken.cli.book.tables import print_summary
from klartecken.cli.common import json_option, print_json, read_facts, view_option
from klartecken.errors import InputError
from klartecken.words.amounts import plural, whole
from klartecken.words.text import wrap

if TYPE_CHECKING:
    from klartecken.book.job import Job
    from klartecken.book.output import Written
    from klartecken.book.report import Report
    from klartecken.book.table.sources import Source

REASONS = 5  # kinds of rejects that are printed
MOST = 100  # and in JSON
LONG = 160  # letters of a reason that are printed
Progress = Callable[[int], None]

items_option = click.option(
    "--items", multiple=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="YAML file of an item of your own, which lines name. Repeatable.",
)  # fmt: skip


@click.command("check")
@click.argument("book", metavar="IN", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="OUT",
    help="Write the answers: .parquet, .csv or .jsonl. Without it, they are only counted.",
)  # fmt: skip
@click.option(
    "--map", "mapping", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="YAML file that says which heading is which column.",
)  # fmt: skip
@click.option(
    "--set",
    "constants",
    multiple=True,
    metavar="NAME=VALUE",
    help="A column that is the same on every line, as exporter=NVIDIA. Repeatable.",
)
@click.option("--on", metavar="DATE", help="Day of shipment of lines that have none.")
@view_option
@click.option("--strict", is_flag=True, help="Treat assumed facts as unknown.")
@click.option(
    "--tf32-bits", type=click.IntRange(1, 64), default=32, show_default=True,
    help="Bit length that TF32 counts with.",
)  # fmt: skip
@items_option
@click.option("--sheet", metavar="NAME", help="Sheet of a spreadsheet. Default: the first.")
@click.option("--threads", type=click.IntRange(1, 1024), help="Default: one per core.")
@json_option
def check_command(
    book: Path, output: Path | None, mapping: Path | None, constants: tuple[str, ...],
    items: tuple[Path, ...], sheet: str | None, threads: int | None, as_json: bool,
    **settings: Any,
) -> None:  # fmt: skip
    """Answer every line of the order book IN.

    IN is .parquet, .csv, .tsv, .jsonl, .ndjson (text also as .gz) or .xlsx; `klartecken book
    columns` lists its columns. Beside OUT stand OUT.receipt.json, OUT.cases.json and, when
    lines could not be read, OUT.rejects.csv. All are written, or none. Rejected lines are
    counted and told; they do not change the exit code.

    \b
    klartecken book check orders.xlsx --set exporter=NVIDIA
    klartecken book check orders.csv -o answers.parquet --map columns.yaml
    """
    from klartecken.book.api import open_book, settings_of
    from klartecken.book.job import Job
    from klartecken.decide.ask import shipped_world

    world = shipped_world()
    held = settings_of(**settings, items=own_items(items, settings["tf32_bits"]))
    source = open_book(book, world, mapping, read_facts(constants, "--set"), held, sheet)
    if output is not None:
        refuse_same(book, output)
    job = Job(world, source.layout, held)
    with progress(source.rows) as tell:
        written, reports = _run(job, source, output, tell, threads)
    if as_json:
        print_json(_data(job, source, written, reports, threads))
        return
    _print(source, written, reports)


def own_items(files: Sequence[Path], tf32_bits: int) -> list[Any]:
    """The items of the asker's own files."""
    from klartecken.decide.ask import shipped_world
    from klartecken.facts.own import from_file

    return [from_file(path, shipped_world().law.vocabulary, tf32_bits) for path in files]


def refuse_same(book: Path, output: Path) -> None:
    """Refuse to write over the book, by whatever name, and where no file can be.

    Raises:
        InputError: no such folder; or the answers, or a file beside them, would take the
            place of the book.
    """
    from klartecken.book.output import refuse_places, sides

    refuse_places(output)
    for path in (output, *sides(output)):
        if path.exists() and os.path.samefile(path, book):
            raise InputError(
                "would be written over the book that is read", where=str(path),
                next_step="Give another OUT",
            )  # fmt: skip


def _run(
    job: Job, source: Source, output: Path | None, tell: Progress | None, threads: int | None
) -> tuple[Written | None, tuple[Report, ...]]:
    if output is None:
        from klartecken.book.check import run

        return None, run(job, source, progress=tell, workers=threads)
    from klartecken.book.output import answer_to

    written = answer_to(job, source, output, progress=tell, workers=threads)
    return written, written.reports


@contextmanager
def progress(total: int | None) -> Iterator[Progress | None]:
    """A bar on standard error when that is a terminal, else nothing."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    told = TextColumn("{task.completed:,} lines")
    with Progress(
        BarColumn(), told, TimeElapsedColumn(), console=Console(stderr=True), transient=True
    ) as bar:
        task = bar.add_task("", total=total)
        yield lambda lines: bar.advance(task, lines)


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
    workers: int | None,
) -> dict[str, Any]:  # fmt: skip
    from klartecken.book.check import threads
    from klartecken.book.receipt import receipt

    body = written.receipt if written else receipt(
        job, reports, source=source.name, digest=source.digest(),
        threads=f"{workers or threads()} threads",
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
