"""A request that comes again has the answer that it had, and no second effect.

The answer is kept in the transaction of its effect: both are there, or neither. There is one
writer at a time, so a repetition that comes at the same moment waits, and finds the answer.
Work that takes several transactions keeps what each part gave with the part's effect.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Request, Response
from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select

from klartecken.api.answer import Answer, answer_of, respond
from klartecken.api.call import Call, idempotency_key
from klartecken.api.problems import ApiError, kind_of
from klartecken.desk.desk import Desk
from klartecken.desk.storage.connect import writing
from klartecken.desk.storage.tables.plumbing import IDEMPOTENCY
from klartecken.desk.work import Work
from klartecken.errors import KlarteckenError

REPLAYED = "Idempotency-Replayed"
BEGUN = 0  # status of a request that is under way, or was stopped


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
        held = _held(work.connection, call.person.id, key, mark)
        if held is not None:
            return _again(held)
        answer = answer_of(run(work))
        _keep(work.connection, call.person.id, key, mark, answer, work.now)
    return answer.response()


@dataclass(frozen=True, slots=True)
class Steps:
    """A request whose work takes several transactions.

    Attributes:
        call: who asks.
        key: stands for the request's key; no client can give it as one.
        mark: of the request.
    """

    call: Call
    key: str
    mark: str

    def once(self, place: int, run: Callable[[Work], Any]) -> Any:
        """Do a part in a transaction of its own, once for each key; what it gave as plain data.

        Args:
            place: number of the part.
        """
        key, call = f"{self.key} {place}", self.call
        with call.desk.work(call.person, call.channel) as work:
            held = _held(work.connection, call.person.id, key, self.mark)
            if held is not None:
                return held["body"]
            found = run(work)
            _keep(work.connection, call.person.id, key, self.mark, Answer(found), work.now)
        return found


def in_steps(call: Call, run: Callable[[Steps], Any]) -> Response:
    """Run an endpoint that works in several transactions.

    Whoever is stopped halfway asks again with the same key: the endpoint runs again, and must
    do what is left. Its answer is kept when all is done. An error that changed nothing lets
    the key go.

    Raises:
        ApiError: 400: no key; 422: the key was another request's.
    """
    key, mark = idempotency_key(call.request), request_hash(call.request)
    person, engine, now = call.person.id, call.desk.engine, call.desk.clock()
    with writing(engine) as connection:
        held = _held(connection, person, key, mark)
        if held is None:
            _keep(connection, person, key, mark, Answer(None, BEGUN), now)
        elif held["status"] != BEGUN:
            return _again(held)
    try:
        answer = answer_of(run(Steps(call, _inner(key), mark)))
    except KlarteckenError as err:
        if (kind_of(err) or (500, ""))[0] < 500:
            with writing(engine) as connection:
                connection.execute(delete(IDEMPOTENCY).where(
                    _mine(person, key), IDEMPOTENCY.c.status == BEGUN))  # fmt: skip
        raise
    with writing(engine) as connection:
        held = _held(connection, person, key, mark)
        if held is not None and held["status"] != BEGUN:
            return _again(held)  # the same request came twice at once: it has one answer
        connection.execute(delete(IDEMPOTENCY).where(_mine(person, key)))
        _keep(connection, person, key, mark, answer, call.desk.clock())
    return answer.response()


def _inner(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()  # short, and followed by a blank


def _mine(person: int, key: str) -> ColumnElement[bool]:
    return and_(IDEMPOTENCY.c.person == person, IDEMPOTENCY.c.key == key)


def _held(connection: Connection, person: int, key: str, mark: str) -> Mapping[str, Any] | None:
    """What is kept under a key, if anything is.

    Raises:
        ApiError: it is of another request.
    """
    held = connection.execute(select(IDEMPOTENCY).where(_mine(person, key))).mappings().first()
    if held is not None and held["request"] != mark:
        raise ApiError(422, "idempotency-key", "this key was that of another request",
                       where="Idempotency-Key", next_step="Give a new one")  # fmt: skip
    return None if held is None else dict(held)


def _again(held: Mapping[str, Any]) -> Response:
    return respond(held["status"], held["body"], {**held["headers"], REPLAYED: "true"})


def request_hash(request: Request) -> str:
    """What makes two requests the same: method, address and body."""
    mark = hashlib.sha256()
    for part in (request.method, request.url.path, request.url.query,
                 request.headers.get("content-type", "")):  # fmt: skip
        mark.update(part.encode("utf-8", "surrogatepass") + b"\0")
    mark.update(request.scope.get("klartecken.body", b""))
    return mark.hexdigest()


def _keep(
    connection: Connection, person: int, key: str, mark: str, answer: Answer, now: datetime
) -> None:
    connection.execute(insert(IDEMPOTENCY).values(
        person=person, key=key, request=mark, status=answer.status,
        headers=answer.all_headers(), body=answer.body, at=now,
    ))  # fmt: skip


def forget(desk: Desk, before: datetime) -> int:
    """Forget the keys from before a moment; how many. (They are no record of the desk.)"""
    with desk.read() as connection:
        if not connection.execute(select(IDEMPOTENCY.c.key).where(IDEMPOTENCY.c.at < before)
                                  .limit(1)).first():  # fmt: skip
            return 0
    with writing(desk.engine) as connection:
        return connection.execute(delete(IDEMPOTENCY).where(IDEMPOTENCY.c.at < before)).rowcount
