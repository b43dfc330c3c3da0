"""A table is written whole or not at all."""

import csv
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from klartecken.book.synthetic.lines import schema, synth
from klartecken.book.table.sinks import GROUP, Reject, open_sink, write_rejects
from klartecken.errors import InputError

ODD = pa.record_batch({
    "text": pa.array(['a "b", 100%\nc', None, ""]).dictionary_encode(),
    "plain": pa.array(["", "ü", None]),
    "money": pa.array([Decimal("1.10"), None, Decimal("100.00")]),
    "float": pa.array([0.1, float("nan"), None]),
    "many": pa.array([2**53 + 1, None, 0]),
    "day": pa.array([date(2025, 7, 15), None, None]),
    "flag": pa.array([True, False, None]),
})  # fmt: skip


def test_parquet_keeps_dictionaries_and_merges_small_batches(tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    with open_sink(path, schema()) as sink:
        for batch in synth(3000, batch=500):
            sink.write(batch)
    file = pq.ParquetFile(path)
    assert file.num_row_groups == 1
    assert file.schema_arrow.field("item").type == schema().field("item").type
    column = file.metadata.row_group(0).column(1)
    assert column.compression == "ZSTD"
    assert file.read().to_pylist() == pa.Table.from_batches(synth(3000)).to_pylist()


def test_large_batches_are_row_groups(tmp_path: Path) -> None:
    kinds = pa.schema([("n", pa.int64())])
    batch = pa.record_batch({"n": pa.array(range(GROUP))})
    with open_sink(tmp_path / "out.parquet", kinds) as sink:
        for held in (batch, batch, batch.slice(0, 7)):
            sink.write(held)
    metadata = pq.read_metadata(tmp_path / "out.parquet")
    sizes = [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)]
    assert sizes == [GROUP, GROUP, 7]


def test_csv(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    with open_sink(path, ODD.schema) as sink:
        sink.write(ODD)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["text", "plain", "money", "float", "many", "day", "flag"],
        ['a "b", 100%\nc', "", "1.10", "0.1", "9007199254740993", "2025-07-15", "true"],
        ["", "ü", "", "nan", "", "", "false"],
        ["", "", "100.00", "", "0", "", ""],
    ]


def test_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    with open_sink(path, ODD.schema) as sink:
        sink.write(ODD)
    rows = [json.loads(line, parse_float=str) for line in path.open(encoding="utf-8")]
    assert rows == [
        {"text": 'a "b", 100%\nc', "plain": "", "money": "1.10", "float": "0.1",
         "many": 2**53 + 1, "day": "2025-07-15", "flag": True},
        {"text": None, "plain": "ü", "money": None, "float": None, "many": None, "day": None,
         "flag": False},
        {"text": "", "plain": None, "money": 100, "float": None, "many": 0, "day": None,
         "flag": None},
    ]  # fmt: skip


@pytest.mark.parametrize("ending", [".parquet", ".csv", ".jsonl"])
def test_nothing_half_written(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out{ending}"
    path.write_text("as it was")
    with pytest.raises(ZeroDivisionError), open_sink(path, ODD.schema) as sink:  # noqa: PT012
        sink.write(ODD)
        assert (tmp_path / f".out{ending}.part").exists()
        1 / 0  # noqa: B018
    assert path.read_text() == "as it was"
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    with pytest.raises(InputError, match="closed"):
        sink.write(ODD)
    with pytest.raises(InputError, match="closed"):
        sink.commit()
    sink.abort()


@pytest.mark.parametrize("ending", [".parquet", ".csv", ".jsonl"])
def test_a_table_without_lines(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out{ending}"
    with open_sink(path, ODD.schema):
        pass
    if ending == ".parquet":
        assert pq.read_schema(path).names == ODD.schema.names
    elif ending == ".csv":
        assert path.read_text().count("\n") == 1
    else:
        assert path.read_text() == ""
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no format that is written"):
        open_sink(tmp_path / "out.xlsx", ODD.schema)
    with pytest.raises(InputError, match="cannot be written"):
        open_sink(tmp_path / "none" / "out.csv", ODD.schema)
    nested = pa.schema([("a", pa.list_(pa.int64()))])
    with pytest.raises(InputError, match="cannot hold such a table"):
        open_sink(tmp_path / "out.csv", nested)
    assert not list(tmp_path.iterdir())
    (tmp_path / "out.csv").mkdir()
    with pytest.raises(InputError, match="a folder"):
        open_sink(tmp_path / "out.csv", ODD.schema)
    with pytest.raises(InputError, match="other columns"), open_sink(
        tmp_path / "out.jsonl", ODD.schema
    ) as sink:  # fmt: skip
        sink.write(ODD.select(["text"]))
    assert not (tmp_path / "out.jsonl").exists()


def test_rejects(tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    rows = [Reject(7, "L7", "destination", "Chna", 'there is no place, "Chna"')]
    assert write_rejects(path, iter(rows)) == 1
    with path.open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == [
            {"line": "7", "line_id": "L7", "column": "destination", "value": "Chna",
             "reason": 'there is no place, "Chna"'}
        ]  # fmt: skip


def test_rejects_are_all_or_nothing(tmp_path: Path) -> None:
    def broken() -> object:
        yield Reject(1, "", "item", "", "")
        raise ZeroDivisionError

    path = tmp_path / "rejects.csv"
    path.write_text("as it was")
    with pytest.raises(ZeroDivisionError):
        write_rejects(path, broken())  # type: ignore[arg-type]
    assert path.read_text() == "as it was"
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    with pytest.raises(InputError, match="cannot be written"):
        write_rejects(tmp_path / "none" / "a.csv", [])
