"""What screening says of one party: hits with their reasons, or why it could not be screened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from klartecken.parties.lists.entry import Entry
from klartecken.parties.party import Party

HIT, NO_HIT, NOT_SCREENABLE = "hit", "no_hit", "not_screenable"


@dataclass(frozen=True, slots=True)
class TokenMatch:
    """One word of the party's name, and the listed word that it met.

    Attributes:
        word: of the party's name, in its normal form.
        listed: the listed word, or empty: unmatched.
        how: ``equal``, ``1 edit``, ``2 edits``, ``same sound``, ``abbreviation`` or ``none``.
        similarity, weight: 0 to 1.
    """

    word: str
    listed: str
    how: str
    similarity: float
    weight: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A listed party that this one may be.

    Attributes:
        entry: the listed party.
        matched_name: the name or alias of the entry that matched, as listed (for an address or
            an identifier: that text).
        party_name: the name of the party that matched, as given.
        rule: ``identifier``, ``exact`` (same normal form), ``words`` (weighted words),
            ``characters`` (the space-free net), ``native_name`` or ``address``.
        scores: ``words`` and ``characters``, 0 to 1, whichever rule fired; ``address`` (its
            words) and ``characters`` of an address; ``identifier``.
        band: ``block`` (from .90 on) or ``review``.
        matches: word by word; empty for identifiers.
        unmatched: words of the listed name that nothing met.
        notes: further remarks (another country, another kind): they never drop a hit.
    """

    entry: Entry
    matched_name: str
    party_name: str
    rule: str
    scores: dict[str, float]
    band: str
    matches: tuple[TokenMatch, ...] = ()
    unmatched: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def explanation(self) -> str:
        """The reasons as one readable line."""
        parts = [f"{self.party_name!r} met {self.matched_name!r} by {self.rule}"]
        for match in self.matches:
            if match.listed:
                parts.append(f"{match.word} = {match.listed} ({match.how}, weight {match.weight})")
            else:
                parts.append(f"{match.word} unmatched (weight {match.weight})")
        if self.unmatched:
            parts.append("listed words unmatched: " + ", ".join(self.unmatched))
        return "; ".join((*parts, *self.notes))

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        entry = self.entry
        return {
            "entry_id": entry.id, "list": entry.list, "listed_name": entry.name,
            "matched_name": self.matched_name, "party_name": self.party_name,
            "scores": self.scores, "rule": self.rule, "band": self.band,
            "explanation": self.explanation(), "citation": entry.citation,
            "footnotes": list(entry.footnotes), "programmes": list(entry.programmes),
            "requirement": entry.requirement, "policy": entry.policy,
            "countries": list(entry.countries), "entry_hash": entry.hash,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Screening:
    """What screening says of one party.

    Attributes:
        party: as asked.
        status: ``hit``, ``no_hit`` or ``not_screenable``. A hit that a reviewer decided to be
            somebody else no longer counts: it stands in ``suppressed``.
        hits: strongest first; those that nobody decided on, and those confirmed.
        suppressed: hits with the decision that suppresses each (as plain data).
        confirmed: ids of the entries that a reviewer says the party is.
        unread: why none of its names could be read; empty when one could. Other hits (by
            number or address) may stand beside: setting them aside makes nobody unlisted.
        gaps: why, with this snapshot, no hit would prove nothing either.
        reasons: why not screenable, or what limits the answer.
        snapshot: label and hash, date, lists covered; None without any list.
        model: versions of normaliser, weights and thresholds.
    """

    party: Party
    status: str
    hits: tuple[Hit, ...]
    reasons: tuple[str, ...]
    snapshot: dict[str, Any] | None
    model: dict[str, Any]
    suppressed: tuple[dict[str, Any], ...] = ()
    confirmed: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "name": self.party.name, "party_hash": self.party.hash, "status": self.status,
            "hits": [
                {**hit.to_dict(), "confirmed": hit.entry.id in self.confirmed} for hit in self.hits
            ],
            "suppressed": list(self.suppressed), "reasons": list(self.reasons),
            "snapshot": self.snapshot, "model": self.model,
        }  # fmt: skip
