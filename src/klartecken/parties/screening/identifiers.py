"""Numbers that registers gave, compared exactly: what counts as the same, and how sure it is.

The key is the letters and digits of the number, without a prefix that names its kind. Equal
keys of five characters or more hit. They are of the band ``block`` only where nothing speaks
against it: kinds that can be one, the same country, and eight characters or more unless both
are known to agree.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from klartecken.parties.lists.entry import Entry
from klartecken.parties.party import Identifier, Party
from klartecken.parties.screened import Hit
from klartecken.parties.screening.address import country_group
from klartecken.parties.screening.explain import remarks

SHORTEST = 5  # characters of a number that can tell one party from another
LONG = 8  # characters from which an equal number of unknown kind is no accident
Numbers = Mapping[str, tuple[tuple[int, int], ...]]

_PREFIX = re.compile(
    r"^(?:(?:lei|swift|bic|imo|vat|tax|tin|reg(?:istration)?|id|no|nr|number|№)"
    r"(?:[\s.:#/-]+|(?=\d)))+"
)
_BIC = re.compile(r"([a-z]{6}[a-z0-9]{2})(?:[a-z0-9]{3})?")
_SITE = re.compile(r"^(?:https?://)?(?:www\.)?|/+$")
# Lines of a list that stand among its numbers and are none
_NO_NUMBER = re.compile(
    r"gender|sanction|directive|\bdate\b|organi[sz]ation type|target type|flag|\brisk\b|"
    r"prohibit|nationality|aircraft (?:model|operator|type)|vessel (?:type|owner)|linked to|"
    r"\bbirth\b|\btitle\b|additional information"
)
# What a kind is called -> its family; the first that fits
_FAMILIES = tuple(
    (family, re.compile(pattern))
    for family, pattern in (
        ("lei", r"\blei\b|legal entity identifier"),
        ("bic", r"swift|\bbic\b"),
        ("imo", r"\bimo\b|vessel registration"),
        ("site", r"website|\burl\b"),
        ("mail", r"e-?mail"),
        ("phone", r"phone|\bfax\b|mobile"),
        ("passport", r"passport"),
        ("tax", r"\btax|\bvat\b|v\.a\.t|\binn\b|\bnit\b|\brfc\b|\btin\b|\bein\b|fiscal"),
        ("registration",
         r"regist|company n|matricula|\bogrn\b|\bc\.?r\.? no|gazette|commercial|trade licen|"
         r"enterprise n|unified social|uscc|business n"),
        ("person",
         r"national (?:id|foreign)|identification|cedula|\bcurp\b|\bssn\b|driver|d\.n\.i"),
    )
)  # fmt: skip
# Families of which one number may be both; and those that are unique in the world
_ONE_NUMBER = ({"tax", "registration"}, {"tax", "person"})
_WORLDWIDE = frozenset({"lei", "bic", "imo", "site", "mail"})


def family(kind: str) -> str:
    """What kind of number that is, in one word; empty where it is not known."""
    folded = kind.casefold()
    return next((name for name, pattern in _FAMILIES if pattern.search(folded)), "")


def lookup_key(identifier: Identifier) -> str:
    """What is compared: letters and digits, no prefix, no leading zeros, no branch of a BIC.

    Empty where the identifier is no number, or too short to tell one party from another.

    >>> lookup_key(Identifier("Tax ID No.", "No. 00-211286")), lookup_key(Identifier("", "AB12"))
    ('211286', '')
    """
    kind = identifier.kind.casefold()
    if _NO_NUMBER.search(kind):
        return ""
    text = unicodedata.normalize("NFKC", identifier.number).casefold().strip()
    prefix = _SITE if family(kind) in ("site", "mail") else _PREFIX
    text = prefix.sub("", text)
    key = "".join(c for c in text if c.isalnum())
    if key.isdigit():
        key = key.lstrip("0")
    bank = _BIC.fullmatch(key)
    if bank and (family(kind) == "bic" or key.endswith("xxx")):
        key = bank[1]
    elif not (any(c.isdigit() for c in key) or bank or family(kind) in ("site", "mail")):
        return ""
    return key if len(key) >= SHORTEST and len(set(key)) > 1 else ""


def numbers_of(entries: Sequence[Entry]) -> dict[str, tuple[tuple[int, int], ...]]:
    """Key -> who bears it, as (entry, place among its identifiers)."""
    found: dict[str, list[tuple[int, int]]] = {}
    for number, entry in enumerate(entries):
        for place, identifier in enumerate(entry.identifiers):
            key = lookup_key(identifier)
            if key:
                found.setdefault(key, []).append((number, place))
    return {key: tuple(bearers) for key, bearers in found.items()}


def doubts(ours: Identifier, theirs: Identifier) -> tuple[str, ...]:
    """What speaks against two numbers of one key being one and the same."""
    found = []
    a, b = family(ours.kind), family(theirs.kind)
    if a and b and a != b and {a, b} not in _ONE_NUMBER:
        found.append(f"the party's is a {ours.kind}, the listed one a {theirs.kind}")
    here, there = country_group(ours.country), country_group(theirs.country)
    worldwide = a == b and a in _WORLDWIDE
    if here and there and here != there and not worldwide:
        found.append(f"the party's was given in {ours.country}, the listed one in {theirs.country}")
    if ours.key != theirs.key:
        found.append("the same but for leading zeros, a prefix or a bank's branch")
    known = worldwide or (a and a == b and here and here == there)
    if len(lookup_key(ours)) < LONG and not known:
        found.append("a short number: another register may have given it to somebody else")
    return tuple(found)


def by_identifier(party: Party, entries: Sequence[Entry], numbers: Numbers) -> list[Hit]:
    """Entries that bear a number of the party's; for each the pair with the fewest doubts."""
    best: dict[int, tuple[int, Hit]] = {}
    for ours in party.identifiers:
        for number, place in numbers.get(lookup_key(ours), ()):
            entry = entries[number]
            theirs = entry.identifiers[place]
            against = doubts(ours, theirs)
            if number in best and best[number][0] <= len(against):
                continue
            best[number] = len(against), Hit(
                entry, _told(theirs), _told(ours), "identifier", {"identifier": 1.0},
                "review" if against else "block", notes=(*against, *remarks(party, entry)),
            )  # fmt: skip
    return [hit for _, hit in best.values()]


def _told(identifier: Identifier) -> str:
    return " ".join(f"{identifier.kind or 'number'} {identifier.number}".split())


def identifier_reasons(party: Party) -> list[str]:
    """Which of the party's numbers cannot be compared, in words."""
    return [
        f"{_told(one)[:80]!r} cannot be compared: it has fewer than {SHORTEST} characters, or "
        "no digits"
        for one in party.identifiers
        if not lookup_key(one)
    ]
