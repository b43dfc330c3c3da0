"""Every error says what is wrong, and changes nothing; what is ours is not told."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from klartecken.api.app import create_app
from klartecken.api.settings import Settings
from klartecken.desk.desk import Desk
from klartecken.desk.errors import StorageError
from tests.api.asking import Asking, assert_problem, ledger_length
from tests.api.conftest import only_sqlite

By = Callable[[str], Asking]
JSON = "application/json"
GOOD = b'{"name": "Zoe", "roles": ["viewer"]}'

pytestmark = only_sqlite


@pytest.mark.parametrize(("body", "status"), [
    (b"", 422), (b"{", 400), (b"null", 422), (b"[]", 422), (b'"x"', 422), (b"1", 422),
    (b'{"name": "Zoe", "name": "Zoe", "roles": ["viewer"]}', 400),
    (b'{"name": "Z\\u0000", "roles": ["viewer"]}', 400),
    (b'{"name": "Z\\ud800", "roles": ["viewer"]}', 400),
    (b'{"name": "Z\\u202e", "roles": ["viewer"]}', 422),
    (b'{"name": "Z\\nY", "roles": ["viewer"]}', 422),
    (b'{"name": "   ", "roles": ["viewer"]}', 422),
    (b'{"name": NaN, "roles": ["viewer"]}', 400),
    (b'{"name": 1e400, "roles": ["viewer"]}', 422),
    (b'{"name": ' + b"9" * 5000 + b', "roles": ["viewer"]}', 400),
    (b'{"name": "\xff", "roles": ["viewer"]}', 400),
    (b"[" * 100_000, 400), (b"[" * 30 + b"]" * 30, 400), (b'{"a":' * 5000, 400),
    (b'{"name": "' + b"x" * 5000 + b'", "roles": ["viewer"]}', 422),
    (b'{"name": "Zoe", "roles": ["viewer"], "admin": true}', 422),
    (b'{"name": "Zoe", "roles": []}', 422), (b'{"name": "Zoe", "roles": "viewer"}', 422),
    (b'{"name": true, "roles": ["viewer"]}', 422),
    (b'{"name": "Zoe", "roles": ["viewer"], "email": "nobody"}', 422),
    (b'\xef\xbb\xbf{"name": "Zoe", "roles": ["viewer"]}', 400),
])  # fmt: skip
def test_bodies(by: By, desk: Desk, body: bytes, status: int) -> None:
    ada = by("Ada")
    before = ledger_length(desk)
    answer = ada.raw("POST", "/people", body, Content_Type=JSON, Idempotency_Key="k")
    assert_problem(answer, status, "validation" if status == 422 else "request")
    assert ledger_length(desk) == before
    done = ada.raw("POST", "/people", GOOD, Content_Type=JSON, Idempotency_Key="k")
    assert done.status_code == 201  # an error is not kept under the key


@pytest.mark.parametrize("path", [
    "/people/0", "/people/-1", "/people/9007199254740993", "/people/" + "9" * 400, "/people/1.0",
    "/people/x", "/people/%00", "/people/1%20", "/people/%D9%A1", "/people?limit=0",
    "/people?limit=501", "/people?limit=x", "/people?limit=2&limit=3", "/people?nope=1",
    "/people?cursor=x", "/people?cursor=", "/people?cursor=%00", "/people?active=perhaps",
    "/approvals?state=open", "/approvals?subject=%00", "/approvals?subject_id=0",
    "/people?cursor=" + "A" * 3000, "/people?cursor=WyJhIl0=",
])  # fmt: skip
def test_addresses(by: By, path: str) -> None:
    assert by("Ada").get(path).status_code == 422


def test_statuses(by: By) -> None:
    ada = by("Ada")
    assert_problem(ada.get("/nowhere"), 404, "no-such-address")
    assert_problem(ada.get("/people/"), 404, "no-such-address")
    assert_problem(ada.get("/people/77"), 404, "not-found")
    wrong = ada.raw("DELETE", "/people/1")
    assert_problem(wrong, 405, "no-such-method")
    assert wrong.headers["allow"]
    assert_problem(ada.raw("POST", "/people", GOOD, Content_Type="text/plain",
                           Idempotency_Key="k"), 415, "media-type")  # fmt: skip
    assert_problem(ada.raw("POST", "/people", GOOD, Content_Type=JSON), 400, "idempotency-key")
    assert_problem(ada.post("/people", {"name": "Ada", "roles": ["viewer"]}), 409, "conflict")
    unread = ada.post("/people", {"name": "Zoe", "roles": ["king"]})
    assert assert_problem(unread, 422, "validation")["errors"][0]["where"] == "body.roles.0"


@pytest.mark.parametrize("tag", ["3", '"x"', 'W/"1"', '"0"', '"1", "2"', '"' + "9" * 30 + '"'])
def test_unreadable_tags(by: By, tag: str) -> None:
    assert_problem(by("Ada").patch("/people/2", {"active": False}, tag), 422, "if-match")


def test_versions(by: By) -> None:
    ada = by("Ada")
    held = ada.get("/people/2")
    assert held.headers["etag"] == '"1"'
    same = ada.get("/people/2", **{"If-None-Match": 'W/"7", "1"'})
    assert (same.status_code, same.content) == (304, b"")
    assert_problem(ada.raw("PATCH", "/people/2", b"{}", Content_Type=JSON), 428, "if-match")
    assert_problem(ada.patch("/people/2", {"active": False}, "*"), 428, "if-match")
    changed = ada.patch("/people/2", {"active": False, "why": "left"}, 1)
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert_problem(ada.patch("/people/2", {"active": True}, 1), 412, "stale")
    assert ada.get("/people/2", **{"If-None-Match": '"1"'}).status_code == 200


def test_too_large(desk: Desk, tokens: dict[str, str]) -> None:
    with TestClient(create_app(desk, Settings(body_limit=1000))) as client:
        ada = Asking(client, tokens["Ada"])
        assert_problem(ada.post("/people", {"name": "x" * 2000}), 413, "too-large")

        def drip() -> object:
            for _ in range(20):
                yield b" " * 100

        answer = client.post("/people", content=drip(), headers={
            **ada.headers, "Content-Type": JSON, "Idempotency-Key": "k"})  # fmt: skip
        assert_problem(answer, 413, "request")


def test_what_is_ours_is_logged_and_not_told(
    app: FastAPI, by: By, desk: Desk, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    def broken(*_: object) -> None:
        raise RuntimeError("password=swordfish")

    ada = by("Ada")
    monkeypatch.setattr(app.state.determiner, "one", broken)
    question = {"item": "nvidia-h20", "to": "CN"}
    with caplog.at_level(logging.ERROR):
        answer = by("Pia").post("/determinations", question)
    assert "swordfish" not in answer.text
    assert assert_problem(answer, 500, "internal")["request_id"] in caplog.text
    assert "swordfish" in caplog.text

    def unreachable(*_: object) -> None:
        raise StorageError("no route to 10.1.1.1")

    monkeypatch.setattr(app.state.determiner, "one", unreachable)
    answer = by("Pia").post("/determinations", question)
    assert_problem(answer, 503, "unavailable")
    assert "10.1.1.1" not in answer.text
    assert ada.get("/health").status_code == 200


def test_health_without_a_database(desk: Desk, client: TestClient) -> None:
    with desk.engine.connect() as connection:
        connection.execute(text("ALTER TABLE ledger RENAME TO gone"))
        connection.commit()
    assert_problem(client.get("/health"), 503, "unavailable")


def test_headers_and_ids(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "klartecken.api.access"):
        answer = client.get("/health", headers={"X-Request-Id": "mine-1"})
        client.get("/%0aforged%1b?secret=1", headers={"X-Request-Id": "not mine"})
    assert answer.headers["x-request-id"] == "mine-1"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "server" not in answer.headers
    first, second = (record.getMessage() for record in caplog.records[-2:])
    assert first.startswith("mine-1 ")
    assert "/health 200" in first
    assert "not mine" not in second
    assert "\n" not in second
    assert "secret" not in second
