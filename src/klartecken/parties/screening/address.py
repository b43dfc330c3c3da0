"""Addresses against listed addresses: the rule, and the same in bulk.

Two addresses meet when their countries do not differ, and their words or their characters
reach the thresholds, as with names, and their numbers agree:

- where both give house numbers, more than half of those of one stand in the other;
- else they have the number of a floor or room in common, or the words reach the threshold of
  the band ``block``, or the characters theirs.

Another room of the same house is reported: lists and address books differ in rooms, and who
moves on to the next room is no stranger. It is never of the band ``block``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from klartecken.errors import UnknownName
from klartecken.facts.places import load_places
from klartecken.parties.lists.entry import Entry
from klartecken.parties.names.addresses import (
    Numbers,
    address_forms,
    address_lexicon,
    address_obstacle,
    numbers_of,
)
from klartecken.parties.names.words import UNIT
from klartecken.parties.party import Address, Party
from klartecken.parties.screened import Hit
from klartecken.parties.screening.explain import matches
from klartecken.parties.screening.index import NAMES, Index, index_of, is_address_only
from klartecken.parties.screening.meet import Met, meet
from klartecken.parties.screening.model import Thresholds
from klartecken.parties.screening.score import Score, characters, score

# Address books write these one for the other: Hong Kong, Macau and Taiwan under China,
# the Crimea under either country
_WRITTEN_AS = {"HK": "CN", "MO": "CN", "TW": "CN", "UA": "RU"}


@dataclass(frozen=True)
class Addresses:
    """The addresses of a snapshot, ready for screening.

    Attributes:
        index: of the normal forms; owners are ``entry * NAMES + place`` in its addresses.
        only: the country groups of each entry that is an address and nothing else, and whose
            address can be compared.
        left_out: listed addresses that say too little to compare (a city, a country).
    """

    index: Index
    only: tuple[frozenset[str], ...]
    left_out: int


def build_addresses(entries: Sequence[Entry]) -> Addresses:
    """Lay the addresses of all entries out.

    Raises:
        ValueError: an entry with more addresses than can be numbered.
    """
    bearers: dict[str, list[int]] = {}
    only, left_out = [], 0
    for number, entry in enumerate(entries):
        if len(entry.addresses) > NAMES:
            raise ValueError(f"{entry.id} has {len(entry.addresses)} addresses")
        compared = False
        for place, address in enumerate(entry.addresses):
            forms = address_forms(address.text)
            compared = compared or bool(forms)
            left_out += not forms
            for form in forms:
                bearers.setdefault(form, []).append(number * NAMES + place)
        if compared and is_address_only(entry):
            only.append(frozenset(map(country_group, _countries(entry))) - {""})
    index = index_of(bearers, address_lexicon(), len(entries), ())
    return Addresses(index, tuple(only), left_out)


def _countries(entry: Entry) -> tuple[str, ...]:
    return (*entry.countries, *(a.country for a in entry.addresses if a.country))


@lru_cache(maxsize=1 << 10)
def country_group(country: str) -> str:
    """The country that stands for all that address books do not keep apart from it.

    Empty where no such country is known: it is then as if none were given, so that a slip in
    the country hides nothing.

    >>> country_group("hk"), country_group("Germany"), country_group("Atlantis")
    ('CN', 'DE', '')
    """
    if not country.strip():
        return ""
    try:
        code = load_places().resolve(country.strip())
    except UnknownName:
        return ""
    return _WRITTEN_AS.get(code, code)


def same_country(ours: str, theirs: str) -> bool:
    """Can two addresses lie in one country? Yes where either country is not given."""
    a, b = country_group(ours), country_group(theirs)
    return not a or not b or a == b


def agree(form: str, listed: str, words: Score, net: bool, thresholds: Thresholds) -> bool:
    """Do two forms that met agree in their numbers?

    Args:
        form, listed: normal forms.
        words: the score of their words.
        net: their characters reach their threshold.
        thresholds: of words, characters and block.
    """
    ours, theirs = numbers_of(form), numbers_of(listed)
    if ours.house and theirs.house:
        return _mostly(ours.house, theirs) or _mostly(theirs.house, ours)
    if ours.part & theirs.part:
        return True
    return net or words.reaches(max(thresholds.block, thresholds.addresses))


def _mostly(house: frozenset[str], other: Numbers) -> bool:
    """Does more than half of these numbers stand in the other address, as whatever?"""
    return 2 * len(house & (other.house | other.part)) > len(house)


def address_hit(ours: Address, theirs: Address, thresholds: Thresholds) -> bool:
    """Does an address meet a listed one? The definition; the bulk path finds the same pairs."""
    return same_country(ours.country, theirs.country) and any(
        _forms_hit(form, listed, thresholds)
        for form in address_forms(ours.text)
        for listed in address_forms(theirs.text)
    )


def _forms_hit(form: str, listed: str, thresholds: Thresholds) -> bool:
    words = score(form, listed, address_lexicon())
    common, letters = characters(form, listed)
    net = UNIT * common >= thresholds.characters * letters
    reached = net or words.reaches(thresholds.addresses)
    return reached and agree(form, listed, words, net, thresholds)


def meet_addresses(
    parties: Sequence[Party], listed: Addresses, thresholds: Thresholds, workers: int = 1
) -> dict[str, tuple[Met, ...]]:
    """The rows of the index that the addresses of the parties meet, by normal form."""
    forms = dict.fromkeys(
        form for party in parties for address in party.addresses
        for form in address_forms(address.text)
    )  # fmt: skip
    if not forms or not listed.index.forms:
        return {}
    rules = replace(thresholds, words=thresholds.addresses)
    found = {}
    for form, mets in meet(tuple(forms), listed.index, rules, workers).items():
        good = tuple(met for met in mets if _kept(form, met, listed.index, thresholds))
        if good:
            found[form] = good
    return found


def _kept(form: str, met: Met, index: Index, thresholds: Thresholds) -> bool:
    other = index.forms[met.row]
    common, letters = characters(form, other)
    net = UNIT * common >= thresholds.characters * letters
    return agree(form, other, met.words, net, thresholds)


def by_address(
    party: Party, met: Mapping[str, tuple[Met, ...]], entries: Sequence[Entry],
    listed: Addresses, thresholds: Thresholds,
) -> list[Hit]:  # fmt: skip
    """Entries of which an address was met: the best pair of addresses for each."""
    best: dict[int, tuple[tuple[float, float, int], Address, str, int, Met]] = {}
    owners = listed.index.owners
    for address in party.addresses:
        for form in address_forms(address.text):
            for one in met.get(form, ()):
                low, high = owners.starts[one.row : one.row + 2]
                for bearer in owners.values[low:high].tolist():
                    number, place = divmod(bearer, NAMES)
                    theirs = entries[number].addresses[place]
                    rank = (one.words.value, one.ratio, -place)
                    if same_country(address.country, theirs.country) and (
                        number not in best or best[number][0] < rank
                    ):
                        best[number] = (rank, address, form, place, one)
    return [
        _hit(entries[number], address, form, place, one, listed.index, thresholds)
        for number, (_, address, form, place, one) in best.items()
    ]


def _hit(
    entry: Entry, address: Address, form: str, place: int, one: Met, index: Index,
    thresholds: Thresholds,
) -> Hit:  # fmt: skip
    theirs, other = entry.addresses[place], index.forms[one.row]
    told, unmatched = matches(form, other, index.vocabulary.lexicon)
    only = is_address_only(entry)
    differ = _all_numbers(form) ^ _all_numbers(other)
    block = only and not differ and one.words.reaches(thresholds.block)
    notes = [
        "the entry is an address: whoever uses it needs the licence of the entry (744.16(f))"
        if only
        else f"shares an address with {entry.name}: a red flag, not the listed party itself"
    ]
    if differ:
        told_numbers = ", ".join(sorted(differ, key=lambda n: (len(n), n)))
        notes.append(f"numbers in one address only: {told_numbers}")
    if address.country and theirs.country and address.country.upper() != theirs.country.upper():
        notes.append(f"the address is given under {address.country}, listed under {theirs.country}")
    return Hit(
        entry, theirs.text, address.text, "address",
        {"address": one.words.value, "characters": one.ratio}, "block" if block else "review",
        told, unmatched, tuple(notes),
    )  # fmt: skip


def _all_numbers(form: str) -> frozenset[str]:
    return frozenset().union(*numbers_of(form))


def address_reasons(party: Party, listed: Addresses) -> list[str]:
    """What about the party's addresses could not be compared, in words."""
    found = []
    for address in party.addresses:
        lack = address_obstacle(address.text)
        if lack:
            text = " ".join(address.text.split())
            told = repr(text if len(text) <= 60 else text[:57] + "...")
            found.append(f"address {told} cannot be compared: {lack}")
    if not any(address_forms(address.text) for address in party.addresses):
        countries = {country_group(c) for c in _stated(party)} - {""}
        near = sum(not countries or not only or bool(only & countries) for only in listed.only)
        if near:
            where = " in " + ", ".join(sorted(_stated(party))) if countries else ""
            found.append(
                f"{near} listed entries{where} are an address and no name, and the party gives "
                "no address to compare"
            )
    return found


def _stated(party: Party) -> set[str]:
    stated = {party.country, *(address.country for address in party.addresses)}
    return {country for country in stated if country}
