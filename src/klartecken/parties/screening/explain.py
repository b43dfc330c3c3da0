"""Why a listed name was met: word by word, and what speaks for or against it."""

from __future__ import annotations

from klartecken.parties.lists.entry import Entry
from klartecken.parties.names.words import UNIT, Lexicon
from klartecken.parties.party import Party
from klartecken.parties.screened import TokenMatch
from klartecken.parties.screening.score import words_of
from klartecken.parties.screening.similar import similarity


def matches(
    form: str, listed: str, lexicon: Lexicon
) -> tuple[tuple[TokenMatch, ...], tuple[str, ...]]:
    """Each word of the party with the listed word it met, and the listed words nothing met."""
    ours, theirs = words_of(form), words_of(listed)
    found, met = [], set()
    for word in ours:
        best, how, other = 0, "none", ""
        for candidate in theirs:
            alike, rule = similarity(word, candidate, lexicon)
            if alike:
                met.add(candidate)
            if alike > best:
                best, how, other = alike, rule, candidate
        found.append(TokenMatch(word, other, how, best / UNIT, lexicon.weight(word) / UNIT))
    return tuple(found), tuple(word for word in theirs if word not in met)


def remarks(party: Party, entry: Entry) -> tuple[str, ...]:
    """What may tell the two apart. It never drops a hit."""
    found = []
    country = party.country.upper()
    if country and entry.countries and country not in entry.countries:
        found.append(f"the party is in {country}, the entry in {', '.join(entry.countries)}")
    if entry.kind in ("person", "organisation") and party.kind not in ("unknown", entry.kind):
        found.append(f"the party is a {party.kind}, the entry a {entry.kind}")
    if entry.kind in ("vessel", "aircraft"):
        found.append(f"the entry is a {entry.kind}")
    return tuple(found)
