"""Reads an order book: one way in for files and for tables in memory.

Lines count from 1. A source has partitions, which are read independently of one another; those
of a file can be pickled and read in another process. Batches come in canonical form (see
``book.table.canonical``), of a million lines at most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from klartecken.book.table.canonical import canonical_schema, canonise
from klartecken.book.table.columns import Layout
from klartecken.book.table.digest import file_digest
from klartecken.errors import InputError

BATCH = 1_000_000  # lines of a batch, at most
LayoutFor = Callable[[Sequence[str]], Layout]


class Partition(Protocol):
    """A part of a book."""

    @property
    def id(self) -> str:
        """A stable name: the same whenever the same book is opened."""

    @property
    def rows(self) -> int | None:
        """Number of lines, or None when it is not known before reading."""

    @property
    def first(self) -> int | None:
        """Number of its first line (from 1), or None when it is not known."""

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """The lines in order, in canonical form.

        Args:
            columns: canonical names, in the order wanted; by default all of the layout.

        Raises:
            InputError: what the file holds cannot be read (the line or column is named).
        """


def numbered(
    part: Partition, columns: Sequence[str] | None = None
) -> Iterator[tuple[int, pa.RecordBatch]]:
    """The batches of a partition, each with the number of its first line."""
    first = part.first or 1
    for batch in part.batches(columns):
        yield first, batch
        first += batch.num_rows


class Source(Protocol):
    """A book that is open for reading."""

    @property
    def name(self) -> str:
        """What to call it in messages."""

    @property
    def layout(self) -> Layout:
        """Which heading holds which column."""

    @property
    def schema(self) -> pa.Schema:
        """Canonical columns and types, in the order of ``layout.names``."""

    @property
    def rows(self) -> int | None:
        """Number of lines, or None when it is not known before reading."""

    def digest(self) -> str:
        """SHA-256, as hexadecimal text: of a file's bytes, or of a table's canonical lines."""

    def partitions(self) -> tuple[Partition, ...]:
        """The parts, in order. An empty book has none, or parts without lines."""


def open_source(source: object, layout_for: LayoutFor, *, sheet: str | None = None) -> Source:
    """Open a book.

    Args:
        source: path of a .parquet, .csv, .tsv, .jsonl, .ndjson or .xlsx file (the text formats
            also as .gz), or a table or stream that speaks Arrow (pyarrow, polars, pandas,
            DuckDB).
        layout_for: matches the headings (see :func:`klartecken.book.table.columns.layout`).
        sheet: sheet of a spreadsheet; by default the first.

    Raises:
        InputError: no such file, another format, or what ``layout_for`` raises.
    """
    if isinstance(source, (str, Path)):
        return _open_file(Path(source), layout_for, sheet)
    if sheet is not None:
        raise InputError("only a spreadsheet has sheets", where="sheet")
    if hasattr(source, "__arrow_c_stream__"):
        from klartecken.book.table.tables import open_table

        return open_table(source, layout_for)
    raise InputError(
        f"{type(source).__name__} is no order book", where="order book",
        next_step="Give a path, or a table that speaks Arrow (pyarrow, polars, pandas, DuckDB)",
    )  # fmt: skip


def _open_file(path: Path, layout_for: LayoutFor, sheet: str | None) -> Source:
    if not path.exists():
        raise InputError("there is no such file", where=str(path))
    if path.is_dir():
        raise InputError("is a folder, not a file", where=str(path))
    name = path.name.lower()
    text = name.removesuffix(".gz")
    if sheet is not None and not name.endswith(".xlsx"):
        raise InputError("only an .xlsx file has sheets", where=str(path))
    if path.stat().st_size == 0:
        raise InputError("the file is empty", where=str(path))
    if name.endswith(".parquet"):
        return open_parquet(path, layout_for)
    if text.endswith((".csv", ".tsv")):
        from klartecken.book.table.textfiles import open_csv

        return open_csv(path, layout_for)
    if text.endswith((".jsonl", ".ndjson")):
        from klartecken.book.table.jsonlines import open_jsonl

        return open_jsonl(path, layout_for)
    if name.endswith(".xlsx"):
        from klartecken.book.table.spreadsheet import open_xlsx

        return open_xlsx(path, layout_for, sheet)
    raise InputError(
        "is of no format that is read", where=str(path),
        next_step="Use .parquet, .csv, .tsv, .jsonl, .ndjson (text also .gz) or .xlsx",
    )  # fmt: skip


@dataclass(frozen=True)
class FileSource:
    """A file with its partitions."""

    path: Path
    layout: Layout
    schema: pa.Schema
    rows: int | None
    parts: tuple[Partition, ...]

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    def digest(self) -> str:
        """SHA-256 of the file's bytes."""
        return file_digest(self.path)

    def partitions(self) -> tuple[Partition, ...]:
        """The parts, in order."""
        return self.parts


def chosen(columns: Sequence[str] | None, schema: pa.Schema) -> tuple[str, ...]:
    """The canonical columns to read.

    Raises:
        InputError: none, or one that the book has not.
    """
    names = tuple(schema.names if columns is None else columns)
    for name in names:
        if name not in schema.names:
            raise InputError(f"the book has no column {name}", where="columns")
    if not names:
        raise InputError("no column of the book is asked for", where="columns")
    return names


@dataclass(frozen=True)
class RowGroup:
    """One row group of a Parquet file: a partition."""

    path: Path
    index: int
    rows: int
    first: int
    layout: Layout
    schema: pa.Schema
    metadata: Any = field(default=None, repr=False, compare=False)

    @property
    def id(self) -> str:
        """Such as ``group-00007``."""
        return f"group-{self.index:05d}"

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "metadata": None}  # large, and read again in a moment

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """See :class:`Partition`."""
        names = chosen(columns, self.schema)
        if not self.rows:
            return
        headings = [self.layout.names[name] for name in names]
        texts = [h for n, h in zip(names, headings, strict=True) if _is_text(self.schema, n)]
        try:
            with pq.ParquetFile(
                self.path, metadata=self.metadata, read_dictionary=texts, pre_buffer=True
            ) as file:
                for batch in file.iter_batches(
                    batch_size=BATCH, row_groups=[self.index], columns=headings
                ):
                    # the file's own order of columns, whatever was asked for
                    yield canonise(batch.select(headings), names, self.schema, self.path.name)
        except (pa.ArrowException, OSError) as err:
            raise unreadable(self.path, f"row group {self.index}: {err}") from err


def _is_text(schema: pa.Schema, name: str) -> bool:
    return bool(pa.types.is_dictionary(schema.field(name).type))


def unreadable(path: Path, err: object) -> InputError:
    """The error for a file that a library cannot read."""
    told = " ".join(str(err).split())
    return InputError(f"the file cannot be read ({told})", where=path.name)


def open_parquet(path: Path, layout_for: LayoutFor) -> FileSource:
    """Open a Parquet file; its row groups are the partitions.

    Raises:
        InputError: no Parquet, a column that cannot be read, or what ``layout_for`` raises.
    """
    try:
        with pq.ParquetFile(path) as file:
            metadata, held = file.metadata, file.schema_arrow
    except (pa.ArrowException, OSError) as err:
        raise unreadable(path, err) from err
    layout = layout_for(held.names)
    schema = canonical_schema(held, layout.names)
    parts: list[Partition] = []
    first = 1
    for index in range(metadata.num_row_groups):
        rows = metadata.row_group(index).num_rows
        parts.append(RowGroup(path, index, rows, first, layout, schema, metadata))
        first += rows
    return FileSource(path, layout, schema, metadata.num_rows, tuple(parts))


__all__ = [
    "BATCH", "FileSource", "LayoutFor", "Partition", "RowGroup", "Source",
    "chosen", "open_parquet", "open_source", "unreadable",
]  # fmt: skip
