"""Lines of a table of answers are found, and explained as they were answered."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import klartecken as kt
from klartecken.book.explained import explained
from klartecken.book.outfile import open_out, the_line
from klartecken.book.synthetic.lines import synth
from klartecken.decide.ask import shipped_world
from klartecken.errors import InputError, UnknownName
from klartecken.facts.own import from_file
from klartecken.law.load import load_law
from tests.book.answered import answered

FORMATS = ["parquet", "csv", "jsonl"]


def explain(out: Path, **which: Any) -> tuple[Any, tuple[str, ...]]:
    held = open_out(out)
    assert held.receipt is not None
    line = the_line(held, which.pop("line_id", None), which.pop("row", None))
    return explained(line, held.columns, held.receipt, shipped_world(), **which)


@pytest.mark.parametrize("kind", FORMATS)
def test_the_explanation_is_that_of_a_single_question(tmp_path: Path, kind: str) -> None:
    table = pa.Table.from_batches(synth(150, 7))
    out = tmp_path / f"a.{kind}"
    answered(table, out)
    asked = {"destination": "to", "ship_date": "on", "consignee_hq": "hq"}
    for place in (0, 17, 80, 149):
        row = {k: v for k, v in table.slice(place, 1).to_pylist()[0].items() if v is not None}
        answer, doubts = explain(out, line_id=row.pop("line_id"))
        assert doubts == ()
        question = {asked.get(name, name): value for name, value in row.items()}
        facts = {n: question.pop(n) for n in ("nac_notice_days", "dd_conditions") if n in question}
        for name in ("quantity", "unit_price", "currency"):
            question.pop(name)
        assert answer.explain() == kt.check(**question, facts=facts).explain()


@pytest.mark.parametrize("kind", FORMATS)
def test_lines_of_one_name(tmp_path: Path, kind: str) -> None:
    line = {"id": "A", "item": "nvidia-h20", "to": "CN", "on": "2025-07-15"}
    out = tmp_path / f"a.{kind}"
    lines = [line, {**line, "to": "US"}, {**line, "id": None}, {**line, "id": "B", "to": "Mars"}]
    answered(pa.Table.from_pylist(lines), out, exporter="NVIDIA")
    with pytest.raises(InputError, match=r"2 lines are called 'A' \(row 1: .* CN .*row 2: .* US"):
        explain(out, line_id="A")
    assert explain(out, row=1)[0].outcome == "licence_required"
    assert explain(out, line_id="A", row=2)[0].outcome == "no_licence_required"
    with pytest.raises(InputError, match="row 3 is line"):
        explain(out, line_id="A", row=3)
    with pytest.raises(InputError, match=r"'B' was rejected \(destination: there is no place"):
        explain(out, line_id="B")
    with pytest.raises(UnknownName, match="there is no line 'C'"):
        explain(out, line_id="C")
    with pytest.raises(UnknownName, match="there is no row 4"):
        explain(out, row=4)
    with pytest.raises(InputError, match="say which line"):
        explain(out)


@pytest.mark.parametrize("kind", FORMATS)
def test_lines_without_a_number_are_found_by_their_place(tmp_path: Path, kind: str) -> None:
    lines = [{"item": "h20", "to": to, "on": "2025-07-15"} for to in ("CN", "Mars", "US")]
    out = tmp_path / f"a.{kind}"
    answered(pa.Table.from_pylist(lines), out)
    assert explain(out, line_id="3")[0].case.facts["destination"].value == (
        explain(out, row=2)[0].case.facts["destination"].value
    )
    for strange in ("x", "", "-1", "2.0", str(2**63), str(-(2**70))):
        with pytest.raises(UnknownName):
            explain(out, line_id=strange)


def test_rows_skip_row_groups(tmp_path: Path) -> None:
    table = pa.Table.from_batches(synth(500))
    answered(table, tmp_path / "a.parquet")
    pq.write_table(pq.read_table(tmp_path / "a.parquet"), tmp_path / "b.parquet", row_group_size=60)
    held = open_out(tmp_path / "b.parquet")
    found = list(held.rows([500, 1, 121, 120]))
    ids = table.column("line_id").to_pylist()
    assert [(place, row["line_id"]) for place, row in found] == [
        (place, ids[place - 1]) for place in (1, 120, 121, 500)
    ]


def test_items_of_ones_own_are_given_again(tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    text = "name: our-chip\nkind: ic\ntpp: {}\ndie_area: 800\ndatacenter: yes\n"
    path.write_text(text.format("5000"))
    item = from_file(path, load_law().vocabulary)
    out = tmp_path / "a.csv"
    book = pa.table({"item": ["our-chip"], "to": ["CN"], "on": ["2025-03-01"]})
    answered(book, out, [item])
    with pytest.raises(InputError, match="items of your own: our-chip"):
        explain(out, row=1)
    answer, doubts = explain(out, row=1, items=[item])
    assert (answer.outcome, doubts) == ("licence_required", ())
    path.write_text(text.format("100"))
    _, doubts = explain(out, row=1, items=[from_file(path, load_law().vocabulary)])
    assert len(doubts) == 1
    assert "was licence_required" in doubts[0]


def test_another_law_is_told(tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    answered(pa.table({"item": ["h20"], "to": ["CN"], "on": ["2025-07-15"]}), out)
    held = open_out(out)
    assert held.receipt is not None
    body = {**held.receipt, "law": {**held.receipt["law"], "hash": "0" * 64}}
    _, doubts = explained(the_line(held, "1", None), held.columns, body, shipped_world())
    assert len(doubts) == 1
    assert "of law 000000000000" in doubts[0]


def test_a_table_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("item,to,on\nh20,CN,2025-07-15\n")
    with pytest.raises(InputError, match="no table of answers"):
        open_out(path)
    with pytest.raises(InputError, match="no such file"):
        open_out(tmp_path / "b.csv")
