"""Every type of column has one canonical form, exact in value."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.book.synthetic.lines import synth
from klartecken.book.table.canonical import TEXT
from klartecken.errors import InputError
from tests.book.books import as_text, column, lines, opened


@pytest.fixture(scope="module")
def book() -> pa.Table:
    return pa.Table.from_batches(synth(3000, 7, batch=1000))


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


def test_what_has_the_form_already_is_passed_through(book: pa.Table) -> None:
    held = book.combine_chunks().to_batches()[0]
    read = next(opened(held).partitions()[0].batches(["item", "quantity", "line_id"]))
    for name in read.schema.names:
        assert read[name].buffers()[-1].address == held[name].buffers()[-1].address
    assert read["item"].dictionary.equals(held["item"].dictionary)
