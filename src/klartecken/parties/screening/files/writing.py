"""Writes a file of hits beside its place: CSV, JSON lines or Parquet; reads one back."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Protocol

from klartecken.errors import InputError
from klartecken.parties.screening.files.hitrows import COLUMNS, HitRow, guarded, unguarded
from klartecken.parties.screening.files.reading import ENDINGS, csv_rows, need_pyarrow

_NUMBERS = {"row": int, "words": float, "characters": float}


class Table(Protocol):
    """A table that is being written."""

    def write(self, rows: Sequence[HitRow]) -> None:
        """Append rows."""

    def close(self) -> None:
        """Write what is left."""


def part_of(path: Path) -> Path:
    """The file that is written until all is done."""
    return path.with_name(f".{path.name}.part")


def open_table(path: Path) -> Table:
    """A table to write, at :func:`part_of` its place.

    Raises:
        InputError: another ending, no such folder, or pyarrow is missing.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise InputError("is of no format that is written", where=str(path),
                         next_step=f"Use {', '.join(ENDINGS)}")  # fmt: skip
    if not path.parent.is_dir() or (path.exists() and not path.is_file()):
        raise InputError("cannot be written there", where=str(path),
                         next_step="Name a file in a folder that exists")  # fmt: skip
    if ending == ".parquet":
        need_pyarrow(path)
        return _Parquet(part_of(path))
    stream = part_of(path).open("w", encoding="utf-8", newline="")
    return _Csv(stream) if ending == ".csv" else _Lines(stream)


def put(path: Path) -> None:
    """Let what was written beside a place take it."""
    part = part_of(path)
    with part.open("rb") as stream:
        os.fsync(stream.fileno())
    part.replace(path)


class _Csv:
    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._writer = csv.writer(stream, lineterminator="\n")
        self._writer.writerow(COLUMNS)

    def write(self, rows: Sequence[HitRow]) -> None:
        for row in rows:
            self._writer.writerow([guarded(c) if isinstance(c, str) else c for c in row])

    def close(self) -> None:
        self._stream.close()


class _Lines:
    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, rows: Sequence[HitRow]) -> None:
        for row in rows:
            self._stream.write(json.dumps(row._asdict(), ensure_ascii=False) + "\n")

    def close(self) -> None:
        self._stream.close()


class _Parquet:
    def __init__(self, part: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        kinds = {"row": pa.int64(), "words": pa.float64(), "characters": pa.float64()}
        self._schema = pa.schema([(name, kinds.get(name, pa.string())) for name in COLUMNS])
        self._table = pa.table
        self._writer = pq.ParquetWriter(part, self._schema, compression="zstd")

    def write(self, rows: Sequence[HitRow]) -> None:
        held: dict[str, list[Any]] = {name: [] for name in COLUMNS}
        for row in rows:
            for name, value in zip(COLUMNS, row, strict=True):
                held[name].append(value)
        self._writer.write_table(self._table(held, schema=self._schema))

    def close(self) -> None:
        self._writer.close()


def read_hits(path: Path) -> Iterator[tuple[str, HitRow | None]]:
    """The party hashes of a file that was written here, with the hit of each row, or None.

    Raises:
        InputError: it cannot be read, or has other columns.
    """
    for number, (name, held) in enumerate(_held(path), 1):
        try:
            yield name, None if held is None else HitRow(**held)
        except (TypeError, ValueError) as err:
            raise InputError("is no row of hits", where=f"{path.name}, row {number}",
                             next_step="Run without --previous") from err  # fmt: skip


def _held(path: Path) -> Iterator[tuple[str, dict[str, Any] | None]]:
    ending = path.suffix.lower()
    if ending == ".csv":
        headings, rows = csv_rows(path)
        if tuple(headings) != COLUMNS:
            raise InputError("is no file of hits of this version", where=str(path),
                             next_step="Run without --previous")  # fmt: skip
        name, entry = COLUMNS.index("party_hash"), COLUMNS.index("entry_id")
        for row in rows:
            if row[entry]:
                held = {c: _value(c, text) for c, text in zip(COLUMNS, row, strict=True)}
                yield row[name], held
            else:  # most rows: nothing more is wanted of them
                yield row[name], None
        return
    if ending == ".parquet":
        need_pyarrow(path)
        import pyarrow.parquet as pq

        plain = (row for batch in pq.ParquetFile(path).iter_batches() for row in batch.to_pylist())
        yield from _with_hit(plain)
    else:
        with path.open(encoding="utf-8") as stream:
            yield from _with_hit(json.loads(line) for line in stream)


def _with_hit(rows: Iterable[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any] | None]]:
    for row in rows:
        yield row.get("party_hash", ""), row if row.get("entry_id") else None


def _value(name: str, text: str) -> Any:
    if name in _NUMBERS:
        return _NUMBERS[name](text) if text else None
    return unguarded(text)
