"""Options of all commands that read an order book, and the bar that shows how far they are."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from klartecken.cli.common import read_facts, view_option
from klartecken.errors import InputError

if TYPE_CHECKING:
    from klartecken.facts.items import Item

F = TypeVar("F", bound=Callable[..., Any])
Progress = Callable[[int], None]

items_option = click.option(
    "--items", multiple=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="YAML file of an item of your own, which lines name. Repeatable.",
)  # fmt: skip
map_option = click.option(
    "--map", "mapping", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="YAML file that says which heading is which column.",
)  # fmt: skip
set_option = click.option(
    "--set", "constants", multiple=True, metavar="NAME=VALUE",
    help="A column that is the same on every line, as exporter=NVIDIA. Repeatable.",
)  # fmt: skip
on_option = click.option("--on", metavar="DATE", help="Day of shipment of lines that have none.")
strict_option = click.option("--strict", is_flag=True, help="Treat assumed facts as unknown.")
bits_option = click.option(
    "--tf32-bits", type=click.IntRange(1, 64), default=32, show_default=True,
    help="Bit length that TF32 counts with.",
)  # fmt: skip
sheet_option = click.option(
    "--sheet", metavar="NAME", help="Sheet of a spreadsheet. Default: the first."
)
OPTIONS = (
    map_option, set_option, on_option, view_option, strict_option, bits_option, items_option,
    sheet_option,
)  # fmt: skip


def book_options(command: F) -> F:
    """How a book is read: all of :data:`OPTIONS`."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def reading_of(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options as keyword arguments of :func:`klartecken.read_book`."""
    held = dict(options)
    held["constants"] = read_facts(held["constants"], "--set")
    held["items"] = own_items(held["items"], held["tf32_bits"])
    return held


def own_items(files: Sequence[Path], tf32_bits: int) -> list[Item]:
    """The items of the asker's own files."""
    from klartecken.decide.ask import shipped_world
    from klartecken.facts.own import from_file

    return [from_file(path, shipped_world().law.vocabulary, tf32_bits) for path in files]


def refuse_same(book: Path | None, *outputs: Path | None) -> None:
    """Refuse to write over the book that is read, by whatever name.

    Raises:
        InputError: an output is the book.
    """
    if book is None or not book.exists():
        return
    for output in outputs:
        if output and output.exists() and os.path.samefile(book, output):
            raise InputError(
                "would be written over the book that is read", where=str(output),
                next_step="Give another name",
            )  # fmt: skip


@contextmanager
def progress(total: int | None = None, unit: str = "lines") -> Iterator[Progress | None]:
    """A bar on standard error when that is a terminal, else nothing."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    told = TextColumn("{task.completed:,} " + unit)
    with Bar(
        BarColumn(), told, TimeElapsedColumn(), console=Console(stderr=True), transient=True
    ) as bar:
        task = bar.add_task("", total=total)
        yield lambda done: bar.advance(task, done)
