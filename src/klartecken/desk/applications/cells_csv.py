"""The data sheet as CSV, safe to open in a spreadsheet and exact to read back.

A value that a spreadsheet would take for a formula (one that begins with ``= + - @``, a tab or
a carriage return) gets an apostrophe in front, as OWASP advises; a value that already begins
with apostrophes before such a character gets one more. So :func:`read_csv`, which takes one
away again, gives back exactly what was written.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from klartecken.desk.applications.cells import Cell
from klartecken.errors import InputError
from klartecken.parties.screening.files.hitrows import guarded, unguarded

COLUMNS = ("block", "entry", "name", "value", "tag")


def write_csv(cells: Iterable[Cell]) -> str:
    """Cells as CSV with headings; UTF-8 text, every line ended with CR LF (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for cell in cells:
        writer.writerow([guarded(cell.block), cell.entry, guarded(cell.name),
                         guarded(cell.value), cell.tag])  # fmt: skip
    return out.getvalue()


def read_csv(text: str) -> list[Cell]:
    """The cells that :func:`write_csv` wrote.

    Raises:
        InputError: other headings, or a row that is no cell.
    """
    rows = csv.reader(io.StringIO(text, newline=""))
    if tuple(next(rows, ())) != COLUMNS:
        raise InputError("the headings are not " + ", ".join(COLUMNS), where="row 1")
    found = []
    for number, row in enumerate(rows, 2):
        if len(row) != len(COLUMNS) or not row[1].isdecimal():
            raise InputError("is no cell of a data sheet", where=f"row {number}")
        block, entry, name, value, tag = row
        found.append(Cell(unguarded(block), int(entry), unguarded(name), unguarded(value), tag))
    return found
