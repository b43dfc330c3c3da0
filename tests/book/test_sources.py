"""Every format gives one canonical form; odd input is refused with its place."""

import gzip
import pickle
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.book.canonical import TEXT
from klartecken.book.sinks import open_sink
from klartecken.book.synth import synth
from klartecken.errors import InputError
from tests.book.books import as_text, column, lines, opened, written

HEAD = "item,to,on"
ONE = f"{HEAD}\nnvidia-h20,CN,2025-07-15\n"


@pytest.fixture(scope="module")
def book() -> pa.Table:
    return pa.Table.from_batches(synth(3000, 7, batch=1000))


@pytest.fixture(scope="module")
def content(book: pa.Table) -> list[dict[str, str | None]]:
    return as_text(book.to_pylist())


def spreadsheet(path: Path, rows: list[list[Any]], title: str = "Sheet") -> Path:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("ending", [".parquet", ".csv", ".jsonl"])
def test_files_that_we_write_are_read_back(
    tmp_path: Path, book: pa.Table, content: list[dict[str, str | None]], ending: str
) -> None:
    path = tmp_path / f"book{ending}"
    with open_sink(path, book.schema) as sink:
        for batch in book.to_batches():
            sink.write(batch)
    source = opened(path)
    assert source.layout.others == ()
    assert source.rows in (3000, None)
    assert as_text(lines(source)) == content
    part = source.partitions()[0]
    again = pickle.loads(pickle.dumps(part))
    assert next(again.batches(["item"])).equals(next(part.batches(["item"])))
    assert opened(path).digest() == source.digest()


def test_spreadsheet_is_read_back(
    tmp_path: Path, book: pa.Table, content: list[dict[str, str | None]]
) -> None:
    rows = [book.column_names, *([*row.values()] for row in book.to_pylist())]
    path = spreadsheet(tmp_path / "book.xlsx", rows)
    assert as_text(lines(opened(path))) == content


@pytest.mark.parametrize("ending", [".tsv", ".csv.gz", ".tsv.gz", ".ndjson", ".JSONL.gz"])
def test_other_endings(tmp_path: Path, ending: str) -> None:
    text = ONE.replace(",", "\t") if "tsv" in ending else ONE
    if "json" in ending.lower():
        text = '{"item": "nvidia-h20", "to": "CN", "on": "2025-07-15"}\n'
    raw = gzip.compress(text.encode()) if ending.endswith("gz") else text.encode()
    source = opened(written(tmp_path / f"a{ending}", raw))
    assert lines(source) == [
        {"item": "nvidia-h20", "destination": "CN", "ship_date": "2025-07-15"}
    ]  # fmt: skip


@pytest.mark.parametrize("library", ["polars", "pandas", "duckdb", "reader", "batch"])
def test_tables_of_other_libraries(
    book: pa.Table, content: list[dict[str, str | None]], library: str
) -> None:
    if library == "polars":
        source: Any = pytest.importorskip("polars").from_arrow(book)
    elif library == "pandas":
        pytest.importorskip("pandas", minversion="2.2")
        source = book.to_pandas()
    elif library == "duckdb":
        source = pytest.importorskip("duckdb").connect().from_arrow(book)
    else:
        source = book.to_reader() if library == "reader" else book.combine_chunks().to_batches()[0]
    found = opened(source)
    assert as_text(lines(found)) == content
    assert found.digest() == found.digest()


def test_row_groups_are_the_partitions(tmp_path: Path, book: pa.Table) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(book, path, row_group_size=1100)
    source = opened(path)
    parts = source.partitions()
    assert [(p.id, p.rows, p.first) for p in parts] == [
        ("group-00000", 1100, 1), ("group-00001", 1100, 1101), ("group-00002", 800, 2201)
    ]  # fmt: skip
    ids = [batch["line_id"][0].as_py() for p in parts for batch in p.batches(["line_id"])]
    assert ids == ["L0000000001", "L0000001101", "L0000002201"]


def test_columns_come_in_the_order_asked_for(tmp_path: Path, book: pa.Table) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(book, path)
    for source in (opened(path), opened(book)):
        assert list(lines(source, ["destination", "item"])[0]) == ["destination", "item"]
        with pytest.raises(InputError, match="no column tpp"):
            lines(source, ["tpp"])
        with pytest.raises(InputError, match="no column of the book"):
            lines(source, [])


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view(), pa.binary()])
@pytest.mark.parametrize("coded", [True, False])
def test_parquet_text_of_every_kind(tmp_path: Path, kind: pa.DataType, coded: bool) -> None:
    texts = pa.array(["CN", " \t", None, "", "CN"]).cast(kind)
    table = pa.table(
        {"to": texts, "a.b": ["x"] * 5, "part no": texts, "on": ["2025-07-15"] * 5, "id": texts}
    )
    path = tmp_path / "a.parquet"
    pq.write_table(table, path, use_dictionary=coded)
    found = opened(path)
    assert found.schema.field("destination").type == TEXT
    assert found.schema.field("line_id").type == pa.string()
    assert [row["destination"] for row in lines(found)] == ["CN", None, None, None, "CN"]
    assert found.layout.others == ("a.b",)


@pytest.mark.parametrize(
    ("array", "texts"),
    [
        (pa.array([True, False, None]), ["yes", "no", None]),
        (pa.array([4800.0, 0.1, float("nan"), -0.0, 1e22]),
         ["4800", "0.1", None, "0", "10000000000000000000000"]),
        (pa.array([0.1, 4800.0], pa.float32()), ["0.1", "4800"]),
        (pa.array([0.5], pa.float16()), ["0.5"]),
        (pa.array([Decimal("4800.00"), Decimal("0.10"), None]), ["4800", "0.10", None]),
        (pa.array([1, 2**64 - 1], pa.uint64()), ["1", str(2**64 - 1)]),
        (pa.array([1, None, 1], pa.int8()), ["1", None, "1"]),
        (pa.nulls(2), [None, None]),
        (pa.array([7, 7, None]).dictionary_encode(), ["7", "7", None]),
        (pa.DictionaryArray.from_arrays(pa.array([0, 1, 2, 0], pa.uint8()), ["a", " ", None]),
         ["a", None, None, "a"]),
        (pa.array(["a", "b", " "], pa.string_view()).slice(1), ["b", None]),
    ],
)  # fmt: skip
def test_typed_facts_become_exact_text(array: Any, texts: list[str | None]) -> None:
    assert column(array) == texts


@given(st.lists(st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False))))
def test_floats_keep_their_value(values: list[float | None]) -> None:
    found = column(pa.array(values, pa.float64()))
    assert [None if text is None else float(text) for text in found] == values


@given(st.lists(st.one_of(st.none(), st.text()), min_size=1))
def test_text_is_untouched_or_null(values: list[str | None]) -> None:
    found = column(pa.array(values, pa.string()), "exporter")
    assert found == [value if value and value.strip() else None for value in values]


@pytest.mark.parametrize(
    ("array", "days"),
    [
        (pa.array([date(2025, 7, 15), None]), [date(2025, 7, 15), None]),
        (pa.array([date(2025, 7, 15)], pa.date64()), [date(2025, 7, 15)]),
        (pa.array([datetime(2025, 7, 15, 23, 59, 59, 999999)]), [date(2025, 7, 15)]),
        (pa.array([datetime(1969, 12, 31, 23)], pa.timestamp("ns")), [date(1969, 12, 31)]),
        (pa.array([datetime(2025, 7, 15, 23)], pa.timestamp("ms", "UTC")), [date(2025, 7, 15)]),
        (pa.array([date(2025, 7, 15)] * 2).dictionary_encode(), [date(2025, 7, 15)] * 2),
        (pa.array(["2025-07-15", " "]), ["2025-07-15", None]),
        (pa.array([20250715]), ["20250715"]),
    ],
)
def test_days(array: Any, days: list[Any]) -> None:
    size = len(array)
    table = pa.table({"item": ["x"] * size, "to": ["CN"] * size, "on": array})
    assert [row["ship_date"] for row in lines(opened(table))] == days


@pytest.mark.parametrize(
    ("kind", "read"),
    [
        (pa.int8(), pa.int64()), (pa.uint32(), pa.int64()), (pa.float32(), pa.float64()),
        (pa.decimal128(9, 2), pa.decimal128(9, 2)), (pa.decimal256(20, 2), pa.decimal128(20, 2)),
        (pa.string(), TEXT),
    ],
)  # fmt: skip
def test_amounts_keep_their_type(kind: pa.DataType, read: pa.DataType) -> None:
    value = {pa.string(): "7"}.get(kind, Decimal(7) if pa.types.is_decimal(kind) else 7)
    array = pa.array([value, None], kind)
    table = pa.table({"item": ["x"] * 2, "to": ["CN"] * 2, "on": ["d"] * 2, "qty": array})
    source = opened(table)
    assert source.schema.field("quantity").type == read
    assert as_text(lines(source))[0]["quantity"] in ("7", "7.00")


@pytest.mark.parametrize(
    ("name", "array", "what"),
    [
        ("tpp", pa.array([[1]]), "cannot be read"),
        ("tpp", pa.array([{"a": 1}]), "cannot be read"),
        ("tpp", pa.array([date(2025, 1, 1)]), "cannot be read"),
        ("qty", pa.array([True]), "is no number"),
        ("qty", pa.array([2**64 - 1], pa.uint64()), "column quantity"),
        ("on", pa.array([datetime(2025, 1, 1)], pa.timestamp("s", "Asia/Tokyo")), "Asia/Tokyo"),
        ("line", pa.array([b"\xff"]), "column line_id"),
    ],
)
def test_types_refused(name: str, array: Any, what: str) -> None:
    columns = {"item": ["x"], "to": ["CN"], "on": ["2025-07-15"], name: array}
    with pytest.raises(InputError, match=what):
        lines(opened(pa.table(columns)))


def test_a_nested_column_that_is_not_read_does_no_harm() -> None:
    columns = {"item": ["x"], "to": ["CN"], "on": ["d"], "extras": pa.array([[1]])}
    assert opened(pa.table(columns)).layout.others == ("extras",)


def test_csv_oddities(tmp_path: Path) -> None:
    text = (
        '﻿"Item",To,on,,exporter\r\n"a\nb, c",NO,2025-07-15,z," "\r\n\r\n007,NA,1e3,,"say ""x"""\r\n'
    )
    source = opened(written(tmp_path / "a.csv", text))
    assert source.layout.others == ("(column 4)",)
    assert [tuple(row.values()) for row in lines(source)] == [
        ("a\nb, c", "NO", "2025-07-15", None), ("007", "NA", "1e3", 'say "x"')
    ]  # fmt: skip


@pytest.mark.parametrize("tail", ["", "\n", "\n\n"])
def test_headings_alone_are_no_lines(tmp_path: Path, tail: str) -> None:
    source = opened(written(tmp_path / "a.csv", HEAD + tail))
    assert source.rows == 0
    assert lines(source) == []
    assert lines(opened(spreadsheet(tmp_path / "a.xlsx", [["item", "to", "on"]]))) == []
    empty = pa.table({name: pa.array([], pa.string()) for name in ("item", "to", "on")})
    assert lines(opened(empty)) == []
    pq.write_table(empty, tmp_path / "a.parquet")
    assert lines(opened(tmp_path / "a.parquet")) == []


@pytest.mark.parametrize(
    ("name", "text", "where", "what"),
    [
        ("a.csv", b"", "a.csv", "is empty"),
        ("a.csv", "\nitem,to,on\n", "a.csv", "no headings"),
        ("a.csv", "item;to;on\nx;CN;d\n", "a.csv", "parted by ';'"),
        ("a.csv", f"{HEAD}\nx,CN,d\nx,CN\n", "a.csv, line 3", "2 values under 3"),
        ("a.csv", f'{HEAD}\n"x\ny",CN,d\nx,CN,d,e\n', "a.csv, line 4", "4 values under 3"),
        ("a.csv", f"{HEAD}\nx,CN,d\n\n".encode() + b"x,\xff,d\n", "a.csv, line 4", "not UTF-8"),
        ("a.csv", "item,to,on\n".encode("utf-16"), "a.csv", "UTF-16"),
        ("a.csv.gz", b"no gzip", "a.csv.gz", "cannot be read"),
        ("a.parquet", b"no parquet at all", "a.parquet", "cannot be read"),
        ("a.xlsx", b"no spreadsheet", "a.xlsx", "cannot be read"),
        ("a.txt", "x", "a.txt", "no format that is read"),
        ("a.jsonl", '{"item": 1}\n[2]\n', "a.jsonl, line 2", "is no object"),
        ("a.jsonl", '\n{"item": 1,}\n', "a.jsonl, line 2", "is not JSON"),
        ("a.jsonl", '{"item": 1, "item": 2}\n', "a.jsonl, line 1", "stands twice"),
        ("a.jsonl", '{"item": Infinity}\n', "a.jsonl, line 1", "no number"),
        ("a.jsonl", b'{"item": "\xff"}\n', "a.jsonl, line 1", "not UTF-8"),
        ("a.jsonl", "\n", "a.jsonl", "no line"),
        ("a.jsonl", '{"item":1,"to":"CN","on":"d"}\n{"exportr":"x"}', "columns", "exportr"),
        ("a.jsonl", '{"item":{},"to":"CN","on":"d"}\n', "a.jsonl, line 1", "holds an object"),
    ],
)  # fmt: skip
def test_files_refused(tmp_path: Path, name: str, text: str | bytes, where: str, what: str) -> None:
    with pytest.raises(InputError, match=what) as caught:
        lines(opened(written(tmp_path / name, text)))
    assert caught.value.where.endswith(where)


def test_other_sources_refused(tmp_path: Path) -> None:
    for source, what in ((tmp_path / "none.csv", "no such file"), (tmp_path, "a folder"),
                         (7, "int is no order book")):  # fmt: skip
        with pytest.raises(InputError, match=what):
            opened(source)
    with pytest.raises(InputError, match="sheet"):
        opened(written(tmp_path / "a.csv", ONE), sheet="x")


def test_json_keeps_numbers_as_written(tmp_path: Path) -> None:
    text = (
        '{"item": "x", "to": "NO", "on": "d", "tpp": 2368.10, "price": 12345678901234567890.50}\n'
        '\n{"to": null, "item": "", "datacenter": true, "tpp": NaN, "more": {"a": []}}\n'
    )
    source = opened(written(tmp_path / "a.jsonl", text))
    assert source.rows == 2
    first, second = lines(source)
    assert (first["tpp"], first["unit_price"]) == ("2368.10", "12345678901234567890.50")
    assert first["datacenter"] is None
    assert second["datacenter"] == "yes"
    assert {second[name] for name in ("item", "destination", "ship_date", "tpp")} == {None}
    assert source.layout.others == ("more",)


def test_spreadsheet_values(tmp_path: Path) -> None:
    rows = [
        ["item", "to", "Ship Date", "tpp", "datacenter", None, None],
        ["x", "NO", datetime(2025, 7, 15, 8), 4800.0, True],
        [],
        ["y", " ", date(2025, 7, 16), 0.1, "no"],
    ]
    source = opened(spreadsheet(tmp_path / "a.xlsx", rows, "Orders"), sheet="Orders")
    assert [tuple(row.values()) for row in lines(source)] == [
        ("x", "NO", "2025-07-15", "4800", "yes"), ("y", None, "2025-07-16", "0.1", "no")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (["=A1", "CN", "d"], "formula without a stored value"),
        (["#N/A", "CN", "d"], "holds the error"),
        ([date(2025, 1, 2), "CN", "d"], "holds a date"),
        (["x", "CN", "d", None, "beyond"], "beyond the last heading"),
    ],
)
def test_cells_refused(tmp_path: Path, row: list[Any], what: str) -> None:
    path = spreadsheet(tmp_path / "a.xlsx", [["item", "to", "on"], row])
    with pytest.raises(InputError, match=what):
        lines(opened(path))
    with pytest.raises(InputError, match="no sheet 'Other'"):
        opened(path, sheet="Other")


def test_the_digest_of_a_table_sees_lines_and_not_chunks(book: pa.Table) -> None:
    digest = opened(book).digest()
    pieces = pa.concat_tables([book.slice(0, 17), book.slice(17, 1500), book.slice(1517)])
    assert opened(pieces).digest() == digest
    assert opened(book.unify_dictionaries().combine_chunks()).digest() == digest
    assert opened(book.select(book.column_names[::-1])).digest() == digest
    assert opened(book.slice(1)).digest() != digest
    swapped = pa.concat_tables([book.slice(1, 1), book.slice(0, 1), book.slice(2)])
    assert opened(swapped).digest() != digest


@given(st.lists(st.tuples(st.text(max_size=2), st.none() | st.integers(0, 3)), min_size=2))
def test_one_changed_value_changes_the_digest(pairs: list[tuple[str, int | None]]) -> None:
    def digest(held: list[tuple[str, int | None]]) -> str:
        texts, numbers = zip(*held, strict=True)
        same = ["x"] * len(held)
        return opened(pa.table({
            "item": same, "to": same, "on": same, "line": pa.array(texts, pa.string()),
            "qty": pa.array(numbers, pa.int64()),
        })).digest()  # fmt: skip

    other = [*pairs[:-1], (pairs[-1][0] + "a", pairs[-1][1])]
    moved = [(pairs[0][0], 4), *pairs[1:]]
    assert len({digest(pairs), digest(other), digest(moved)}) == 3
    assert digest(pairs) == digest(list(pairs))


def test_a_stream_is_read_once_and_its_digest_comes_last(book: pa.Table) -> None:
    source = opened(book.to_reader())
    with pytest.raises(InputError, match="read to the end"):
        source.digest()
    lines(source)
    assert source.digest() == opened(book).digest()
    with pytest.raises(InputError, match="only once"):
        lines(source)
    partly = opened(book.to_reader())
    lines(partly, ["item"])
    with pytest.raises(InputError, match="every column"):
        partly.digest()


def test_what_has_the_form_already_is_passed_through(book: pa.Table) -> None:
    held = book.combine_chunks().to_batches()[0]
    read = next(opened(held).partitions()[0].batches(["item", "quantity", "line_id"]))
    for name in read.schema.names:
        assert read[name].buffers()[-1].address == held[name].buffers()[-1].address
    assert read["item"].dictionary.equals(held["item"].dictionary)
