"""The names inside a name: order forms write two parties, or a party and its agent, into one.

"A c/o B", "A on behalf of B", "A / B", "A (formerly B)": the score of the whole is too low for
either, so each part is read by itself, too. The whole is always read as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from klartecken.parties.names.words import GENERAL, INITIAL, UNIT, names_lexicon

MOST = 64  # parts of a name; one with more of them is not screenable

# Between two names of one party, or between two parties. Texts are folded: "d.b.a." is "dba".
_NAMES = (
    r"(?:previously|formerly|now|also|currently) (?:known|trading|called|registered) as",
    r"d/b/a", "dba", "doing business as", r"t/as?", "trading as", "trading under",
    r"[afn]/k/a", "[afn]ka", "formerly", "previously", "(?:i/)?c/o", "care of",
    "p/a", "vormals", "ehemals", "ex",
)  # fmt: skip
# Between a party and another one that stands behind it, or that only receives
_ROLES = (
    r"on behalf of", r"[of]/b/o", "fbo", r"z\.? ?hd\.?", "obo",
    r"for (?:the )?(?:account|benefit|use|order) of",
    r"(?:to|by) (?:the )?order of", "(?:as )?(?:an )?agents? (?:for|of)", "via", "through", "fao",
    r"f/a/o", r"attn\b[.:]*", r"attention\b[.:]*", r"notify(?: party)?\b[.:]*",
    "(?:ship(?:ped)?|bill(?:ed)?|sold|deliver(?:ed)?|forward(?:ed)?|resold)[- ]to",
    r"(?:ultimate )?(?:end[- ]?users?|consignees?|purchasers?|buyers?|customers?|owners?) ?:",
    "(?:an? )?(?:wholly[- ]owned )?(?:subsidiary|affiliate|division|branch|unit|part|member|"
    "department|office|representative|distributor|reseller) (?:of|for)",
    "(?:wholly |partly |majority )?(?:owned|controlled|represented|managed|operated) by",
)  # fmt: skip
_OWN = re.compile(rf"[;|\\]|\s[/+]+\s|(?<![\w/])(?:{'|'.join(_NAMES)})(?![\w/])")
_ALL = re.compile(
    rf"[;|\\+]|\w{{2,}}(?P<slash>/)(?=\w{{2,}})|\s/\s?|\s?/\s"
    rf"|(?<![\w/])(?:{'|'.join((*_NAMES, *_ROLES))})(?![\w/])"
)
# A name with none of these signs and words holds nothing of the above: a quick look first
_SIGNS = frozenset(";|\\/+:")
_HINTS = frozenset({
    "previously", "formerly", "now", "also", "currently", "dba", "ta", "tas", "aka", "fka", "nka",
    "doing", "trading", "care", "of", "obo", "for", "on", "to", "by", "agent", "agents", "via",
    "through", "fao", "attn", "attention", "notify", "ship", "shipped", "bill", "billed", "sold",
    "deliver", "delivered", "forward", "forwarded", "resold", "vormals", "ehemals", "ex", "fbo",
    "z", "hd", "zhd",
})  # fmt: skip
# These part a name only where both sides are names of some length: "Shenzhen", "Ltd" are not
_LOOSE = re.compile(
    r"[()\[\]{}<>\"“”«»「」【】,:=*@#·•→…]|\.\s|\s[-–—_~]+\s|-{2,}|\b(?:and|for|with|using)\b"
)
_NUMBERED = re.compile(r"^\W*\d{3,}\W+|\W+\d{3,}\W*$")
_FOREIGN = re.compile(r"[^\x00-\u024f]+")  # what stands beside a name in Latin letters
_BRACKETED = re.compile(r"[(\[]\s*([a-z0-9]{5,})\s*[)\]]")
_EDGES = " ,.:-()[]\"'"
_WORD = re.compile(r"\w+")


def listed_parts(text: str) -> tuple[str, ...]:
    """The names of one listed party that one listed name holds, beside the whole.

    Args:
        text: folded (``normal.fold``).

    >>> listed_parts("quornfeld ooo, fka zorbla werke; quux")
    ('quornfeld ooo', 'zorbla werke')
    """
    return _kept(text, (part for part in _cut(text, _OWN) if _distinctive(part, 5)))


@lru_cache(maxsize=1 << 16)
def party_parts(text: str) -> tuple[str, ...]:
    """The names that a name on an order may hold, beside the whole; ``MOST + 1`` if too many.

    Args:
        text: folded (``normal.fold``).

    >>> party_parts("quornfeld oy c/o zorbla werke gmbh")
    ('quornfeld oy', 'zorbla werke gmbh')
    >>> party_parts("quornfeld shenzhen oy"), party_parts("100234 quornfeld oy")
    ((), ('quornfeld oy',))
    """
    return _kept(text, _found(text))


def named_in(text: str) -> tuple[str, ...]:
    """The stretches between words and signs that part two names, whatever they hold."""
    return tuple(_cut(text, _ALL)) if _may_hold(text) else (text.strip(_EDGES),)


def _found(text: str) -> Iterator[str]:
    strong = [part for part in _cut(text, _ALL) if _full(part)] if _may_hold(text) else [text]
    yield from strong
    for part in strong:
        bare = _NUMBERED.sub("", _NUMBERED.sub("", part))
        if bare != part and _full(bare):
            yield bare
    for part in strong:
        yield from _loose(part)
    for match in _BRACKETED.finditer(text):  # a brand alone
        if names_lexicon().weight(match[1]) == UNIT:
            yield match[1]
    bare = _FOREIGN.sub(" ", text)
    if bare != text and _full(bare):
        yield bare.strip(_EDGES)


def _may_hold(text: str) -> bool:
    """May a text hold a sign or a word that parts two names? Never no where it does."""
    return not (_SIGNS.isdisjoint(text) and _HINTS.isdisjoint(_WORD.findall(text)))


def _loose(text: str) -> Iterator[str]:
    """What stands before, after and between brackets, commas and dashes."""
    cuts = [(match.start(), match.end()) for match in _LOOSE.finditer(text)]
    ends, starts = [start for start, _ in cuts], [end for _, end in cuts]
    spans = [*((0, end) for end in ends), *((start, len(text)) for start in starts)]
    spans += zip(starts, ends[1:], strict=False)
    for start, end in spans:
        part = text[start:end].strip(_EDGES)
        if (len(_full(part)) > 1 and _distinctive(part, 2)) or (
            " " in part and _distinctive(part, 4)
        ):
            yield part


def _cut(text: str, between: re.Pattern[str]) -> list[str]:
    parts, done = [], 0
    for match in between.finditer(text):
        slash = match.groupdict().get("slash")
        start = match.start("slash") if slash else match.start()
        parts.append(text[done:start])
        done = match.end()
    return [part.strip(_EDGES) for part in (*parts, text[done:])]


def _kept(text: str, found: Iterator[str]) -> tuple[str, ...]:
    """Each part once, at most one more than is allowed: the caller sees that it is too many."""
    parts: dict[str, None] = {}
    for part in found:
        if part and part != text:
            parts[part] = None
        if len(parts) > MOST:
            break
    return tuple(parts)


def _full(part: str) -> list[str]:
    """The words of a part that are more than a legal form, an initial or a number."""
    weight = names_lexicon().weight
    return [word for word in _WORD.findall(part) if weight(word) > INITIAL and not word.isdigit()]


def _distinctive(part: str, letters: int) -> bool:
    """Has a part a word that is no general one, of so many letters or in another script?"""
    weight = names_lexicon().weight
    return any(
        (len(word) >= letters or not word.isascii()) and weight(word) >= GENERAL
        for word in _full(part)
    )
