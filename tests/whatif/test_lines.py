"""The changed lines, one by one: a second reading that must agree with the first."""

from __future__ import annotations

import csv
import json
from collections import Counter
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings

import klartecken as kt
from klartecken.errors import InputError, KlarteckenError
from klartecken.whatif.compare import KINDS, direction, kind_of
from klartecken.whatif.lines import write_changes
from tests.whatif.books import WORLD, rows, table, verdict
from tests.whatif.test_compare import LINE, reforms

ORDERS = [
    {**LINE, "item": item, "exporter": "Acme", "ship_date": day, "quantity": n + 3}
    for n, item in enumerate(("nvidia-h20", "nvidia-h100-sxm", "nvidia-a10"))
    for day in ("2025-04-08", "2025-04-09")
]
REFORM = "april-2025-letters-public"


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines=rows(), reform=reforms)
def test_the_lines_written_are_those_that_change(lines, reform, tmp_path_factory):
    out = tmp_path_factory.mktemp("out") / "changed.parquet"
    held = kt.read_book(table(lines), laws=[reform])
    count = write_changes(held, None, reform, out, kinds=KINDS)
    found = pq.read_table(out).to_pylist()
    wanted = []
    for number, row in enumerate(lines, 1):
        before, after = verdict(row, WORLD), verdict(row, WORLD.under(reform))
        if before != after:
            wanted.append((
                number, row["ship_date"], row["item"], row["destination"],
                kind_of(before, after), direction(before, after), before.outcome, after.outcome,
                "; ".join(before.review_policies_possible) or None,
                "; ".join(after.review_policies_possible) or None,
            ))  # fmt: skip
    keys = (
        "line_id", "ship_date", "item", "destination", "change", "direction", "outcome_before",
        "outcome_after", "review_policy_before", "review_policy_after",
    )  # fmt: skip
    assert [tuple(str(r[k]) if k == "ship_date" else r[k] for k in keys) for r in found] == wanted
    assert count == len(wanted)


def test_lines_and_money_are_those_of_the_comparison(tmp_path):
    held = kt.read_book(table(ORDERS))
    found = kt.compare(held, None, REFORM)
    out = tmp_path / "changed.csv"
    assert write_changes(held, None, REFORM, out) == found.changed
    with out.open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    assert Counter(r["change"] for r in read) == {
        kind: sum(m.lines for m in found.of(kind)) for kind in KINDS[:2] if found.of(kind)
    }
    money = sum(int(r["quantity"]) * Decimal(r["unit_price"]) for r in read)
    assert money == sum(m.money["USD"] for m in found.of("outcome", "review policy"))
    h20 = next(r for r in read if r["item"] == "nvidia-h20")
    assert (h20["line_id"], h20["ship_date"]) == ("2", "2025-04-09")
    assert (h20["outcome_before"], h20["outcome_after"]) == (
        "no_licence_required", "licence_required",
    )  # fmt: skip
    assert h20["provisions"].split("; ")[0] == "+letters_2025.public"


def test_own_numbers_and_rejected_lines(tmp_path):
    lines = [*ORDERS[:2], {**ORDERS[0], "destination": "Nowhere"}, ORDERS[1]]
    own = table(lines).append_column("line_id", pa.array(["a", "b", "c", "d"]))
    for held, wanted in ((own, ["b", "d"]), (table(lines), [2, 4])):
        book = kt.read_book(held)
        assert (book.lines, book.rejected) == (4, 1)
        write_changes(book, None, REFORM, tmp_path / "out.jsonl")
        text = (tmp_path / "out.jsonl").read_text(encoding="utf-8")
        assert [json.loads(line)["line_id"] for line in text.splitlines()] == wanted


def test_a_book_that_was_changed_meanwhile_is_refused(tmp_path):
    path, out = tmp_path / "book.csv", tmp_path / "out.csv"
    whole = "item,to,on,exporter\n" + "nvidia-h20,CN,2025-04-09,Acme\n" * 3
    path.write_text(whole, encoding="utf-8")
    held = kt.read_book(path)
    path.write_text(whole + "nvidia-h20,CN,2025-04-09,Acme\n", encoding="utf-8")
    out.write_text("as it was", encoding="utf-8")
    with pytest.raises(KlarteckenError, match=r"it had 3 lines.* now it has 4"):
        write_changes(held, None, REFORM, out)
    assert out.read_text(encoding="utf-8") == "as it was"
    assert {p.name for p in tmp_path.iterdir()} == {"book.csv", "out.csv"}


def test_another_format_is_refused(tmp_path):
    with pytest.raises(InputError, match="no format"):
        write_changes(kt.read_book(table(ORDERS)), None, REFORM, tmp_path / "out.doc")
