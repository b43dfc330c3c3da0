"""Latin readings of names with Chinese characters: a glossary first, then pinyin.

US lists hold no Chinese characters, so such a name can only be met through a reading, or
through a native name (``native.py``). A reading that meets nothing proves nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from klartecken.facts.table import GRADES, read_table
from klartecken.parties.names.scripts import script_of_letter

DATA = Path(__file__).parent / "data"
KINDS = frozenset({"place", "industry", "legal_form", "institution", "brand", "reading"})
MOST_READINGS = 6
_DIGITS = {"零": 0, "〇": 0, **{digit: n for n, digit in enumerate("一二三四五六七八九", 1)}}
_ORDINAL = re.compile(r"第?([〇零一二三四五六七八九十百]+)(?=研究所|研究院|所|院|厂|学院|设计院)")
_PREFIXES = frozenset("微云新大高光")  # micro, cloud, new, big, high, light: words of their own
_SPACES = re.compile(r"\s+")
_OPENING = re.compile(r"(?<=[^\s(])\(")


class Word(NamedTuple):
    """A glossary word: characters, English, kind and pinyin syllables."""

    han: str
    english: str
    kind: str
    pinyin: tuple[str, ...]


class Piece(NamedTuple):
    """A stretch of a name: a glossary word, left-over characters, or text of another script.

    ``kind`` is the word's, or ``brand_left`` for left-over characters, or ``other``.
    """

    text: str
    kind: str
    start: int
    word: Word | None = None


@cache
def glossary() -> dict[str, Word]:
    """The glossary by its (simplified) characters.

    Raises:
        DataError: the table breaks its layout.
    """
    words: dict[str, Word] = {}
    columns = ("han", "english", "kind", "pinyin", "source", "tag")
    for row in read_table("han_glossary", DATA, columns):
        row.one_of("tag", GRADES)
        han, pinyin = row.cell("han"), tuple(row.cell("pinyin").split())
        if han in words:
            raise row.fail("han", f"{han!r} stands twice")
        kind = row.one_of("kind", KINDS)
        words[han] = Word(han, row.cell("english"), kind, pinyin or _syllables(han))
    return words


@cache
def _to_simplified() -> dict[int, str]:
    rows = read_table("han_variants", DATA, ("traditional", "simplified"))
    return {ord(row.cell("traditional")): row.cell("simplified") for row in rows}


def simplified(text: str) -> str:
    """NFKC, with traditional characters made simplified: those of a small table only."""
    return unicodedata.normalize("NFKC", text).translate(_to_simplified())


def _syllables(han: str) -> tuple[str, ...]:
    """Pinyin of each character by anyascii, which knows one reading for each."""
    from anyascii import anyascii

    return tuple(anyascii(letter).casefold().strip() for letter in han)


@cache
def _longest() -> int:
    return max(map(len, glossary()))


def is_han(letter: str) -> bool:
    """Whether this is a Chinese character (also where Japanese or Korean text uses it)."""
    return script_of_letter(letter) == "Han"


@lru_cache(maxsize=4096)
def pieces(text: str) -> tuple[Piece, ...]:
    """The name in pieces, by the longest glossary word from the left (simplified text)."""
    words = glossary()
    found: list[Piece] = []
    place = 0
    while place < len(text):
        for size in range(min(_longest(), len(text) - place), 0, -1):
            word = words.get(text[place : place + size])
            if word is not None:
                found.append(Piece(word.han, word.kind, place, word))
                place += size
                break
        else:
            kind = "brand_left" if is_han(text[place]) else "other"
            if found and found[-1].kind == kind:
                last = found.pop()
                found.append(Piece(last.text + text[place], kind, last.start))
            else:
                found.append(Piece(text[place], kind, place))
            place += 1
    return tuple(found)


def han_readings(text: str) -> tuple[str, ...]:
    """Latin readings of a name with Chinese characters, best first, at most six.

    In order: glossary words in English with left-over characters as one pinyin word; the same
    with known brands in pinyin; brands and left-over characters in pairs; the same apart; all in
    pinyin; all in pinyin without legal forms. Text in other scripts stays. Empty where the name
    holds no Chinese character.

    >>> han_readings("海光信息技术股份有限公司")[1]
    'Haiguang Information Technology Co., Ltd.'
    """
    plain = _numbered(simplified(text))
    if not any(map(is_han, plain)):
        return ()
    parts = pieces(plain)
    readings = (
        _join(_read(piece, english=True, brands=True, step=0) for piece in parts),
        _join(_read(piece, english=True, brands=False, step=0) for piece in parts),
        _join(_read(piece, english=True, brands=False, step=2) for piece in parts),
        _join(_read(piece, english=True, brands=False, step=1) for piece in parts),
        _join(_read(piece, english=False, brands=False, step=0) for piece in parts),
        _join(
            _read(piece, english=False, brands=False, step=0)
            for piece in parts
            if piece.kind != "legal_form"
        ),
    )
    return tuple(dict.fromkeys(reading for reading in readings if reading))[:MOST_READINGS]


def _read(piece: Piece, *, english: bool, brands: bool, step: int) -> str:
    """One piece in Latin letters; ``step``: left-over syllables to a word, 0 for all."""
    word = piece.word
    if piece.kind == "other":
        return piece.text
    if word is None:
        return _words(_syllables(piece.text), step)
    if english and (brands or piece.kind != "brand"):
        return word.english
    if piece.kind in ("brand", "reading"):
        return _words(word.pinyin, step)
    if piece.kind == "place":  # lists write Shenzhen, not Shenzhen Shi
        return _words(word.pinyin[:-1] if word.han[-1] in "市省" else word.pinyin, 0)
    # lists write Gufen Youxian Gongsi, Wei Dianzi, Bandaoti, Yanjiuyuan
    if piece.kind == "institution" or len(word.pinyin) < 3:
        return _words(word.pinyin, 0)
    if word.han[0] in _PREFIXES and len(word.pinyin) % 2:
        return f"{_words(word.pinyin[:1], 0)} {_words(word.pinyin[1:], 2)}"
    return _words(word.pinyin, 0 if len(word.pinyin) == 3 else 2)


def _words(syllables: tuple[str, ...], step: int) -> str:
    size = step or len(syllables) or 1
    parts = ("".join(syllables[i : i + size]) for i in range(0, len(syllables), size))
    return " ".join(part.capitalize() for part in parts)


def _join(parts: Iterable[str]) -> str:
    """The parts with single spaces, none inside brackets."""
    text = _OPENING.sub(" (", _SPACES.sub(" ", " ".join(parts)).strip())
    return text.replace("( ", "(").replace(" )", ")").replace(" ,", ",")


def _numbered(text: str) -> str:
    """Numbers of institutes in digits: 第二十八研究所 becomes ``No. 28`` and the word."""
    return _ORDINAL.sub(lambda match: f" No. {_number(match[1])} ", text)


def _number(han: str) -> int:
    """A number below 1,000 in Chinese digits, positional (七七二) or with tens (二十八)."""
    if not set(han) & {"十", "百"}:
        return int("".join(str(_DIGITS[digit]) for digit in han))
    total, digit = 0, 0
    for sign in han:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        else:
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
    return total + digit
