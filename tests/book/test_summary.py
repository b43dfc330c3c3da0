"""The sums of a table of answers are those of its lines, taken one by one."""

from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import klartecken as kt
from klartecken.book.outfile import open_out
from klartecken.book.receipt import outcomes, whole
from klartecken.book.summary import Summary, bases, by_outcome, summarise
from klartecken.book.synthetic.lines import synth
from klartecken.errors import InputError, UnknownName
from tests.book.answered import answered

ROWS = 400


@pytest.fixture(scope="module", params=["parquet", "csv", "jsonl"])
def out(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / f"answers.{request.param}"
    answered(pa.Table.from_batches(synth(ROWS, 3)), path)
    return path


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    """The same lines, answered in memory."""
    return kt.check_book(pa.Table.from_batches(synth(ROWS, 3))).table.to_pylist()


def by_hand(lines: list[dict[str, Any]], keys: Any) -> dict[Any, tuple[int, int, dict[str, Any]]]:
    found: dict[Any, tuple[int, int, dict[str, Any]]] = {}
    for line in lines:
        for key in keys(line):
            count, units, money = found.get(key, (0, 0, {}))
            value = line["quantity"] * Decimal(str(line["unit_price"]))
            money[line["currency"]] = money.get(line["currency"], Decimal(0)) + value
            found[key] = (count + 1, units + line["quantity"], money)
    return found


def as_found(summary: Summary) -> dict[Any, tuple[int, int, dict[str, Any]]]:
    return {row.key: (row.lines, row.units, dict(row.money)) for row in summary.rows}


WAYS: dict[str, tuple[tuple[str, ...], Any]] = {
    "outcome": (("outcome",), lambda line: [(line["outcome"],)]),
    "blank cells": (("exporter",), lambda line: [(line["exporter"],)]),
    "day": (("ship_date",), lambda line: [(str(line["ship_date"]),)]),
    "month": (("month",), lambda line: [(str(line["ship_date"])[:7],)]),
    "basis": (("basis",), lambda line: [(b,) for b in bases(line["requirements"]) or (None,)]),
    "three": (
        ("outcome", "basis", "destination"),
        lambda line: [
            (line["outcome"], b, line["destination"])
            for b in bases(line["requirements"]) or (None,)
        ],
    ),
}


@pytest.mark.parametrize("name", WAYS)
def test_by(out: Path, lines: list[dict[str, Any]], name: str) -> None:
    by, keys = WAYS[name]
    found = summarise(open_out(out), by)
    assert as_found(found) == by_hand(lines, keys)
    everything = by_hand(lines, lambda line: [()])[()]
    assert (found.whole.lines, found.whole.units, dict(found.whole.money)) == everything
    assert found.whole.priced == ROWS
    assert found.repeated is ("basis" in by)


def test_many_batches_and_groups_come_to_the_same(tmp_path: Path) -> None:
    table = pa.Table.from_batches(synth(ROWS, 3))
    (tmp_path / "one").mkdir()
    pq.write_table(table, tmp_path / "many.parquet", row_group_size=37)
    answered(table, tmp_path / "one.parquet")
    answered(tmp_path / "many.parquet", tmp_path / "many.out.parquet")
    held = pq.read_table(tmp_path / "many.out.parquet")
    split = tmp_path / "split.parquet"
    pq.write_table(held, split, row_group_size=23)
    one = summarise(open_out(tmp_path / "one.parquet"), ["basis", "month"])
    assert summarise(open_out(split), ["basis", "month"]) == one


def test_the_totals_of_a_run_are_those_of_its_file(tmp_path: Path) -> None:
    written = answered(pa.Table.from_batches(synth(ROWS, 3)), tmp_path / "a.parquet")
    run = by_outcome(*whole(written.reports))
    assert run == summarise(open_out(tmp_path / "a.parquet"))
    told = outcomes(*whole(written.reports))
    assert {row.key[0]: dict(row.money) for row in run.rows} == {
        name: held["money"] for name, held in told.items()
    }


def test_blank_amounts_count_no_money(tmp_path: Path) -> None:
    table = pa.table({
        "item": ["nvidia-h20"] * 4, "to": ["CN", "CN", "US", "US"], "on": ["2025-07-15"] * 4,
        "quantity": [3, None, 5, 7], "price": ["0.0001", "2", None, "1.00005"],
        "currency": ["USD", "USD", "USD", None],
    })  # fmt: skip
    answered(table, tmp_path / "a.csv")
    found = summarise(open_out(tmp_path / "a.csv"), ["destination"])
    assert as_found(found) == {
        ("CN",): (2, 3, {"USD": Decimal("0.0003")}), ("US",): (2, 12, {"": Decimal("7")}),
    }  # fmt: skip
    assert found.whole.priced == 2


def test_without_amounts_there_is_no_money(tmp_path: Path) -> None:
    table = pa.table({"item": ["nvidia-h20"], "to": ["CN"], "on": ["2025-07-15"]})
    written = answered(table, tmp_path / "a.csv")
    for found in (summarise(open_out(tmp_path / "a.csv")), by_outcome(*whole(written.reports))):
        assert found.whole.money == {}
        assert found.whole.priced == 0


def test_sums_beyond_64_bits_are_exact(tmp_path: Path) -> None:
    table = pa.table({
        "item": ["nvidia-h20"] * 3, "to": ["CN"] * 3, "on": ["2025-07-15"] * 3,
        "quantity": [900_000_000_000] * 3, "price": ["999.9999"] * 3,
    })  # fmt: skip
    answered(table, tmp_path / "a.csv")
    found = summarise(open_out(tmp_path / "a.csv")).whole
    assert found.money == {"": 3 * 900_000_000_000 * Decimal("999.9999")}


def test_months_in_order_and_outcomes_by_severity(out: Path) -> None:
    months = [row.key[0] for row in summarise(open_out(out), ["month"]).rows]
    assert months == sorted(months, key=str)
    found = [row.key[0] for row in summarise(open_out(out)).rows]
    severe = ("prohibited", "licence_required", "undetermined", "exception_available",
              "no_licence_required")  # fmt: skip
    assert found == [name for name in severe if name in found]
    counts = [row.lines for row in summarise(open_out(out), ["item"]).rows]
    assert counts == sorted(counts, reverse=True)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (None, ()),
        ("", ()),
        ("ccl: a", ("ccl",)),
        ("ccl: a; ccl: b?", ("ccl",)),
        ("ccl: b?; ccl: a", ("ccl",)),
        ("ccl: b?; ccl: a?; letter: x", ("ccl?", "letter")),
    ],
)
def test_the_bases_of_a_cell(text: str | None, found: tuple[str, ...]) -> None:
    assert bases(text) == found


def test_every_basis_is_read(lines: list[dict[str, Any]]) -> None:
    """The cell is text: a provision with `; ` or `: ` in its id would break it."""
    from klartecken.law.load import load_law
    from klartecken.law.model import BASES

    for ident in load_law().provisions:
        assert "; " not in ident
        assert ": " not in ident
        assert not ident.endswith("?")
    seen: dict[str, int] = defaultdict(int)
    for line in lines:
        for basis in bases(line["requirements"]):
            seen[basis.rstrip("?")] += 1
    assert seen
    assert set(seen) <= set(BASES)


def test_a_column_that_is_not_there(out: Path) -> None:
    with pytest.raises(UnknownName, match="no column 'destinaton'") as told:
        summarise(open_out(out), ["destinaton"])
    assert "destination" in told.value.nearest


def test_an_amount_that_was_edited(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    answered(pa.Table.from_batches(synth(3)), path)
    rows = path.read_text().splitlines()
    rows[1] = rows[1].replace(rows[1].split(",")[3], '"some"', 1)
    path.write_text("\n".join(rows) + "\n")
    with pytest.raises(InputError, match="'some' cannot be read as an amount"):
        summarise(open_out(path, anyway=True))
