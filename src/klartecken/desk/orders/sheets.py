"""Tables of order lines in and out: CSV and XLSX, as text, with nothing lost.

Cells are read as text: leading zeros stay. What is written for a spreadsheet never begins a
formula: a cell that could is written with an apostrophe before it, which reading takes off.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from klartecken.errors import InputError

MOST_CELLS = 200  # columns
LONGEST_CELL = 20_000
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")  # of a formula, in some spreadsheet


def read_sheet(name: str, body: bytes) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """A table: its headings, and each row with its number in the file.

    Args:
        name: of the file; its ending says what it is.
        body: its bytes.

    Raises:
        InputError: not a table that can be read, or a heading that stands twice.
    """
    ending = Path(name).suffix.lower()
    if ending == ".xlsx":
        rows = _xlsx(name, body)
    elif ending in (".csv", ".tsv", ".txt"):
        rows = _csv(name, body, "\t" if ending == ".tsv" else None)
    else:
        raise InputError(f"{ending or 'no ending'} is no table of order lines", where=name,
                         next_step="Give .csv, .tsv or .xlsx")  # fmt: skip
    return _headed(name, rows)


def _headed(
    name: str, rows: Iterable[tuple[int, list[str]]]
) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    found = iter(rows)
    first = next(((n, row) for n, row in found if any(row)), None)
    if first is None:
        raise InputError("is empty", where=name)
    heads = [cell.strip().lower().replace(" ", "_").replace("-", "_") for cell in first[1]]
    while heads and not heads[-1]:
        heads.pop()
    double = sorted({head for head in heads if heads.count(head) > 1})
    if double or len(heads) > MOST_CELLS:
        raise InputError(f"heading {double[0]!r} stands twice" if double else "too many columns",
                         where=name)  # fmt: skip
    table = []
    for number, cells in found:
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[len(heads) :]):
            raise InputError("has more cells than there are headings",
                             where=f"{name}, row {number}")  # fmt: skip
        texts = [unguard(cell) for cell in cells[: len(heads)]]
        table.append((number, dict(zip(heads, texts, strict=False))))
    return heads, table


def _csv(name: str, body: bytes, delimiter: str | None) -> Iterator[tuple[int, list[str]]]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        raise InputError("is not UTF-8", where=name, next_step="Save it as CSV UTF-8") from err
    if delimiter is None:
        head = text.partition("\n")[0]
        delimiter = ";" if head.count(";") > head.count(",") else ","
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as err:
        raise InputError(f"cannot be read as CSV ({err})",
                         where=f"{name}, line {reader.line_num}") from err  # fmt: skip


def _xlsx(name: str, body: bytes) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(body), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
            yield number, [_cell(value) for value in row]
    except InputError:
        raise
    except Exception as err:  # openpyxl raises whatever its parsers raise
        raise InputError(f"cannot be read as XLSX ({type(err).__name__})", where=name) from err


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def guard(text: str) -> str:
    """Text as a cell that no spreadsheet takes for a formula.

    >>> guard("=1+1"), guard("'=1"), guard("plain")
    ("'=1+1", "''=1", 'plain')
    """
    return f"'{text}" if text.lstrip().startswith(STARTS) or text.startswith("'") else text


def unguard(text: str) -> str:
    """What :func:`guard` made a cell of.

    >>> unguard(guard("=1+1")), unguard(guard("'=1")), unguard("plain")
    ('=1+1', "'=1", 'plain')
    """
    rest = text[1:]
    if text.startswith("'") and (rest.startswith("'") or rest.lstrip().startswith(STARTS)):
        return rest
    return text


def shown(value: Any) -> str:
    """A value as text of a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, (list, tuple)):
        return "; ".join(shown(one) for one in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{name}={shown(one)}" for name, one in value.items())
    return value.isoformat() if isinstance(value, date) else str(value)


def csv_of(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table as CSV, UTF-8 with a mark that spreadsheets know it by."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    for row in rows:
        writer.writerow([_number(cell) or guard(shown(cell)) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def xlsx_of(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table as XLSX; text stays text, numbers are numbers."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("worklist")

    def cell(value: Any) -> Any:
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            return value
        made = WriteOnlyCell(sheet, value=_printable(shown(value)))
        made.data_type = "s"  # never a formula
        return made

    sheet.append([cell(head) for head in heads])
    for row in rows:
        sheet.append([cell(value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _number(value: Any) -> str:
    """A number as itself: a minus before digits is no formula."""
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return str(value)
    return ""


def _printable(text: str) -> str:
    """Without control characters, which XLSX cannot hold."""
    return "".join(c for c in text if c >= " " or c in "\t\n")
