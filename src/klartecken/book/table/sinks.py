"""Writes a table of answers: all of it, or nothing.

Everything goes to a file ``.NAME.part`` beside the target, which takes the target's place on
commit. Until then, what was there stays there.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, NamedTuple, Protocol, Self

import pyarrow as pa
import pyarrow.compute as pac
import pyarrow.csv as pc
import pyarrow.parquet as pq

from klartecken.book.table.canonical import text_of
from klartecken.errors import InputError

GROUP = 500_000  # batches are put together until a row group has so many lines
_LINES = 65_536  # lines of JSON put together at a time


class Reject(NamedTuple):
    """A line that could not be read: number (from 1), own number, column, value, why."""

    line: int
    line_id: str
    column: str
    value: str
    reason: str


class _Format(Protocol):
    """One file format, open for writing."""

    def write(self, batch: pa.RecordBatch) -> None: ...

    def close(self) -> None: ...


class Sink:
    """A table that is being written. Use it in a ``with``: it commits on a clean exit only."""

    def __init__(
        self, path: Path, schema: pa.Schema, opened: Callable[[Path, pa.Schema], _Format]
    ) -> None:
        self.path, self.schema = path, schema
        self._part = part_of(path)
        self._done = self._whole = False
        try:
            self._format = opened(self._part, schema)
        except OSError as err:
            raise unwritable(path, err) from err
        except pa.ArrowException as err:
            self._part.unlink(missing_ok=True)
            told = " ".join(str(err).split())
            raise InputError(f"cannot hold such a table ({told})", where=str(path)) from err

    def write(self, batch: pa.RecordBatch) -> None:
        """Append the lines of a batch of the sink's schema.

        Raises:
            InputError: another schema, or the file cannot be written.
        """
        if self._done or self._whole:
            raise InputError("the table is closed", where=str(self.path))
        if not batch.schema.equals(self.schema):
            raise InputError("the batch has other columns than the table", where=str(self.path))
        try:
            self._format.write(batch)
        except OSError as err:
            raise unwritable(self.path, err) from err

    def finish(self) -> Path:
        """Write the last lines; the whole table then waits for the commit.

        Returns:
            The file that waits.

        Raises:
            InputError: the file cannot be written, or the table is closed already.
        """
        if self._done or self._whole:
            raise InputError("the table is closed", where=str(self.path))
        try:
            self._format.close()
        except OSError as err:
            self.abort()
            raise unwritable(self.path, err) from err
        except BaseException:
            self.abort()
            raise
        self._whole = True
        return self._part

    def commit(self) -> None:
        """Finish the file, if it is not, and put it in the target's place.

        Raises:
            InputError: the file cannot be written, or the table is closed already.
        """
        if not self._whole:
            self.finish()
        if self._done:
            raise InputError("the table is closed", where=str(self.path))
        try:
            put(self._part, self.path)
        except BaseException:
            self.abort()
            raise
        self._done = True

    def abort(self) -> None:
        """Throw away what was written; the target stays as it was. Harmless when closed."""
        if self._done:
            return
        self._done = True
        try:
            if not self._whole:
                self._format.close()
        except (OSError, pa.ArrowException):
            pass  # it is thrown away in any case
        finally:
            self._part.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self.abort()
        elif not self._done:
            self.commit()


def open_sink(path: str | Path, schema: pa.Schema) -> Sink:
    """A table to write: .parquet, .csv or .jsonl.

    Args:
        path: the target; its folder must exist. The caller refuses a target that is the source.
        schema: of every batch.

    Raises:
        InputError: another ending, or the file cannot be written.
    """
    path = Path(path)
    formats: dict[str, Callable[[Path, pa.Schema], _Format]] = {
        ".parquet": _Parquet, ".csv": _Csv, ".jsonl": _Json,
    }  # fmt: skip
    opened = formats.get(path.suffix.lower())
    if opened is None:
        raise InputError(
            "is of no format that is written", where=str(path),
            next_step=f"Use {', '.join(formats)}",
        )  # fmt: skip
    if path.is_dir():
        raise InputError("is a folder, not a file", where=str(path))
    return Sink(path, schema, opened)


def write_rejects(path: str | Path, rows: Iterable[Reject | Sequence[object]]) -> int:
    """Write rejected lines as CSV, all or nothing.

    Returns:
        The number of rows.

    Raises:
        InputError: the file cannot be written.
    """
    path = Path(path)
    part = part_of(path)
    count = 0
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(Reject._fields)
            for row in rows:
                writer.writerow(row)
                count += 1
        put(part, path)
    except OSError as err:
        raise unwritable(path, err) from err
    finally:
        part.unlink(missing_ok=True)
    return count


def part_of(path: Path) -> Path:
    """The file that is written until the commit."""
    return path.with_name(f".{path.name}.part")


def put(part: Path, path: Path) -> None:
    """Let a file that was written beside a target take its place.

    Raises:
        InputError: it cannot.
    """
    try:
        with part.open("rb") as file:
            os.fsync(file.fileno())  # a power cut must not leave an empty file under the name
        part.replace(path)
    except OSError as err:
        raise unwritable(path, err) from err


def unwritable(path: Path, err: OSError) -> InputError:
    """The error for a file that cannot be written."""
    told = err.strerror or " ".join(str(err).split())
    return InputError(f"the file cannot be written ({told})", where=str(path))


class _Parquet:
    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._schema = schema
        self._writer = pq.ParquetWriter(path, schema, compression="zstd", compression_level=1)
        self._held: list[pa.RecordBatch] = []
        self._rows = 0

    def write(self, batch: pa.RecordBatch) -> None:
        self._held.append(batch)
        self._rows += batch.num_rows
        if self._rows >= GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            # one dictionary for the group, else the file falls back to plain values
            table = pa.Table.from_batches(self._held, self._schema).unify_dictionaries()
            self._writer.write_table(table, row_group_size=self._rows)
        self._held, self._rows = [], 0

    def close(self) -> None:
        self._flush()
        self._writer.close()


class _Csv:
    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._schema = pa.schema([(field.name, _written(field.type)) for field in schema])
        self._writer = pc.CSVWriter(
            path, self._schema, write_options=pc.WriteOptions(quoting_style="needed")
        )

    def write(self, batch: pa.RecordBatch) -> None:
        self._writer.write_batch(batch.cast(self._schema))

    def close(self) -> None:
        self._writer.close()


def _written(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        return kind.value_type
    return pa.string() if pa.types.is_decimal(kind) else kind


class _Json:
    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._file: IO[str] = path.open("w", encoding="utf-8", newline="\n")
        keys = (json.dumps(name, ensure_ascii=False).replace("%", "%%") for name in schema.names)
        self._row = "{" + ", ".join(f"{key}: %s" for key in keys) + "}\n"

    def write(self, batch: pa.RecordBatch) -> None:
        for start in range(0, batch.num_rows, _LINES):
            columns = [_json(array) for array in batch.slice(start, _LINES).columns]
            row = self._row
            self._file.writelines(row % values for values in zip(*columns, strict=True))

    def close(self) -> None:
        self._file.close()


def _json(array: Any) -> list[str]:
    """The values as JSON: numbers exact, days as text, NaN as null."""
    if pa.types.is_dictionary(array.type):
        texts = [*_json(array.dictionary), "null"]
        places = pac.fill_null(array.indices, len(texts) - 1)
        return [texts[place] for place in places.to_pylist()]
    return [_token(value) for value in array.to_pylist()]


def _token(value: Any) -> str:
    if value is None or isinstance(value, (bool, str, int)):
        return json.dumps(value, ensure_ascii=False)
    if pa.types.is_date(pa.scalar(value).type):
        return f'"{value.isoformat()}"'
    return text_of(value) or "null"
