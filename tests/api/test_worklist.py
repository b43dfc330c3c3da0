"""The worklist over HTTP: filters, pages, sums and files."""

from __future__ import annotations

import csv
import io
from urllib.parse import quote

import pytest
from openpyxl import load_workbook

from klartecken.desk.orders.worklist import COLUMNS
from tests.api.asking import assert_problem
from tests.api.conftest import only_sqlite
from tests.api.ordering import By, entered
from tests.desk.world import h20, line


@pytest.fixture
def lines(by: By) -> list[int]:
    """Three that are ready, two that need a licence, one that is cancelled."""
    rows = [line(1), line(2, consignee="=HYPERLINK(1)", unit_of_business="south"), h20(3), h20(4),
            line(5, order_number="0005"), line(6)]  # fmt: skip
    idents = [entered(by, said)["id"] for said in rows]
    by("Pia").post(f"/lines/{idents[-1]}/cancel", {"why": "x"})
    return idents


def names(by: By, query: str, path: str = "/worklist") -> list[str]:
    answer = by("Vic").get(f"{path}?{query}")
    assert answer.status_code == 200, answer.text
    return [row["external_id"][-1] for row in answer.json()["items"]]


def test_filters(by: By, lines: list[int]) -> None:
    assert names(by, "") == list("12345")
    assert names(by, "", "/lines") == list("123456")
    for query, expected in (
        ("states=held", "34"), ("states=ready", "125"), ("states=cancelled,held", "346"),
        ("hold=licence_required", "34"), ("first_hold=licence_required", "34"),
        ("outcome=licence_required", "34"), ("destination=China", "34"), ("destination=DE", "125"),
        ("item=nvidia-h20", "34"), ("order_number=0005", "5"), ("external_id=E-000002", "2"),
        ("unit_of_business=south", "2"), ("party=lantern", "34"), ("party=%25", ""),
        ("states=ready&destination=CN", ""),
    ):  # fmt: skip
        assert names(by, query) == list(expected), query
        if "states" in query:
            assert names(by, query, "/lines") == list(expected), query


def test_what_to_do_next(by: By, lines: list[int]) -> None:
    row = by("Vic").get("/worklist?states=held&limit=1").json()["items"][0]
    assert (row["first_hold"], row["hold"], row["who"]) == (
        "licence_required", "a licence is required", "licence_manager")  # fmt: skip
    assert row["next_action"].startswith("Assign a licence")
    assert (row["value"], row["age_days"], row["until"]) == ("100000", 0, None)
    ready = by("Vic").get("/worklist?states=ready").json()["items"][0]
    assert (ready["next_action"], ready["who"]) == ("Release it", "approver")


def test_pages(by: By, lines: list[int]) -> None:
    vic = by("Vic")
    for path in ("/worklist?limit=2&states=held,ready", "/lines?limit=2&states=held,ready"):
        found, first = [], path
        while path:
            page = vic.get(path).json()
            found += [row["id"] for row in page["items"]]
            path = page["next"]
        assert found == lines[:5]
        follow = vic.get(first).json()["next"]
        assert_problem(vic.get(follow.replace("ready", "released")), 422, "cursor")
    wrong = vic.get("/worklist?limit=2").json()["next"].replace("limit=2", "limit=501")
    assert_problem(vic.get(wrong), 422, "validation")


@only_sqlite
@pytest.mark.parametrize("query", [
    "states=open", "states=", "states=held,,ready", "hold=wish", "outcome=maybe", "party=%00",
    "destination=Atlantis", "destination=", "after=1", "cursor=x",
])  # fmt: skip
def test_filters_that_cannot_be_read(by: By, query: str) -> None:
    assert by("Vic").get(f"/worklist?{query}").status_code == 422
    assert by("Vic").get(f"/worklist.csv?{query}").status_code == 422


def test_sums(by: By, lines: list[int]) -> None:
    assert by("Vic").get("/worklist/summary").json() == {
        "states": {"held": 2, "ready": 3, "cancelled": 1},
        "first_holds": {"licence_required": 2}, "held_value": {"USD": "200000"},
    }  # fmt: skip


def test_files_hold_exactly_what_the_filter_shows(by: By, lines: list[int]) -> None:
    vic = by("Vic")
    for query in ("", "states=held", "destination=DE", f"party={quote('=hyper')}"):
        rows = vic.get(f"/worklist?{query}").json()["items"]
        answer = vic.get(f"/worklist.csv?{query}")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert 'filename="worklist-2025-07-15.csv"' in answer.headers["content-disposition"]
        table = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert [row["external_id"] for row in table] == [row["external_id"] for row in rows]
        assert [row["value"] for row in table] == [row["value"] for row in rows]
        assert all(tuple(row) == COLUMNS for row in table)
        sheet = load_workbook(io.BytesIO(vic.get(f"/worklist.xlsx?{query}").content))
        held = list(sheet.worksheets[0].iter_rows(min_row=2))
        assert [row[1].value for row in held] == [row["external_id"] for row in rows]
        assert all(cell.data_type != "f" for row in held for cell in row)


def test_columns_of_a_file_and_no_formula(by: By, lines: list[int]) -> None:
    vic = by("Vic")
    raw = vic.get("/worklist.csv?columns=consignee,order_number,consignee&external_id=E-000002")
    assert raw.content.decode("utf-8-sig").splitlines() == [
        "consignee,order_number", "'=HYPERLINK(1),SO-00001"]  # fmt: skip
    assert_problem(vic.get("/worklist.csv?columns=secret"), 422, "unknown-name")
    zeros = vic.get("/worklist.csv?columns=order_number&order_number=0005")
    assert zeros.text.splitlines()[1] == "0005"


@only_sqlite
def test_a_file_is_bounded(by: By, lines: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klartecken.api.routes.worklist.MOST", {"csv": 5, "xlsx": 4})
    assert by("Vic").get("/worklist.csv").status_code == 200
    told = assert_problem(by("Vic").get("/worklist.xlsx"), 422, "input")
    assert "more than 4 lines" in told["detail"]
