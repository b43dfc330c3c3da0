"""The parties that a question names. What resolves them is loaded only when somebody is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from klartecken.errors import InputError

if TYPE_CHECKING:
    from klartecken.parties.resolve.context import Context
    from klartecken.parties.resolve.result import PartyFacts

Names = str | Iterable[str] | None  # of parties: one, or several
ROLES = ("purchaser", "intermediate", "consignee", "end_user")  # as parties.party has them


def named_of(question: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The names that a question gives, by role; no role without a name.

    Raises:
        InputError: something that is no text.
    """
    found = {}
    for role in ROLES:
        names: Names = question.get(role)
        try:
            held = (names,) if isinstance(names, str) else tuple(names or ())
        except TypeError:
            held = (names,)  # type: ignore[assignment]
        if not all(isinstance(name, str) for name in held):
            raise InputError(f"{held!r} holds what is no name", where=role,
                             next_step="Give texts: names, or ids of your register")  # fmt: skip
        if held:
            found[role] = held
    return found


def names_in(cell: str, role: str) -> tuple[str, ...]:
    """The names in a cell of a table, parted by ``|``.

    Raises:
        InputError: a name between two ``|`` is missing.
    """
    names = tuple(name.strip() for name in cell.split("|"))
    if not all(names):
        raise InputError(f"{cell!r} holds an empty name", where=role)
    return names


def party_facts(
    roles: Mapping[str, tuple[str, ...]], day: date, context: Context | None
) -> PartyFacts | None:  # fmt: skip
    """What the named parties come to; None when nobody is named.

    Args:
        roles: from :func:`named_of`.
        day: the day asked about.
        context: lists, decisions and register; None: there are none.

    Raises:
        InputError: a name that cannot be read, or that several parties of the register have.
    """
    if not roles:
        return None
    from klartecken.parties.resolve.context import Context
    from klartecken.parties.resolve.resolve import resolve

    return resolve(roles, day, context or Context())


def party_turns(question: Mapping[str, Any], first: date, until: date) -> tuple[date, ...]:
    """The days on which what the named parties come to changes, within two days."""
    roles, context = named_of(question), question.get("parties")
    if not roles or context is None:
        return ()
    from klartecken.parties.resolve.resolve import Resolver

    resolver = Resolver(context)
    found, last = [], resolver.facts(roles, first).values
    for day in (turn for turn in context.turns if first < turn <= until):
        now = resolver.facts(roles, day).values
        if now != last:
            found.append(day)
        last = now
    return tuple(found)
