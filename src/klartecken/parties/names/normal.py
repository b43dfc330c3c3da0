"""The normal form of a name: the words that are compared.

Order: compatibility forms (NFKC) and case, dotted acronyms, apostrophes, legal forms or
titles, Latin letters, punctuation. A name of unknown kind is read both ways, as an
organisation (legal forms to their classes) and as a person (titles out): "Ao" is a legal form
and a surname.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from klartecken.parties.names.businesswords import apart, written_out
from klartecken.parties.names.forms import drop_titles, replace_forms
from klartecken.parties.names.han import han_readings
from klartecken.parties.names.pinyin import pinyin_reading
from klartecken.parties.names.scripts import script_of

VERSION = "names-1"
LONGEST = 1000  # characters of a name; a longer one is not screenable
MOST_WORDS = 100  # of a name; keeps every sum of the scorer far inside 64 bits

_DOTTED = re.compile(r"\b(?:\w\.){2,}(?:\w\b)?")
_APOSTROPHES = dict.fromkeys(map(ord, "'’`´ʼ‘′ʻ"))
_PUNCTUATION = re.compile(r"[^a-z0-9]+")
_BRACKETS = re.compile(r"\S\s*\(([A-Z][A-Za-z0-9]{2,})\)[\s.]*$")
# What a list says to its reader inside a name
_INSTRUCTION = re.compile(
    r"[;,]?\s*and any (?:successor|sub-?unit|subsidiar)[^;]*?thereof"
    r"|^\s*(?:affiliated entity|subordinate institution|alias)\s*[:-]",
)


@lru_cache(maxsize=1 << 16)
def readings(name: str, kind: str = "unknown") -> tuple[str, ...]:
    """The normal forms that a name is read in: words of ``a-z0-9`` with single spaces.

    Args:
        name: in any script, at most :data:`LONGEST` characters.
        kind: ``organisation``, ``person``, or anything else: both.

    Returns:
        Each once, best first; empty when nothing readable is left.
    """
    text = fold(name)
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


def fold(name: str) -> str:
    """Compatibility forms, lower case, no invisible characters, no dotted acronyms."""
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
