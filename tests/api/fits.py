"""Is an answer as the specification says?"""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema_rs
from fastapi import FastAPI
from httpx import Response


@cache
def _checker(app: FastAPI, method: str, path: str, status: int) -> Any:
    document = app.openapi()
    answers = document["paths"][path][method.lower()]["responses"]
    assert str(status) in answers, f"{method} {path} foresees no {status}"
    content = answers[str(status)].get("content", {})
    (schema,) = [held["schema"] for held in content.values()] or [{}]
    return content.keys(), jsonschema_rs.validator_for(
        {**schema, "components": document["components"]}
    )


def fits(app: FastAPI, answer: Response) -> None:
    """Raises AssertionError where status, type or body is not what the specification says."""
    method, address = answer.request.method, answer.request.url.path
    for route in app.routes:
        if method in route.methods and route.path_regex.match(address):
            break
    else:
        return
    media, checker = _checker(app, method, route.path, answer.status_code)
    if answer.status_code == 304:
        return
    said = answer.headers["content-type"].partition(";")[0]
    if route.path not in ("/metrics", "/attachments/{ident}/content"):
        assert said in media, (method, route.path, said)
    if said.endswith("json"):
        wrong = [f"{list(one.instance_path)}: {one.message}"
                 for one in checker.iter_errors(answer.json())]  # fmt: skip
        assert not wrong, (method, route.path, wrong[:5])
