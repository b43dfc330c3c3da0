"""A table of answers read back: its receipt, its columns, one of its lines."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klartecken.book.output import facts_of
from klartecken.book.receipt import cases_path, read_receipt, receipt_path, rejects_path
from klartecken.book.table.columns import Layout
from klartecken.book.table.sources import Partition, Source, open_source
from klartecken.errors import InputError, UnknownName

NEEDED = ("line_id", "outcome", "requirements", "case")
MANY = 20  # lines of one name that an error lists
Row = Mapping[str, Any]


@dataclass(frozen=True)
class OutFile:
    """A table of answers that is open for reading.

    Attributes:
        path: of the table.
        sources: its lines; several for a folder, none when there are neither lines nor headings.
        receipt: the one beside it, or None when there is none.
    """

    path: Path
    sources: tuple[Source, ...]
    receipt: Mapping[str, Any] | None

    @property
    def columns(self) -> tuple[str, ...]:
        """Its columns, in order."""
        return tuple(self.sources[0].schema.names) if self.sources else NEEDED

    def _partitions(self) -> Iterator[Partition]:
        return (part for source in self.sources for part in source.partitions())

    def batches(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """The lines in order, in canonical form."""
        for part in self._partitions():
            yield from part.batches(columns)

    def rows(self, wanted: Sequence[int]) -> Iterator[tuple[int, Row]]:
        """Whole lines by their place in the table (from 1), in order."""
        places = np.array(sorted(wanted), np.int64)
        first = 1
        for part in self._partitions():
            if part.rows is not None and not _within(places, first, part.rows).size:
                first += part.rows
                continue
            for batch in part.batches():
                found = _within(places, first, batch.num_rows)
                held = batch.take(pa.array(found - first)).to_pylist()
                yield from zip(found.tolist(), held, strict=True)
                first += batch.num_rows

    def places_of(self, line_id: str) -> list[int]:
        """The places (from 1) of the lines with that number of their own."""
        found: list[int] = []
        first = 1
        for batch in self.batches(["line_id"]):
            column = batch.column(0)
            wanted: object = line_id
            if pa.types.is_integer(column.type):
                wanted = _number(line_id)
            same = pc.fill_null(pc.equal(column, pa.scalar(wanted, column.type)), False)
            found += (np.flatnonzero(np.asarray(same)) + first).tolist()
            first += batch.num_rows
        return found


def _number(text: str) -> int | None:
    """A whole number that a column of 64 bits can hold."""
    try:
        number = int(text)
    except ValueError:
        return None
    return number if abs(number) < 2**63 else None


def _within(places: Any, first: int, rows: int) -> Any:
    return places[(places >= first) & (places < first + rows)]


def open_out(path: str | Path, *, anyway: bool = False) -> OutFile:
    """Open a table of answers, and see that the receipt beside it is its own.

    Args:
        path: .parquet, .csv or .jsonl, or a folder of .parquet files.
        anyway: read it also when it does not fit its receipt.

    Raises:
        InputError: no table of answers, or not the one that the receipt was written for.
    """
    path = Path(path)
    body = read_receipt(path) if receipt_path(path).exists() and path.exists() else None
    if body is not None and not anyway:
        _refuse_strangers(path, body)
    if path.suffix.lower() == ".jsonl" and path.is_file() and not path.stat().st_size:
        return OutFile(path, (), body)  # not one line was answered

    def same(headings: Sequence[str]) -> Layout:
        absent = [name for name in NEEDED if name not in headings]
        if absent:
            raise InputError(
                f"has no column {' and no '.join(absent)}: it is no table of answers",
                where=str(path), next_step="Give the file that `klartecken book check -o` wrote",
            )  # fmt: skip
        return Layout({name: name for name in headings})

    files = _files(path) if path.is_dir() else [path]
    sources = tuple(open_source(file, same) for file in files)
    for file, source in zip(files, sources, strict=True):
        if not source.schema.equals(sources[0].schema):
            raise InputError(f"has other columns than {files[0].name}", where=str(file))
    return OutFile(path, sources, body)


def _files(folder: Path) -> list[Path]:
    """The files of a folder of answers, in the order of their lines."""
    found = [file for file in folder.glob("*.parquet") if not file.name.startswith(".")]
    if not found:
        raise InputError(
            "is a folder without a Parquet file", where=str(folder),
            next_step="Give the file or folder that `klartecken book check -o` wrote",
        )  # fmt: skip
    # group-100000 comes after group-99999
    return sorted(found, key=lambda file: (len(file.name), file.name))


def _refuse_strangers(path: Path, body: Mapping[str, Any]) -> None:
    """Refuse a table, cases or rejects of another run than the receipt's."""
    files = body.get("files")
    if files is None:
        raise InputError("the receipt is not that of a file", where=str(receipt_path(path)))
    places = (("answers", path), ("cases", cases_path(path)), ("rejects", rejects_path(path)))
    for name, file in places:
        try:
            there = facts_of(file) if file.exists() else None
        except OSError as err:
            raise InputError(f"cannot be read ({err.strerror})", where=str(file)) from err
        if there != files[name]:
            told = "are not there" if there is None else "are not those of the receipt beside it"
            raise InputError(
                f"the {name} {told}: they were changed, moved, or a run was stopped",
                where=str(file),
                next_step="Run `klartecken book check` again, or read on with --anyway",
            )  # fmt: skip


def the_line(out: OutFile, line_id: str | None, row: int | None) -> Row:
    """The one line with that number of its own, or at that place.

    Args:
        out: the table.
        line_id: its own number.
        row: its place in the table, from 1; must agree with ``line_id`` when both are given.

    Raises:
        InputError: none, more than one, or one that was rejected.
    """
    if line_id is None and row is None:
        raise InputError("say which line", where="book explain", next_step="Give --line or --row")
    places = [row] if row is not None else out.places_of(line_id or "")
    if len(places) > 1:
        _refuse_many(out, line_id or "", places)
    found = [held for _, held in out.rows([place for place in places if place is not None])]
    if not found:
        told = f"line {line_id!r}" if row is None else f"row {row}"
        _refuse_rejected(out, line_id)
        raise UnknownName(f"there is no {told}", where=str(out.path))
    if row is not None and line_id is not None and str(found[0]["line_id"]) != line_id:
        raise InputError(f"row {row} is line {found[0]['line_id']!r}", where=str(out.path))
    return found[0]


def _refuse_many(out: OutFile, line_id: str, places: list[int]) -> None:
    shown = [
        f"row {place}: {row.get('item')} to {row.get('destination')} on {row.get('ship_date')}"
        for place, row in out.rows(places[:MANY])
    ]
    if len(places) > MANY:
        shown.append(f"and {len(places) - MANY} more")
    raise InputError(
        f"{len(places)} lines are called {line_id!r} ({'; '.join(shown)})", where=str(out.path),
        next_step="Say which with --row",
    )  # fmt: skip


def _refuse_rejected(out: OutFile, line_id: str | None) -> None:
    """Say why the line has no answer, when it was rejected."""
    path = rejects_path(out.path)
    if line_id is None or not path.is_file():
        return
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row.get("line_id") == line_id:
                raise InputError(
                    f"line {line_id!r} was rejected ({row.get('column')}: {row.get('reason')})",
                    where=str(path), next_step="Mend it and run `klartecken book check` again",
                )  # fmt: skip


__all__ = ["OutFile", "open_out", "the_line"]
