"""People and their tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import Connection, select

from klartecken.api.answer import Answer, created
from klartecken.api.models.base import Ident, PageOf
from klartecken.api.models.people import (
    Me,
    NewPerson,
    NewToken,
    NewTokenOut,
    PersonChange,
    PersonOut,
    TokenOut,
    Why,
)
from klartecken.api.pages import Page, page_of
from klartecken.api.subject import Caller, Subject, Version
from klartecken.desk.errors import Forbidden
from klartecken.desk.people import accounts
from klartecken.desk.storage.tables.people import PEOPLE, TOKENS
from klartecken.desk.work import Work, get

PEOPLE_API = Subject("people", "Who may do what: people, programs, roles and tokens.")
S = PEOPLE_API


def token_out(row: Mapping[str, Any]) -> dict[str, Any]:
    """A token as it is told: nothing of its secret."""
    return {name: row[name] for name in TokenOut.model_fields}


@S.read("/me", "view", Me)
def me(_: Connection, caller: Caller) -> Answer:
    """Who the token stands for, and what they may do."""
    person = caller.person
    return Answer({"id": person.id, "name": person.name, "roles": sorted(person.roles),
                   "permissions": sorted(person.permissions)})  # fmt: skip


@S.read("/people", "view", PageOf[PersonOut])
def list_people(
    connection: Connection, page: Page, active: Annotated[bool | None, Query()] = None
) -> Answer:
    """People by id."""
    query = select(PEOPLE) if active is None else select(PEOPLE).where(PEOPLE.c.active == active)
    return page_of(connection, query, [PEOPLE.c.id], page)


@S.act("/people", "people.manage", PersonOut, 201)
def add_person(work: Work, body: NewPerson) -> Answer:
    """Add a person or a program."""
    ident = accounts.add_person(work, body.name, body.roles, email=body.email,
                                oidc_subject=body.oidc_subject)  # fmt: skip
    return created(f"/people/{ident}", work.get(PEOPLE, ident))


@S.read("/people/{ident}", "view", PersonOut)
def one_person(connection: Connection, ident: Ident) -> dict[str, Any]:
    """A person."""
    return get(connection, PEOPLE, ident)


@S.edit("/people/{ident}", "people.manage", PersonOut)
def change_person(work: Work, ident: Ident, body: PersonChange, version: Version) -> dict[str, Any]:
    """Give a person other roles, or let nobody act as them any longer."""
    return accounts.change_person(work, ident, roles=body.roles, active=body.active,
                                  expected=version, why=body.why or "")  # fmt: skip


@S.read("/people/{ident}/tokens", "view", PageOf[TokenOut])
def list_tokens(connection: Connection, ident: Ident, page: Page, caller: Caller) -> Answer:
    """Tokens of a person, without their secrets: one's own, or as an admin or auditor."""
    get(connection, PEOPLE, ident)
    person = caller.person
    if person.id != ident and not (person.may("people.manage") or person.may("audit.read")):
        raise Forbidden("these are the tokens of somebody else")
    query = select(TOKENS).where(TOKENS.c.person == ident)
    return page_of(connection, query, [TOKENS.c.id], page, token_out)


@S.act("/people/{ident}/tokens", "view", NewTokenOut, 201)
def new_token(work: Work, ident: Ident, body: NewToken) -> Answer:
    """Make a token: anybody for themselves, an admin for a program. It is shown this once."""
    made, token = accounts.new_token(work, ident, body.label or "", body.expires_at)
    row = {**token_out(work.get(TOKENS, made)), "token": None}
    return created(f"/people/{ident}/tokens", row, token=token)


@S.act("/tokens/{ident}/revoke", "view", TokenOut)
def revoke_token(work: Work, ident: Ident, body: Why) -> dict[str, Any]:
    """Let a token count no longer: its owner, or an admin."""
    accounts.revoke_token(work, ident, body.why or "")
    return token_out(work.get(TOKENS, ident))
