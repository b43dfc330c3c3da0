"""The normal form of an address, what its words weigh, and whether it says enough to compare.

Names of streets and buildings weigh most, numbers in the middle by their length, and what
most addresses have (street, floor, city, country) little. Table ``address_words.csv`` brings
abbreviations and words of other languages to one form, ``address_weights.csv`` says what a
word weighs and of what kind it is; both are written by hand and frozen.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from klartecken.facts.table import read_table
from klartecken.parties.names.forms import DATA
from klartecken.parties.names.normal import LONGEST, MOST_WORDS, fold
from klartecken.parties.names.scripts import script_of
from klartecken.parties.names.words import GENERAL, INITIAL, Lexicon

VERSION = "addresses-1"
NUMBERS = (250, 400, 500, 600, 400)  # weight of a number of 1, 2, 3, 4, 5 and more digits
DOOR = 4  # digits at most of a house, floor or room; longer ones are postcodes
KINDS = frozenset(
    {"small", "way", "building", "zone", "part", "place", "post", "custody", "country",
     "region", "city", "quarter"}
)  # fmt: skip
_LATIN = frozenset({"Latin"})
_CODES = frozenset({"country", "small"})
_TOKEN = re.compile(r"[a-z]+|[0-9]+|,")
# A word of pinyin syllables, roughly: one too many costs a second reading and nothing else
_PINYIN = re.compile(
    r"(?:(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|a[ino]?|e[inr]?|i[aenu]?|ou?|u[aeino]?))+"
)
# Postcodes of letters and digits stay whole: British, Canadian
_POSTCODE = re.compile(
    r"\b[a-z]{1,2}\d[a-z\d]? ?\d(?!fl\b)[abd-hjlnp-uw-z]{2}\b|\b[a-z]\d[a-z][ -]?\d[a-z]\d\b"
)
_DIRECTIONS = {"dong": "east", "xi": "west", "nan": "south", "bei": "north", "zhong": "middle"}
_GLUED = "strasse|str|road|street|avenue|prospekt|pereulok|dajie|dadao|jie|lu"
_ROADS = "lu|da ?jie|jie|da ?dao|road|rd|street|st|avenue|ave"
_REWRITTEN = (
    (re.compile(r"(\d)(?:st|nd|rd|th)\b"), r"\1 "),  # 19th
    (re.compile(r"\b(\d+) ?/? ?f\b"), r"\1 floor "),  # 19/F
    (re.compile(r"\b([lu]?)g ?/ ?f\b"), r" \1 ground floor "),
    (re.compile(r"\bg?p\W{0,2}o\W{0,2}box\b|\bpost(?: office)? box\b|\bpob\b"), " pobox "),
    (re.compile(r"\bhong kong\b"), " hongkong "),
    (re.compile(r"\bnew territories\b"), " nt "),
    (re.compile(r"\bpeoples republic of china\b"), " prc "),
    (re.compile(r"\bunited arab emirates\b"), " emirates "),
    (re.compile(r"\bd[. ]*(?=\d)"), " no "),  # Russian: d. 7
    (re.compile(rf"([a-z]{{4}})({_GLUED})\b"), r"\1 \2 "),  # Hauptstrasse, Dongfenglu
    (re.compile(rf"(?:\b|(?<=[a-z]{{4}}))(dong|xi|nan|bei|zhong) ?(?=(?:{_ROADS})\b)"),
     lambda match: f" {_DIRECTIONS[match[1]]} "),
)  # fmt: skip


@cache
def _written() -> dict[str, str]:
    """A word as it may be written -> the word that stands for it."""
    rows = read_table("address_words", DATA, ("written", "form"))
    return {row.cell("written"): row.cell("form") for row in rows}


@cache
def kinds() -> dict[str, str]:
    """The kind of each word of the table of weights.

    Raises:
        DataError: the table breaks its layout.
    """
    rows = read_table("address_weights", DATA, ("word", "weight", "kind"))
    return {row.cell("word"): row.one_of("kind", KINDS) for row in rows}


@cache
def address_lexicon() -> Lexicon:
    """The weights of words in addresses, as shipped.

    Raises:
        DataError: the table breaks its layout.
    """
    rows = read_table("address_weights", DATA, ("word", "weight", "kind"))
    return Lexicon(VERSION, {row.cell("word"): row.read("weight", int) for row in rows}, NUMBERS)


@lru_cache(maxsize=1 << 16)
def address_forms(text: str) -> tuple[str, ...]:
    """The normal forms of an address: of the whole, and of each part between semicolons.

    Pinyin is written in one word or in many, so names of it are also read as one word each.

    Args:
        text: in any script, on any number of lines.

    Returns:
        Each once, the whole first, those that say enough to be compared; often one, or none.

    >>> address_forms("Rm. 1905, 19/F, Quorn Bldg., 148 Larch St., H.K.")
    ('room 1905 19 floor quorn building 148 larch street hongkong',)
    """
    if len(text) > LONGEST:
        return ()
    parts = [text, *(text.split(";") if ";" in text else ())]
    forms = dict.fromkeys(form for part in parts for form in _both(_words(part)))
    return tuple(form for form in forms if form and not _lack(form))


def address_obstacle(text: str) -> str:
    """Why an address that hits nothing cannot be said to be unlisted; empty if it can."""
    if not text.strip():
        return "it is empty"
    if len(text) > LONGEST:
        return f"it has {len(text)} characters, more than {LONGEST}"
    scripts = script_of(fold(text)) - _LATIN
    if scripts:
        return (
            f"it is written in {', '.join(sorted(scripts))}, and the lists in Latin letters; "
            "give it in Latin letters too"
        )
    return "" if address_forms(text) else _lack(_both(_words(text))[0])


class Numbers(NamedTuple):
    """The numbers of a normal form; postcodes left out.

    Attributes:
        house: of houses, plots, boxes: all that are not of a part of a building.
        part: of floors, rooms, units.
    """

    house: frozenset[str]
    part: frozenset[str]


@lru_cache(maxsize=1 << 16)
def numbers_of(form: str) -> Numbers:
    """The numbers of a normal form, by what they number.

    The first number after ``room``, ``unit`` and the like is of a part, letters between them
    aside; of a floor it is the number before the word, else the one after it.

    >>> numbers_of("room 1905 quorn building 148 larch street")
    Numbers(house=frozenset({'148'}), part=frozenset({'1905'}))
    """
    words, kind = form.split(), kinds()
    house: set[str] = set()
    part: set[str] = set()
    open_part = False
    for place, word in enumerate(words):
        if word.isdigit():
            floor = not open_part and words[place + 1 : place + 2] == ["floor"]
            if len(word) <= DOOR:
                (part if open_part or floor else house).add(word)
            open_part = False
        elif word == "floor":
            before = words[place - 1] if place else ""
            open_part = before not in part
        elif kind.get(word) == "part":
            open_part = True
        elif len(word) > 1 and word != "no":
            open_part = False
    return Numbers(frozenset(house), frozenset(part))


def _lack(form: str) -> str:
    """What a normal form lacks to tell one place from another; empty if nothing."""
    words = form.split()
    if len(words) > MOST_WORDS:
        return f"it has more than {MOST_WORDS} words"
    kind, weight = kinds(), address_lexicon().weight
    named = any(word.isalpha() and weight(word) >= GENERAL for word in words)
    sited = any(kind.get(word) in ("way", "building") for word in words)
    numbers = sum(map(len, numbers_of(form))) or form[:1].isdigit()  # 12725 Royal Drive
    if "pobox" in words and any(word.isdigit() for word in words):
        beside = (word for word in words if word.isalpha() and word != "pobox")
        if any(weight(word) > INITIAL for word in beside):  # a city, or a name
            return ""
    if (named and (sited or numbers)) or (sited and numbers > 1):  # 80 SW 8th Street
        return ""
    return "it says too little: it needs a street, building or box, with its name or number"


def _words(text: str) -> list[str]:
    """The words of an address in their normal form, and the commas between them."""
    folded = fold(text)
    if not folded.isascii():
        from anyascii import anyascii

        folded = anyascii(folded).casefold()
    folded = " ".join(folded.split())
    codes = [re.sub("[ -]", "", match[0]) for match in _POSTCODE.finditer(folded)]
    folded = _POSTCODE.sub(" ", folded)
    for pattern, new in _REWRITTEN:
        folded = pattern.sub(new, folded)
    written = _written()
    words = (
        word.lstrip("0") or "0" if word.isdigit() else written.get(word, word)
        for word in _TOKEN.findall(folded)
    )
    return [*words, *codes]


def _both(words: list[str]) -> tuple[str, str]:
    """The form, and the form with neighbours of pinyin joined, never across a comma."""
    weight = address_lexicon().weight
    joined: list[str] = []
    pinyin = False
    for word in words:
        # "ke" and "de" are syllables, and codes or small words too
        free = weight(word) >= GENERAL or (
            len(word) == 2 and word != "no" and kinds().get(word) in _CODES
        )
        before, pinyin = pinyin, free and bool(_PINYIN.fullmatch(word))
        if before and pinyin:
            joined[-1] += word
        else:
            joined.append(word)
    plain, read = (" ".join(w for w in found if w != ",") for found in (words, joined))
    return plain, read
