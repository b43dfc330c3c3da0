"""Words of business: abbreviations written out, and words run together taken apart."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

from klartecken.facts.table import read_table
from klartecken.parties.names.forms import DATA, FORM_WORDS

SHORTEST_GLUED = 4  # letters of a general word that another word may be glued to
SHORTEST_REST = 2


@cache
def abbreviations() -> Mapping[str, str]:
    """Abbreviation -> the word that it stands for.

    Raises:
        DataError: the table breaks its layout.
    """
    rows = read_table("abbreviations", DATA, ("short", "word"))
    return {row.cell("short"): row.cell("word") for row in rows}


@cache
def general_words() -> Mapping[str, tuple[int, str]]:
    """General word -> its weight in thousandths, and its kind (noise, place, trade, legal form).

    Raises:
        DataError: the table breaks its layout.
    """
    rows = read_table("general_words", DATA, ("word", "weight", "kind"))
    return {r.cell("word"): (r.read("weight", int), r.cell("kind")) for r in rows}


def written_out(form: str) -> str:
    """A normal form with its abbreviations written out."""
    known = abbreviations()
    words = form.split()
    if known.keys().isdisjoint(words):
        return form
    return " ".join(known.get(word, word) for word in words)


@cache
def _glued() -> frozenset[str]:
    """The words that others are glued to: general ones of some length, and legal forms."""
    general = {word for word in general_words() if len(word) >= SHORTEST_GLUED}
    return frozenset(general | {word for word in FORM_WORDS if len(word) >= 3} | {"ooo", "ltd"})


def apart(form: str) -> str:
    """A normal form with general words cut from the words that they are glued to.

    >>> apart("finrostlimited")
    'finrost limited'
    """
    words = form.split()
    cut = [_cut(word) for word in words]
    return form if cut == words else " ".join(cut)


@lru_cache(maxsize=1 << 16)
def _cut(word: str) -> str:
    """A word, or its two parts: the longest general word at the end, or else at the start."""
    general = _glued()
    if word in general or word in abbreviations() or not word.isalpha():
        return word
    for place in range(SHORTEST_REST, len(word) - 2):
        if word[place:] in general:
            return f"{word[:place]} {word[place:]}"
    for place in range(len(word) - SHORTEST_REST, SHORTEST_GLUED - 1, -1):
        if word[:place] in general:
            return f"{word[:place]} {word[place:]}"
    return word
