"""Words: their weight, their spelling skeleton, and which of them are general.

The weight of a word is a function of the word and of a frozen, dated table alone: a list that
gains a name moves no score. The table is made from word counts of a snapshot by
``tools/word_weights.py``; a word that is not in it weighs most, unless it is a near
misspelling of a general word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from klartecken.facts.table import read_table
from klartecken.parties.names.forms import FORM_WORDS

VERSION = "words-2026-07-31"
UNIT = 1000  # weights and similarities are whole thousandths, so that sums are exact
FORM = 80  # weight of a legal form and of the small words
GENERAL = 620  # a word lighter than this is general: it may be abbreviated
_SMALL = frozenset(
    "the of and for in de la le du del der van von al el bin ibn a an y e m s c o attn".split()
)
# Spellings that stand for one another in romanised names, each to one form, in this order
_FOLD = tuple(
    pair.split(":") for pair in (
        "sch:s tch:c sh:s ch:c kh:h zh:j ph:f dh:d gh:g th:t ts:z tz:z ks:x ck:k ou:u oo:u ee:i "
        "ei:e ey:e ai:e ay:e iy:i yy:i ia:a ya:a iu:u yu:u off:of ov:of ev:ef q:k c:k w:f v:f "
        "y:i j:y o:u e:a"
    ).split()
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")


@cache
def weights() -> Mapping[str, int]:
    """Word -> weight in thousandths, as shipped.

    Raises:
        DataError: the table breaks its layout.
    """
    found = {row.cell("word"): row.read("weight", int) for row in read_table("word_weights")}
    found.update(dict.fromkeys(_SMALL | FORM_WORDS, FORM))
    return found


@lru_cache(maxsize=1 << 18)
def weight(word: str) -> int:
    """The weight of a word, in thousandths."""
    table = weights()
    known = table.get(word)
    if known is not None:
        return known
    if len(word) == 1:
        return 2 * FORM
    return _borrowed(word)


def _borrowed(word: str) -> int:
    """An unknown word weighs most; a misspelt general word weighs what that one does."""
    if len(word) < 6 or not word.isalpha():
        return UNIT
    from rapidfuzz.distance import OSA

    best = UNIT
    for length in range(len(word) - 1, len(word) + 2):
        for general in _general_of(length, word[0]):
            if table_weight(general) < best and OSA.distance(word, general, score_cutoff=1) <= 1:
                best = table_weight(general)
    return best


def table_weight(word: str) -> int:
    """The weight of a word of the table."""
    return weights()[word]


@cache
def general_words() -> tuple[str, ...]:
    """The general words, those that may stand abbreviated in a name: six letters or more."""
    return tuple(
        sorted(
            word for word, w in weights().items()
            if FORM < w < GENERAL and len(word) >= 6 and word.isalpha()
        )
    )  # fmt: skip


@cache
def _general_of(length: int, first: str) -> tuple[str, ...]:
    return tuple(w for w in general_words() if len(w) == length and w[0] == first)


@lru_cache(maxsize=1 << 18)
def skeleton(word: str) -> str:
    """A word with the spellings of romanised names brought to one; never empty."""
    for old, new in _FOLD:
        word = word.replace(old, new)
    return _DOUBLED.sub(r"\1", word)


def is_form(word: str) -> bool:
    """Is it a legal form or a small word, that is never matched but by itself?"""
    return weights().get(word, UNIT) <= FORM
