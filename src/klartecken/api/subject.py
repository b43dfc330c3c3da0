"""A subject of the API: its endpoints, as plain functions under a table of addresses.

An endpoint that reads takes a connection first; one that changes something takes a work; what
follows are parameters as FastAPI reads them. It gives back plain data or an
:class:`~klartecken.api.answer.Answer`. Everything else is done here, the same for all: who may,
transactions, repetition, versions, and what the specification says of it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, get_type_hints

from fastapi import Body, Depends, FastAPI, Request, Response
from pydantic import BaseModel

from klartecken.api.answer import answer_of
from klartecken.api.call import Call, call_of, if_match, seen
from klartecken.api.gate import KIND, OPEN, PERMISSION
from klartecken.api.idempotency import act as act_once
from klartecken.api.idempotency import in_steps
from klartecken.api.problems import documented

Function = Callable[..., Any]
READ, ACT, RUN, EDIT, ASK, BARE = "read", "act", "run", "edit", "ask", "bare"
METHODS = {READ: "GET", ACT: "POST", RUN: "POST", EDIT: "PATCH", ASK: "POST", BARE: "GET"}
#: Statuses that an endpoint of a kind may have beside those of all.
ALL = (400, 401, 403, 404, 422, 500, 503)
CODES = {READ: (), ACT: (409,), RUN: (409,), EDIT: (409, 412, 428), ASK: (), BARE: ()}
TEXT = {"type": "string"}
KEY = {
    "name": "Idempotency-Key", "in": "header", "required": True,
    "schema": {**TEXT, "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    "description": "A random text of your own for this request. The same request with the same "
    "key has the same answer, and no second effect.",
    "example": "4f9c2e0a-7d1b-4f7e-9a3e-2b6d7f0c1a55",
}  # fmt: skip
VERSION = {
    "name": "If-Match", "in": "header", "required": True,
    "schema": {**TEXT, "pattern": '^"[1-9][0-9]{0,9}"$'},
    "description": "ETag of the record as you saw it. 412 when it has changed since.",
    "example": '"3"',
}  # fmt: skip
PARAMETERS: dict[str, list[Any]] = {
    READ: [], ACT: [KEY], RUN: [KEY], EDIT: [VERSION], ASK: [], BARE: [],
}  # fmt: skip


async def _caller(request: Request) -> Call:
    return call_of(request)


async def _state(request: Request) -> Any:
    return request.app.state


async def _version(request: Request) -> int:
    return if_match(request)


async def _raw(request: Request) -> bytes:
    raw = await request.body()
    request.scope["klartecken.body"] = raw
    return raw


#: Who asks; for endpoints that need more than the work or the connection.
Caller = Annotated[Call, Depends(_caller)]
#: What the app holds; for endpoints that nobody is known to.
State = Annotated[Any, Depends(_state)]
#: The version of the record that the caller saw: of endpoints that edit.
Version = Annotated[int, Depends(_version)]
#: The bytes of the body: of endpoints that take a file.
Upload = Annotated[bytes, Depends(_raw)]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address with one method; see :class:`Subject`."""

    kind: str
    path: str
    permission: str
    answer: type[BaseModel] | None
    status: int
    run: Function
    media: str
    codes: tuple[int, ...]
    takes: tuple[str, ...]


@dataclass(frozen=True)
class Subject:
    """A subject of the API. Its methods are decorators.

    Args:
        tag: its name.
        about: what it is, in a sentence.
    """

    tag: str
    about: str
    endpoints: list[Endpoint] = field(default_factory=list)

    def read(self, path: str, permission: str, answer: type[BaseModel] | None = None, *,
             media: str = "application/json") -> Callable[[Function], Function]:  # fmt: skip
        """GET: takes a connection."""
        return self._add(READ, path, permission, answer, 200, media)

    def act(self, path: str, permission: str, answer: type[BaseModel] | None, status: int = 200,
            codes: tuple[int, ...] = (), takes: tuple[str, ...] = ()
            ) -> Callable[[Function], Function]:  # fmt: skip
        """POST that changes something, once for each Idempotency-Key: takes a work.

        Args:
            takes: types of a body that is no JSON; see :mod:`klartecken.api.raw`.
        """
        return self._add(ACT, path, permission, answer, status, codes=codes, takes=takes)

    def run(self, path: str, permission: str, answer: type[BaseModel] | None,
            takes: tuple[str, ...] = ()) -> Callable[[Function], Function]:  # fmt: skip
        """POST whose work takes several transactions, each of which may come again: takes steps.

        Args:
            takes: types of a body that is a file; by default it is JSON.
        """
        return self._add(RUN, path, permission, answer, 200, takes=takes)

    def edit(self, path: str, permission: str, answer: type[BaseModel] | None = None
             ) -> Callable[[Function], Function]:  # fmt: skip
        """PATCH of a record whose version is given: takes a work."""
        return self._add(EDIT, path, permission, answer, 200)

    def ask(self, path: str, permission: str, answer: type[BaseModel] | None = None, *,
            takes: tuple[str, ...] = ()) -> Callable[[Function], Function]:  # fmt: skip
        """POST that changes nothing: takes the call."""
        return self._add(ASK, path, permission, answer, 200, takes=takes)

    def bare(self, path: str, permission: str, answer: type[BaseModel] | None = None, *,
             media: str = "application/json") -> Callable[[Function], Function]:  # fmt: skip
        """GET that takes nothing but its parameters."""
        return self._add(BARE, path, permission, answer, 200, media)

    def _add(self, kind: str, path: str, permission: str, answer: type[BaseModel] | None,
             status: int, media: str = "application/json", codes: tuple[int, ...] = (),
             takes: tuple[str, ...] = ()) -> Callable[[Function], Function]:  # fmt: skip
        def keep(run: Function) -> Function:
            self.endpoints.append(
                Endpoint(kind, path, permission, answer, status, run, media, codes, takes)
            )
            return run

        return keep


def add_subject(app: FastAPI, subject: Subject) -> None:
    """Put the endpoints of a subject into an app."""
    for endpoint in subject.endpoints:
        doc = inspect.getdoc(endpoint.run) or ""
        summary, _, more = doc.partition("\n")
        codes = {*ALL, *CODES[endpoint.kind], *endpoint.codes}
        function = bound(endpoint)
        if endpoint.takes or _has_body(function):
            codes |= {413, 415}
        if endpoint.permission == OPEN:
            codes -= {401, 403}
        extra: dict[str, Any] = {PERMISSION: endpoint.permission, KIND: endpoint.kind,
                                 "parameters": PARAMETERS[endpoint.kind]}  # fmt: skip
        if endpoint.permission == OPEN:
            extra["security"] = []
        if endpoint.takes:
            file = {"schema": {**TEXT, "format": "binary"}}
            extra["requestBody"] = {"required": True,
                                    "content": dict.fromkeys(endpoint.takes, file)}  # fmt: skip
        app.add_api_route(
            endpoint.path, function, methods=[METHODS[endpoint.kind]], tags=[subject.tag],
            summary=summary.rstrip("."), description=more.strip(), status_code=endpoint.status,
            operation_id=f"{subject.tag.replace(' ', '_')}_{endpoint.run.__name__}",
            responses={**_good(endpoint), **documented(codes)}, openapi_extra=extra,
            response_model=None,
        )  # fmt: skip


def _good(endpoint: Endpoint) -> dict[int | str, dict[str, Any]]:
    found: dict[str, Any] = {"description": "Done"}
    if endpoint.answer is not None:
        found["model"] = endpoint.answer
    else:
        schema = {} if endpoint.media == "application/json" else TEXT
        found["content"] = {endpoint.media: {"schema": schema}}
    headers: dict[str, Any] = {}
    if endpoint.answer is not None and "version" in endpoint.answer.model_fields:
        headers["ETag"] = {"description": "Version of the record", "schema": TEXT}
    if endpoint.status == 201:
        headers["Location"] = {"description": "Address of the new record", "schema": TEXT}
    if headers:
        found["headers"] = headers
    good: dict[int | str, dict[str, Any]] = {endpoint.status: found}
    if endpoint.kind == READ and "ETag" in headers:
        good[304] = {"description": "Not changed since the version in If-None-Match"}
    return good


def bound(endpoint: Endpoint) -> Function:
    """The function as FastAPI is to call it: with the request in place of work or connection."""
    hints = get_type_hints(endpoint.run, include_extras=True)
    parameters = [
        one.replace(annotation=hints[one.name], kind=inspect.Parameter.KEYWORD_ONLY)
        for one in inspect.signature(endpoint.run).parameters.values()
    ]
    first = parameters[: endpoint.kind != BARE]
    rest = parameters[len(first) :]
    runner = RUNNERS[endpoint.kind]

    def run(*, http_request: Request, **said: Any) -> Response:
        return runner(endpoint.run, http_request, said)

    request = inspect.Parameter("http_request", inspect.Parameter.KEYWORD_ONLY, annotation=Request)
    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [request, *rest], return_annotation=Response
    )
    run.__name__, run.__doc__ = endpoint.run.__name__, endpoint.run.__doc__
    return run


def _has_body(function: Function) -> bool:
    for one in inspect.signature(function).parameters.values():
        held = one.annotation
        marks = getattr(held, "__metadata__", ())
        kind = getattr(held, "__origin__", held) if marks else held
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return True
        if any(isinstance(mark, type(Body())) for mark in marks):
            return True
    return False


def _read(run: Function, request: Request, said: dict[str, Any]) -> Response:
    with call_of(request).desk.read() as connection:
        answer = answer_of(run(connection, **said))
    if answer.version is not None and answer.lasting and seen(request, answer.version):
        return Response(None, 304, headers=answer.all_headers())
    return answer.response()


def _act(run: Function, request: Request, said: dict[str, Any]) -> Response:
    return act_once(call_of(request), lambda work: run(work, **said))


def _run(run: Function, request: Request, said: dict[str, Any]) -> Response:
    return in_steps(call_of(request), lambda steps: run(steps, **said))


def _edit(run: Function, request: Request, said: dict[str, Any]) -> Response:
    call = call_of(request)
    with call.desk.work(call.person, call.channel) as work:
        answer = answer_of(run(work, **said))
    return answer.response()


def _ask(run: Function, request: Request, said: dict[str, Any]) -> Response:
    return answer_of(run(call_of(request), **said)).response()


def _bare(run: Function, request: Request, said: dict[str, Any]) -> Response:
    return answer_of(run(**said)).response()


RUNNERS: dict[str, Callable[[Function, Request, dict[str, Any]], Response]] = {
    READ: _read, ACT: _act, RUN: _run, EDIT: _edit, ASK: _ask, BARE: _bare,
}  # fmt: skip
