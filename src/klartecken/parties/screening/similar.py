"""How alike two words are: the definition, pair by pair. The index finds the same pairs.

In thousandths, symmetric, and a function of the two words and the frozen table alone:

| rule | similarity |
|---|---|
| equal | 1000 |
| 1 edit (both 4 letters or more), up to 2 (both 7 or more), no digits | 1000 - 1250 d / longer |
| same spelling skeleton, both 4 letters or more, at most 2 apart in length | 800 to 930 |
| general words of one stem: 6 letters or more in common, at most 3 after them | 900 |
| one begins the other, a general word: 3 letters or more, 2 or more left out | 850 |
| letters of a general word in order, same first letter, 3 to 5, not itself a known word | 750 |

An edit is an insertion, a deletion, a substitution or a swap of neighbours (optimal string
alignment). Legal forms and small words meet only themselves.
"""

from __future__ import annotations

from rapidfuzz.distance import OSA

from klartecken.parties.names.words import UNIT, Lexicon, skeleton

VERSION = "similar-1"
STEM, BEGINS, LETTERS = 900, 850, 750
PENALTY = 1250
SOUNDS = ((5, 800), (7, 870), (1000, 930))
STEM_LETTERS, STEM_REST = 6, 3


def edits_allowed(length: int) -> int:
    """How many edits a word of this length may carry."""
    return 0 if length <= 3 else 1 if length <= 6 else 2


def edited(distance: int, longer: int) -> int:
    """The similarity of words that many edits apart."""
    return UNIT - PENALTY * distance // longer


def similarity(a: str, b: str, lexicon: Lexicon) -> tuple[int, str]:
    """How alike two words are, in thousandths, and by which rule (``none`` at 0)."""
    if a == b:
        return UNIT, "equal"
    if lexicon.is_form(a) or lexicon.is_form(b):
        return 0, "none"
    best, how = 0, "none"
    if a.isalpha() and b.isalpha():
        allowed = min(edits_allowed(len(a)), edits_allowed(len(b)))
        distance = OSA.distance(a, b, score_cutoff=allowed) if allowed else 1
        if distance <= allowed:
            best = edited(distance, max(len(a), len(b)))
            how = "1 edit" if distance == 1 else f"{distance} edits"
        sound = sounding(min(len(a), len(b)))
        if best < sound and abs(len(a) - len(b)) <= 2 and skeleton(a) == skeleton(b):
            best, how = sound, "same sound"
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    if best < STEM and same_stem(a, b, lexicon):
        best, how = STEM, "same stem"
    if best < BEGINS and begins(short, long, lexicon):
        best, how = BEGINS, "abbreviation"
    if best < LETTERS and abbreviates(short, long, lexicon):
        best, how = LETTERS, "abbreviation"
    return best, how


def sounding(shorter: int) -> int:
    """The similarity of words of one skeleton: a short one may be chance."""
    if shorter < 4:
        return 0
    return next(alike for length, alike in SOUNDS if shorter <= length)


def same_stem(a: str, b: str, lexicon: Lexicon) -> bool:
    """Are these two general words of one stem (``technology``, ``technologies``)?"""
    stem = max(STEM_LETTERS, len(a) - STEM_REST, len(b) - STEM_REST)
    return (
        a[:stem] == b[:stem]
        and min(len(a), len(b)) >= stem
        and (lexicon.general(a) and lexicon.general(b))
    )


def begins(short: str, long: str, lexicon: Lexicon) -> bool:
    """Does the short word begin the long one, a general word?"""
    return (
        len(short) >= 3 and len(long) - len(short) >= 2
        and long.startswith(short) and lexicon.general(long)
    )  # fmt: skip


def abbreviates(short: str, long: str, lexicon: Lexicon) -> bool:
    """Do the letters of the short word stand in order in the long one, a general word?"""
    if not (3 <= len(short) <= 5 and len(long) >= 6 and short[0] == long[0]):
        return False
    if not may_abbreviate(short, lexicon) or not (long.isalpha() and lexicon.general(long)):
        return False
    return in_order(short, long)


def may_abbreviate(short: str, lexicon: Lexicon) -> bool:
    """Is this short word free to stand for a longer one: letters, and no word of its own?"""
    return 3 <= len(short) <= 5 and short.isalpha() and short not in lexicon.table


def in_order(short: str, long: str) -> bool:
    """Do all letters of one stand in the other, in their order?"""
    place = -1
    for letter in short:
        place = long.find(letter, place + 1)
        if place < 0:
            return False
    return True
