"""Every format gives the same lines; odd input is refused with its place."""

import gzip
import pickle
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from klartecken.book.synthetic.lines import synth
from klartecken.book.table.sinks import open_sink
from klartecken.errors import InputError
from tests.book.books import as_text, lines, opened, written

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
    assert found.digest() == opened(book).digest()


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


def test_no_batch_is_over_a_million_lines(tmp_path: Path) -> None:
    rows = 2_000_001
    text = f"{HEAD}\n" + "x,CN,d\n" * rows
    table = pa.table({name: pa.repeat(name, rows) for name in ("item", "to", "on")})
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=rows)
    for source in (
        opened(written(tmp_path / "a.csv", text)), opened(tmp_path / "a.parquet"),
        opened(table), opened(table.combine_chunks().to_batches()[0]), opened(table.to_reader()),
    ):  # fmt: skip
        sizes = [b.num_rows for p in source.partitions() for b in p.batches(["item"])]
        assert sum(sizes) == rows
        assert max(sizes) <= 1_000_000
    assert [(p.first, p.rows) for p in opened(table).partitions()] == [
        (1, 1_000_000), (1_000_001, 1_000_000), (2_000_001, 1)
    ]  # fmt: skip


def test_columns_come_in_the_order_asked_for(tmp_path: Path, book: pa.Table) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(book, path)
    for source in (opened(path), opened(book)):
        assert list(lines(source, ["destination", "item"])[0]) == ["destination", "item"]
        with pytest.raises(InputError, match="no column tpp"):
            lines(source, ["tpp"])
        with pytest.raises(InputError, match="no column of the book"):
            lines(source, [])


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
