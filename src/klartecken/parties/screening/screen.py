"""Parties against a snapshot: one, or millions, by the same code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from klartecken.parties.names.normal import LONGEST, MOST_WORDS, party_readings
from klartecken.parties.names.words import UNIT
from klartecken.parties.party import Party
from klartecken.parties.screened import HIT, NO_HIT, NOT_SCREENABLE, Hit, Screening
from klartecken.parties.screening.address import address_reasons, by_address, meet_addresses
from klartecken.parties.screening.explain import matches, remarks
from klartecken.parties.screening.gaps import not_compared
from klartecken.parties.screening.identifiers import by_identifier, identifier_reasons
from klartecken.parties.screening.index import NAMES
from klartecken.parties.screening.listed import Listed
from klartecken.parties.screening.meet import EXACT, Met, meet
from klartecken.parties.screening.model import DEFAULT, Thresholds, described
from klartecken.parties.screening.natives import by_native_name
from klartecken.parties.screening.screenable import obstacle

Forms = Mapping[tuple[str, str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Asked:
    """The distinct normal forms of a batch of parties, and the rows that each met."""

    forms: tuple[str, ...]
    met: Mapping[str, tuple[Met, ...]]


def screen(party: Party, listed: Listed, thresholds: Thresholds = DEFAULT) -> Screening:
    """Screen one party; see :func:`screen_many`."""
    return screen_many([party], listed, thresholds)[0]


def screen_many(
    parties: Sequence[Party], listed: Listed, thresholds: Thresholds = DEFAULT, workers: int = 1
) -> list[Screening]:
    """Screen parties against a snapshot: every hit there is, none left out, none cut off.

    A pure function of the parties, the snapshot, the model and the thresholds: alone or in a
    batch, in any order, on any machine, a party gets the same answer.

    Args:
        parties: any number; memory grows with it, so stream millions in chunks.
        listed: the snapshot, prepared.
        thresholds: from which score on a listed party is reported.
        workers: threads of the character net.
    """
    return screen_and_met(parties, listed, thresholds, workers)[0]


def screen_and_met(
    parties: Sequence[Party], listed: Listed, thresholds: Thresholds, workers: int = 1
) -> tuple[list[Screening], Asked]:
    """As :func:`screen_many`; with what was asked and met, which the self-check looks at."""
    asked = dict.fromkeys((name, party.kind) for party in parties for name in party.names)
    forms = {(name, kind): _forms(name, kind) for name, kind in asked}
    distinct = tuple(dict.fromkeys(form for found in forms.values() for form in found))
    met = meet(distinct, listed.index, thresholds, workers)
    sites = meet_addresses(parties, listed.addresses, thresholds, workers)
    model = described(thresholds)
    answers = [_screening(party, forms, met, sites, listed, thresholds, model) for party in parties]
    return answers, Asked(distinct, met)


def _forms(name: str, kind: str) -> tuple[str, ...]:
    """The normal forms of a name, those of a sane length."""
    if len(name) > LONGEST:
        return ()
    return tuple(form for form in party_readings(name, kind) if len(form.split()) <= MOST_WORDS)


def _screening(
    party: Party, forms: Forms, met: Mapping[str, tuple[Met, ...]],
    sites: Mapping[str, tuple[Met, ...]], listed: Listed, thresholds: Thresholds,
    model: dict[str, object],
) -> Screening:  # fmt: skip
    hits = [
        *by_identifier(party, listed.entries, listed.identifiers),
        *by_native_name(party, listed),
        *_by_name(party, forms, met, listed, thresholds),
        *by_address(party, sites, listed.entries, listed.addresses, thresholds),
    ]
    return concluded(party, hits, listed, model)


def concluded(
    party: Party, found: Sequence[Hit], listed: Listed, model: dict[str, object]
) -> Screening:
    """What the hits of a party come to: their order, the status, the reasons."""
    hits = tuple(sorted(found, key=strongest_first))
    status, reasons, unread = status_of(party, bool(hits), listed)
    reasons = (*reasons, *listed.limits)
    about = dict(listed.about)
    return Screening(party, status, hits, reasons, about, model, unread=unread, gaps=listed.gaps)


def status_of(
    party: Party, hit: bool, listed: Listed
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The status of a party; what about it could not be screened; why none of its names could."""
    lexicon = listed.index.vocabulary.lexicon
    obstacles = {name: obstacle(name, _forms(name, party.kind), lexicon) for name in party.names}
    reasons = [f"{_quoted(name)}: {text}" for name, text in obstacles.items() if text]
    unread = tuple(reasons) if all(obstacles.values()) else ()
    reasons += [*address_reasons(party, listed.addresses), *identifier_reasons(party)]
    reasons += not_compared(party, listed.bare, bool(listed.identifiers))
    unheld = not hit and (bool(unread) or bool(listed.gaps))
    if unheld:
        reasons += listed.gaps
    return HIT if hit else NOT_SCREENABLE if unheld else NO_HIT, tuple(reasons), unread


def _quoted(name: str) -> str:
    text = repr(name if len(name) <= 60 else name[:57] + "...")
    return text


def strongest_first(hit: Hit) -> tuple[object, ...]:
    """The order of hits: a key to sort by."""
    return (-max(hit.scores.values()), hit.entry.list, hit.entry.id, hit.rule)


def _by_name(
    party: Party, forms: Forms, met: Mapping[str, tuple[Met, ...]], listed: Listed,
    thresholds: Thresholds,
) -> list[Hit]:  # fmt: skip
    """Entries of which a name was met: the best pair of names for each."""
    best: dict[int, tuple[tuple[object, ...], str, str, int, Met]] = {}
    owners = listed.index.owners
    for name in party.names:
        for form in forms[name, party.kind]:
            for one in met.get(form, ()):
                low, high = owners.starts[one.row : one.row + 2]
                for bearer in owners.values[low:high].tolist():
                    number, place = divmod(bearer, NAMES)
                    # the strongest; of equals the first of the entry's names
                    rank = (one.rule == EXACT, one.words.value, one.ratio, -place)
                    if number not in best or best[number][0] < rank:
                        best[number] = (rank, name, form, place, one)
    return [
        _hit(party, number, name, form, place, one, listed, thresholds)
        for number, (_, name, form, place, one) in best.items()
    ]


def _hit(
    party: Party, number: int, name: str, form: str, place: int, met: Met, listed: Listed,
    thresholds: Thresholds,
) -> Hit:  # fmt: skip
    entry, index = listed.entries[number], listed.index
    told, unmatched = matches(form, index.forms[met.row], index.vocabulary.lexicon)
    scores = {"words": met.words.value, "characters": met.ratio}
    block = met.rule == EXACT or met.words.reaches(thresholds.block)
    block = block or met.ratio * UNIT >= thresholds.block
    return Hit(
        entry, entry.names[place], name, met.rule, scores, "block" if block else "review",
        told, unmatched, remarks(party, entry),
    )  # fmt: skip
