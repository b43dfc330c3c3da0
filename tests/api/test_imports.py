"""Importing over HTTP: rows and files, rejects, the same again, and stopped halfway."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from openpyxl import Workbook

from klartecken.api.app import create_app
from klartecken.api.settings import Settings
from klartecken.desk.desk import Desk
from klartecken.desk.errors import StorageError
from klartecken.desk.orders import importing
from klartecken.desk.orders.sheets import csv_of
from tests.api.asking import Asking, assert_problem, ledger_length
from tests.api.conftest import only_sqlite
from tests.api.ordering import By, codes, now
from tests.desk.world import h20, line

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADS = ["external_id", "order_number", "item", "quantity", "unit", "unit_price", "currency",
         "destination", "ship_from", "exporter", "consignee", "end_user", "end_use",
         "consignee_hq", "parent_hq"]  # fmt: skip


def cells(said: dict[str, Any]) -> list[str]:
    held = {**said, **said["facts"]}
    return [held[name] for name in HEADS]


def table(*lines: dict[str, Any]) -> bytes:
    return csv_of(HEADS, [cells(said) for said in lines])


def sheet(*lines: dict[str, Any]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in (HEADS, *map(cells, lines)):
        book.worksheets[0].append(row)
    book.save(out)
    return out.getvalue()


def send(who: Asking, body: bytes, name: str = "lines.csv", media: str = "text/csv",
         key: str = "k") -> Response:  # fmt: skip
    return who.raw("POST", f"/imports/file?name={name}", body, Content_Type=media,
                   Idempotency_Key=key)  # fmt: skip


def counts(answer: Response) -> tuple[int, ...]:
    assert answer.status_code == 200, answer.text
    body = answer.json()
    return tuple(body[name] for name in ("rows", "new", "changed", "unchanged", "rejected"))


def test_rows(by: By, desk: Desk) -> None:
    pia = by("Pia")
    said = {"rows": [line(1), h20(2), line(3, quantity="0", destination="Atlantis"), {}, line(1)],
            "source": "the shop"}  # fmt: skip
    first = pia.post("/imports", said, key="k")
    assert counts(first) == (5, 2, 0, 0, 3)
    body = first.json()
    assert {(one["row"], one["where"]) for one in body["rejects"]} >= {
        (3, "quantity"), (3, "destination"), (4, "item"), (5, "external_id")}  # fmt: skip
    rejected = list(csv.DictReader(io.StringIO(body["rejects_csv"])))
    assert {row["row"] for row in rejected} == {"3", "4", "5"}
    assert (now(by, 1)["state"], now(by, 2)["state"]) == ("ready", "held")
    length = ledger_length(desk)
    again = pia.post("/imports", said, key="k")
    assert (again.json(), ledger_length(desk)) == (body, length)
    assert again.headers["idempotency-replayed"] == "true"
    assert counts(pia.post("/imports", {"rows": [line(1), h20(2, quantity="9")]})) == (
        2, 0, 1, 1, 0)  # fmt: skip
    assert now(by, 2)["quantity"] == "9"
    run = by("Vic").get(f"/runs/{body['run']}").json()
    assert (run["kind"], run["source"], run["counts"]["new"]) == ("import", "the shop", 2)


@pytest.mark.parametrize(("make", "name", "media"), [
    (table, "lines.csv", "text/csv"), (sheet, "lines.xlsx", XLSX),
    (table, "lines.csv", "text/csv; charset=utf-8"),
    (sheet, "Lines.XLSX", "application/octet-stream"),
])  # fmt: skip
def test_files(by: By, make: Any, name: str, media: str) -> None:
    rows = [line(1), line(2, order_number="00017"), h20(3), line(4, currency="?")]
    body = make(*rows)
    first = send(by("Pia"), body, name, media)
    assert counts(first) == (4, 3, 0, 0, 1)
    assert [one["where"] for one in first.json()["rejects"]] == ["currency"]
    assert now(by, 2)["order_number"] == "00017"
    assert codes(now(by, 3))[0] == "licence_required"
    assert send(by("Pia"), body, name, media).json() == first.json()
    assert counts(send(by("Pia"), body, name, media, "k2")) == (4, 0, 0, 3, 1)


@only_sqlite
def test_the_rejects_come_in_once_they_are_corrected(by: By) -> None:
    pia = by("Pia")
    body = send(pia, table(line(1), line(2, quantity="-8"))).json()
    rows = list(csv.DictReader(io.StringIO(body["rejects_csv"])))
    kept = [[row["quantity"].lstrip("-'") if name == "quantity" else row[name] for name in HEADS]
            for row in rows]  # fmt: skip
    assert counts(send(pia, csv_of(HEADS, kept), key="k2")) == (1, 1, 0, 0, 0)


@only_sqlite
@pytest.mark.parametrize(("body", "name", "media", "status", "error"), [
    (b"", "lines.csv", "text/csv", 422, "input"),
    (b"\xff\xfe", "lines.csv", "text/csv", 422, "input"),
    (b"colour\nred\n", "lines.csv", "text/csv", 422, "input"),
    (b"item,item\nx,y\n", "lines.csv", "text/csv", 422, "input"),
    (b"PK\x03\x04nonsense", "lines.xlsx", XLSX, 422, "input"),
    (table(line()), "lines.pdf", "text/csv", 422, "input"),
    (table(line()), "lines", "text/csv", 422, "input"),
    (table(line()), "%00", "text/csv", 422, "validation"),
    (table(line()), "lines.csv", "application/json", 415, "media-type"),
    (table(line()), "lines.csv", "multipart/form-data; boundary=x", 415, "media-type"),
    (table(line()), "lines.csv", "", 415, "media-type"),
])  # fmt: skip
def test_files_that_cannot_be_read(
    by: By, desk: Desk, body: bytes, name: str, media: str, status: int, error: str
) -> None:
    before = ledger_length(desk)
    assert_problem(send(by("Pia"), body, name, media), status, error)
    assert ledger_length(desk) == before
    assert counts(send(by("Pia"), table(line()))) == (1, 1, 0, 0, 0)  # the key was let go


@only_sqlite
def test_who_may_and_how(by: By, desk: Desk) -> None:
    body = table(line())
    assert_problem(send(by("Ann"), body), 403, "forbidden")
    keyless = by("Pia").raw("POST", "/imports/file?name=x.csv", body, Content_Type="text/csv")
    assert_problem(keyless, 400, "idempotency-key")
    nameless = by("Pia").raw("POST", "/imports/file", body, Content_Type="text/csv",
                             Idempotency_Key="k")  # fmt: skip
    assert_problem(nameless, 422, "validation")
    assert counts(send(by("Sam"), body)) == (1, 1, 0, 0, 0)
    other = send(by("Sam"), table(line(2)))
    assert_problem(other, 422, "idempotency-key")


@only_sqlite
def test_too_large(desk: Desk, tokens: dict[str, str]) -> None:
    """A file may be larger than other requests, and no larger than that."""
    settings = Settings(body_limit=1000, file_limit=3000)
    with TestClient(create_app(desk, settings)) as client:
        pia = Asking(client, tokens["Pia"])
        body = table(line(1), line(2), line(3))
        assert 500 < len(body) < 1000
        assert counts(send(pia, body)) == (3, 3, 0, 0, 0)
        long = table(line(1), *(line(n) for n in range(2, 9)))
        assert 1000 < len(long) < 3000
        assert counts(send(pia, long, key="k2")) == (8, 5, 0, 3, 0)
        assert_problem(send(pia, long * 3, key="k3"), 413, "too-large")
        assert_problem(pia.post("/imports", {"rows": [line(n) for n in range(9)]}), 413,
                       "too-large")  # fmt: skip


@only_sqlite
def test_too_many_rows(by: By, desk: Desk) -> None:
    before = ledger_length(desk)
    assert_problem(by("Pia").post("/imports", {"rows": [{}] * 5001}), 422, "validation")
    assert_problem(by("Pia").post("/imports", {"rows": []}), 422, "validation")
    assert ledger_length(desk) == before


def test_stopped_halfway_and_asked_again(by: By, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped when the lines are in and not evaluated: the same request does the rest."""
    pia, body = by("Pia"), table(line(1), h20(2))

    def stopped(*_: object, **__: object) -> None:
        raise StorageError("the database is gone")

    with monkeypatch.context() as patched:
        patched.setattr(importing, "reevaluate", stopped)
        assert_problem(send(pia, body), 503, "unavailable")
    assert [codes(now(by, n)) for n in (1, 2)] == [["not_evaluated"]] * 2
    assert_problem(by("Ann").post("/lines/1/release"), 409, "illegal-event")
    done = send(pia, body)
    assert counts(done) == (2, 0, 0, 2, 0)
    assert (now(by, 1)["state"], codes(now(by, 2))[0]) == ("ready", "licence_required")
    assert send(pia, body).headers["idempotency-replayed"] == "true"


@only_sqlite
def test_the_template_can_be_filled(by: By) -> None:
    answer = by("Vic").get("/imports/template")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    heads = answer.content.decode("utf-8-sig").strip().split(",")
    held = {**line(), **line()["facts"]}
    body = csv_of(heads, [[held.get(name, "") for name in heads]])
    assert counts(send(by("Pia"), body)) == (1, 1, 0, 0, 0)
