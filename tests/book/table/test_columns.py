"""Headings find their columns; what is doubtful is refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.book.extra import require
from klartecken.book.table.columns import (
    COLUMNS,
    ColumnMapping,
    Layout,
    documented,
    fold,
    known_columns,
    layout,
)
from klartecken.book.table.mapping import read_mapping
from klartecken.errors import InputError, UnknownName
from klartecken.law.load import load_law
from tests.house.places import ROOT

VOCABULARY = load_law().vocabulary
BASE = ("item", "to", "on")


def lay(*headings: str, **more: object) -> Layout:
    return layout(headings, VOCABULARY, **more)  # type: ignore[arg-type]


def test_plain_headings() -> None:
    found = lay("Line", "Part No", "Qty", "Ship-To", "Ship Date", "HQ", "TPP", "die_area", "Colour")
    assert found.names == {
        "line_id": "Line", "item": "Part No", "quantity": "Qty", "destination": "Ship-To",
        "ship_date": "Ship Date", "consignee_hq": "HQ", "tpp": "TPP",
        "applicable_die_area": "die_area",
    }  # fmt: skip
    assert found.others == ("Colour",)


@given(
    st.sampled_from(sorted(known_columns(VOCABULARY).values())),
    st.sampled_from(["upper", "title", "lower"]),
    st.sampled_from([" ", "-", "_", ""]),
)
def test_every_column_is_found_however_it_is_written(name: str, case: str, mark: str) -> None:
    if name in ("item", "destination", "ship_date"):
        return
    heading = getattr(name.replace("_", mark), case)()
    assert lay(*BASE, heading).names[name] == heading


def test_no_two_columns_fold_to_one_name() -> None:
    taken: dict[str, str] = {}
    for name, aliases, _ in documented(VOCABULARY):
        for word in (name, *aliases):
            assert taken.setdefault(fold(word), name) == name, word


def test_every_known_name_is_documented() -> None:
    told = {fold(w) for name, aliases, _ in documented(VOCABULARY) for w in (name, *aliases)}
    assert told >= set(known_columns(VOCABULARY))


@pytest.mark.parametrize(
    ("headings", "what"),
    [
        (("item", "to", "on", "tpp", "Total Processing Performance"), "are both tpp"),
        (("item", "part", "to", "on"), "are both item"),
        (("item", "to", "on", "Colour", "Colour"), "stands twice"),
        (("to", "on", "exporter"), "no column names the item"),
        (("item", "on"), "no column is the destination"),
        (("item", "to"), "no column is the ship date"),
        (("item", "to", "on", "exportr"), "resembles exporter"),
        (("item", "to", "on", "end uses"), "resembles end_use"),
        (("item", "to", "on", "memory_bandwith"), "resembles memory_bandwidth"),
        (("item", "to", "on", "dd_conditions", "dd_disclosure"), "holds dd_disclosure"),
    ],
)
def test_refused(headings: tuple[str, ...], what: str) -> None:
    with pytest.raises(InputError, match=what):
        lay(*headings)


def test_a_fact_of_the_item_is_enough() -> None:
    assert "item" not in lay("tpp", "to", "on").names


def test_a_constant_is_enough() -> None:
    found = lay("item", constants={"to": "CN", "on": "2025-07-15"})
    assert found.constants == {"destination": "CN", "ship_date": "2025-07-15"}


def test_listed_may_stand_beside_a_listing() -> None:
    assert {"listed", "listed_entity"} <= lay(*BASE, "listed", "entity_list").names.keys()


def test_a_mapping_goes_first() -> None:
    mapping = ColumnMapping(
        {"item": "SKU text", "hq": "seat"}, {"exporter": "NVIDIA"}, ("exportr", "Item")
    )
    found = lay("sku-text", "Item", "Seat", "to", "on", "exportr", mapping=mapping)
    assert found.names["item"] == "sku-text"
    assert found.names["consignee_hq"] == "Seat"
    assert found.constants == {"exporter": "NVIDIA"}
    assert found.others == ("Item", "exportr")


@pytest.mark.parametrize(
    ("mapping", "what"),
    [
        (ColumnMapping({"item": "Part No"}), "no heading 'Part No'"),
        (ColumnMapping({"itm": "item"}), "no column called 'itm'"),
        (ColumnMapping(constants={"exportr": "NVIDIA"}), "no column called 'exportr'"),
        (ColumnMapping({"item": "Colour"}), "are both item"),
        (ColumnMapping({"exporter": "item"}), "no column names the item"),
        (ColumnMapping({"exporter": "Colour", "hq": "Colour"}), "mapped to both"),
        (ColumnMapping({"exporter": "Colour"}, {"exporter": "AMD"}), "as well"),
        (ColumnMapping(constants={"to": "CN"}), "as well"),
        (ColumnMapping(constants={"exporter": " "}), "is empty"),
        (ColumnMapping(constants={"hq": "CN", "consignee_hq": "CN"}), "twice"),
        (ColumnMapping(constants={"dd_conditions": "yes", "dd_us_supply": "no"}), "already"),
    ],
)
def test_mapping_refused(mapping: ColumnMapping, what: str) -> None:
    with pytest.raises(InputError, match=what):
        lay("item", "to", "on", "Colour", mapping=mapping)


def test_the_nearest_heading_is_named() -> None:
    with pytest.raises(UnknownName) as caught:
        lay("Part Number", "to", "on", mapping=ColumnMapping({"item": "Part Numbr"}))
    assert caught.value.nearest == ("Part Number",)


def test_a_constant_given_twice_is_refused() -> None:
    mapping = ColumnMapping(constants={"hq": "CN"})
    with pytest.raises(InputError, match="twice"):
        lay(*BASE, mapping=mapping, constants={"consignee_hq": "US"})


def test_read_mapping_keeps_text(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_text("columns: {item: Part No}\nconstants: {to: NO, on: 2025-07-15}\nignore: [PO]\n")
    assert read_mapping(path) == ColumnMapping(
        {"item": "Part No"}, {"to": "NO", "on": "2025-07-15"}, ("PO",)
    )


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("column: {a: b}", "no key of a column mapping"),
        ("columns: [a]", "key: value"),
        ("columns: {item: a, item: b}", "stands twice"),
        ("columns: {item: [a]}", "not a text"),
        ("columns: {item: }", "not a text"),
        ("ignore: PO", "not a list"),
        ("- a", "key: value"),
        ("a: [", "not a readable YAML"),
        ("? [a]\n: b", "no text"),
    ],
)
def test_read_mapping_refuses(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match=what) as caught:
        read_mapping(path)
    assert "map.yaml" in caught.value.where


def test_read_mapping_edges(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_mapping(tmp_path / "none.yaml")
    (tmp_path / "empty.yaml").write_text("# nothing\n")
    assert read_mapping(tmp_path / "empty.yaml") == ColumnMapping()


def test_the_page_lists_every_column() -> None:
    page = (ROOT / "docs" / "book-columns.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    told = [
        [part.strip() for part in line.strip("|").split(" | ")] for line in rows
    ]  # name, other headings, what
    wanted = [
        [f"`{name}`", ", ".join(f"`{alias}`" for alias in aliases), what]
        for name, aliases, what in documented(VOCABULARY)
    ]
    assert told == wanted, "paste what `documented` gives"


def test_the_heart_of_the_question_is_documented_first() -> None:
    assert [column.name for column in COLUMNS][:2] == ["line_id", "item"]


def test_what_is_missing_is_named() -> None:
    require("json")
    with pytest.raises(InputError, match="no_such_library") as caught:
        require("json", "no_such_library")
    assert "klartecken[book]" in caught.value.next_step
