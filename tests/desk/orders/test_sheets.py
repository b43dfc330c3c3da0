"""Tables in and out: what is written is read back, and nothing is lost or guessed on the way."""

from __future__ import annotations

import contextlib
import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from klartecken.desk.orders import sheets, workbook
from klartecken.desk.orders.sheets import csv_of, guard, read_sheet, shown, unguard, xlsx_of
from klartecken.errors import InputError

HEADS = ["external_id", "note", "quantity"]
STARTS = "=+-@|%\t\r\n＝＋－＠"
CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12) | st.builds(
    str.__add__, st.sampled_from(["'", "''", *STARTS, " =", "'=", "007", '"', ",", ";"]),
    st.text("=a'\" ,;\n0", max_size=5),
)  # fmt: skip
TABLES = st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6)


def rows_of(name: str, body: bytes) -> list[dict[str, str]]:
    return [row for _, row in read_sheet(name, body)[1]]


def expected(rows: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    return [dict(zip(HEADS, row, strict=True)) for row in rows if any(c.strip() for c in row)]


@given(CELLS)
def test_a_guarded_cell_begins_no_formula_and_reads_as_itself(text: str) -> None:
    held = guard(text)
    assert unguard(held) == text
    assert not held.startswith(tuple(STARTS))
    assert not held.lstrip().startswith(tuple(STARTS))


@given(TABLES)
def test_csv_there_and_back(rows: list[list[str]]) -> None:
    body = csv_of(HEADS, rows)
    assert body.startswith(b"\xef\xbb\xbf")
    assert rows_of("a.csv", body) == expected(rows)
    for row in csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")):
        assert not any(cell.startswith(tuple(STARTS)) for cell in row)


@settings(max_examples=30)
@given(TABLES)
def test_xlsx_there_and_back(rows: list[list[str]]) -> None:
    plain = [[clean(cell) for cell in row] for row in rows]
    assert rows_of("a.xlsx", xlsx_of(HEADS, plain)) == expected(plain)


def clean(text: str) -> str:
    """What a cell of XLSX can hold."""
    return "".join(c for c in text if (c in "\t\n" or c >= " ") and c not in "\ufffe\uffff")


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_which_mark_parts_the_cells(mark: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=mark).writerows([HEADS, ["007", "a,b;c", "1"], [], ["", "", ""],
                                               ["8", "x\ny"]])  # fmt: skip
    body = b"\r\n" + out.getvalue().encode()
    heads, rows = read_sheet("a.txt", body)
    assert heads == HEADS
    assert [row for _, row in rows] == expected([["007", "a,b;c", "1"], ["8", "x\ny", ""]])
    assert [number for number, _ in rows] == [3, 7]  # the line of the file on which a row ends


def test_headings_are_plain_names() -> None:
    heads, _ = read_sheet("a.csv", b"External ID,Ship-On,,\n1,,,\n")
    assert heads == ["external_id", "ship_on"]


@pytest.mark.parametrize(
    ("name", "body", "told"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\n , \n", "is empty"),
        ("a.csv", b"item,Item\n", "'item' stands twice"),
        ("a.csv", b"item\n1,2\n", "row 2: has more cells than there are headings"),
        ("a.csv", b"item\n\xff\xfe\n", "is not UTF-8"),
        ("a.csv", "item\n1\n".encode("utf-16"), "is not UTF-8"),
        ("a.csv", b'item\n"a"b\n', "cannot be read as CSV"),
        ("a.csv", b'item\n"a', "cannot be read as CSV"),
        ("a.csv", b"item\n" + b"x" * 20_001, "has more than 20000 characters"),
        ("a.csv", b"item\n" + b"x" * 200_000, "cannot be read as CSV"),
        ("a.csv", ",".join(f"h{n}" for n in range(201)).encode(), "too many columns"),
        ("a.pdf", b"item\n", "is no table of order lines"),
        ("item", b"item\n", "is no table of order lines"),
        ("a.xlsx", b"item\n", "cannot be read as XLSX"),
        ("a.xlsx", b"", "cannot be read as XLSX"),
    ],
)  # fmt: skip
def test_what_is_no_table(name: str, body: bytes, told: str) -> None:
    with pytest.raises(InputError) as err:
        read_sheet(name, body)
    assert told in f"{err.value.where}: {err.value.what}"


def test_a_large_cell_elsewhere_is_not_our_matter() -> None:
    limit = csv.field_size_limit()
    with pytest.raises(InputError):
        read_sheet("a.csv", b"item\n" + b"x" * 30_000)
    assert csv.field_size_limit() == limit


def test_rows_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    read_sheet("a.csv", b"item\n1\n2\n")
    with pytest.raises(InputError, match="has more than 2 rows"):
        read_sheet("a.csv", b"item\n1\n2\n3\n")
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    with pytest.raises(InputError, match="has more than 3 rows"):
        read_sheet("a.xlsx", book([["item"], ["1"], ["2"], ["3"]]))


# -- XLSX -----------------------------------------------------------------------------------
def book(rows: Sequence[Sequence[Any]], formats: Mapping[str, str] | None = None) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append(list(row))
    for place, text in (formats or {}).items():
        made.active[place].number_format = text
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def one(value: Any, head: str = "quantity", form: str | None = None) -> str:
    body = book([[head], [value]], {"A2": form} if form else None)
    return rows_of("a.xlsx", body)[0][head]


@pytest.mark.parametrize(
    ("value", "text"),
    [(8, "8"), (8.0, "8"), (0.1, "0.1"),
     (1e15, "10" + "0" * 14), (-1.5, "-1.5"), ("007", "007"), ("'=1", "'=1"), ("'-5", "'-5"),
     (True, "yes"), ("x" * 20_000, "x" * 20_000)],
)  # fmt: skip
def test_cells_of_xlsx_as_text(value: Any, text: str) -> None:
    assert one(value) == text


def test_a_number_is_what_the_file_says() -> None:
    body = swap(book([["quantity"], [0.3]]), "xl/worksheets/sheet1.xml",
                b"<v>0.3</v>", b"<v>0.30000000000000004</v>")  # fmt: skip
    assert rows_of("a.xlsx", body) == [{"quantity": "0.30000000000000004"}]


def test_zeros_that_a_format_shows_are_kept() -> None:
    assert one(123, "external_id", "00000") == "00123"
    assert one(123456, "external_id", "00000") == "123456"
    assert one(123, "external_id", "0") == "123"
    assert one(7, "external_id", "0.00") == "7"


@pytest.mark.parametrize("value", [date(2025, 7, 15), datetime(2025, 7, 15, 9, 30)])
def test_days_stand_in_columns_of_days_alone(value: date) -> None:
    assert one(value, "ship_on") == "2025-07-15"
    with pytest.raises(InputError, match="column 'external_id' holds a date"):
        one(value, "external_id")


def test_other_kinds_of_cells_are_refused() -> None:
    with pytest.raises(InputError, match="holds a time"):
        one(time(9, 30))


def test_errors_stay_to_be_seen() -> None:
    assert one("#N/A") == "#N/A"  # it is told of its row, when that is read


def test_a_formula_without_its_value_is_refused() -> None:
    with pytest.raises(InputError, match=r"cell A2: holds a formula without a stored value"):
        one("=1+1")


def test_a_formula_with_its_value_counts_as_that() -> None:
    body = swap(book([["quantity"], ["=1+1"]]), "xl/worksheets/sheet1.xml",
                b"<v></v>", b"<v>2</v>", b"<v />", b"<v>2</v>", b"<v/>", b"<v>2</v>")  # fmt: skip
    assert rows_of("a.xlsx", body) == [{"quantity": "2"}]


def swap(body: bytes, part: str, *pairs: bytes) -> bytes:
    """A file in which some bytes of a part are others."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            held = old.read(name)
            for was, now in zip(pairs[::2], pairs[1::2], strict=True) if name == part else ():
                held = held.replace(was, now)
            new.writestr(name, held)
    return out.getvalue()


def test_a_wrong_size_hides_no_column() -> None:
    body = book([["item", "quantity"], ["a", "1"]])
    body = swap(body, "xl/worksheets/sheet1.xml", b'ref="A1:B2"', b'ref="A1:A1"')
    assert rows_of("a.xlsx", body) == [{"item": "a", "quantity": "1"}]


def test_empty_and_short_rows() -> None:
    body = book([[], ["item", "note"], [], ["a"], [None, None], ["b", "x"]])
    heads, rows = read_sheet("a.xlsx", body)
    assert heads == ["item", "note"]
    assert rows == [(4, {"item": "a", "note": ""}), (6, {"item": "b", "note": "x"})]


def test_a_file_that_unpacks_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "UNPACKED", 1000)
    with pytest.raises(InputError, match="unpacks to too much"):
        one("x")


def test_a_row_far_below(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 1000)
    body = book([["item"], ["a"]])
    body = swap(body, "xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="99999999999"',
                b'r="A2"', b'r="A99999999999"')  # fmt: skip
    with pytest.raises(InputError, match="has more than 1000 rows"):
        read_sheet("a.xlsx", body)


@settings(max_examples=40)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    body = bytearray(SMALL)
    for _ in range(data.draw(st.integers(1, 8))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(body)))
    for held in (bytes(body), bytes(body[:cut])):
        with contextlib.suppress(InputError):
            read_sheet("a.xlsx", held)


SMALL = book([["item", "note"], ["a", 1]])


# -- out ------------------------------------------------------------------------------------
def test_what_is_shown() -> None:
    moment = datetime(2025, 7, 15, 9, 5, 1, tzinfo=UTC)
    values = [None, True, False, moment, date(2025, 7, 15), ["a", 1], {"a": True}, Decimal("0E-7"),
              Decimal("1E+3"), -5]  # fmt: skip
    assert [shown(value) for value in values] == [
        "", "yes", "no", "2025-07-15T09:05:01Z", "2025-07-15", "a; 1", "a=yes", "0.0000000",
        "1000", "-5",
    ]  # fmt: skip


def test_numbers_are_numbers_where_nothing_is_lost() -> None:
    values = [Decimal("-1.5"), 3, Decimal("12345678901234567.1234"), Decimal("1E+3"), "=1+1", "-1"]
    row = csv_of(["a"] * 6, [values]).decode("utf-8-sig").splitlines()[1]
    assert row == "-1.5,3,12345678901234567.1234,1000,'=1+1,'-1"
    cells = list(load_workbook(io.BytesIO(xlsx_of(["a"] * 6, [values]))).active.iter_rows())[1]
    assert [cell.value for cell in cells] == [-1.5, 3, "12345678901234567.1234", 1000, "=1+1", "-1"]
    assert [cell.data_type for cell in cells] == ["n", "n", "s", "n", "s", "s"]


def test_what_a_spreadsheet_cannot_hold_does_not_break_it() -> None:
    odd = ["\x00\x1f\x7f", "a\ud800b", "\ufffe\uffff", "x" * 40_000, "😀"]
    cells = list(load_workbook(io.BytesIO(xlsx_of(["h"] * 5, [odd]))).active.iter_rows())[1]
    assert [cell.value for cell in cells] == ["\x7f", "ab", None, "x" * 32_000, "😀"]
    csv_of(["h"] * 5, [odd])
