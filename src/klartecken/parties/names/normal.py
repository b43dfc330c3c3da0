"""The normal form of a name: the words that are compared.

Order: compatibility forms (NFKC) and case, dotted acronyms, apostrophes, legal forms or
titles, Latin letters, punctuation. A name of unknown kind is read both ways, as an
organisation (legal forms to their classes) and as a person (titles out): "Ao" is a legal form
and a surname.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

from klartecken.parties.names.businesswords import apart, written_out
from klartecken.parties.names.forms import drop_titles, replace_forms
from klartecken.parties.names.han import han_readings
from klartecken.parties.names.parts import listed_parts, party_parts
from klartecken.parties.names.pinyin import pinyin_reading
from klartecken.parties.names.scripts import script_of
from klartecken.parties.names.words import INITIAL, names_lexicon

VERSION = "names-2"
LONGEST = 1000  # characters of a name; a longer one is not screenable
MOST_WORDS = 100  # of a name; keeps every sum of the scorer far inside 64 bits

_DOTTED = re.compile(r"\b(?:\w\.){2,}(?:\w\b)?")
_APOSTROPHES = dict.fromkeys(map(ord, "'’`´ʼ‘′ʻ"))
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
# A word with digits or signs among more letters: "hu4wei", "s@nsung"; a one is an i or an l
_SIGNED = re.compile(r"\b(?=[a-z0-9@$]*[a-z][0-9@$])(?=(?:[0-9@$]*[a-z]){3})[a-z0-9@$]+\b")
_LETTERS = tuple(str.maketrans("034578@$1", f"oeastbas{one}") for one in "il")
_PUNCTUATION = re.compile(r"[^a-z0-9]+")
_BRACKETS = re.compile(r"\S\s*\(([A-Z][A-Za-z0-9]{2,})\)[\s.]*$")
# What a list says to its reader inside a name
_INSTRUCTION = re.compile(
    r"[;,]?\s*and any (?:successor|sub-?unit|subsidiar)[^;]*?thereof"
    r"|^\s*(?:affiliated entity|subordinate institution|alias)\s*[:-]",
)


@lru_cache(maxsize=1 << 16)
def readings(name: str, kind: str = "unknown") -> tuple[str, ...]:
    """The normal forms that a listed name is read in: words of ``a-z0-9`` with single spaces.

    A name that holds several ("A, a.k.a. B") is read as a whole, and each by itself.

    Args:
        name: in any script, at most :data:`LONGEST` characters.
        kind: ``organisation``, ``person``, or anything else: both.

    Returns:
        Each once, best first; empty when nothing readable is left.
    """
    text = fold(name)
    return _all_forms((text, *listed_parts(text)), kind)


@lru_cache(maxsize=1 << 16)
def party_readings(name: str, kind: str = "unknown") -> tuple[str, ...]:
    """The normal forms that the name of a party is read in: as :func:`readings` and more.

    An order form writes several parties into one name, and codes around it (:mod:`parts`).

    >>> party_readings("Quornfeld Oy c/o Zorbla Werke", "organisation")
    ('quornfeld llc c o zorbla werke', 'quornfeld llc', 'zorbla werke')
    """
    text = fold(name)
    texts = dict.fromkeys((text, *_spelt_in_letters(text)))
    parts = (part for one in texts for part in (*listed_parts(one), *party_parts(one)))
    return _told_apart(_all_forms((*texts, *parts), kind))


def _told_apart(forms: tuple[str, ...]) -> tuple[str, ...]:
    """The forms that differ by more than legal forms, initials and small words.

    Those say the same, and each form is scored against the whole list.
    """
    weight = names_lexicon().weight
    kept: dict[tuple[str, ...], str] = {}
    for form in forms:
        telling = tuple(word for word in form.split() if weight(word) > INITIAL)
        kept.setdefault(telling or (form,), form)
    return tuple(kept.values())


def _spelt_in_letters(text: str) -> tuple[str, ...]:
    """A folded name with the signs that stand for letters inside its words read as letters."""
    if not _SIGNED.search(text):
        return ()
    words = {match[0] for match in _SIGNED.finditer(text)}
    return tuple(
        _SIGNED.sub(lambda match, read=read: read[match[0]], text)  # type: ignore[misc]
        for read in ({word: word.translate(table) for word in words} for table in _LETTERS)
    )


def _all_forms(texts: tuple[str, ...], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for text in texts for form in _forms(text, kind)))


def _forms(text: str, kind: str) -> tuple[str, ...]:
    """The normal forms of a folded text."""
    if "Han" in script_of(text):
        found = [latin(replace_forms(reading.casefold())) for reading in han_readings(text)]
    elif kind == "person":
        found = [latin(drop_titles(text))]
    elif kind == "organisation":
        found = [*_organisation(text)]
    else:
        found = [*_organisation(text), latin(drop_titles(text))]
    return tuple(dict.fromkeys(form for form in found if form))


def bracketed(name: str) -> str:
    """The acronym or brand that a listed name carries in brackets at its end, or nothing.

    >>> bracketed("Beijing University of Aeronautics and Astronautics (BUAA)")
    'BUAA'
    """
    found = _BRACKETS.search(unicodedata.normalize("NFKC", name))
    return found[1] if found else ""


def _organisation(text: str) -> tuple[str, ...]:
    """A folded name as an organisation's; also with words run together taken apart, and with
    words in pinyin read in English."""
    form = written_out(latin(replace_forms(text)))
    parted, english = apart(form), pinyin_reading(form)
    found = [form]
    if parted != form:
        found.append(latin(replace_forms(parted)))
    if english != form:
        found.append(latin(english))
    return tuple(found)


@lru_cache(maxsize=1 << 16)
def fold(name: str) -> str:
    """Compatibility forms, lower case; no HTML entities, invisible letters, dotted acronyms."""
    for _ in range(2 if "&" in name else 0):  # "&amp;#119;" is written by two programs
        name = _ENTITY.sub(lambda match: html.unescape(match[0]), name)
    text = unicodedata.normalize("NFKC", name).casefold()
    if not text.isascii():
        text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc", "Cn"))
    text = _INSTRUCTION.sub(" ", text)
    if "." in text:
        text = _DOTTED.sub(lambda match: match.group(0).replace(".", ""), text)
    return text.translate(_APOSTROPHES).replace("&", " and ")


def latin(text: str) -> str:
    """Latin letters and digits only, in lower case, words parted by single spaces."""
    if not text.isascii():
        from anyascii import anyascii

        text = anyascii(text).casefold()
    return _PUNCTUATION.sub(" ", text).strip()
