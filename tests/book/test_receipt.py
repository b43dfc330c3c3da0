"""The receipt of a run: counts, money and seal."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from klartecken.book.api import BookAnswers, check_book
from klartecken.book.receipt import (
    cases_path,
    dump,
    dump_cases,
    read_receipt,
    receipt_path,
    rejects_path,
    seal,
    whole,
)
from klartecken.decide.verdict import case_id
from klartecken.errors import InputError
from tests.book.test_job import ROWS, table


@pytest.fixture(scope="module")
def answers() -> BookAnswers:
    return check_book(table(ROWS))


def test_lines_units_and_money_reconcile(answers: BookAnswers) -> None:
    body = answers.receipt()
    counted: dict[str, dict[str, Any]] = defaultdict(
        lambda: {"lines": 0, "units": 0, "money": defaultdict(Decimal)}
    )
    for row in answers.table.to_pylist():
        mine = counted[row["outcome"]]
        mine["lines"] += 1
        mine["units"] += int(Decimal(row["quantity"] or 0))
        if row["quantity"] and row["unit_price"]:
            worth = Decimal(row["quantity"]) * Decimal(row["unit_price"])
            mine["money"][row["currency"] or ""] += worth
    told = {name: {**held, "money": dict(held["money"])} for name, held in counted.items()}
    assert body["outcomes"] == dict(sorted(told.items())) == answers.outcomes
    lines = body["lines"]
    assert lines["in"] == len(ROWS) == lines["answered"] + lines["rejected"]
    assert lines["answered"] == answers.table.num_rows == sum(o["lines"] for o in told.values())
    assert lines["rejected"] == len({reject.line for reject in answers.rejects})
    for name in ("lines", "answered", "rejected"):
        wanted = lines["in" if name == "lines" else name]
        assert sum(part[name] for part in body["partitions"]) == wanted
    assert body["cases"] == len(set(answers.table.column("case").to_pylist()))


def test_every_case_of_the_table_is_in_the_file_of_cases(answers: BookAnswers) -> None:
    _, cases = whole(answers.reports)
    data = json.loads(dump_cases(cases))
    assert set(data) == set(answers.table.column("case").to_pylist())
    assert all(case_id(verdict) == name for name, verdict in cases.items())
    for row in answers.table.to_pylist()[::10]:
        assert data[row["case"]]["outcome"] == row["outcome"]


def test_a_receipt_is_the_same_for_the_same_book(answers: BookAnswers) -> None:
    again = check_book(table(ROWS, 17), workers=3).receipt()
    assert dump(again) == dump(answers.receipt())


def test_a_changed_receipt_is_refused(answers: BookAnswers, tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    assert {receipt_path(out), rejects_path(out), cases_path(out)} == {
        tmp_path / f"out.parquet.{end}" for end in ("receipt.json", "rejects.csv", "cases.json")
    }
    with pytest.raises(InputError, match="not there"):
        read_receipt(out)
    body = answers.receipt()
    receipt_path(out).write_text(dump(body), encoding="utf-8")
    read = read_receipt(out)
    assert read["seal"] == body["seal"] == seal(body) == seal(read)
    for change in (
        {"lines": {**body["lines"], "in": 0}}, {"settings": {}}, {"more": 1}, {"seal": "0" * 64},
    ):  # fmt: skip
        receipt_path(out).write_text(dump({**body, **change}), encoding="utf-8")
        with pytest.raises(InputError, match="changed"):
            read_receipt(out)
    for text, told in (("{", "cannot be read"), ("[]", "no receipt"), ('{"format": 1}', "no rec")):
        receipt_path(out).write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=told):
            read_receipt(out)


def test_an_empty_book_has_a_receipt() -> None:
    none = pa.table({name: pa.array([], pa.string()) for name in ("item", "to", "on")})
    body = check_book(none).receipt()
    assert body["lines"] == {"in": 0, "answered": 0, "rejected": 0}
    assert body["outcomes"] == {}
