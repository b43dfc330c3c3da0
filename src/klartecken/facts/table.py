"""The CSV files of the package: layouts, strict reading, errors with row and column."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple, TypeVar

from klartecken.errors import DataError, InputError

DATA = Path(__file__).parent.parent / "data"

GRADES = frozenset({"primary", "secondary", "memory", "inferred", "none"})

LAYOUTS: dict[str, tuple[str, ...]] = {
    "chips": (
        "id", "name", "vendor", "designer_hq", "family", "kind", "form", "released",
        "datacenter", "datacenter_grade", "memory_type", "foundry", "packages", "grade", "note",
    ),
    "chip_figures": ("chip", "quantity", "value", "unit", "source", "grade", "used", "note"),
    "chip_sources": ("chip", "rank", "url"),
    "exporters": ("name", "aliases", "acts_for", "roles", "grade", "note"),
    "servers": ("id", "name", "vendor", "contains", "count", "grade", "source", "note"),
    "places": (
        "iso2", "iso3", "name", "treated_as", "also", "entry_basis", "source_date", "note",
    ),
    "group_memberships": (
        "iso2", "group", "from", "until", "table_until", "citation", "grade", "note",
    ),
    "events": (
        "id", "date", "time_utc", "public_from", "actor", "actor_kind", "action",
        "jurisdiction", "families", "scope", "destinations", "grade", "support", "rung",
        "direction", "summary", "amount_usd", "source_title", "source_url",
    ),
    "section_744_8": ("tag", "source", "grade", "as_of"),
    "supplement_8": ("id", "name", "from", "until", "citation", "grade", "as_of", "note"),
    "list_countries": ("text", "iso2", "note"),
    "list_counts": ("list", "name", "count", "date", "source", "grade"),
    "list_sources": ("id", "url", "format", "lists", "default", "source", "grade", "note"),
    "ai_chip_entities": (
        "name", "aliases", "countries", "list", "footnotes", "requirement", "policy",
        "citation", "start", "start_basis", "start_grade", "source", "as_of",
    ),
}  # fmt: skip

T = TypeVar("T")


class Row(NamedTuple):
    """One row of a table: the file's name, the line it ends on, its columns and its cells."""

    file: str
    line: int
    columns: tuple[str, ...]
    cells: list[str]

    def cell(self, column: str) -> str:
        """The text of one cell."""
        return self.cells[self.columns.index(column)]

    def fields(self) -> dict[str, str]:
        """The cells by column."""
        return dict(zip(self.columns, self.cells, strict=True))

    def fail(self, column: str, what: str, next_step: str = "") -> DataError:
        """The error to raise about one cell of this row."""
        return DataError(
            what, where=f"{self.file}, row {self.line}, column {column}", next_step=next_step
        )

    def read(self, column: str, reader: Callable[[str], T]) -> T:
        """One cell through a reader.

        Raises:
            DataError: the reader refused it (file, row and column are named).
        """
        try:
            return reader(self.cell(column))
        except (InputError, ValueError) as err:
            what = err.what if isinstance(err, InputError) else f"{self.cell(column)!r}: {err}"
            step = err.next_step if isinstance(err, InputError) else ""
            raise self.fail(column, what, step) from err

    def day(self, column: str) -> date | None:
        """An ISO date, or None for an empty cell.

        Raises:
            DataError: not an ISO date.
        """
        return self.read(column, date.fromisoformat) if self.cell(column) else None

    def one_of(self, column: str, options: frozenset[str]) -> str:
        """One of these words.

        Raises:
            DataError: another word.
        """
        text = self.cell(column)
        if text not in options:
            raise self.fail(
                column, f"{text!r} is not allowed", "Options: " + ", ".join(sorted(options))
            )
        return text


def read_table(name: str, folder: Path | None = None, columns: tuple[str, ...] = ()) -> list[Row]:
    """The rows of one table of :data:`LAYOUTS` (UTF-8, header row, exact columns).

    Args:
        name: the table, such as ``chips``.
        folder: where the file lies; by default the package's own data.
        columns: the layout of a table that :data:`LAYOUTS` does not hold.

    Raises:
        DataError: no such file, another header, or a row of another length.
    """
    layout = columns or LAYOUTS[name]
    file = f"{name}.csv"
    path = (folder or DATA) / file
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            _check_header(file, next(reader, []), layout)
            rows = [Row(file, reader.line_num, layout, cells) for cells in reader]
    except FileNotFoundError as err:
        raise DataError("there is no such file", where=file) from err
    except UnicodeDecodeError as err:
        raise DataError("it is not UTF-8 text", where=file) from err
    except csv.Error as err:
        raise DataError(f"it is not well-formed CSV ({err})", where=file) from err
    for row in rows:
        if len(row.cells) != len(layout):
            raise _length(row)
    return rows


def _check_header(file: str, header: list[str], layout: tuple[str, ...]) -> None:
    for column in header:
        if column not in layout:
            raise DataError(
                f"unknown column {column!r}",
                where=f"{file}, row 1, column {column}",
                next_step="Columns: " + ", ".join(layout),
            )
    for column in layout:
        if column not in header:
            raise DataError(f"missing column {column!r}", where=f"{file}, row 1, column {column}")
    if tuple(header) != layout:
        raise DataError(
            "the columns are in another order or repeated",
            where=f"{file}, row 1",
            next_step="Columns: " + ", ".join(layout),
        )


def _length(row: Row) -> DataError:
    column = row.columns[min(len(row.cells), len(row.columns) - 1)]
    return row.fail(
        column,
        f"{len(row.cells)} cells where {len(row.columns)} are expected",
        "Quote cells that hold a comma",
    )
