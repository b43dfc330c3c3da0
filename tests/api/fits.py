"""Is an answer as the specification says?"""

from __future__ import annotations

from typing import Any

import jsonschema_rs
from fastapi import FastAPI
from httpx import Response

BYTES = ("/metrics", "/attachments/{ident}/content")  # of any type
_DOCUMENT: dict[str, Any] = {}
_CHECKERS: dict[tuple[str, str, int], tuple[set[str], Any]] = {}


def document_of(app: FastAPI) -> dict[str, Any]:
    """The specification, drawn once: every app of the tests has the same."""
    if not _DOCUMENT:
        _DOCUMENT.update(app.openapi())
    return _DOCUMENT


def _checker(app: FastAPI, method: str, path: str, status: int) -> tuple[set[str], Any]:
    key = (method, path, status)
    if key not in _CHECKERS:
        document = document_of(app)
        answers = document["paths"][path][method.lower()]["responses"]
        assert str(status) in answers, f"{method} {path} foresees no {status}"
        content = answers[str(status)].get("content", {})
        (schema,) = [held["schema"] for held in content.values()] or [{}]
        components = {"components": document["components"]}
        _CHECKERS[key] = {*content}, jsonschema_rs.validator_for({**schema, **components})
    return _CHECKERS[key]


def fits(app: FastAPI, answer: Response) -> None:
    """Raises AssertionError where status, type or body is not what the specification says."""
    method, address = answer.request.method, answer.request.url.path
    path = next((route.path for route in app.routes
                 if method in route.methods and route.path_regex.match(address)), None)  # fmt: skip
    if path is None:
        return
    media, checker = _checker(app, method, path, answer.status_code)
    if answer.status_code == 304:
        return
    said = answer.headers["content-type"].partition(";")[0]
    if path not in BYTES:
        assert said in media, (method, path, said)
    if said.endswith("json"):
        wrong = [f"{list(one.instance_path)}: {one.message}"
                 for one in checker.iter_errors(answer.json())]  # fmt: skip
        assert not wrong, (method, path, wrong[:5])
