"""The scripts of a name's letters, from the names that Unicode gives them."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# first word of a letter's Unicode name -> script; every other letter is "Other"
_FIRST_WORD = {
    "LATIN": "Latin",
    "CYRILLIC": "Cyrillic",
    "GREEK": "Greek",
    "ARABIC": "Arabic",
    "HEBREW": "Hebrew",
    "HANGUL": "Hangul",
    "HIRAGANA": "Kana",
    "KATAKANA": "Kana",
    "DEVANAGARI": "Devanagari",
    "THAI": "Thai",
    "CJK": "Han",
}
# compatibility letters whose names begin with a form ("FULLWIDTH LATIN CAPITAL LETTER A")
_FORMS = frozenset({"FULLWIDTH", "HALFWIDTH", "MODIFIER", "FEMININE", "MASCULINE"})
_LOOKALIKE = frozenset({"Cyrillic", "Greek"})


@lru_cache(maxsize=8192)
def script_of_letter(letter: str) -> str:
    """The script of one character, or an empty text where it is no letter.

    >>> script_of_letter("ж"), script_of_letter("華"), script_of_letter("7")
    ('Cyrillic', 'Han', '')
    """
    if not unicodedata.category(letter).startswith("L"):
        return ""
    first, _, rest = unicodedata.name(letter, "").partition(" ")
    if first in _FORMS:
        first = next((word for word in rest.split() if word in _FIRST_WORD), "LATIN")
    return _FIRST_WORD.get(first, "Other")


def script_of(text: str) -> frozenset[str]:
    """The scripts of the letters: ``Latin``, ``Han``, ``Cyrillic``, ``Greek``, ``Arabic``,
    ``Hebrew``, ``Hangul``, ``Kana``, ``Devanagari``, ``Thai``, ``Other``; empty without letters.

    >>> sorted(script_of("华为 Technologies 5"))
    ['Han', 'Latin']
    """
    if text.isascii():
        return _LATIN if any(letter.isalpha() for letter in text) else frozenset()
    return frozenset(script_of_letter(letter) for letter in text) - {""}


_LATIN = frozenset({"Latin"})


def mixed_in_word(text: str) -> bool:
    """Whether one word holds Latin letters beside Cyrillic or Greek ones: lookalike letters.

    Such a name looks like one that it does not equal, so it wants a human eye.

    >>> mixed_in_word("Huawei"), mixed_in_word("Huаwei")
    (False, True)
    """
    if text.isascii():
        return False
    word: set[str] = set()
    for letter in (*text, " "):
        script = script_of_letter(letter)
        if script:
            word.add(script)
        elif not unicodedata.category(letter).startswith("M"):
            if "Latin" in word and word & _LOOKALIKE:
                return True
            word = set()
    return False
