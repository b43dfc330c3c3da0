"""People and their tokens."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from klartecken.desk.errors import Conflict, Forbidden, Refused, Unauthenticated
from klartecken.desk.people.roles import ROLES, Person
from klartecken.desk.storage.tables.people import PEOPLE, TOKENS
from klartecken.desk.work import Row, Work, get
from klartecken.errors import InputError
from klartecken.facts.text import one_line

PREFIX = "kt"


def person_of(row: Row) -> Person:
    """The person of a row."""
    return Person(row["id"], row["name"], frozenset(row["roles"]))


def person(connection: Connection, ident: int) -> Person:
    """A person by id; see :func:`klartecken.desk.work.get`."""
    return person_of(get(connection, PEOPLE, ident))


def add_person(
    work: Work, name: str, roles: Iterable[str], *, email: str = "",
    oidc_subject: str | None = None,
) -> int:  # fmt: skip
    """A new person; its id.

    The very first person of a desk may be added by the desk itself, and must be an admin.

    Raises:
        Forbidden: not by an admin.
        InputError: no name, an unknown role, or none.
        Conflict: there is a person of this name or subject.
    """
    work.require("people.manage")
    name = one_line(name, "name")
    held = read_roles(roles)
    if work.find(PEOPLE, PEOPLE.c.name == name):
        raise Conflict(f"there is already a person {name!r}")
    if oidc_subject is not None and work.find(PEOPLE, PEOPLE.c.oidc_subject == oidc_subject):
        raise Conflict(f"there is already a person of the subject {oidc_subject!r}")
    return work.insert(PEOPLE, "people.add", {
        "name": name, "email": email, "roles": held, "oidc_subject": oidc_subject,
        "active": True, "created_at": work.now,
    })  # fmt: skip


def read_roles(roles: Iterable[str]) -> list[str]:
    """Roles, sorted; raises InputError for an unknown one, or none."""
    held = sorted({*roles})
    unknown = [role for role in held if role not in ROLES]
    if unknown or not held:
        raise InputError(
            f"{unknown[0]!r} is no role" if unknown else "no role is given", where="roles",
            next_step="Use " + ", ".join(ROLES),
        )  # fmt: skip
    return held


def change_person(
    work: Work, ident: int, *, roles: Iterable[str] | None = None, active: bool | None = None,
    expected: int | None = None, why: str = "",
) -> Row:  # fmt: skip
    """Give a person other roles, or let nobody act as them any longer.

    Raises:
        Refused: it would leave no admin.
        Forbidden, InputError, NotFound, Stale: as usual.
    """
    work.require("people.manage")
    changes: dict[str, Any] = {}
    if roles is not None:
        changes["roles"] = read_roles(roles)
    if active is not None:
        changes["active"] = active
    row = work.update(PEOPLE, ident, "people.change", changes, why, expected)
    if not any("admin" in held["roles"] for held in work.find(PEOPLE, active=True)):
        raise Refused("it would leave the desk without an admin", next_step="Add another one first")
    return row


def new_token(
    work: Work, owner: int, label: str = "", expires_at: datetime | None = None
) -> tuple[int, str]:
    """A new token of a person: its id, and the token itself, which is shown this once.

    Anybody may make a token of their own; an admin may make one for a program (role service),
    and the desk the very first one.

    Raises:
        Forbidden: for somebody else.
        InputError: an expiry in the past.
    """
    row = work.get(PEOPLE, owner)
    if work.person.id != owner:
        work.require("people.manage")
        if work.person.id != 0 and row["roles"] != ["service"]:
            raise Forbidden("a token is made by its owner", next_step="Invite the person")
    return _token(work, owner, label, expires_at, invitation=False)


def invite(work: Work, owner: int, expires_at: datetime) -> tuple[int, str]:
    """An invitation, with which a person makes their first token and nothing else.

    Raises:
        Forbidden, NotFound, InputError: as usual.
    """
    work.require("people.manage")
    work.get(PEOPLE, owner)
    return _token(work, owner, "invitation", expires_at, invitation=True)


def accept(work: Work, invitation: int, label: str = "") -> tuple[int, str]:
    """The first own token, for an invitation, which counts no longer; see :func:`invited`."""
    row = work.get(TOKENS, invitation)
    work.update(TOKENS, invitation, "tokens.accept", {"revoked_at": work.now})
    return _token(work, row["person"], label, None, invitation=False)


def _token(
    work: Work, owner: int, label: str, expires_at: datetime | None, *, invitation: bool
) -> tuple[int, str]:
    if expires_at is not None and expires_at <= work.now:
        raise InputError("expires in the past", where="expires_at")
    label = one_line(label, "label") if label.strip() else ""
    public, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
    ident = work.insert(TOKENS, "tokens.new", {
        "person": owner, "public": public, "secret_hash": digest(secret), "label": label,
        "invitation": invitation, "created_at": work.now, "expires_at": expires_at,
        "revoked_at": None,
    })  # fmt: skip
    return ident, f"{PREFIX}_{public}_{secret}"


def revoke_token(work: Work, ident: int, why: str = "") -> None:
    """Let a token count no longer; by its owner or an admin.

    Raises:
        Forbidden, NotFound: as usual.
    """
    row = work.get(TOKENS, ident)
    if row["person"] != work.person.id:
        work.require("people.manage")
    if row["revoked_at"] is None:
        work.update(TOKENS, ident, "tokens.revoke", {"revoked_at": work.now}, why)


def digest(secret: str) -> str:
    """SHA-256: the secret has 256 bits of chance, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def who(connection: Connection, token: str, now: datetime) -> Person:
    """The person of a token.

    Raises:
        Unauthenticated: no token of ours, revoked, expired, an invitation, or of somebody no
            longer active.
    """
    row = _valid(connection, token, now)
    if row["invitation"]:
        raise Unauthenticated("this is an invitation", next_step="Run klartecken desk token accept")
    return person_of(row)


def invited(connection: Connection, token: str, now: datetime) -> tuple[int, Person]:
    """The id of an invitation, and who is invited.

    Raises:
        Unauthenticated: it is none, or does not count any longer.
    """
    row = _valid(connection, token, now)
    if not row["invitation"]:
        raise Unauthenticated("this is no invitation")
    return row["token"], person_of(row)


def _valid(connection: Connection, token: str, now: datetime) -> Row:
    """A token that counts, with its owner."""
    prefix, public, secret = token.split("_", 2) if token.count("_") >= 2 else ("", "", "")
    wrong = Unauthenticated("the token is not valid", next_step="Ask an admin for another one")
    if prefix != PREFIX or not secret.isascii() or not public.isascii():
        raise wrong
    held = connection.execute(_WHO, {"public": public}).mappings().one_or_none()
    if held is None or not hmac.compare_digest(held["secret_hash"], digest(secret)):
        raise wrong
    expired = held["expires_at"] is not None and held["expires_at"] <= now
    if held["revoked_at"] is not None or expired or not held["active"]:
        raise wrong
    return dict(held)


_WHO = (  # in one look: each request asks it
    select(
        TOKENS.c.id.label("token"), TOKENS.c.secret_hash, TOKENS.c.invitation,
        TOKENS.c.revoked_at, TOKENS.c.expires_at, PEOPLE.c.id, PEOPLE.c.name, PEOPLE.c.roles,
        PEOPLE.c.active,
    )
    .join(PEOPLE, PEOPLE.c.id == TOKENS.c.person)
    .where(TOKENS.c.public == bindparam("public"))
)  # fmt: skip


def nobody_yet(connection: Connection) -> bool:
    """Is nobody known at this desk?"""
    return not connection.execute(select(func.count()).select_from(PEOPLE)).scalar()
