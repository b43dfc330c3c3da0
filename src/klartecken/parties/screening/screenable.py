"""Can a name be screened at all? What cannot is said so, and is never "no hit"."""

from __future__ import annotations

from klartecken.parties.names.nobody import nobody
from klartecken.parties.names.normal import LONGEST, MOST_WORDS, fold
from klartecken.parties.names.parts import MOST, party_parts
from klartecken.parties.names.scripts import script_of
from klartecken.parties.names.words import INITIAL, Lexicon

# The lists are written in Latin letters. A name in another script is read (romanised), so that
# a hit counts, but the absence of one proves nothing: the list may hold a translation.
LIST_SCRIPTS = frozenset({"Latin"})
NOTHING = "the name holds no letter or digit that can be compared"


def obstacle(name: str, forms: tuple[str, ...], lexicon: Lexicon) -> str:
    """Why a name that hits nothing cannot be said to be unlisted; empty if it can.

    Args:
        name: as given.
        forms: its normal forms.
        lexicon: what words weigh.
    """
    if not name.strip():
        return "the name is empty"
    if len(name) > LONGEST:
        return f"the name has {len(name)} characters, more than {LONGEST}"
    if not any(c.isalnum() for c in name):  # signs are read as words, which name nobody
        return NOTHING
    scripts = frozenset() if name.isascii() else script_of(fold(name)) - LIST_SCRIPTS
    if scripts:
        return (
            f"the name is written in {', '.join(sorted(scripts))}, and the lists in Latin "
            "letters; give its name in Latin letters too"
        )
    if not forms:
        return NOTHING
    if any(len(form.split()) > MOST_WORDS for form in forms):
        return f"the name has more than {MOST_WORDS} words"
    if all(_says_nothing(form, lexicon) for form in forms):
        return "the name holds a legal form or single letters only"
    folded = fold(name)
    if not any(letter.isalpha() for letter in folded):
        return "the name is a number, and no name"
    if len(party_parts(folded)) > MOST:
        return f"the name holds more than {MOST} parts; give each party by itself"
    if stands := nobody(folded):
        return f"{stands!r} names nobody: it stands for a party that is not known"
    return ""


def _says_nothing(form: str, lexicon: Lexicon) -> bool:
    return max(map(lexicon.weight, form.split())) <= INITIAL
