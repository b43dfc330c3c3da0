"""A party as somebody names it: names, kind, country, addresses, identifiers."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import lru_cache

from klartecken.errors import InputError

KINDS = ("organisation", "person", "unknown")
# The parties to a transaction in the sense of 748.5(c) to (f)
ROLES = ("purchaser", "intermediate", "consignee", "end_user")


@dataclass(frozen=True, slots=True)
class Address:
    """An address as written, with its country where that is known.

    Attributes:
        text: street, city, region and postcode, as written; may be empty.
        country: ISO 3166 alpha-2, or empty.
    """

    text: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number that a register gave: ``kind`` as the source words it (``Tax ID No.``, ``LEI``)."""

    kind: str
    number: str
    country: str = ""

    @property
    def key(self) -> str:
        """The number without case, spaces and punctuation: what is compared."""
        return "".join(c for c in self.number.casefold() if c.isalnum())


@dataclass(frozen=True, slots=True)
class Party:
    """A party to be screened.

    Attributes:
        name: as the asker writes it.
        aliases: its other names, in any script.
        kind: one of :data:`KINDS`.
        country: ISO 3166 alpha-2, or empty.
        addresses, identifiers: what is known; screened separately from the names.
        id: the asker's own number, for reference only; no part of the party's hash.
    """

    name: str
    aliases: tuple[str, ...] = ()
    kind: str = "unknown"
    country: str = ""
    addresses: tuple[Address, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    id: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError(
                f"{self.kind!r} is no kind of party", next_step="Use " + ", ".join(KINDS)
            )

    @property
    def names(self) -> tuple[str, ...]:
        """The name and the aliases, each once."""
        return tuple(dict.fromkeys((self.name, *self.aliases)))

    @property
    def hash(self) -> str:
        """Content hash of all but the id: a reviewer's decision lapses when it changes."""
        return _hash(self.name, self.aliases, self.kind, self.country, self.addresses,
                     self.identifiers)  # fmt: skip


@lru_cache(maxsize=1 << 16)
def _hash(
    name: str, aliases: tuple[str, ...], kind: str, country: str,
    addresses: tuple[Address, ...], identifiers: tuple[Identifier, ...],
) -> str:  # fmt: skip
    return content_hash({
        "name": name, "aliases": aliases, "kind": kind, "country": country,
        "addresses": [asdict(address) for address in addresses],
        "identifiers": [asdict(identifier) for identifier in identifiers],
    })  # fmt: skip


def content_hash(plain: object) -> str:
    """SHA-256 over the canonical JSON of plain data (dicts, lists, texts, numbers)."""
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
