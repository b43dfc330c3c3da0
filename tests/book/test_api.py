"""Books from Python."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from klartecken.book.answers import COLUMNS
from klartecken.book.api import check_book
from klartecken.decide.ask import check, shipped_world
from klartecken.errors import InputError
from klartecken.facts.own import from_mapping
from klartecken.whatif.book import read_book
from tests.book.laws import provision, world

LINE = {"item": "H20", "to": "CN", "on": "2025-07-15"}
VOCABULARY = shipped_world().law.vocabulary


def book(*lines: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist([{**LINE, **line} for line in lines])


def test_a_file_and_a_table_give_the_same(tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    path.write_text("item,to,on\nH20,CN,2025-07-15\nH20,DE,2025-07-15\n", encoding="utf-8")
    held = check_book(book({}, {"to": "DE"}))
    assert check_book(path).table.to_pylist() == held.table.to_pylist()
    assert held.table.schema.names == ["line_id", "ship_date", "item", "destination", *COLUMNS]
    assert held.table.column("outcome").to_pylist() == [
        check("H20", to, "2025-07-15").outcome for to in ("CN", "DE")
    ]


def test_a_table_in_chunks_gives_one_table() -> None:
    """Answers with blank cells, in several batches, of which each knows other texts."""
    lines = [{"item": item, "to": to} for item in ("H20", "own", None) for to in ("DE", "CN", "US")]
    chunks = pa.concat_tables([book(*lines).slice(place, 1) for place in range(len(lines))])
    assert chunks.column("item").num_chunks == len(lines)
    found = check_book(chunks).table
    whole = check_book(book(*lines)).table
    assert found.to_pylist() == whole.to_pylist()
    assert found.column("missing").null_count == whole.column("missing").null_count > 0


@pytest.mark.parametrize("on", ["2025-07-15", date(2025, 7, 15)])
def test_the_day_of_lines_that_have_none(on: Any) -> None:
    found = check_book(book({"on": None}, {"on": "2022-09-01"}), on=on).table
    assert found.column("ship_date").to_pylist() == [date(2025, 7, 15), date(2022, 9, 1)]
    assert check_book(book({}).drop_columns("on"), on=on).table.num_rows == 1


def test_settings_reach_every_line() -> None:
    lines = book(*({"to": to, "on": on} for to in ("CN", "AE") for on in
                   ("2025-05-20", "2025-07-15")))  # fmt: skip
    for more in ({"view": "text"}, {"strict": True}, {"tf32_bits": 19}):
        held = check_book(lines, **more)  # type: ignore[arg-type]
        for place in range(held.table.num_rows):
            row = held.table.slice(place, 1).to_pylist()[0]
            alone = check("H20", row["destination"], row["ship_date"], **more)  # type: ignore[arg-type]
            assert held.explain(place).verdict == alone.verdict
            assert row["outcome"] == alone.outcome


def test_constants_stand_on_every_line() -> None:
    held = check_book(
        book({}, {"item": "A100-80GB-SXM"}), constants={"hq": "CN", "use": "commercial"}
    )
    assert held.table.column("consignee_hq").to_pylist() == ["CN", "CN"]
    alone = check("H20", "CN", "2025-07-15", hq="CN", end_use="commercial")
    assert held.explain(0).to_dict() == alone.to_dict()


def test_another_law() -> None:
    law = world([provision("need", "requirement", "x >= 3", basis="ccl")])
    lines = book({"x": "2"}, {"x": "3"}, {"x": "1..5"})
    assert check_book(lines, law=law).table.column("outcome").to_pylist() == [
        "no_licence_required", "licence_required", "undetermined",
    ]  # fmt: skip


def test_own_items_are_found_by_id_and_name_and_only_once() -> None:
    mine = from_mapping({"id": "m1", "name": "Mine", "tpp": 100, "die_area": 50}, VOCABULARY)
    held = check_book(book({"item": "M1"}, {"item": " mine "}, {"item": "H20"}), items=[mine])
    first, second, third = held.table.column("case").to_pylist()
    assert first == second != third
    other = from_mapping({"id": "m2", "name": "M1", "tpp": 200}, VOCABULARY)
    with pytest.raises(InputError, match="two items"):
        check_book(book({}), items=[mine, other])


def test_there_are_only_so_many_rows() -> None:
    held = check_book(book({}, {"to": "Narnia"}))
    assert held.explain(0).outcome == held.table.column("outcome")[0].as_py()
    for row in (-1, 1):
        with pytest.raises(InputError, match="no row"):
            held.explain(row)


def test_a_blank_destination_is_unknown() -> None:
    held = check_book(book({"to": None}, {"to": "unknown"}, {"to": " "}))
    assert len(set(held.table.column("case").to_pylist())) == 1
    assert held.explain(0).outcome == held.table.column("outcome")[0].as_py() == "undetermined"
    assert "destination" in (held.table.column("missing")[0].as_py() or "")


def test_an_item_that_is_nowhere_is_answered_by_asking() -> None:
    held = check_book(book({"item": "Wunderchip"}, {"item": None}))
    assert held.table.column("outcome").to_pylist() == ["undetermined"] * 2
    assert held.rejects == ()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"view": "Text"}, "view 'Text' is unknown. Use practice or text"),
        ({"items": ["ours.yaml"]}, "items: 'ours.yaml' is no item"),
        ({"mapping": {"item": "Material"}}, "mapping: dict is no column mapping"),
        ({"workers": 0}, "workers: 0 threads"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_refused(wrong: dict[str, Any], told: str) -> None:
    """An unknown view, above all, must not be answered as if it were another one."""
    with pytest.raises(InputError, match=told):
        check_book(book({}), **wrong)
    if "workers" not in wrong:
        with pytest.raises(InputError, match=told):
            read_book(book({}), **wrong)
