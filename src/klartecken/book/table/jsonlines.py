"""JSON lines: one object for each order line, numbers as they are written.

The file is gone through once on opening, for the keys of all lines: a misspelt key that only
some lines have must be seen before anything is decided.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from klartecken.book.table.canonical import canonise
from klartecken.book.table.columns import Layout
from klartecken.book.table.sources import FileSource, LayoutFor, chosen, unreadable
from klartecken.book.table.textfiles import open_bytes, text_schema
from klartecken.errors import InputError

LINES = 65_536  # lines of a batch: each is a Python object for a while


def open_jsonl(path: Path, layout_for: LayoutFor) -> FileSource:
    """Open a .jsonl or .ndjson file, also as .gz.

    Raises:
        InputError: a line that is no object of plain values (its number is named), or what
            ``layout_for`` raises.
    """
    keys: dict[str, None] = {}
    rows = 0
    for _, row in _rows(path):
        keys.update(dict.fromkeys(row))
        rows += 1
    if not rows:
        raise InputError("the file holds no line, so no columns", where=path.name)
    layout = layout_for(list(keys))
    schema = text_schema(layout)
    return FileSource(path, layout, schema, rows, (JsonPart(path, layout, schema, rows),))


@dataclass(frozen=True)
class JsonPart:
    """A whole file: its one partition. Empty lines are passed over; an absent key is null."""

    path: Path
    layout: Layout
    schema: pa.Schema
    rows: int
    id: str = "file"
    first: int = 1

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """See :class:`klartecken.book.table.sources.Partition`."""
        names = chosen(columns, self.schema)
        headings = [self.layout.names[name] for name in names]
        held: list[list[str | None]] = [[] for _ in names]
        for number, row in _rows(self.path):
            for values, heading in zip(held, headings, strict=True):
                values.append(_text(row.get(heading), self.path, number, heading))
            if len(held[0]) == LINES:
                yield self._batch(names, held)
                held = [[] for _ in names]
        if held[0]:
            yield self._batch(names, held)

    def _batch(self, names: Sequence[str], held: list[list[str | None]]) -> pa.RecordBatch:
        arrays = [pa.array(values, pa.string()) for values in held]
        batch = pa.RecordBatch.from_arrays(arrays, names=list(names))
        return canonise(batch, names, self.schema, self.path.name)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each line's number and pairs."""
    try:
        with open_bytes(path) as file:
            for number, raw in enumerate(file, 1):
                if raw.strip():
                    yield number, _row(raw, f"{path.name}, line {number}")
    except (OSError, EOFError) as err:
        raise unreadable(path, err) from err


def _row(raw: bytes, where: str) -> dict[str, Any]:
    try:
        row = _DECODER.decode(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as err:
        raise InputError(f"byte {err.start + 1} is not UTF-8", where=where) from None
    except _Twice as err:
        raise InputError(f"{err} stands twice", where=where) from None
    except (ValueError, RecursionError) as err:
        raise InputError(f"is not JSON ({err})", where=where) from None
    if not isinstance(row, dict):
        raise InputError("is no object", where=where, next_step="Write one {...} on each line")
    return row


class _Twice(ValueError):
    """A key that stands twice in an object."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _Twice(repr(next(key for key in keys if keys.count(key) > 1)))
    return found


def _constant(name: str) -> str | None:
    if name == "NaN":
        return None
    raise ValueError(f"{name} is no number")


def _text(value: object, path: Path, number: int, key: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    kind = "an object" if isinstance(value, dict) else "a list"
    where = f"{path.name}, line {number}"
    raise InputError(f"{key!r} holds {kind}", where=where, next_step="Give a plain value")


_DECODER = json.JSONDecoder(
    parse_int=str, parse_float=str, parse_constant=_constant, object_pairs_hook=_object
)
