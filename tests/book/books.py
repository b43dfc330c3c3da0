"""Small books for the tests, and what they hold once read."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from klartecken.book.table.columns import Layout, layout
from klartecken.book.table.sources import Source, open_source
from klartecken.law.load import load_law

VOCABULARY = load_law().vocabulary


def layout_for(headings: Sequence[str]) -> Layout:
    return layout(headings, VOCABULARY)


def opened(source: object, **more: Any) -> Source:
    return open_source(source, layout_for, **more)


def written(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def lines(source: Source, columns: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Everything that a source holds; each batch must be of the source's schema."""
    found = []
    for part in source.partitions():
        for batch in part.batches(columns):
            batch.validate(full=True)
            wanted = source.schema if columns is None else [source.schema.field(c) for c in columns]
            assert batch.schema == pa.schema(wanted)
            assert 0 < batch.num_rows <= 1_000_000
            found += batch.to_pylist()
    return found


def as_text(rows: Iterable[dict[str, Any]]) -> list[dict[str, str | None]]:
    """Rows with every value as text, so that typed and untyped formats compare."""
    return [{k: None if v is None else _text(v) for k, v in row.items()} for row in rows]


def _text(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def column(array: Any, name: str = "tpp") -> list[Any]:
    """What a column of that name becomes."""
    size = len(array)
    table = pa.table(
        {"item": ["x"] * size, "to": ["CN"] * size, "on": ["2025-07-15"] * size, name: array}
    )
    return [row[name] for row in lines(opened(table))]
