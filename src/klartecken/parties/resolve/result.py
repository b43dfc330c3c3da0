"""What the parties of a transaction come to: facts, screenings, remarks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from klartecken.logic.frozen import freeze
from klartecken.logic.values import Fact, Value
from klartecken.parties.party import Party
from klartecken.parties.register.record import Registered
from klartecken.parties.screened import Screening


@dataclass(frozen=True, slots=True)
class Named:
    """A party in its role.

    Attributes:
        role: one of ``party.ROLES``.
        asked: the name or id as given.
        party: what is screened.
        record: of the register, or None: known by its name alone.
        screening: with the decisions laid over it; None without any list.
    """

    role: str
    asked: str
    party: Party
    record: Registered | None = None
    screening: Screening | None = None

    @property
    def told(self) -> str:
        """Role and name, for people."""
        return f"{self.role.replace('_', ' ')} {self.party.name!r}"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a party that the reader must see, beside the facts."""

    code: str
    text: str
    citation: str = ""


@dataclass(frozen=True)
class PartyFacts:
    """What the named parties come to.

    Attributes:
        facts: by the vocabulary's names; what is not here is not known from the parties.
        named: who was named, in which role.
        remarks: red flags, and what to do next.
        partly: places that a headquarters fact must hold, where not all are known.
        about: lists, register and decisions that were used, as plain data.
    """

    facts: Mapping[str, Fact]
    named: tuple[Named, ...]
    remarks: tuple[Remark, ...]
    partly: Mapping[str, frozenset[str]] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        freeze(self, "facts", "partly", "about")

    @property
    def values(self) -> dict[str, Value]:
        """The facts' values, by name."""
        return {name: fact.value for name, fact in self.facts.items()}

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON: all but the values of the facts, which stand with the case."""
        return {
            **self.about,
            "named": [_named(held) for held in self.named],
            "facts": sorted(self.facts),
            "remarks": [
                {"code": r.code, "text": r.text, "citation": r.citation} for r in self.remarks
            ],
        }


def _named(held: Named) -> dict[str, Any]:
    screening = held.screening
    found = {} if screening is None else screening.to_dict()
    return {
        "role": held.role, "asked": held.asked, "name": held.party.name, "id": held.party.id,
        "registered": held.record is not None, "party_hash": held.party.hash,
        "status": found.get("status", "not_screened"), "hits": found.get("hits", []),
        "suppressed": found.get("suppressed", []), "reasons": list(found.get("reasons", [])),
        "confirmed": [] if screening is None else list(screening.confirmed),
        "snapshot": found.get("snapshot"), "model": found.get("model", {}),
    }  # fmt: skip
