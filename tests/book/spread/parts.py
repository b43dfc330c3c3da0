"""A made-up book in row groups, and what goes wrong with it."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from klartecken.book.job import Settings
from klartecken.book.spread.plan import Plan
from klartecken.book.synthetic.lines import schema, synth
from klartecken.book.table.sources import FileSource, RowGroup
from klartecken.decide.ask import shipped_world
from tests.book.books import opened

LINES, GROUP = 2_400, 200
DAYS = (date(2023, 9, 1), date(2026, 3, 1))


def lines(rows: int = LINES) -> pa.Table:
    """Mostly readable: one quantity in a thousand and one day are not."""
    table = pa.Table.from_batches(synth(rows, 5, days=DAYS), schema())
    amounts = [-1 if n % 1000 == 7 else n for n in table["quantity"].to_pylist()]
    amounts[rows // 2] = -3
    days = table["ship_date"].to_pylist()
    days[3] = date(2001, 1, 1)
    table = _put(table, "quantity", pa.array(amounts, pa.int64()))
    return _put(table, "ship_date", pa.array(days, pa.date32()))


def _put(table: pa.Table, name: str, array: pa.Array) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), name, array)


def book(folder: Path, rows: int = LINES) -> FileSource:
    path = folder / "book.parquet"
    pq.write_table(lines(rows), path, row_group_size=GROUP)
    source = opened(path)
    assert isinstance(source, FileSource)
    return source


def plan(source: FileSource) -> Plan:
    return Plan(shipped_world(), source.layout, Settings())


@dataclass(frozen=True)
class Deadly(RowGroup):
    """Kills the process that reads it to its end, the first time."""

    mark: Path = Path()

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        yield from super().batches(columns)
        if not self.mark.exists():
            self.mark.touch()
            os._exit(137)


def deadly(source: FileSource, index: int, mark: Path) -> FileSource:
    """The book with one row group that kills its reader once."""
    parts = list(source.parts)
    part = parts[index]
    assert isinstance(part, RowGroup)
    held = {f.name: getattr(part, f.name) for f in fields(part)}
    parts[index] = Deadly(**held, mark=mark)
    return replace(source, parts=tuple(parts))
