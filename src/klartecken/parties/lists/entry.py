"""One entry of a restricted-party list, in our own layout."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import Any

from klartecken.parties.party import Address, Identifier, content_hash

# How an entry can be of a kind; vessels and aircraft are kept, and screened as unknown
ENTRY_KINDS = ("organisation", "person", "vessel", "aircraft", "unknown")


@dataclass(frozen=True)
class Entry:
    """A listed party, as its list has it.

    Attributes:
        id: the same in every snapshot that holds the entry: ``SDN-12345`` where the list has
            numbers, else the list and a short hash of name and countries.
        list: code of the list: ``EL``, ``MEU``, ``UVL``, ``DPL``, ``SDN``, ``CMIC``, ``SSI``,
            ``ISN``, ``DTC``, ``PLC``, ``MBS``, ``CAP``, ``OWN:name`` for a firm's own list,
            or ``BUILTIN`` for the small table that the project ships.
        name, aliases: as listed.
        kind: one of :data:`ENTRY_KINDS`.
        countries: ISO 3166 alpha-2, of the addresses.
        addresses, identifiers: empty where the source dropped them.
        programmes: sanctions programmes (SDN and the like).
        requirement, policy: the licence requirement and review policy, as listed.
        footnotes: of the Entity List: ``1``, ``3``, ``4``, ``5``.
        review_policy: ``presumption_of_denial``, ``policy_of_denial``, ``case_by_case``; empty
            where the text is none of these alone.
        citation: Federal Register notices.
        url: where the source points.
        start, end: ISO days, or empty.
        remarks: as listed.
    """

    id: str
    list: str
    name: str
    aliases: tuple[str, ...] = ()
    kind: str = "unknown"
    countries: tuple[str, ...] = ()
    addresses: tuple[Address, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    programmes: tuple[str, ...] = ()
    requirement: str = ""
    policy: str = ""
    footnotes: tuple[str, ...] = ()
    review_policy: str = ""
    citation: str = ""
    url: str = ""
    start: str = ""
    end: str = ""
    remarks: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The name and the aliases, each once."""
        return tuple(dict.fromkeys((self.name, *self.aliases)))

    @cached_property
    def hash(self) -> str:
        """Content hash of all but the id: a reviewer's decision lapses when it changes."""
        plain = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "id"}
        plain["addresses"] = [asdict(address) for address in self.addresses]
        plain["identifiers"] = [asdict(identifier) for identifier in self.identifiers]
        return content_hash(plain)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, empty fields left out."""
        return {key: value for key, value in asdict(self).items() if value}
