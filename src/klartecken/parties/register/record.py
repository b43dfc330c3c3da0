"""The firm's own parties: records, and looking them up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from klartecken.errors import DataError, InputError
from klartecken.parties.names.lookup import lookup_key
from klartecken.parties.party import ROLES, Address, Identifier, Party, content_hash


@dataclass(frozen=True, slots=True)
class Registered:
    """A party of the register.

    Attributes:
        party: who it is; its id is the firm's own.
        hq: where it is headquartered: ISO 3166 alpha-2, or empty.
        parent: its ultimate parent, as named.
        parent_hq: where that is headquartered: ISO 3166 alpha-2, or empty.
        roles: the roles that it usually has; for reference.
        source, as_of: where this is known from, and of which day (ISO), or empty.
    """

    party: Party
    hq: str = ""
    parent: str = ""
    parent_hq: str = ""
    roles: tuple[str, ...] = ()
    source: str = ""
    as_of: str = ""

    @property
    def told(self) -> str:
        """The source, for people."""
        parts = [f"register, party {self.party.id}", self.source]
        if self.as_of:
            parts.append(f"as of {self.as_of}")
        return "; ".join(part for part in parts if part)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {key: _plain(held) for key, held in asdict(self).items()}


def _plain(value: Any) -> Any:
    """Lists for tuples, so that what is read back is the same."""
    if isinstance(value, dict):
        return {key: _plain(held) for key, held in value.items()}
    return [_plain(held) for held in value] if isinstance(value, (tuple, list)) else value


def registered_of(data: Mapping[str, Any], where: str) -> Registered:
    """A record from its plain data.

    Raises:
        DataError: it has not the fields of a record.
    """
    try:
        held = dict(data["party"])
        party = Party(
            name=held["name"], aliases=tuple(held["aliases"]), kind=held["kind"],
            country=held["country"], id=held["id"],
            addresses=tuple(Address(**address) for address in held["addresses"]),
            identifiers=tuple(Identifier(**number) for number in held["identifiers"]),
        )  # fmt: skip
        rest = {key: value for key, value in data.items() if key != "party"}
        rest["roles"] = tuple(rest["roles"])
        return Registered(party, **rest)
    except (KeyError, TypeError, InputError) as err:
        raise DataError(f"is no record of a party ({err})", where=where) from err


@dataclass(frozen=True)
class Register:
    """The parties of a firm, sorted by id, each id once. Build it with :func:`register_of`."""

    records: tuple[Registered, ...] = ()

    @cached_property
    def hash(self) -> str:
        """Content hash."""
        return content_hash([record.to_dict() for record in self.records])

    @cached_property
    def _ids(self) -> Mapping[str, Registered]:
        return {record.party.id: record for record in self.records}

    @cached_property
    def _folded_ids(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for ident in self._ids:
            found.setdefault(lookup_key(ident), []).append(ident)
        return {key: tuple(ids) for key, ids in found.items()}

    @cached_property
    def _names(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        for record in self.records:
            for name in record.party.names:
                found.setdefault(lookup_key(name), {})[record.party.id] = None
        return {name: tuple(ids) for name, ids in found.items()}

    def find(self, text: str) -> Registered | None:
        """The record of an id, or of a name or alias; None when there is none.

        Raises:
            InputError: several parties have this name.
        """
        found = self._ids.get(text.strip())
        if found is not None:
            return found
        ids = self._names.get(lookup_key(text), ())
        if len(ids) > 1:
            raise InputError(
                f"{len(ids)} parties of the register are called {text!r}", where="parties",
                next_step="Give the id: " + ", ".join(ids[:8]) + (", ..." if ids[8:] else ""),
            )  # fmt: skip
        if not ids:  # "p1" for "P1" must not be screened as a name that is on no list
            ids = self._folded_ids.get(lookup_key(text), ())
        return self._ids[ids[0]] if len(ids) == 1 else None


def register_of(records: Mapping[str, Registered]) -> Register:
    """A register of records by id.

    Raises:
        InputError: a record stands under another id than its own, or its role is none.
    """
    for ident, record in records.items():
        if record.party.id != ident or not ident:
            raise InputError(f"a record of {record.party.id!r} stands under {ident!r}",
                             where="register")  # fmt: skip
        for role in record.roles:
            if role not in ROLES:
                raise InputError(f"{role!r} is no role", where=f"party {ident}",
                                 next_step="Use " + ", ".join(ROLES))  # fmt: skip
    return Register(tuple(records[ident] for ident in sorted(records)))
