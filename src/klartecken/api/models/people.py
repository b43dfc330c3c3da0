"""People and their tokens."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from klartecken.api.models.base import Ident, Line, Moment, Prose, Said, Told
from klartecken.desk.people.roles import PERMISSIONS, ROLES

Role = Literal[tuple(ROLES)]  # type: ignore[valid-type]
Permission = Literal[tuple(sorted(PERMISSIONS))]  # type: ignore[valid-type]
Roles = Annotated[list[Role], Field(min_length=1, max_length=len(ROLES))]  # type: ignore[valid-type]


class NewPerson(Said):
    """A new person, or a program."""

    name: Line
    roles: Roles
    email: Annotated[str, Field(max_length=200, pattern=r"^[^\s@]+@[^\s@]+$|^$")] = ""
    oidc_subject: Annotated[Line | None, Field(description="As the identity provider names them")
                            ] = None  # fmt: skip


class PersonChange(Said):
    """What is to be different."""

    roles: Roles | None = None
    active: bool | None = None
    why: Prose | None = None


class PersonOut(Told):
    """Somebody, or a program, that acts at the desk."""

    id: Ident
    version: int
    name: str
    email: str
    roles: list[Role]  # type: ignore[valid-type]
    oidc_subject: str | None
    active: bool
    created_at: Moment


class Me(Told):
    """Who asks."""

    id: int
    name: str
    roles: list[Role]  # type: ignore[valid-type]
    permissions: list[Permission]  # type: ignore[valid-type]


class NewToken(Said):
    """A new token."""

    label: Line | None = None
    expires_at: Moment | None = None


class TokenOut(Told):
    """A token, without its secret."""

    id: Ident
    version: int
    person: Ident
    label: str
    created_at: Moment
    expires_at: Moment | None
    revoked_at: Moment | None


class NewTokenOut(TokenOut):
    """A new token."""

    token: Annotated[str | None, Field(description="Shown this once; null when repeated")]


class Why(Said):
    """A reason."""

    why: Prose | None = None
