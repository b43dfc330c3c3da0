"""Names in their own script, by the project's table of native names."""

from __future__ import annotations

from klartecken.parties.names.native import native_hits
from klartecken.parties.names.normal import LONGEST
from klartecken.parties.party import Party
from klartecken.parties.screened import Hit
from klartecken.parties.screening.explain import remarks
from klartecken.parties.screening.listed import Listed

# How near a native name is: the same, the brand among plain words, the brand inside
SCORES = {"exact": 1.0, "core": 0.95, "contains": 0.85}


def by_native_name(party: Party, listed: Listed) -> list[Hit]:
    """Entries whose native name a name of the party meets; the nearest for each."""
    found: dict[int, Hit] = {}
    for name in party.names:
        if len(name) > LONGEST:
            continue
        for met in native_hits(name):
            native, score = met.name, SCORES[met.how]
            for number in listed.named.get(native.listed_name, ()):
                entry = listed.entries[number]
                source = f"the native name is from {native.source} ({native.tag})"
                hit = Hit(
                    entry, native.native, name, "native_name", {"native_name": score},
                    "block" if met.how == "exact" else "review",
                    notes=(f"by {met.how}", source, *remarks(party, entry)),
                )  # fmt: skip
                if number not in found or found[number].scores["native_name"] < score:
                    found[number] = hit
    return list(found.values())
