"""Tables of order lines in and out: CSV and XLSX, as text, with nothing lost.

Cells are read as text: leading zeros stay. What is written for a spreadsheet never begins a
formula: in CSV a cell that could is written with an apostrophe before it, which reading takes
off.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from klartecken.desk.orders.workbook import Cell, read_xlsx
from klartecken.errors import InputError

MOST_COLUMNS = 200
MOST_ROWS = 500_000
LONGEST_CELL = 20_000
DAYS = ("ship_on",)  # columns that may hold a day
LONGEST_XLSX = 32_000  # characters that a cell of a spreadsheet can hold
EXACT_DIGITS = 15  # of a number in a spreadsheet; a longer one is written as text
# of a formula, in some spreadsheet; the wide ones in some languages
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")


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
        rows = read_xlsx(name, body)
    elif ending in (".csv", ".tsv", ".txt"):
        rows = _csv(name, body, "\t" if ending == ".tsv" else None)
    else:
        raise InputError(f"{ending or 'no ending'} is no table of order lines", where=name,
                         next_step="Give .csv, .tsv or .xlsx")  # fmt: skip
    return _headed(name, rows)


def _headed(
    name: str, rows: Iterable[tuple[int, list[Cell]]]
) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    found = iter(rows)
    first = next((row for _, row in found if any(_told(cell).strip() for cell in row)), None)
    if first is None:
        raise InputError("is empty", where=name)
    heads = [_heading(_told(cell)) for cell in first]
    while not heads[-1]:
        heads.pop()
    double = sorted({head for head in heads if heads.count(head) > 1})
    if double or len(heads) > MOST_COLUMNS:
        raise InputError(f"heading {double[0]!r} stands twice" if double else "too many columns",
                         where=name)  # fmt: skip
    table = []
    for number, cells in found:
        where = f"{name}, row {number}"
        if any(_told(cell).strip() for cell in cells[len(heads) :]):
            raise InputError("has more cells than there are headings", where=where)
        row = {head: _text(cell, head, where) for head, cell in zip(heads, cells, strict=False)}
        if any(text.strip() for text in row.values()):
            table.append((number, {head: row.get(head, "") for head in heads}))
        if len(table) > MOST_ROWS:
            raise InputError(f"has more than {MOST_ROWS} rows", where=name, next_step="Part it")
    return heads, table


def _heading(cell: str) -> str:
    return cell.strip().lower().replace(" ", "_").replace("-", "_")


def _told(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell.isoformat()


def _text(cell: Cell, head: str, where: str) -> str:
    """A cell as text. Spreadsheets take ids for days: only a column of days may hold one."""
    if not isinstance(cell, str) and head not in DAYS:
        raise InputError(f"column {head!r} holds a date", where=where,
                         next_step="Format the column as text, and type it anew")  # fmt: skip
    text = _told(cell)
    if len(text) > LONGEST_CELL:
        raise InputError(f"column {head!r} has more than {LONGEST_CELL} characters", where=where)
    return text


def _csv(name: str, body: bytes, delimiter: str | None) -> Iterator[tuple[int, list[Cell]]]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        raise InputError("is not UTF-8", where=name, next_step="Save it as CSV UTF-8") from err
    if delimiter is None:
        head = text.lstrip("\r\n").partition("\n")[0]
        delimiter = max(",;\t", key=head.count)  # the first of those that stand most often
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            yield reader.line_num, [unguard(cell) for cell in row]
    except csv.Error as err:
        raise InputError(f"cannot be read as CSV ({err})",
                         where=f"{name}, line {reader.line_num}") from err  # fmt: skip


def guard(text: str) -> str:
    """Text as a cell that no spreadsheet takes for a formula.

    >>> guard("=1+1"), guard("'=1"), guard("plain")
    ("'=1+1", "''=1", 'plain')
    """
    return f"'{text}" if _starts(text) or text.startswith("'") else text


def unguard(text: str) -> str:
    """What :func:`guard` made a cell of.

    >>> unguard(guard("=1+1")), unguard(guard("'=1")), unguard("plain")
    ('=1+1', "'=1", 'plain')
    """
    rest = text[1:]
    return rest if text.startswith("'") and (rest.startswith("'") or _starts(rest)) else text


def _starts(text: str) -> bool:
    """Could a spreadsheet take it for a formula?"""
    return text.startswith(STARTS) or text.lstrip().startswith(STARTS)


def shown(value: Any) -> str:
    """A value as text of a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:f}"
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
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "backslashreplace")


def xlsx_of(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table as XLSX; text stays text, and numbers are numbers where none of it is lost."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("worklist")

    def cell(value: Any) -> Any:
        number = _number(value)
        if number and sum(c.isdigit() for c in number) <= EXACT_DIGITS:
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
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    return ""


def _printable(text: str) -> str:
    """Without what XLSX cannot hold: control characters, halves and non-characters."""
    return "".join(c for c in text[:LONGEST_XLSX] if c in "\t\n" or " " <= c < "\ud800"
                   or "\udfff" < c < "\ufffe" or c > "\uffff")  # fmt: skip
