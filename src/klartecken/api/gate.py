"""The gate before every endpoint: who asks, may they, and is what they say well-formed.

Nothing of a request's body is read before its sender is known and allowed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException as AnyHttp
from starlette.requests import Request as Plain

from klartecken.api.answer import JSON
from klartecken.api.auth import Authenticator
from klartecken.api.call import Call, channel_of, idempotency_key, if_match
from klartecken.api.problems import ApiError, of_error, request_id
from klartecken.api.settings import Settings
from klartecken.api.strictjson import read_json
from klartecken.desk.desk import Desk
from klartecken.desk.errors import Forbidden
from klartecken.desk.people.roles import Person

PERMISSION, KIND = "x-permission", "x-kind"
OPEN = "open"  # in place of a permission: for anybody
EITHER = "|"  # between permissions of which one is enough
LARGE = 1 << 16  # a body that is read beside the loop
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


@dataclasses.dataclass(frozen=True, slots=True)
class Gatekeeper:
    """What the gate needs; the app holds it."""

    desk: Desk
    settings: Settings
    authenticate: Authenticator


class Body(Plain):
    """A request whose body is read as strict JSON."""

    async def json(self) -> Any:
        """The data of the body."""
        raw = await self.body()
        self.scope["klartecken.body"] = raw
        try:
            if len(raw) > LARGE:
                return await run_in_threadpool(read_json, raw)
            return read_json(raw)
        except ApiError as err:
            raise HTTPException(err.status, err.what) from err


class GuardedRoute(APIRoute):
    """A route that nobody passes without a permission, unless it says that it is open."""

    def get_route_handler(self) -> Handler:
        """The handler, behind the gate."""
        inner = super().get_route_handler()
        about = self.openapi_extra or {}
        known = frozenset(_parameters(self.dependant))
        files = tuple(about.get("requestBody", {}).get("content", ()))
        taken = files or ((JSON,) if self.body_field is not None else ())

        async def handle(request: Request) -> Response:
            request.scope["klartecken.route"] = self.path
            keeper: Gatekeeper = request.app.state.keeper
            try:
                await let_in(request, keeper, about[PERMISSION])
                well_formed(request, known, taken, about.get(KIND, ""))
                return await inner(Body(request.scope, request.receive))
            except (AnyHttp, RequestValidationError):
                raise
            except Exception as err:
                return of_error(request_id(request), err)

        return handle


def _parameters(dependant: Any) -> Iterator[str]:
    """The names of the query's parameters, those of dependencies among them."""
    yield from (field.alias for field in dependant.query_params)
    for below in dependant.dependencies:
        yield from _parameters(below)


async def let_in(request: Request, keeper: Gatekeeper, permission: str) -> None:
    """Find out who asks, and put the call into the request's scope.

    Raises:
        Unauthenticated, Forbidden: as they say.
    """
    if permission == OPEN:
        return
    person = await run_in_threadpool(keeper.authenticate, keeper.desk, request.headers)
    request.scope["klartecken.person"] = person
    wanted = permission.split(EITHER)
    if not any(person.may(one) for one in wanted):
        raise Forbidden(
            f"{person.name} may not do that (needs {' or '.join(wanted)})",
            next_step="Ask an admin for the role, or somebody who has it",
        )
    request.scope["klartecken.call"] = Call(
        keeper.desk, keeper.settings, person, channel_of(request), request
    )


def well_formed(request: Request, known: frozenset[str], taken: tuple[str, ...], kind: str) -> None:
    """What can be said before the body is read.

    Args:
        known: names of the query's parameters.
        taken: types that the body may have; none: it has no body.

    Raises:
        ApiError: a parameter that is unknown or given twice; a header that is missing; a body
            of a type that is not taken.
    """
    said = [name for name, _ in request.query_params.multi_items()]
    for name in said:
        if name not in known or said.count(name) > 1:
            what = "is given twice" if name in known else "is no parameter of this address"
            step = f"Parameters: {', '.join(sorted(known)) or 'none'}"
            raise ApiError(422, "parameter", f"{name[:60]!r} {what}", where="query", next_step=step)
    if kind in ("act", "run"):
        idempotency_key(request)
    if kind == "edit":
        if_match(request)
    if taken:
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media not in taken:
            raise ApiError(415, "media-type", f"the body must be {' or '.join(taken)}",
                           where="Content-Type")  # fmt: skip


def person_of_scope(scope: Any) -> Person | None:
    """Who asked, once that is known."""
    found = scope.get("klartecken.person")
    return found if isinstance(found, Person) else None
