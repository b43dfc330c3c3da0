"""Somebody who asks the API."""

from __future__ import annotations

import itertools
from typing import Any

from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import func, select

from klartecken.desk.desk import Desk
from klartecken.desk.storage.tables.ledger import LEDGER
from tests.api.fits import fits

_KEYS = itertools.count(1)


class Asking:
    """Asks with a token; each POST has a key of its own unless one is given.

    Every answer must be as the specification says.
    """

    def __init__(self, client: TestClient, token: str) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **headers: str) -> Response:
        return self._told(self.client.get(path, headers={**self.headers, **headers}))

    def post(self, path: str, body: Any = None, key: str | None = None) -> Response:
        key = f"key-{next(_KEYS)}" if key is None else key
        headers = {**self.headers, "Idempotency-Key": key}
        return self._told(self.client.post(path, json={} if body is None else body,
                                           headers=headers))  # fmt: skip

    def send(self, path: str, body: bytes | str, media: str = "application/octet-stream",
             key: str | None = None) -> Response:  # fmt: skip
        """A POST whose body is no JSON."""
        key = f"key-{next(_KEYS)}" if key is None else key
        headers = {**self.headers, "Idempotency-Key": key, "Content-Type": media}
        return self._told(self.client.post(path, content=body, headers=headers))

    def patch(self, path: str, body: Any, version: int | str) -> Response:
        tag = f'"{version}"' if isinstance(version, int) else version
        headers = {**self.headers, "If-Match": tag}
        return self._told(self.client.patch(path, json=body, headers=headers))

    def raw(self, method: str, path: str, body: bytes = b"", **headers: str) -> Response:
        told = {name.replace("_", "-"): text for name, text in headers.items()}
        return self.client.request(method, path, content=body, headers={**self.headers, **told})

    def _told(self, answer: Response) -> Response:
        fits(self.client.app, answer)
        return answer


def ledger_length(desk: Desk) -> int:
    """How many entries the ledger has."""
    with desk.read() as connection:
        return connection.execute(select(func.count()).select_from(LEDGER)).scalar() or 0


def assert_problem(answer: Response, status: int, name: str) -> dict[str, Any]:
    """It is a problem of that status and type; the problem."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["type"] == f"urn:klartecken:{name}", body
    assert body["status"] == status
    assert body["title"]
    assert body["request_id"] == answer.headers["x-request-id"]
    return body
