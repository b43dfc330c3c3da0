"""Native names of listed parties: what US lists leave out, matched without reading aloud.

The table is from general knowledge, unverified, and covers AI-chip parties only. A hit is a
reason to look; no hit says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from klartecken.errors import DataError
from klartecken.facts.table import GRADES, read_table
from klartecken.parties.names.han import Piece, is_han, pieces, simplified

DATA = Path(__file__).parent / "data"
HOWS = ("exact", "core", "contains")
# any of these is the same company form in a key; longest first
_COMPANY = ("股份有限公司", "有限责任公司", "有限公司")
_WEAK = frozenset({"place", "industry", "legal_form"})
_SHORTEST_BRAND = 2
_SHORTEST_FULL_NAME = 4


@dataclass(frozen=True, slots=True)
class NativeName:
    """A listed party's name in its own script.

    Attributes:
        listed_name: as listed.
        native: as the party writes it.
        script: ``Han``, ``Hangul``, ``Kana`` or ``Cyrillic``.
        brand: the distinctive part, or empty.
        distinctive: whether the brand alone, inside another name, is a reason to look.
        source, tag: where it is from, and the grade of that.
    """

    listed_name: str
    native: str
    script: str
    brand: str
    distinctive: bool
    source: str
    tag: str


@dataclass(frozen=True, slots=True)
class NativeHit:
    """A native name that a text meets, and how: one of :data:`HOWS`, best first.

    ``shared`` counts the words that both names have: of many hits of one brand, the nearest
    have most.
    """

    name: NativeName
    how: str
    shared: int


@cache
def native_names() -> tuple[NativeName, ...]:
    """The table, in its own order.

    Raises:
        DataError: it breaks its layout, or a brand is no part of its name's key.
    """
    columns = ("listed_name", "native", "script", "brand", "distinctive", "source", "tag")
    names = []
    for row in read_table("native_names", DATA, columns):
        brand = row.cell("brand")
        distinctive = row.one_of("distinctive", frozenset({"yes", "no", ""}))
        key = native_key(row.cell("native"))
        if brand and (native_key(brand) not in key or len(brand) < _SHORTEST_BRAND):
            raise row.fail("brand", f"{brand!r} is no part of the name, or too short")
        if bool(brand) != bool(distinctive):
            raise row.fail("distinctive", "say yes or no for a brand, nothing without one")
        fields = row.fields() | {"distinctive": distinctive == "yes"}
        fields["tag"] = row.one_of("tag", GRADES)
        names.append(NativeName(**fields))  # type: ignore[arg-type]
    if not names:
        raise DataError("it holds no name", where="native_names.csv")
    return tuple(names)


def native_key(text: str) -> str:
    """A name for exact comparison, in any script.

    NFKC, simplified characters (those of our table), one case; letters, digits and round
    brackets only; 股份有限公司, 有限责任公司 and 有限公司 all become 公司. The city in brackets
    stays.

    >>> native_key("龍芯中科技術 股份有限公司") == native_key("龙芯中科技术有限公司")
    True
    """
    kept = "".join(c for c in simplified(text).casefold() if c.isalnum() or c in "()")
    for form in _COMPANY:
        kept = kept.replace(form, "公司")
    return kept


def native_hits(text: str) -> tuple[NativeHit, ...]:
    """The listed parties whose native name this text meets, nearest first.

    1. ``exact``: the keys are equal. Nothing more is looked for then.
    2. ``core``: take the brand away, and what remains is only places, industries and legal
       forms of the glossary. For a brand that is not distinctive, each remaining word other
       than a place or a plain company form must stand in the native name too.
    3. ``contains``: a distinctive brand stands anywhere in the key, unless a place of the
       glossary covers part of it only (上海|思… holds no 海思); or the key begins with the
       whole of a name that has no brand (a university before its branch).

    A text of several scripts is also tried by the stretch of Chinese characters in it. One hit
    for each listed name.
    """
    if text.isascii():
        return ()
    texts = dict.fromkeys(key for key in (native_key(text), _han_stretch(text)) if key)
    exact = tuple(hit for key in texts for hit in _exact(key))
    found = exact or tuple(hit for key in texts for hit in (*_by_brand(key), *_by_start(key)))
    best: dict[str, NativeHit] = {}
    for hit in sorted(found, key=_rank):
        best.setdefault(hit.name.listed_name, hit)
    return tuple(best.values())


def _rank(hit: NativeHit) -> tuple[int, int, int, str, str]:
    """How, then the most words in common, then the shortest name: a parent before its branches."""
    name = hit.name
    return HOWS.index(hit.how), -hit.shared, len(name.native), name.listed_name, name.native


def _han_stretch(text: str) -> str:
    """The key from the first Chinese character to the last, if the rest is another script."""
    plain = simplified(text)
    places = [place for place, letter in enumerate(plain) if is_han(letter)]
    if not places:
        return ""
    stretch = plain[places[0] : places[-1] + 1]
    return native_key(stretch + ")" if stretch.count("(") > stretch.count(")") else stretch)


@cache
def _keys() -> dict[str, tuple[NativeName, ...]]:
    found: dict[str, tuple[NativeName, ...]] = {}
    for name in native_names():
        key = native_key(name.native)
        found[key] = (*found.get(key, ()), name)
    return found


@cache
def _brands() -> dict[str, tuple[tuple[str, tuple[NativeName, ...]], ...]]:
    """Two first letters -> the brands that begin so, and their names."""
    by_brand: dict[str, tuple[NativeName, ...]] = {}
    for name in native_names():
        if name.brand:
            brand = native_key(name.brand)
            by_brand[brand] = (*by_brand.get(brand, ()), name)
    found: dict[str, tuple[tuple[str, tuple[NativeName, ...]], ...]] = {}
    for brand, names in by_brand.items():
        found[brand[:2]] = (*found.get(brand[:2], ()), (brand, names))
    return found


def _exact(key: str) -> tuple[NativeHit, ...]:
    return tuple(
        NativeHit(name, "exact", len(_weak_words(key, ""))) for name in _keys().get(key, ())
    )


def _by_brand(key: str) -> list[NativeHit]:
    brands = _brands()
    hits = []
    for place in range(len(key) - 1):
        for brand, names in brands.get(key[place : place + 2], ()):
            if key.startswith(brand, place) and not _torn(key, place, place + len(brand)):
                hits += [hit for name in names if (hit := _brand_hit(key, place, brand, name))]
    return hits


def _torn(key: str, start: int, end: int) -> bool:
    """Whether a place word covers one part of this stretch but not the other."""
    for piece in pieces(key):
        first, last = piece.start, piece.start + len(piece.text)
        if piece.kind == "place" and (first < start < last or first < end < last):
            return True
    return False


def _brand_hit(key: str, place: int, brand: str, name: NativeName) -> NativeHit | None:
    rest = [*pieces(key[:place]), *pieces(key[place + len(brand) :])]
    theirs = _weak_words(native_key(name.native), brand)
    shared = len({piece.text for piece in rest} & theirs)
    core = all(piece.kind in _WEAK or not _letters(piece) for piece in rest)
    if core and (name.distinctive or all(_plain(p) or p.text in theirs for p in rest)):
        return NativeHit(name, "core", shared)
    return NativeHit(name, "contains", shared) if name.distinctive else None


def _by_start(key: str) -> list[NativeHit]:
    hits = []
    for name_key, names in _keys().items():
        start = name_key.removesuffix("公司")
        if len(start) >= _SHORTEST_FULL_NAME and key.startswith(start):
            hits += [NativeHit(name, "contains", 0) for name in names if not name.brand]
    return hits


def _plain(piece: Piece) -> bool:
    """A place, a bracket, or a company form that says nothing of the business or a group."""
    if piece.kind == "legal_form":
        return "集团" not in piece.text and "控股" not in piece.text
    return piece.kind == "place" or not _letters(piece)


def _letters(piece: Piece) -> bool:
    return any(letter.isalnum() for letter in piece.text)


@cache
def _weak_words(key: str, brand: str) -> frozenset[str]:
    """The glossary's places, industries and legal forms of a key without its brand."""
    left, _, right = key.partition(brand) if brand else (key, "", "")
    parts = (*pieces(left), *pieces(right))
    return frozenset(piece.text for piece in parts if piece.kind in _WEAK)
