"""The data files: strict layouts, errors with row and column, a source for each value."""

import shutil
from pathlib import Path

import pytest

from klartecken.errors import DataError
from klartecken.facts.chips import read_catalogue
from klartecken.facts.events import read_events
from klartecken.facts.places import read_places
from klartecken.facts.table import DATA, GRADES, LAYOUTS, read_table

READERS = {
    "chips": read_catalogue,
    "chip_figures": read_catalogue,
    "chip_sources": read_catalogue,
    "servers": read_catalogue,
    "places": read_places,
    "group_memberships": read_places,
    "events": read_events,
}

BREAKS = [  # table, line, old text, new text, column named
    ("chips", 2, ",2016-09-13,yes,", ",2016-09-13,maybe,", "datacenter"),
    ("chips", 2, ",1,secondary,", ",0,secondary,", "packages"),
    ("chips", 2, ",ic,", ",box,", "kind"),
    ("chips", 3, "Nvidia Tesla P40,", "Nvidia Tesla P4,", "name"),
    ("chip_figures", 2, ",22,", ",22 TOPS,", "value"),
    ("chip_figures", 2, ",22,", ",,", "value"),
    ("chip_figures", 2, ",22,", ",-22,", "value"),
    ("chip_figures", 2, "rate_int8", "rate_int9", "quantity"),
    ("chip_figures", 2, ",TOPS,", ",TFLOPS,", "unit"),
    ("chip_figures", 2, ",secondary,", ",hearsay,", "grade"),
    ("chip_figures", 2, ",yes,", ",,", "used"),
    ("chip_figures", 2, "nvidia-p4,", "nvidia-p5,", "chip"),
    ("chip_sources", 2, ",1,", ",2,", "rank"),
    ("servers", 2, ",nvidia-b200,", ",nvidia-b201,", "contains"),
    ("servers", 2, ",8,", ",8.5,", "count"),
    ("places", 3, "AE,", "AD,", "iso2"),
    ("group_memberships", 2, "AD,B,,", "AD,B,2024-02-30,", "from"),
    ("group_memberships", 2, ",primary,", ",sure,", "grade"),
    ("group_memberships", 2, "AD,", "QQ,", "iso2"),
    ("events", 2, "2022-08-26,,2022-08-31", "2022-08-26,,2022-08-25", "public_from"),
    ("events", 2, "company_filing", "gossip", "grade"),
    ("events", 2, ",tightens,", ",tight,", "direction"),
]


def copy_of_data(folder: Path) -> Path:
    shutil.copytree(DATA, folder / "data")
    return folder / "data"


@pytest.mark.parametrize(("table", "line", "old", "new", "column"), BREAKS)
def test_a_broken_cell_is_named_by_file_row_and_column(tmp_path, table, line, old, new, column):
    folder = copy_of_data(tmp_path)
    path = folder / f"{table}.csv"
    lines = path.read_text(encoding="utf-8").split("\n")
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        READERS[table](folder)
    where = caught.value.where
    assert where == f"{table}.csv, row {line}, column {column}"


@pytest.mark.parametrize("table", LAYOUTS)
def test_unknown_missing_and_swapped_columns_are_named(tmp_path, table):
    folder = copy_of_data(tmp_path)
    path = folder / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    first, _, rest = text.partition("\n")
    columns = first.split(",")
    for header, told in (
        ([*columns, "surprise"], "column surprise"),
        (columns[:-1], f"column {columns[-1]}"),
        ([columns[1], columns[0], *columns[2:]], "row 1"),
    ):
        path.write_text(",".join(header) + "\n" + rest, encoding="utf-8")
        with pytest.raises(DataError) as caught:
            read_table(table, folder)
        assert told in caught.value.where


def test_a_short_row_a_missing_file_and_bad_text_are_told(tmp_path):
    folder = copy_of_data(tmp_path)
    path = folder / "servers.csv"
    path.write_text(path.read_text(encoding="utf-8") + "lonely,cell\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"servers.csv, row 10, column vendor: 2 cells"):
        read_table("servers", folder)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match="not UTF-8"):
        read_table("servers", folder)
    path.unlink()
    with pytest.raises(DataError, match="no such file"):
        read_table("servers", folder)


def test_the_same_figure_twice_is_an_error(tmp_path):
    folder = copy_of_data(tmp_path)
    path = folder / "chip_figures.csv"
    lines = path.read_text(encoding="utf-8").split("\n")
    path.write_text("\n".join([*lines[:2], lines[1], *lines[2:]]), encoding="utf-8")
    with pytest.raises(DataError, match="row 3, column value: the same figure"):
        read_catalogue(folder)


@pytest.mark.parametrize("table", LAYOUTS)
def test_files_are_plain_utf8_with_lf_and_name_no_machine(table):
    raw = (DATA / f"{table}.csv").read_bytes()
    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    for trace in (b"/work/", b"/tmp/", b"shared/", b"chips.md", b"ear.md"):
        assert trace not in raw


def test_no_value_without_a_source_and_a_grade():
    sources = {
        "chip_figures": "source",
        "servers": "source",
        "group_memberships": "citation",
        "events": "source_url",
    }
    for table, source in sources.items():
        for row in read_table(table):
            assert row.cell(source)
            assert row.cell("grade")
    for row in read_table("chips"):
        assert row.cell("grade") in GRADES - {"none"}
        assert row.cell("datacenter_grade") in GRADES - {"none"}


def test_a_figure_that_is_not_used_says_why():
    unused = [r for r in read_table("chip_figures") if r.cell("used") == "no"]
    assert len(unused) >= 10
    assert all(r.cell("note") for r in unused)


def test_a_figure_with_an_address_has_one_address():
    for row in read_table("chip_figures"):
        source = row.cell("source")
        assert " " not in source or source == "no address verified"
        assert ";http" not in source
