"""The specification: OpenAPI 3.1, drawn from the endpoints and models."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from klartecken.api.models.base import Problem, Wrong
from klartecken.api.subject import Subject

ABOUT = """\
The licence desk over HTTP. Not legal advice.

* Every address but `/health` needs `Authorization: Bearer kt_...`; `x-permission` names what the
  person behind it must be allowed to do.
* An error is `application/problem+json`: what is wrong, where, and what to do next.
* POST that changes something needs an `Idempotency-Key`; PATCH needs `If-Match` with the ETag.
* Listings come in pages: follow `next`.
* Amounts are exact decimal text, days `YYYY-MM-DD`, moments in UTC.
"""
BEARER = {"type": "http", "scheme": "bearer",
          "description": "A token of the desk, or one of the identity provider"}  # fmt: skip


def specify(app: FastAPI, subjects: Iterable[Subject]) -> None:
    """Let an app draw its specification our way."""
    tags = [{"name": subject.tag, "description": subject.about} for subject in subjects]

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            found = get_openapi(
                title=app.title, version=app.version, description=app.description,
                routes=app.routes, tags=tags,
            )  # fmt: skip
            schemas = found.setdefault("components", {}).setdefault("schemas", {})
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            for model in (Wrong, Problem):
                held = model.model_json_schema(ref_template="#/components/schemas/{model}")
                held.pop("$defs", None)
                schemas[model.__name__] = held
            found["components"]["securitySchemes"] = {"bearer": BEARER}
            found["security"] = [{"bearer": []}]
            app.openapi_schema = found
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
