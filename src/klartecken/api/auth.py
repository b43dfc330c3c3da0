"""Who asks: a token of ours, or one of an identity provider."""

from __future__ import annotations

import re
from typing import Protocol

from starlette.datastructures import Headers

from klartecken.desk.desk import Desk
from klartecken.desk.errors import Unauthenticated
from klartecken.desk.people.accounts import PREFIX, who
from klartecken.desk.people.roles import Person

_OURS = re.compile(rf"{PREFIX}_[0-9a-f]{{16}}_[A-Za-z0-9_-]{{43}}\Z")
_BEARER = re.compile(r"bearer +([\x21-\x7e]{1,8000}) *\Z", re.IGNORECASE)


class Authenticator(Protocol):
    """Finds out who asks, from the headers of a request."""

    def __call__(self, desk: Desk, headers: Headers) -> Person:
        """The person; raises Unauthenticated when nobody is known."""


class Subjects(Protocol):
    """Finds the person that a token of an identity provider stands for."""

    def __call__(self, desk: Desk, token: str) -> Person:
        """The person; raises Unauthenticated when nobody is known."""


def bearer(headers: Headers) -> str:
    """The token of a request.

    Raises:
        Unauthenticated: there is none, or more than one.
    """
    said = headers.getlist("authorization")
    found = _BEARER.match(said[0]) if len(said) == 1 else None
    if found is None:
        raise Unauthenticated(
            "a token is needed", next_step="Send the header: Authorization: Bearer kt_..."
        )
    return found[1]


def authenticator(others: Subjects | None = None) -> Authenticator:
    """Takes tokens of ours and, where there is one, of an identity provider."""

    def authenticate(desk: Desk, headers: Headers) -> Person:
        token = bearer(headers)
        if token.startswith(f"{PREFIX}_") or others is None:
            if not _OURS.match(token):
                raise Unauthenticated("the token is not valid",
                                      next_step="Ask an admin for another one")  # fmt: skip
            now = desk.clock()
            with desk.read() as connection:
                return who(connection, token, now)
        return others(desk, token)

    return authenticate
