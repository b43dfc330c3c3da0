"""One sheet of an .xlsx file: the first row holds the headings."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import pyarrow as pa

from klartecken.book.extra import require
from klartecken.book.table.canonical import canonise, text_of
from klartecken.book.table.columns import Layout
from klartecken.book.table.sources import FileSource, LayoutFor, chosen, unreadable
from klartecken.book.table.textfiles import named, text_schema
from klartecken.errors import InputError, UnknownName

LINES = 65_536  # lines of a batch: each is a Python object for a while
_BROKEN = (zipfile.BadZipFile, KeyError, OSError, ValueError, ParseError)


def open_xlsx(path: Path, layout_for: LayoutFor, sheet: str | None) -> FileSource:
    """Open a sheet of a spreadsheet; by default the first.

    Dates are dates of the calendar whatever their format; every value is given as its exact
    text. Formulas count with the value that is stored in the file.

    Raises:
        InputError: no spreadsheet, no such sheet, no headings, or what ``layout_for`` raises.
    """
    require("openpyxl")
    book = _Workbook(path, sheet)
    headings: tuple[str, ...] = ()
    for number, cells in book.rows():
        if number > 1:
            break
        headings = tuple(_plain(cell, f"{path.name}, row 1").strip() for cell in cells)
    while headings and not headings[-1]:
        headings = headings[:-1]
    if not any(headings):
        raise InputError("the first row holds no headings", where=path.name)
    layout = layout_for(named(headings))
    schema = text_schema(layout)
    part = SheetPart(path, sheet, named(headings), layout, schema)
    return FileSource(path, layout, schema, None, (part,))


@dataclass(frozen=True)
class SheetPart:
    """A whole sheet: its one partition. Empty rows are passed over."""

    path: Path
    sheet: str | None
    headings: tuple[str, ...]
    layout: Layout
    schema: pa.Schema
    id: str = "sheet"
    rows: None = None
    first: int = 1

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """See :class:`klartecken.book.table.sources.Partition`."""
        names = chosen(columns, self.schema)
        at = [self.headings.index(self.layout.names[name]) for name in names]
        held: list[list[str | None]] = [[] for _ in names]
        for number, cells in _Workbook(self.path, self.sheet).rows():
            if number == 1 or all(cell.value is None for cell in cells):
                continue
            self._refuse_beyond(number, cells)
            for values, name, place in zip(held, names, at, strict=True):
                where = f"{self.path.name}, row {number}, column {name}"
                values.append(_cell(cells[place], name, where) if place < len(cells) else None)
            if len(held[0]) == LINES:
                yield self._batch(names, held)
                held = [[] for _ in names]
        if held[0]:
            yield self._batch(names, held)

    def _refuse_beyond(self, number: int, cells: Sequence[Any]) -> None:
        if any(cell.value is not None for cell in cells[len(self.headings) :]):
            raise InputError(
                "holds a value beyond the last heading", where=f"{self.path.name}, row {number}"
            )

    def _batch(self, names: Sequence[str], held: list[list[str | None]]) -> pa.RecordBatch:
        arrays = [pa.array(values, pa.string()) for values in held]
        batch = pa.RecordBatch.from_arrays(arrays, names=list(names))
        return canonise(batch, names, self.schema, self.path.name)


class _Workbook:
    def __init__(self, path: Path, sheet: str | None) -> None:
        self.path, self.sheet = path, sheet

    def rows(self) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """Row numbers from 1, and cells. A formula must have a stored value."""
        with closing(self._open(values=True)) as book:
            rows = enumerate(self._pick(book).iter_rows(), 1)
            if not self._has_formulas():
                yield from self._told(rows)
                return
            with closing(self._open(values=False)) as other:
                for (number, cells), formulas in zip(
                    self._told(rows), self._pick(other).iter_rows(), strict=True
                ):
                    for cell, formula in zip(cells, formulas, strict=True):
                        if formula.data_type == "f" and cell.value is None:
                            raise InputError(
                                "holds a formula without a stored value",
                                where=f"{self.path.name}, cell {formula.coordinate}",
                                next_step="Open and save the file in a spreadsheet program",
                            )
                    yield number, cells

    def _told(
        self, rows: Iterator[tuple[int, tuple[Any, ...]]]
    ) -> Iterator[tuple[int, tuple[Any, ...]]]:
        while True:
            try:
                found = next(rows, None)
            except _BROKEN as err:
                raise unreadable(self.path, err) from err
            if found is None:
                return
            yield found

    def _open(self, *, values: bool) -> Any:
        import openpyxl
        from openpyxl.utils.exceptions import InvalidFileException

        try:
            return openpyxl.load_workbook(self.path, read_only=True, data_only=values)
        except (*_BROKEN, InvalidFileException) as err:
            raise unreadable(self.path, err) from err

    def _pick(self, book: Any) -> Any:
        sheets = {sheet.title: sheet for sheet in book.worksheets}
        if not sheets or (self.sheet is not None and self.sheet not in sheets):
            raise UnknownName(
                f"there is no sheet {self.sheet!r}", nearest=tuple(sheets), where=self.path.name,
                next_step=f"Its sheets: {', '.join(sheets)}",
            )  # fmt: skip
        found = sheets[self.sheet] if self.sheet is not None else next(iter(sheets.values()))
        found.reset_dimensions()  # the size that a program wrote into the file may be wrong
        return found

    def _has_formulas(self) -> bool:
        with zipfile.ZipFile(self.path) as archive:
            for name in archive.namelist():
                if not name.startswith("xl/worksheets/"):
                    continue
                tail = b""
                with archive.open(name) as file:
                    while block := file.read(1 << 20):
                        block = tail + block
                        if b"<f>" in block or b"<f " in block or b"<f/" in block:
                            return True
                        tail = block[-2:]
        return False


def _plain(cell: Any, where: str) -> str:
    """A heading."""
    text = _cell(cell, "ship_date", where)
    return "" if text is None else text


def _cell(cell: Any, name: str, where: str) -> str | None:
    value = cell.value
    if value is None or isinstance(value, str):
        if cell.data_type == "e":
            raise InputError(f"holds the error {value}", where=where)
        return value
    if isinstance(value, (datetime, date)):
        if name != "ship_date":
            raise InputError(
                "holds a date", where=where, next_step="Format the column as text, and type it anew"
            )
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    if isinstance(value, (bool, int, float)):
        return text_of(value)
    raise InputError(f"holds a {type(value).__name__}, which cannot be read", where=where)
