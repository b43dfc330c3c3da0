"""Errors as ``application/problem+json`` (RFC 9457): one table from error to answer."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from klartecken.desk.errors import (
    Conflict,
    Forbidden,
    IllegalEvent,
    NotFound,
    Refused,
    Stale,
    StorageError,
    Unauthenticated,
)
from klartecken.errors import DataError, InputError, KlarteckenError, UnknownName

LOG = logging.getLogger("klartecken.api")
MEDIA = "application/problem+json"
MOST = 50  # errors of one request that are told

#: Status -> title. A further status has the title of 400 or 500.
TITLES = {
    400: "The request cannot be read",
    401: "Not authenticated",
    403: "Not allowed",
    404: "There is no such thing",
    405: "This method is not there",
    409: "It does not fit how things stand",
    412: "The record has changed",
    413: "The request is too large",
    415: "The type of the content is not taken",
    422: "What the request says cannot be taken",
    428: "If-Match is missing",
    500: "Something went wrong here",
    503: "The desk cannot be used at the moment",
}

#: The first that fits: error -> status and the last word of its type.
ERRORS: tuple[tuple[type[Exception], int, str], ...] = (
    (Unauthenticated, 401, "unauthenticated"),
    (Forbidden, 403, "forbidden"),
    (NotFound, 404, "not-found"),
    (Stale, 412, "stale"),
    (IllegalEvent, 409, "illegal-event"),
    (Conflict, 409, "conflict"),
    (Refused, 409, "refused"),
    (UnknownName, 422, "unknown-name"),
    (InputError, 422, "input"),
    (StorageError, 503, "unavailable"),
    (DataError, 503, "unavailable"),
)


class ApiError(InputError):
    """What only the API refuses, with a status of its own."""

    def __init__(self, status: int, name: str, what: str, *, where: str = "",
                 next_step: str = "") -> None:  # fmt: skip
        self.status, self.name = status, name
        super().__init__(what, where=where, next_step=next_step)


def problem(
    request_id: str, status: int, name: str, detail: str = "", *, where: str = "",
    next_step: str = "", nearest: Iterable[str] = (), errors: Iterable[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    """An answer that says what is wrong, where, and what to do next."""
    title = TITLES.get(status) or TITLES[500 if status >= 500 else 400]
    body: dict[str, Any] = {"type": f"urn:klartecken:{name}", "title": title, "status": status,
                            "detail": detail, "where": where, "next_step": next_step,
                            "nearest": list(nearest), "errors": list(errors),
                            "request_id": request_id}  # fmt: skip
    return Response(json.dumps(body), status, headers=dict(headers or {}), media_type=MEDIA)


def kind_of(err: Exception) -> tuple[int, str] | None:
    """Status and name of an error that the table knows."""
    for kind, status, name in ERRORS:
        if isinstance(err, kind):
            return status, name
    return None


def refused_part(err: KlarteckenError) -> dict[str, Any]:
    """What is wrong with one part of a request; the other parts go on.

    Raises:
        KlarteckenError: the error itself, where it is not the part's own.
    """
    status, name = kind_of(err) or (500, "")
    if status >= 500:
        raise err
    return {"type": f"urn:klartecken:{name}", "status": status, "detail": err.what,
            "where": err.where, "next_step": err.next_step}  # fmt: skip


def of_error(request_id: str, err: Exception) -> Response:
    """The answer to an error; what is ours is logged, and not told."""
    if isinstance(err, ApiError):
        return problem(request_id, err.status, err.name, err.what, where=err.where,
                       next_step=err.next_step)  # fmt: skip
    known = kind_of(err)
    if known is not None and isinstance(err, KlarteckenError):
        status, name = known
        if status == 503:
            LOG.error("%s %s", request_id, err.line())
            return problem(request_id, status, name, headers={"Retry-After": "5"})
        return problem(
            request_id, status, name, err.what, where=err.where, next_step=err.next_step,
            nearest=getattr(err, "nearest", ()), errors=_mistakes(err),
            headers={"WWW-Authenticate": "Bearer"} if status == 401 else None,
        )  # fmt: skip
    if isinstance(err, PoolTimeout):
        LOG.error("%s %s", request_id, err)
        return problem(request_id, 503, "unavailable", headers={"Retry-After": "5"})
    if isinstance(err, IntegrityError):
        LOG.warning("%s %s", request_id, err.orig)
        return problem(request_id, 409, "conflict", "it breaks a rule of the database")
    LOG.error("%s", request_id, exc_info=err)
    return problem(request_id, 500, "internal")


def _mistakes(err: Exception) -> list[dict[str, str]]:
    """What is wrong with each field, where an error tells of several."""
    told: Iterable[tuple[str, str]] = getattr(err, "mistakes", ())
    return [{"where": where, "what": what[:300]} for where, what in list(told)[:MOST]]


def request_id(request: Request) -> str:
    """The id of a request, which the shell gave it."""
    return str(request.scope.get("klartecken.request_id", ""))


def handle_errors(app: FastAPI) -> None:
    """Let an app answer every error with a problem."""

    async def ours(request: Request, err: Exception) -> Response:
        return of_error(request_id(request), err)

    async def http(request: Request, err: Exception) -> Response:
        assert isinstance(err, HTTPException)
        name = {404: "no-such-address", 405: "no-such-method"}.get(err.status_code, "request")
        detail = "" if err.status_code in (404, 405) else str(err.detail)
        return problem(request_id(request), err.status_code, name, detail, headers=err.headers)

    async def invalid(request: Request, err: Exception) -> Response:
        assert isinstance(err, RequestValidationError)
        told = [
            {"where": ".".join(str(part) for part in one["loc"]), "what": str(one["msg"])[:300]}
            for one in err.errors()[:MOST]
        ]
        detail = "; ".join(f"{one['where']}: {one['what']}" for one in told[:3])
        return problem(request_id(request), 422, "validation", detail, errors=told)

    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(KlarteckenError, ours)


def documented(codes: Iterable[int]) -> dict[int | str, dict[str, Any]]:
    """The statuses of an endpoint that are errors, for its description."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        code: {"description": TITLES[code], "content": {MEDIA: {"schema": schema}}}
        for code in sorted(codes)
    }
