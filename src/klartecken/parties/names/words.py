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
from klartecken.parties.names.businesswords import general_words
from klartecken.parties.names.forms import DATA, FORM_WORDS

VERSION = "words-2026-07-31"
UNIT = 1000  # weights and similarities are whole thousandths, so that sums are exact
FORM = 80  # weight of a legal form and of the small words
INITIAL = 160  # weight of a single letter or digit
MEMO = 1 << 20  # words remembered
GENERAL = 620  # a word lighter than this is general: it may be abbreviated
_SMALL = frozenset({
    "the", "of", "and", "for", "in", "de", "la", "le", "du", "del", "der", "van", "von", "al",
    "el", "bin", "ibn", "a", "an", "y", "e", "m", "s", "c", "o", "attn",
})  # fmt: skip
# Spellings that stand for one another in romanised names, each to one form, in this order
_SPELLINGS = (
    "sch:s tch:c sh:s ch:c kh:h zh:j ph:f dh:d gh:g th:t ts:z tz:z ks:x ck:k ou:u oo:u ee:i ei:e "
    "ey:e ai:e ay:e iy:i yy:i ia:a ya:a iu:u yu:u off:of ov:of ev:ef q:k c:k w:f v:f y:i j:y o:u "
    "e:a"
)
_FOLD = tuple(pair.split(":") for pair in _SPELLINGS.split())
_DOUBLED = re.compile(r"(.)\1+")


class Lexicon:
    """What words weigh: a frozen table, and a rule for the words that are not in it.

    A word's weight depends on the word and the table alone. Unknown words weigh most; a near
    misspelling of a general word weighs what that word does; single letters weigh little.

    Attributes:
        version: changes whenever a weight does.
        table: word -> weight in thousandths.
        numbers: weight of a number of 1, 2, ... digits, the last for all longer ones; empty:
            numbers weigh what other words do.
        generals: the general words, those that may stand abbreviated: six letters or more.
    """

    def __init__(
        self, version: str, table: Mapping[str, int], numbers: tuple[int, ...] = ()
    ) -> None:
        self.version = version
        self.numbers = numbers
        self.table = dict(table)
        self.generals = tuple(
            sorted(
                word for word, w in table.items()
                if w < GENERAL and len(word) >= 6 and word.isalpha()
            )
        )  # fmt: skip
        self._nearest: dict[tuple[int, str], list[str]] = {}
        self._sounds: dict[str, int] = {}
        for word in self.generals:
            self._nearest.setdefault((len(word), word[0]), []).append(word)
            sound = skeleton(word)
            self._sounds[sound] = min(self._sounds.get(sound, UNIT), table[word])
        self._memo = dict(self.table)

    def weight(self, word: str) -> int:
        """The weight of a word, in thousandths."""
        known = self._memo.get(word)
        if known is None:
            if len(self._memo) > MEMO:
                self._memo = dict(self.table)
            known = self._memo[word] = self._unknown(word)
        return known

    def remember(self, known: Mapping[str, int]) -> None:
        """Take over weights that were worked out before, by this code and this table."""
        self._memo.update(known)

    def _unknown(self, word: str) -> int:
        if self.numbers and word.isdigit():
            return self.numbers[min(len(word), len(self.numbers)) - 1]
        return INITIAL if len(word) == 1 else self._borrowed(word)

    def general(self, word: str) -> bool:
        """Is the word common enough to stand abbreviated?"""
        return self.weight(word) < GENERAL

    def is_form(self, word: str) -> bool:
        """Is it a legal form or a small word, that is never matched but by itself?"""
        return self.table.get(word, UNIT) <= FORM

    def _borrowed(self, word: str) -> int:
        """An unknown word weighs most; a misspelt general word weighs what that one does."""
        if len(word) < 6 or not word.isalpha():
            return UNIT
        from rapidfuzz.distance import OSA

        best = self._sounds.get(skeleton(word), UNIT)
        reach = 1 if len(word) < 9 else 2
        for length in range(len(word) - reach, len(word) + reach + 1):
            for general in self._nearest.get((length, word[0]), ()):
                if self.table[general] < best:
                    apart = OSA.distance(word, general, score_cutoff=reach)
                    best = self.table[general] if apart <= reach else best
        return best


@cache
def names_lexicon() -> Lexicon:
    """The weights of words in names, as shipped.

    Raises:
        DataError: the table breaks its layout.
    """
    rows = read_table("word_weights", DATA, ("word", "weight"))
    table = {row.cell("word"): row.read("weight", int) for row in rows}
    for word, (general, _) in general_words().items():
        table[word] = min(table.get(word, UNIT), general)
    return Lexicon(VERSION, table | dict.fromkeys(_SMALL | FORM_WORDS, FORM))


@lru_cache(maxsize=1 << 18)
def skeleton(word: str) -> str:
    """A word with the spellings of romanised names brought to one; never empty."""
    for old, new in _FOLD:
        word = word.replace(old, new)
    return _DOUBLED.sub(r"\1", word)
