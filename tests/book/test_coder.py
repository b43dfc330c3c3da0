"""From cells to codes: each distinct text once, and the right column to blame."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from klartecken.book.cells import NOT_GIVEN, Column, indices
from klartecken.book.coder import Reader, ordered
from klartecken.book.days import Days, day_texts
from klartecken.book.job import Job, Settings
from klartecken.book.table.columns import Layout
from klartecken.decide.ask import shipped_world

TEXT = pa.dictionary(pa.int32(), pa.string())
FIRST = date(2022, 8, 1)


def coded(texts: list[str | None]) -> Any:
    return pa.array(texts, TEXT)


def test_a_text_keeps_its_number_from_batch_to_batch() -> None:
    column = Column()
    first = column.codes(coded(["a", "b", None, "a"]))
    assert first.dtype == np.int32
    assert first.tolist() == [1, 2, NOT_GIVEN, 1]
    assert column.codes(coded(["c", None, "b"])).tolist() == [3, NOT_GIVEN, 2]
    assert column.codes(coded([None, None])).tolist() == [NOT_GIVEN, NOT_GIVEN]
    assert column.codes(coded([])).tolist() == []
    assert column.texts == [None, "a", "b", "c"]


def test_a_slice_of_a_dictionary_column_is_read_from_its_start() -> None:
    whole = coded(["a", None, "b", "a", None, "c"])
    for start in range(6):
        part = whole.slice(start, 3)
        texts = [*part.dictionary.to_pylist(), None]
        assert [texts[place] for place in indices(part)] == part.to_pylist()


def test_question_columns_are_read_in_the_order_of_a_question() -> None:
    assert ordered(["tpp", "listed", "exporter_role", "destination", "exporter"]) == (
        "destination", "exporter", "listed", "tpp", "exporter_role",
    )  # fmt: skip


# -- days ------------------------------------------------------------------------------------
def days(array: Any, on: date | None = None) -> tuple[list[str | None], list[bool]]:
    batch = pa.RecordBatch.from_arrays([array], ["ship_date"])
    found, bad = Days(FIRST, on).codes(batch)
    assert found.dtype == np.int32
    wrong = [False] * len(array) if bad is None else bad.tolist()
    told = [
        None if lost else str(np.datetime64(0, "D") + int(day))
        for day, lost in zip(found.tolist(), wrong, strict=True)
    ]
    return told, wrong


def test_days_as_text() -> None:
    texts = ["2022-08-01", "2022-07-31", "9999-12-31", " 2025-07-15 ", "soon", None, "2025-02-29"]
    told, wrong = days(coded(texts))
    assert wrong == [False, True, False, False, True, True, True]
    assert told[0] == "2022-08-01"
    assert told[2:4] == ["9999-12-31", "2025-07-15"]


def test_days_as_dates() -> None:
    held: list[date | None] = [date(2022, 8, 1), date(2022, 7, 31), date.max, None]
    assert days(pa.array(held, pa.date32()))[1] == [False, True, False, True]
    told, wrong = days(pa.array(held, pa.date32()), on=date(2024, 1, 1))
    assert wrong == [False, True, False, False]
    assert told[3] == "2024-01-01"


def test_days_that_no_calendar_has() -> None:
    last = date.max.toordinal() - date(1970, 1, 1).toordinal()
    array = pa.array([-(10**7), last, last + 1, 2**31 - 1], pa.int32()).cast(pa.date32())
    assert days(array)[1] == [True, False, True, True]
    told = day_texts(array)
    assert told[1] == "9999-12-31"
    for text in (told[0], told[2]):
        refusal = Days(FIRST, None).refusal(text)
        assert refusal is not None
        assert refusal.column == "ship_date"


@pytest.mark.parametrize("text", [None, "2022-07-31", "soon", "2025-02-29"])
def test_a_refused_day_has_a_reason(text: str | None) -> None:
    refusal = Days(FIRST, None).refusal(text)
    assert refusal is not None
    assert refusal.reason
    assert Days(FIRST, None).refusal("2025-07-15") is None
    assert Days(FIRST, date(2025, 1, 1)).refusal(None) is None


# -- blocks ----------------------------------------------------------------------------------
def reader(*columns: str, about: str, constants: dict[str, str] | None = None) -> Reader:
    job = Job(shipped_world(), Layout({n: n for n in columns}, constants or {}), Settings())
    return next(held for held in job.readers if about in held.block.columns)


def codes(held: Reader, *rows: tuple[str | None, ...]) -> list[int]:
    columns = [coded([row[i] for row in rows]) for i in range(len(held.varying))]
    size = len(rows)
    found = held.codes(
        pa.RecordBatch.from_arrays(columns, list(held.varying))
        if columns
        else pa.RecordBatch.from_arrays([coded(["x"] * size)], ["line"])
    )
    assert found.dtype == np.int32
    assert len(found) == size
    return list(found.tolist())


def test_equal_cells_have_equal_codes_and_what_cannot_be_read_is_zero() -> None:
    held = reader("item", "destination", "ship_date", about="destination")
    first, again, other, blank, bad = codes(held, *[(t,) for t in ("CN", "cn", "DE", None, "??")])
    assert bad == 0
    assert min(first, other, blank) > 0
    assert first == again != other
    assert [refusal.column for refusal in held.refusals.values()] == ["destination"]


def test_many_columns_make_one_code() -> None:
    names = ("destination", "ship_from", "activity", "subject_to_ear")
    held = reader("item", "ship_date", *names, about="destination")
    assert set(held.varying) == set(names)
    place = {name: held.varying.index(name) for name in names}

    def row(**cells: str) -> tuple[str | None, ...]:
        return tuple(cells.get(name) for name in sorted(place, key=place.__getitem__))

    rows = [
        row(destination="CN", ship_from="US"), row(destination="CN", ship_from="US"),
        row(destination="CN", ship_from="US", activity="transfer"),
        row(destination="CN", ship_from="US", subject_to_ear="no"),
        row(destination="CN", activity="transfer"), row(destination="CN", activity="what"),
    ]  # fmt: skip
    found = codes(held, *rows)
    assert found[0] == found[1] > 0
    assert found[4] > 0
    assert found[2:4] == [0, 0]
    assert found[5] == 0
    assert held.refusals[rows[5]].column == "activity"
    assert "destination" in held.refusals[rows[2]].column  # they clash: all are named
    assert codes(held, *reversed(rows)) == found[::-1]


def test_constants_are_read_with_every_line() -> None:
    constants = {"destination": "CN", "ship_date": "2025-07-15"}
    held = reader("item", about="destination", constants=constants)
    assert held.varying == ()
    assert len(set(codes(held, (), ()))) == 1
    bad = reader("item", about="destination", constants={**constants, "destination": "Narnia"})
    assert codes(bad, ()) == [0]
    (refusal,) = bad.refusals.values()
    assert (refusal.column, refusal.value) == ("destination", "Narnia")


def test_a_name_that_is_nowhere_is_an_item_of_which_nothing_is_known() -> None:
    held = reader("item", "destination", "ship_date", "tpp", about="item")
    assert not held.item_of("Wunderchip", {}).in_catalogue
    assert held.item_of("H20", {}).in_catalogue
    assert held.item_of("secret.yaml", {}).id == "secret.yaml"
    assert held.item_of(None, {}).facts["item_kind"].value.options == {"ic"}
