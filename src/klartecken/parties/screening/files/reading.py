"""Reads a file of parties in chunks: CSV, JSON lines or Parquet, by its ending."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

from klartecken.errors import InputError
from klartecken.parties.screening.files.columns import Columns, PartyRow, found_columns, party_row

CHUNK = 25_000  # parties screened at a time: bounds the memory
ENDINGS = (".csv", ".jsonl", ".parquet")
Cells = list[str]


@dataclass(frozen=True)
class PartyFile:
    """A file of parties.

    Attributes:
        path: of the file.
        columns: our name -> heading.
    """

    path: Path
    columns: dict[str, str]

    def chunks(self, size: int = CHUNK) -> Iterator[list[PartyRow]]:
        """The parties, in order.

        Raises:
            InputError: a row with too few or too many cells, or that is no text.
        """
        rows = (party_row(n, cells) for n, cells in enumerate(self._cells(), 1))
        while chunk := list(islice(rows, size)):
            yield chunk

    def sha256(self) -> str:
        """Of the file as it is."""
        with self.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def _cells(self) -> Iterator[dict[str, str]]:
        ending = self.path.suffix.lower()
        if ending == ".csv":
            headings, rows = csv_rows(self.path)
            places = {name: headings.index(heading) for name, heading in self.columns.items()}
            for row in rows:
                yield {name: row[place] for name, place in places.items()}
            return
        held = _json_rows(self.path) if ending == ".jsonl" else _parquet_rows(self)
        for one in held:
            yield {name: _text(one.get(heading)) for name, heading in self.columns.items()}


def open_parties(path: Path, asked: Columns) -> PartyFile:
    """Open a file of parties and find its columns.

    Raises:
        InputError: it cannot be read, is of no known format, or lacks a column.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise InputError("is of no format that is read", where=str(path),
                         next_step=f"Use {', '.join(ENDINGS)}")  # fmt: skip
    if not path.is_file():
        raise InputError("there is no such file", where=str(path))
    if ending == ".csv":
        headings: Sequence[str] = csv_rows(path)[0]
    elif ending == ".parquet":
        need_pyarrow(path)
        headings = _parquet(path).schema_arrow.names
    else:
        headings = list(dict.fromkeys(key for one in _json_rows(path) for key in one))
    return PartyFile(path, found_columns(asked, headings, path.name))


def csv_rows(path: Path) -> tuple[Cells, Iterator[Cells]]:
    """The headings of a CSV file, and its rows, each as long as the headings.

    Raises:
        InputError: no heading, another number of cells, or not UTF-8; with the row (from 1,
            after the headings). Raised while the rows are read.
    """
    rows = _csv_lines(path)
    headings = next(rows, None)
    if headings is None:
        raise InputError("is empty", where=path.name, next_step="Give it a row of headings")
    return [heading.strip() for heading in headings], _even(rows, len(headings), path)


def _csv_lines(path: Path) -> Iterator[Cells]:
    number = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            width = 0
            for row in csv.reader(stream, strict=True):
                width = width or len(row)
                if row or width == 1:  # of one column, a blank line is a party without a name
                    yield row or [""]
                    number += 1
    except UnicodeDecodeError as err:
        raise InputError("is not UTF-8 text", where=f"{path.name}, row {max(number, 1)} or later",
                         next_step="Save it as UTF-8") from err  # fmt: skip
    except csv.Error as err:
        raise InputError(f"cannot be read as CSV ({err})",
                         where=f"{path.name}, row {number}") from err  # fmt: skip
    except OSError as err:
        raise InputError(f"cannot be read ({err.strerror})", where=str(path)) from err


def _even(rows: Iterator[Cells], width: int, path: Path) -> Iterator[Cells]:
    for number, row in enumerate(rows, 1):
        if len(row) != width:
            raise InputError(
                f"has {len(row)} cells, the headings are {width}",
                where=f"{path.name}, row {number}",
                next_step="Put texts with commas in double quotes",
            )  # fmt: skip
        yield row


def _json_rows(path: Path) -> Iterator[dict[str, Any]]:
    number = 0
    try:
        with path.open(encoding="utf-8-sig") as stream:
            for line in stream:
                if not line.strip():
                    continue
                number += 1
                one = json.loads(line)
                if not isinstance(one, dict):
                    raise ValueError("it is no object")
                yield one
    except UnicodeDecodeError as err:
        raise InputError("is not UTF-8 text", where=f"{path.name}, row {number + 1} or later",
                         next_step="Save it as UTF-8") from err  # fmt: skip
    except (ValueError, RecursionError) as err:
        raise InputError(f"is no JSON object ({err})",
                         where=f"{path.name}, row {number}") from err  # fmt: skip
    except OSError as err:
        raise InputError(f"cannot be read ({err.strerror})", where=str(path)) from err


def need_pyarrow(path: Path) -> None:
    """Stop where Parquet cannot be read or written.

    Raises:
        InputError: pyarrow is not installed.
    """
    if find_spec("pyarrow") is None:
        raise InputError(
            "Parquet needs pyarrow, which cannot be found", where=str(path),
            next_step="Install the extra: pip install 'klartecken[book]', or use .csv",
        )  # fmt: skip


def _parquet(path: Path) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(path)
    except (OSError, pa.ArrowException) as err:
        told = " ".join(str(err).split())
        raise InputError(f"cannot be read as Parquet ({told})", where=str(path)) from err


def _parquet_rows(file: PartyFile) -> Iterator[dict[str, Any]]:
    import pyarrow as pa

    try:
        for batch in _parquet(file.path).iter_batches(CHUNK, columns=[*file.columns.values()]):
            yield from batch.to_pylist()
    except (OSError, pa.ArrowException) as err:
        told = " ".join(str(err).split())
        raise InputError(f"cannot be read as Parquet ({told})", where=str(file.path)) from err


def _text(value: Any) -> str:
    """A cell as text; lists (of aliases, of identifiers) as parts."""
    if isinstance(value, (list, tuple)):
        return ";".join(_text(one) for one in value)
    return "" if value is None else sound(str(value))


def sound(text: str) -> str:
    """The text with half characters (lone surrogates), which nothing can write, replaced."""
    return text.encode("utf-8", "replace").decode()
