"""The form: exact, whole, and every mistake told with its path."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.desk.applications.blocks import BLOCKS, END_USES
from klartecken.desk.applications.form import blank, read_form, sum_of_lines, total_fits, with_sums
from klartecken.desk.applications.reading import FormError
from klartecken.facts.places import load_places
from klartecken.law.load import load_law
from tests.desk.applications.make import ready

PLACES = load_places()


def mistakes(raw: Any) -> dict[str, str]:
    with pytest.raises(FormError) as told:
        read_form(raw, PLACES)
    return dict(told.value.mistakes)


def test_all_mistakes_at_once_with_their_paths() -> None:
    found = mistakes({
        "lines": [{}, {}, {"quantity": 1.5, "unt": "pieces", "unit_price": "1e9"}],
        "parties": [{"role": "consignee", "country": "Chnia"}, {"name": "Nobody"}],
        "filed_on": "15.7.2025", "resubmission": "yes", "documents_submitted": ["passport"],
        "certifier": "Liv", "nonsense": 1,
    })  # fmt: skip
    assert found.keys() == {
        "lines[2].quantity", "lines[2].unt", "lines[2].unit_price", "parties[0].country",
        "parties[1].role", "filed_on", "resubmission", "documents_submitted[0]", "certifier",
        "nonsense",
    }  # fmt: skip
    assert "unit" in found["lines[2].unt"]
    assert "China" in found["parties[0].country"]


@pytest.mark.parametrize("raw", [None, {}, {"lines": None, "contact": None}])
def test_nothing_said_is_a_draft(raw: Any) -> None:
    assert read_form(raw, PLACES) == blank()


@pytest.mark.parametrize("raw", ["text", 3, [1], {"lines": {}}, {"parties": "x"}, {"lines": [[]]}])
def test_other_shapes_are_refused(raw: Any) -> None:
    assert mistakes(raw)


@pytest.mark.parametrize("value", [
    "-1", "+1", "1e3", "0x10", "1_000", "1,000", "NaN", "Infinity", "१२", "1.2345", True, 1.0,
    10**16, {"a": 1}, "1" * 16,
])  # fmt: skip
def test_what_is_no_quantity(value: Any) -> None:
    assert mistakes({"lines": [{"quantity": value}]}).keys() == {"lines[0].quantity"}


@pytest.mark.parametrize(
    ("value", "kept"), [("0012.500", "12.5"), (7, "7"), (" 8 ", "8"), ("0", "0"), ("", ""),
                        (Decimal("1E+2"), "100")],
)  # fmt: skip
def test_what_is_a_quantity(value: Any, kept: str) -> None:
    assert read_form({"lines": [{"quantity": value}]}, PLACES)["lines"][0]["quantity"] == kept


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "x" * 10_001, "a\u202eb", "\x1b[31m"])
def test_text_that_cannot_be_printed(text: str) -> None:
    assert mistakes({"narrative": text}).keys() == {"narrative"}


def test_reading_twice_changes_nothing() -> None:
    once = read_form(ready(), PLACES)
    assert read_form(json.loads(json.dumps(once)), PLACES) == once


plain_data = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*blank(), "role", "quantity", "name"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(plain_data)
def test_any_data_is_read_or_refused(raw: Any) -> None:
    try:
        form = read_form(raw, PLACES)
    except FormError:
        return
    assert read_form(form, PLACES) == form


numbers = st.decimals(0, 10**12, places=3, allow_nan=False, allow_infinity=False)


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=5))
def test_sums_are_exact(pairs: list[tuple[Decimal, Decimal]]) -> None:
    lines = [{"quantity": q, "unit_price": p} for q, p in pairs if q * p < 10**14]
    form = with_sums({"lines": lines})
    assert all(total_fits(line) for line in form["lines"])
    if lines:
        assert Decimal(form["total_value"]) == sum_of_lines(form)
        changed = {**form["lines"][0], "total": str(Decimal(form["lines"][0]["total"]) + 1)}
        assert not total_fits(changed)


def test_a_total_is_exact_or_to_the_cent() -> None:
    line = {"quantity": "3", "unit_price": "0.3335", "total": ""}
    for total, fits in (("1.0005", True), ("1", True), ("1.01", False), ("1.001", False)):
        assert total_fits({**line, "total": total}) is fits


def test_the_blocks_are_all_there() -> None:
    numbers = [block.number for block in BLOCKS]
    assert len(numbers) == len({*numbers})
    whole = {*map(str, range(1, 26)), *(f"22({c})" for c in "abcdefghij")} - {"8", "22"}
    assert {*numbers} == whole  # block 8 was abolished
    memory = {block.number for block in BLOCKS if block.tag == "memory"}
    assert memory == {"9", "10", "12", "13", *map(str, range(16, 22)), "23",
                      *(f"22({c})" for c in "efghj")}  # fmt: skip
    form = blank()
    for block in BLOCKS:
        assert block.field.split(".")[0] in form


def test_the_end_uses_are_those_of_the_law() -> None:
    assert tuple(END_USES) == tuple(load_law().vocabulary.facts["end_use"].options)
