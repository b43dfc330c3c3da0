"""The made-up book: the same for everybody, readable by the program, openly made up."""

import hashlib
from collections import Counter
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.book.synthetic.lines import BLOCK, schema, synth
from klartecken.decide.ask import check
from klartecken.errors import InputError


@pytest.fixture(scope="module")
def book() -> pa.Table:
    return pa.Table.from_batches(synth(2 * BLOCK + 100))


@given(st.integers(1, 2 * BLOCK + 100), st.integers(30_000, 10**6))
def test_a_line_depends_on_nothing_but_seed_and_number(rows: int, batch: int) -> None:
    made = pa.Table.from_batches(synth(rows, batch=batch))
    whole = pa.Table.from_batches(synth(2 * BLOCK + 100))
    assert made.unify_dictionaries().equals(whole.slice(0, rows).unify_dictionaries())


def test_another_seed_is_another_book(book: pa.Table) -> None:
    assert not next(synth(1000, 1)).equals(next(synth(1000, 0)))


def test_the_random_numbers_stay_the_same() -> None:
    """Whatever the version of numpy. (Other columns change with the catalogue.)"""
    held = pa.Table.from_batches(synth(1000)).select(
        ["line_id", "quantity", "currency", "ship_date", "ship_from", "end_use", "listed"]
    )
    text = repr([tuple(row.values()) for row in held.to_pylist()])
    assert hashlib.sha256(text.encode()).hexdigest().startswith("e70af2a6297a3d03")


def test_it_says_that_it_is_synthetic(book: pa.Table) -> None:
    assert book.schema.equals(schema(), check_metadata=True)
    assert b"synthetic" in book.schema.metadata[b"klartecken"]
    shippers = {name for name in book["exporter"].unique().to_pylist() if name}
    assert {n for n in shippers if "Distribution" in n} == {n for n in shippers if "Example" in n}


def test_the_program_reads_every_line() -> None:
    for row in next(synth(400, 3)).to_pylist():
        facts = {name: row[name] for name in ("nac_notice_days", "dd_conditions") if row[name]}
        check(
            row["item"], row["destination"], row["ship_date"], ship_from=row["ship_from"],
            activity=row["activity"], exporter=row["exporter"], hq=row["consignee_hq"],
            parent_hq=row["parent_hq"], end_use=row["end_use"], listed=row["listed"] or (),
            facts=facts,
        )  # fmt: skip


def test_every_text_is_one_that_the_program_knows(book: pa.Table) -> None:
    day = date(2025, 7, 15)
    for item in book["item"].unique().to_pylist():
        check(item, "DE", day)
    for place in book["destination"].unique().to_pylist():
        check("nvidia-h20", place, day)
    for column, name in (
        ("ship_from", "ship_from"), ("activity", "activity"), ("exporter", "exporter"),
        ("consignee_hq", "hq"), ("parent_hq", "parent_hq"), ("end_use", "end_use"),
        ("listed", "listed"),
    ):  # fmt: skip
        for text in book[column].unique().to_pylist():
            if text is not None:
                check("nvidia-h20", "DE", day, **{name: text})


def test_the_mix(book: pa.Table) -> None:
    rows = book.num_rows
    share = {name: book[name].null_count / rows for name in book.column_names}
    assert share["consignee_hq"] == pytest.approx(0.05, abs=0.01)
    assert share["parent_hq"] > 0.9
    assert share["item"] == share["destination"] == share["ship_date"] == 0
    places = Counter(book["destination"].to_pylist())
    assert [place for place, _ in places.most_common(3)] == ["US", "TW", "CN"]
    assert len(places) > 200
    assert len(book["item"].unique()) > 200
    seats = zip(book["destination"].to_pylist(), book["consignee_hq"].to_pylist(), strict=True)
    abroad = Counter(seat for place, seat in seats if place == "SG")
    assert abroad["SG"] > abroad["US"] > abroad["CN"] > abroad[None] > 0
    assert set(book["currency"].to_pylist()) == {"USD", "EUR"}


def test_amounts(book: pa.Table) -> None:
    quantities = sorted(book["quantity"].to_pylist())
    assert quantities[0] == 1
    assert 35 <= quantities[len(quantities) // 2] <= 45
    assert quantities[-1] <= 10_000
    assert all(round(price, 2) == price > 0 for price in book["unit_price"].to_pylist())


def test_days() -> None:
    days = (date(2025, 1, 1), date(2025, 1, 3))
    found = pa.Table.from_batches(synth(1000, days=days))["ship_date"].to_pylist()
    assert set(found) == {date(2025, 1, n) for n in (1, 2, 3)}
    usual = pa.Table.from_batches(synth(50_000))["ship_date"].to_pylist()
    assert (min(usual), max(usual)) == (date(2022, 9, 1), date(2026, 11, 20))


def test_none_at_all() -> None:
    assert list(synth(0)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"rows": -1}, {"rows": 10**10}, {"rows": 1, "seed": -1}, {"rows": 1, "batch": 0},
        {"rows": 1, "days": (date(2025, 1, 2), date(2025, 1, 1))},
    ],
)  # fmt: skip
def test_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError, match="synthetic book"):
        synth(**wrong)  # type: ignore[arg-type]
