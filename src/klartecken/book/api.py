"""Books from Python: a table in, answers out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from klartecken.book.answers import OutColumns
from klartecken.book.check import run, threads
from klartecken.book.coded import Answered
from klartecken.book.job import Job, Settings
from klartecken.book.receipt import outcomes, receipt, whole
from klartecken.book.report import Report
from klartecken.book.single import single
from klartecken.book.table.columns import Layout, layout
from klartecken.book.table.mapping import ColumnMapping, read_mapping
from klartecken.book.table.sinks import Reject
from klartecken.book.table.sources import Source, open_source
from klartecken.decide.ask import World, read_day, shipped_world
from klartecken.decide.determination import Determination
from klartecken.errors import InputError
from klartecken.facts.items import Item
from klartecken.law.model import VIEWS

if TYPE_CHECKING:
    from klartecken.parties.resolve.context import Context


@dataclass(frozen=True)
class BookAnswers:
    """The answers of a book that was read in memory.

    Attributes:
        table: one row per answered line, in order: the line, then ``outcome``,
            ``possible_outcomes``, ``classification``, ``requirements``, ``review_policy``,
            ``exceptions``, ``missing`` and ``case``.
        rejects: one row for each cell that could not be read.
    """

    table: pa.Table
    rejects: tuple[Reject, ...]
    job: Job = field(repr=False)
    source: Source = field(repr=False)
    reports: tuple[Report, ...] = field(repr=False)

    @cached_property
    def outcomes(self) -> dict[str, dict[str, Any]]:
        """Lines, units and money (by currency) for each outcome."""
        return outcomes(*whole(self.reports))

    def receipt(self) -> dict[str, Any]:
        """Law, input, counts and totals of the run, sealed."""
        return receipt(
            self.job, self.reports, source=self.source.name, digest=self.source.digest(),
            threads=f"{threads()} threads",
        )  # fmt: skip

    def explain(self, row: int) -> Determination:
        """The determination of one row of ``table``, by its place (from 0).

        Raises:
            InputError: there is no such row.
        """
        if not 0 <= row < self.table.num_rows:
            raise InputError(f"there is no row {row}", where="book")
        return single(self.job, self.table.slice(row, 1).to_pylist()[0])


def check_book(
    table: object, on: date | str | None = None, *, law: World | None = None,
    view: str = "practice", strict: bool = False, tf32_bits: int = 32,
    mapping: ColumnMapping | str | Path | None = None,
    constants: Mapping[str, str] | None = None, items: Sequence[Item] = (),
    parties: Context | None = None, workers: int | None = None,
) -> BookAnswers:  # fmt: skip
    """Answer every line of an order book.

    Args:
        table: a path (Parquet, CSV, JSON lines, XLSX), or a table that speaks Arrow (pyarrow,
            polars, pandas, DuckDB).
        on: the day of shipment of lines that have none.
        law: another law or other data than the shipped ones; a reform is
            ``kt.shipped_world().under(reform)``.
        view, strict, tf32_bits: as for :func:`klartecken.check`.
        mapping: which heading holds which column (or the YAML file that says so).
        constants: columns that are the same on every line, as ``{"exporter": "NVIDIA"}``.
        items: items of your own, which lines name by id or name.
        parties: lists, decisions and register that the columns of parties are resolved with.
        workers: threads; by default one per core.

    Raises:
        InputError: the table cannot be read as an order book. Lines that cannot be read are
            no error: they are in ``rejects``.
    """
    world = law or shipped_world()
    settings = settings_of(on, view, strict, tf32_bits, items, parties)
    source = open_book(table, world, mapping, constants, settings)
    job = Job(world, source.layout, settings)
    columns = OutColumns(job, source.schema)
    batches: list[pa.RecordBatch] = []
    rejects: list[Reject] = []

    def keep(answered: Answered) -> None:
        batches.append(columns.batch(answered))
        rejects.extend(answered.rejects)

    reports = run(job, source, write=keep, columns=source.schema.names, workers=workers)
    found = pa.Table.from_batches(batches, columns.schema).unify_dictionaries()
    return BookAnswers(found, tuple(rejects), job, source, reports)


def settings_of(
    on: date | str | None,
    view: str,
    strict: bool,
    tf32_bits: int,
    items: Sequence[Item],
    parties: Context | None = None,
) -> Settings:
    """The settings of a run; items are found by id and by name.

    Raises:
        InputError: an unknown view, something that is no item, or two items of one name.
    """
    if view not in VIEWS:
        raise InputError(f"view {view!r} is unknown", next_step="Use practice or text")
    own: dict[str, Item] = {}
    for item in items:
        if not isinstance(item, Item):
            raise InputError(
                f"{item!r} is no item", where="items",
                next_step="Read its file with klartecken.facts.own.from_file",
            )  # fmt: skip
        for name in dict.fromkeys((item.id, item.name)):
            if own.setdefault(name.lower(), item) != item:
                raise InputError(f"two items are called {name!r}", where="items")
    day = None if on is None else read_day(on)
    return Settings(view, strict, day, own, tf32_bits, parties)


def open_book(
    table: object, world: World, mapping: ColumnMapping | str | Path | None,
    constants: Mapping[str, str] | None, settings: Settings, sheet: str | None = None,
) -> Source:  # fmt: skip
    """A book, with its headings matched.

    Raises:
        InputError: the mapping is of another type, or the book cannot be read.
    """
    if mapping is not None and not isinstance(mapping, ColumnMapping | str | Path):
        raise InputError(f"{type(mapping).__name__} is no column mapping", where="mapping",
                         next_step="Give the path of its YAML file; what is the same on every "
                         "line goes under constants")  # fmt: skip
    held = mapping if isinstance(mapping, ColumnMapping) or mapping is None else read_mapping(
        Path(mapping)
    )  # fmt: skip

    def match(headings: Sequence[str]) -> Layout:
        return layout(
            headings, world.law.vocabulary, held, constants, dated=settings.on is not None
        )

    return open_source(table, match, sheet=sheet)
