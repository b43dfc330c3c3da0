"""A request that comes again has the answer that it had, and no second effect.

The answer is kept in the transaction of its effect: both are there, or neither. There is one
writer at a time, so a repetition that comes at the same moment waits, and finds the answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import Request, Response
from sqlalchemy import delete, insert, select

from klartecken.api.answer import Answer, answer_of, respond
from klartecken.api.call import Call, idempotency_key
from klartecken.api.problems import ApiError
from klartecken.desk.desk import Desk
from klartecken.desk.storage.connect import writing
from klartecken.desk.storage.tables.plumbing import IDEMPOTENCY
from klartecken.desk.work import Work

REPLAYED = "Idempotency-Replayed"


def act(call: Call, run: Callable[[Work], Any]) -> Response:
    """Run an endpoint that changes something, once for each key.

    Args:
        run: changes something, and gives an answer or plain data. An error undoes it, and is
            not kept: the request may come again with the same key.

    Raises:
        ApiError: 400: no key; 422: the key was another request's.
    """
    key, mark = idempotency_key(call.request), request_hash(call.request)
    with call.desk.work(call.person, call.channel) as work:
        held = work.connection.execute(
            select(IDEMPOTENCY).where(
                IDEMPOTENCY.c.person == call.person.id, IDEMPOTENCY.c.key == key
            )
        ).mappings().one_or_none()  # fmt: skip
        if held is not None:
            if held["request"] != mark:
                raise ApiError(422, "idempotency-key", "this key was that of another request",
                               where="Idempotency-Key", next_step="Give a new one")  # fmt: skip
            return respond(held["status"], held["body"], {**held["headers"], REPLAYED: "true"})
        answer = answer_of(run(work))
        _keep(work, call.person.id, key, mark, answer)
    return answer.response()


def request_hash(request: Request) -> str:
    """What makes two requests the same: method, address and body."""
    mark = hashlib.sha256()
    for part in (request.method, request.url.path, request.url.query,
                 request.headers.get("content-type", "")):  # fmt: skip
        mark.update(part.encode("utf-8", "surrogatepass") + b"\0")
    mark.update(request.scope.get("klartecken.body", b""))
    return mark.hexdigest()


def _keep(work: Work, person: int, key: str, mark: str, answer: Answer) -> None:
    work.connection.execute(insert(IDEMPOTENCY).values(
        person=person, key=key, request=mark, status=answer.status,
        headers=answer.all_headers(), body=answer.body, at=work.now,
    ))  # fmt: skip


def forget(desk: Desk, before: datetime) -> int:
    """Forget the keys from before a moment; how many. (They are no record of the desk.)"""
    with desk.read() as connection:
        if not connection.execute(select(IDEMPOTENCY.c.key).where(IDEMPOTENCY.c.at < before)
                                  .limit(1)).first():  # fmt: skip
            return 0
    with writing(desk.engine) as connection:
        return connection.execute(delete(IDEMPOTENCY).where(IDEMPOTENCY.c.at < before)).rowcount
