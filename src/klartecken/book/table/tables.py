"""Books in memory, or streamed by another library: everything that speaks Arrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from klartecken.book.table.canonical import canonical_schema, canonise
from klartecken.book.table.columns import Layout
from klartecken.book.table.digest import TableDigest
from klartecken.book.table.sources import BATCH, LayoutFor, Partition, chosen
from klartecken.errors import InputError


def open_table(source: Any, layout_for: LayoutFor) -> TableSource | StreamSource:
    """Open an object with ``__arrow_c_stream__``.

    What is in memory is a table, with partitions of a million lines. What is a stream (an
    Arrow reader, a DuckDB relation) is read as it comes, once, and is never held whole.

    Raises:
        InputError: the library cannot give its data, or a column cannot be read.
    """
    try:
        if isinstance(source, pa.RecordBatch):
            source = pa.Table.from_batches([source])
        if not isinstance(source, pa.Table):
            reader = pa.RecordBatchReader.from_stream(source)
            if not hasattr(source, "__len__") or _is_lazy(source):
                return _stream(reader, layout_for)
            source = reader.read_all()
    except (pa.ArrowException, TypeError, ValueError) as err:
        told = " ".join(str(err).split())
        raise InputError(f"the table cannot be read ({told})", where="order book") from err
    layout = layout_for(source.schema.names)
    return TableSource(layout, canonical_schema(source.schema, layout.names), source)


def _is_lazy(source: Any) -> bool:
    """A DuckDB relation has a length, but runs its query to give its lines."""
    return type(source).__module__.partition(".")[0] in ("duckdb", "_duckdb")


@dataclass(frozen=True)
class TableSource:
    """A table in memory. It may be read as often as one likes."""

    layout: Layout
    schema: pa.Schema
    table: pa.Table = field(repr=False)
    name: str = "table"

    @property
    def rows(self) -> int:
        """Number of lines."""
        return int(self.table.num_rows)

    def digest(self) -> str:
        """SHA-256 of the canonical lines, whatever their chunks."""
        found = TableDigest(self.schema)
        for part in self.partitions():
            for batch in part.batches():
                found.update(batch)
        return found.hexdigest()

    def partitions(self) -> tuple[Partition, ...]:
        """Slices of a million lines."""
        return tuple(
            Slice(self.layout, self.schema, self.table.slice(start, BATCH), start + 1)
            for start in range(0, self.rows, BATCH)
        )


@dataclass(frozen=True)
class Slice:
    """Lines of a table: a partition."""

    layout: Layout
    schema: pa.Schema
    table: pa.Table = field(repr=False)
    first: int

    @property
    def id(self) -> str:
        """Such as ``line-000000001``."""
        return f"line-{self.first:09d}"

    @property
    def rows(self) -> int:
        """Number of lines."""
        return int(self.table.num_rows)

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """See :class:`klartecken.book.table.sources.Partition`."""
        names = chosen(columns, self.schema)
        held = self.table.select([self.layout.names[name] for name in names])
        for batch in held.to_batches(max_chunksize=BATCH):
            if batch.num_rows:
                yield canonise(batch, names, self.schema, "table")


class StreamSource:
    """A stream: one partition, read once.

    The digest is taken while the stream is read, so it is there only afterwards, and only
    when every column was read.
    """

    name = "stream"
    rows = None

    def __init__(self, reader: pa.RecordBatchReader, layout: Layout, schema: pa.Schema) -> None:
        self.layout, self.schema = layout, schema
        self._part = _StreamPart(reader, layout, schema)

    def digest(self) -> str:
        """SHA-256 of the canonical lines.

        Raises:
            InputError: the stream is not read to its end yet, or not with all its columns.
        """
        if not self._part.done:
            raise InputError(
                "the digest of a stream is known once every column of it is read to the end",
                where=self.name,
                next_step="Read it first, or give a table or a file",
            )
        return self._part.digest.hexdigest()

    def partitions(self) -> tuple[Partition, ...]:
        """The one partition."""
        return (self._part,)


class _StreamPart:
    id = "stream"
    rows = None
    first = 1

    def __init__(self, reader: pa.RecordBatchReader, layout: Layout, schema: pa.Schema) -> None:
        self._reader, self._layout, self._schema = reader, layout, schema
        self._taken = False
        self.done = False
        self.digest = TableDigest(schema)

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        names = chosen(columns, self._schema)
        if self._taken:
            raise InputError("a stream can be read only once", where="stream")
        self._taken = True
        headings = [self._layout.names[name] for name in self._schema.names]
        whole = set(names) == set(self._schema.names)
        for held in _told(self._reader):
            for start in range(0, held.num_rows, BATCH):
                part = held.slice(start, BATCH).select(headings)
                if whole:
                    batch = canonise(part, self._schema.names, self._schema, "stream")
                    self.digest.update(batch)
                    yield batch.select(names)
                else:
                    part = part.select([self._layout.names[name] for name in names])
                    yield canonise(part, names, self._schema, "stream")
        self.done = whole


def _told(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    try:
        yield from reader
    except (pa.ArrowException, OSError, RuntimeError) as err:
        told = " ".join(str(err).split())
        raise InputError(f"the stream broke off ({told})", where="stream") from err


def _stream(reader: pa.RecordBatchReader, layout_for: LayoutFor) -> StreamSource:
    layout = layout_for(reader.schema.names)
    return StreamSource(reader, layout, canonical_schema(reader.schema, layout.names))


__all__ = ["Slice", "StreamSource", "TableSource", "open_table"]
