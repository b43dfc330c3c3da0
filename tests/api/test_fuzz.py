"""A few thousand requests of nonsense: never an error of ours, and nothing half-applied."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from klartecken.desk.desk import Desk
from klartecken.desk.orders.enter import enter
from klartecken.desk.orders.sheets import csv_of
from klartecken.desk.people.accounts import add_person, new_token
from klartecken.desk.people.roles import DESK, ROLES
from tests.api import papers
from tests.api.asking import ledger_length
from tests.api.fits import document_of
from tests.api.test_gate import endpoints, media_of
from tests.desk.world import HERE, h20, line

COUNT = {"sqlite": 2500, "postgresql": 500}
IDS = ["1", "2", "7", "0", "-1", "1.0", "9007199254740992", "99999999999999999999", "%00", "x",
       "%F0%9F%98%80", "..%2f..", "1;2", "null", "%ff"]  # fmt: skip
SUBJECTS = ["licences", "people", "lines", "tokens", "ledger", "x", "%00"]
TEXTS = [
    "", " ", "Zoe", "viewer", "\u202e", "a\0b", "\ud800", "😀" * 50, "x" * 5000, "=1+1", "'; --",
    "2025-07-15", "2025-13-40", "0000-00-00", "9999-12-31T23:59:59Z", "2025-07-15T00:00:00Z",
    "0001-01-01T00:00:00+14:00", "https://hooks.example.com/x", "https://[::1", "CN", "NaN",
    "1e999", "nvidia-h20", "server:99999999999xnvidia-h20", "../x.yaml", "people", "asked",
    "line.held", "2300..2400",
]  # fmt: skip
NUMBERS: list[Any] = [0, -1, 1, 2**31, 2**53, 2**63, 2**64, 10**39, 10**60, 0.1, 1e308, -0.0,
                      True, False, None]  # fmt: skip
NAMES = ["name", "roles", "email", "oidc_subject", "active", "why", "label", "expires_at", "url",
         "events", "since", "only_failed", "approve", "item", "to", "on", "facts", "listed",
         "consignee", "questions", "view", "strict", "tf32_bits", "detail", "receipt", "hq",
         "external_id", "quantity", "unit_price", "currency", "destination", "ship_on", "reason",
         "licence_line", "licence", "exception", "none", "version", "days", "lines", "rows",
         "holds", "value", "report", "__proto__", "", *papers.NAMES]  # fmt: skip
RAW = [b"", b"{", b"[1,", b"nul", b"\xff\xfe", b'{"a":1,"a":2}', b"[" * 3000, b"NaN", b"-", b'"',
       b'{"name": 1e99999999999}', b"\x00", b"[]" * 10]  # fmt: skip
HEADERS = {
    "If-Match": ['"1"', '"2"', "1", "*", 'W/"1"', '"x"', ""],
    "Idempotency-Key": ["k1", "k2", "k3", "", "x" * 300, "a b", "\t"],
    "Content-Type": ["application/json", "application/json; charset=utf-16", "text/plain", "",
                     "multipart/form-data", "application/xml"],
    "If-None-Match": ['"1"', "*", ",,,"], "X-Request-Id": ["a", "\x7f", "x" * 100],
    "Accept": ["text/html", "*/*"],
}  # fmt: skip


LISTED = ("limit", "cursor", "state", "active", "person", "party", "states", "hold", "columns",
          "kind", "line", "due", "name", "destination", "x")  # fmt: skip


def of_lines(chance: Chance) -> dict[str, dict[str, Any]]:
    """Bodies that fit the endpoints of order lines."""
    some = chance.random.randrange
    reason = {"why": "x"}
    said = (h20 if some(2) else line)(some(30))
    return {
        "/lines": said, "/lines/{ident}": {"quantity": str(some(9)), "why": "x"},
        "/lines/{ident}/evaluate": reason, "/lines/{ident}/cancel": reason,
        "/lines/{ident}/holds": {"reason": "x"}, "/lines/{ident}/holds/{hold}/lift": reason,
        "/lines/{ident}/assignment": {"exception": "NAC"}, "/lines/{ident}/release": {"days": 2},
        "/lines/{ident}/ship": {"itn": "X1"}, "/lines/{ident}/take-back": reason,
        "/releases/bulk": {"lines": [{"line": 1}, {"line": some(9) + 2}]},
        "/shipments/bulk": {"lines": [{"line": 2}, {"line": some(9) + 3, "on": "2025-07-15"}]},
        "/imports": {"rows": [said, line(some(30), note=chance.value()), chance.body()]},
        "/runs/reevaluate": {"lines": [1, 2]}, "/look-backs/{ident}/close": reason,
        "/break-glass": {"line": 1, "holds": ["manual"], "why": "x"},
        "/break-glass/{ident}/second": reason, "/break-glass/{ident}/end": reason,
        "/break-glass/{ident}/report": {"report": "x"}, "/settings/{name}": {"value": some(9)},
    }  # fmt: skip


class Chance:
    """Makes requests, always the same ones."""

    def __init__(self, seed: int, app: FastAPI) -> None:
        self.random, self.app, self.spots = random.Random(seed), app, list(endpoints(app))

    def media(self, method: str, path: str) -> str:
        known = method.lower() in document_of(self.app)["paths"][path]
        return media_of(self.app, method, path) if known else "application/json"

    def value(self, depth: int = 0) -> Any:
        kind = self.random.random()
        if kind < 0.5 or depth > 3:
            return self.random.choice(TEXTS)
        if kind < 0.7:
            return self.random.choice(NUMBERS)
        if kind < 0.85:
            return [self.value(depth + 1) for _ in range(self.random.randrange(4))]
        return self.body(depth + 1)

    def body(self, depth: int = 0) -> dict[str, Any]:
        names = self.random.sample(NAMES, self.random.randrange(1, 6))
        return {name: self.value(depth) for name in names}

    def likely(self, path: str) -> dict[str, Any]:
        """A body that nearly fits, with one thing replaced, so that more than its form is met."""
        good: dict[str, dict[str, Any]] = {
            "/people": {"name": f"Z{self.random.randrange(40)}", "roles": ["viewer"]},
            "/people/{ident}": {"active": True, "roles": ["viewer"]},
            "/people/{ident}/tokens": {"label": "x"}, "/tokens/{ident}/revoke": {"why": "x"},
            "/webhooks": {"url": "https://hooks.example.com/", "events": ["line.held"]},
            "/webhooks/{ident}": {"active": True},
            "/webhooks/{ident}/replay": {"since": "2025-07-15T00:00:00Z"},
            "/approvals/{ident}/decision": {"approve": True, "why": "x"},
            "/determinations": {"item": "nvidia-h20", "to": "CN", "on": "2025-07-15"},
            "/determinations/bulk": {"questions": [
                {"item": "nvidia-h20", "to": "CN", "on": "2025-07-15"}, self.body()]},
            **papers.likely(self.random.randrange(1000)),
        }  # fmt: skip
        good |= of_lines(self)
        body = dict(good.get(path, {}))
        if body and self.random.random() < 0.6:
            body[self.random.choice([*body, *NAMES])] = self.value()
        return body

    def file(self, address: str) -> dict[str, Any]:
        """A file: a good one, or a mutilated one."""
        raw = csv_of(["external_id", "item", "quantity", "unit_price", "currency", "destination"], [
            [f"F{self.random.randrange(9)}", "nvidia-l40s", "1", "2.50", "USD",
             str(self.value())[:50]] for _ in range(3)
        ])  # fmt: skip
        if self.random.random() < 0.5:
            cut = self.random.randrange(len(raw))
            raw = raw[:cut] + self.random.choice(RAW) + raw[cut:]
        name = self.random.choice(["a.csv", "a.csv", "a.tsv", "a.xlsx", "a", "..%2fa.csv", "%00"])
        return {"method": "POST", "url": address if "?" in address else f"{address}?name={name}",
                "content": raw, "headers": {
                    "Content-Type": self.random.choice(["text/csv", "application/octet-stream"]),
                    "Idempotency-Key": f"f{self.random.randrange(10**9)}"}}  # fmt: skip

    def request(self) -> dict[str, Any]:
        method, path = self.random.choice(self.spots)
        if self.random.random() < 0.05:
            method = self.random.choice(["PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE"])
        address = path.replace("{subject}", self.random.choice(SUBJECTS))
        ids = [*IDS, "release_days"] if "settings" in path else IDS
        few = self.random.random() < 0.5  # often what is there
        address = re.sub(
            r"\{\w+\}", lambda _: self.random.choice(ids[: 2 if few else None]), address
        )
        if address.endswith("/attachments") and method == "POST":
            address += "?name=a.txt"
        if self.random.random() < 0.25:
            name = self.random.choice(["limit", "cursor", "state", "active", "person", "party", "x",
                                       *papers.QUERIES])  # fmt: skip
            value = self.random.choice([*IDS, *TEXTS, "500", "true", "asked", "WyJhIiwxXQ=="])
            address += f"?{name}={quote(value, errors='replace', safe='%')}"
        headers = {"Content-Type": "application/json", "If-Match": '"1"',
                   "Idempotency-Key": f"f{self.random.randrange(10**9)}"}  # fmt: skip
        for name, texts in HEADERS.items():
            if self.random.random() < 0.1:
                headers[name] = self.random.choice(texts)
        if self.random.random() < 0.12:
            raw = self.random.choice(RAW)
        else:
            likely = self.random.random() < 0.6
            raw = json.dumps(self.likely(path) if likely else self.body()).encode()
        if self.random.random() < 0.8:
            headers["Content-Type"] = self.media(method, path)
        return {"method": method, "url": address, "headers": headers, "content": raw}


@pytest.fixture
def strong(desk: Desk, tokens: dict[str, str]) -> Callable[[int], str]:
    """Tokens of somebody with every role, mostly; of one with few, and one that does not count."""
    with desk.work(DESK, HERE) as work:
        ident = add_person(work, "Max", list(ROLES))
        _, every = new_token(work, ident)
        for number in range(1, 9):
            enter(desk, work, (h20 if number % 3 == 0 else line)(number + 1000))
    held = [every, every, every, every, tokens["Vic"], "kt_x"]
    return lambda n: held[n % len(held)]


def test_nonsense(app: FastAPI, client: TestClient, desk: Desk, kind: str,
                  strong: Callable[[int], str]) -> None:  # fmt: skip
    chance = Chance(5, app)
    with desk.work(DESK, HERE) as work:
        papers.stock(work)
        for number in range(101, 107):
            enter(desk, work, (h20 if number % 3 == 0 else line)(number))
    length, statuses = ledger_length(desk), dict[int, int]()
    for number in range(COUNT[kind]):
        said = chance.request()
        said["headers"]["Authorization"] = f"Bearer {strong(number)}"
        answer = client.request(**said)
        statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
        assert answer.status_code < 500, (said, answer.text)
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
            if said["method"] not in ("GET", "HEAD"):
                assert ledger_length(desk) == length, said
        length = ledger_length(desk)
    assert statuses[200] > COUNT[kind] // 10, statuses
    assert statuses[201] > 2, statuses
    assert len(statuses) > 8, statuses
