"""The first sheet of an XLSX file, cell by cell, with nothing lost and nothing guessed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from klartecken.errors import InputError

Cell = str | date
MOST_ROWS = 1_000_000  # empty ones among them
UNPACKED = 1 << 30  # bytes: what a file of orders may unpack to
FORMULA = (b"<f>", b"<f ", b"<f/")


def read_xlsx(name: str, body: bytes) -> Iterator[tuple[int, list[Cell]]]:
    """The rows of the first sheet with their numbers; days as days, all else as text.

    A formula counts with the value that is stored with it. A number shown with leading zeros
    (by a format as ``00000``) keeps them.

    Raises:
        InputError: no spreadsheet that can be read, or a formula without a stored value.
    """
    try:
        yield from _rows(name, body)
    except InputError:
        raise
    except Exception as err:  # openpyxl raises whatever its parsers raise
        raise InputError(f"cannot be read as XLSX ({type(err).__name__})", where=name) from err


def _rows(name: str, body: bytes) -> Iterator[tuple[int, list[Cell]]]:
    formulas = _look_inside(name, body)
    shown = enumerate(_sheet(body, values=True).iter_rows(), 1)
    others = _sheet(body, values=False).iter_rows() if formulas else None
    for number, cells in shown:
        if number > MOST_ROWS:
            raise InputError(f"has more than {MOST_ROWS} rows", where=name)
        if others is not None:
            for cell, formula in zip(cells, next(others), strict=True):
                if formula.data_type == "f" and cell.value is None:
                    raise InputError(
                        "holds a formula without a stored value",
                        where=f"{name}, cell {formula.coordinate}",
                        next_step="Open and save the file in a spreadsheet program",
                    )
        yield number, [_cell(cell, f"{name}, row {number}") for cell in cells]


def _look_inside(name: str, body: bytes) -> bool:
    """Has a sheet any formula? It also refuses what unpacks to too much."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        if sum(part.file_size for part in archive.infolist()) > UNPACKED:
            raise InputError("unpacks to too much", where=name, next_step="Part it, or give CSV")
        for part in archive.namelist():
            if part.startswith("xl/worksheets/"):
                with archive.open(part) as file:
                    tail = b""
                    while block := file.read(1 << 20):
                        block = tail + block
                        if any(mark in block for mark in FORMULA):
                            return True
                        tail = block[-2:]
    return False


def _sheet(body: bytes, *, values: bool) -> Any:
    from openpyxl import load_workbook

    sheet = load_workbook(io.BytesIO(body), read_only=True, data_only=values).worksheets[0]
    sheet.reset_dimensions()  # the size that a program wrote into the file may be wrong
    return sheet


def _cell(cell: Any, where: str) -> Cell:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, float):
        value = int(value) if value.is_integer() else value
    if isinstance(value, int):
        zeros = str(cell.number_format)
        width = len(zeros) if not zeros.strip("0") else 0
        return str(value).zfill(width)
    if isinstance(value, float):
        return repr(value)
    raise InputError(f"holds a {type(value).__name__}, which cannot be read", where=where)
