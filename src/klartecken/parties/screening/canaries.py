"""Canaries: listed names, changed in known ways, that every run must find; and addresses.

For each list the entry that comes first by a seeded hash, and of its name five versions. They
are chosen when a snapshot is laid out, and are screened along with every batch, by the same
call; a canary that the definition of the score (:mod:`score`) lets reach a threshold and the
engine does not report fails the run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from klartecken.parties.lists.entry import Entry
from klartecken.parties.names.normal import LONGEST, readings
from klartecken.parties.names.words import UNIT, Lexicon
from klartecken.parties.party import KINDS, Address, Party
from klartecken.parties.screening.address import address_hit
from klartecken.parties.screening.model import Thresholds
from klartecken.parties.screening.score import characters, score

SEED = "canary-1"
OWN, REVERSED, FORM, TYPO, JOINED = "own name", "words reversed", "legal form", "typo", "joined"
ADDRESS = "own address"


@dataclass(frozen=True, slots=True)
class Canary:
    """A changed name of an entry.

    Attributes:
        entry: its number in the snapshot.
        list: code of its list.
        name: what is asked.
        kind: of party, as which it is asked.
        change: how the name was changed; or that an address is asked.
        address, country: the address that is asked, for one of that kind.
    """

    entry: int
    list: str
    name: str
    kind: str
    change: str
    address: str = ""
    country: str = ""

    @property
    def party(self) -> Party:
        """The party that is asked."""
        addresses = (Address(self.address, self.country),) if self.address else ()
        return Party(self.name, kind=self.kind, addresses=addresses)


def pick_canaries(entries: Sequence[Entry], lexicon: Lexicon) -> tuple[Canary, ...]:
    """The canaries of a snapshot: a function of its entries alone, by list."""
    best: dict[str, tuple[tuple[bool, bytes], int]] = {}
    sited: dict[str, tuple[bytes, int]] = {}
    for number, entry in enumerate(entries):
        order = hashlib.sha256(f"{SEED} {entry.id}".encode()).digest()
        if entry.addresses and (entry.list not in sited or order < sited[entry.list][0]):
            sited[entry.list] = (order, number)
        words = _words(entry)
        if not words:
            continue
        telling = [w for w in words if len(w) >= 6 and lexicon.weight(w) == UNIT]
        fit = bool(telling) and 2 <= len(words) <= 8
        rank = (not fit, order)
        if entry.list not in best or rank < best[entry.list][0]:
            best[entry.list] = (rank, number)
    found = [
        canary for _, (_, number) in sorted(best.items())
        for canary in _versions(number, entries[number], lexicon)
    ]  # fmt: skip
    for code, (_, number) in sorted(sited.items()):
        site = entries[number].addresses[0]
        found.append(Canary(number, code, "", "unknown", ADDRESS, site.text, site.country))
    return tuple(found)


def _words(entry: Entry) -> list[str]:
    if len(entry.name) > LONGEST:
        return []
    forms = readings(entry.name, entry.kind)
    return forms[0].split() if forms else []


def _versions(number: int, entry: Entry, lexicon: Lexicon) -> list[Canary]:
    words = _words(entry)
    bare = [word for word in words if not lexicon.is_form(word)]
    heaviest = max(words, key=lambda word: (lexicon.weight(word), len(word)))
    middle = len(heaviest) // 2
    typo = heaviest[:middle] + heaviest[middle + 1 :]
    versions = {
        OWN: entry.name,
        REVERSED: " ".join(reversed(words)),
        FORM: " ".join(bare if len(bare) < len(words) else [*words, "llc"]),
        TYPO: " ".join(typo if word == heaviest else word for word in words),
        JOINED: " ".join(["".join(words[:2]), *words[2:]]),
    }
    kind = entry.kind if entry.kind in KINDS else "unknown"
    return [
        Canary(number, entry.list, name, kind, change) for change, name in versions.items() if name
    ]


def due(
    canaries: Sequence[Canary], entries: Sequence[Entry], lexicon: Lexicon, thresholds: Thresholds
) -> tuple[Canary, ...]:
    """The canaries that must be found: those that the definition lets reach a threshold."""
    return tuple(c for c in canaries if _reaches(c, entries[c.entry], lexicon, thresholds))


def _reaches(canary: Canary, entry: Entry, lexicon: Lexicon, thresholds: Thresholds) -> bool:
    if canary.change == ADDRESS:
        site = Address(canary.address, canary.country)
        return any(address_hit(site, theirs, thresholds) for theirs in entry.addresses)
    for listed in readings(entry.name, entry.kind):
        for form in readings(canary.name, canary.kind):
            common, letters = characters(form, listed)
            if common * UNIT >= thresholds.characters * letters:
                return True
            if score(form, listed, lexicon).reaches(thresholds.words):
                return True
    return False
