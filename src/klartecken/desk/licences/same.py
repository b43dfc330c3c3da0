"""When two texts name the same item, party or place: exactly, and never by likeness.

A licence covers whom it names. Names are compared as typed, aside of case, width, spaces and
punctuation; a legal form written otherwise is another name, and a person adds it to the licence.
"""

from __future__ import annotations

from functools import lru_cache

from klartecken.errors import UnknownName
from klartecken.facts.items import Item, find_item
from klartecken.facts.places import load_places
from klartecken.parties.names.lookup import lookup_key

_UNITS = frozenset({
    "", "each", "ea", "no", "number", "pc", "pcs", "piece", "pieces", "unit", "units",
})  # fmt: skip


@lru_cache(maxsize=1 << 16)
def key_of(name: str) -> str:
    """The form in which a name is compared."""
    return lookup_key(name)


def same_name(left: str, right: str) -> bool:
    """Is it the same name, as typed? Nothing is the name of nobody."""
    return bool(left.strip()) and key_of(left) == key_of(right)


def names_of(cell: str) -> tuple[str, ...]:
    """The names in a cell of an order line, parted by ``|`` as in an order book."""
    return tuple(name for part in cell.split("|") if (name := part.strip()))


@lru_cache(maxsize=1 << 14)
def item_of(text: str) -> Item | None:
    """The item of the catalogue that a text names, or None. Files are not read."""
    if text.strip().lower().endswith((".yaml", ".yml")):
        return None
    try:
        return find_item(text)
    except UnknownName:
        return None


@lru_cache(maxsize=1 << 16)
def same_item(licensed: str, ordered: str) -> bool:
    """Is an ordered item what a licence line names?

    The same item of the catalogue; or the family that the licence prints, for a chip of it; or
    the same text. A server is never covered by a line for the chip in it, nor the other way.

    >>> same_item("H20", "nvidia-h20"), same_item("H20", "nvidia-hgx-h20")
    (True, False)
    >>> same_item("H100", "nvidia-h100-sxm"), same_item("H100", "nvidia-dgx-h100")
    (True, False)
    """
    named, wanted = item_of(licensed), item_of(ordered)
    if named is not None or wanted is None:
        if named is not None and wanted is not None:
            return named.id == wanted.id
        return named is None and same_name(licensed, ordered)
    if wanted.contains is None and wanted.family and same_name(licensed, wanted.family):
        return True
    return same_name(licensed, ordered) or same_name(licensed, wanted.name)


@lru_cache(maxsize=1 << 12)
def place_of(text: str) -> str:
    """The iso2 code of a place, or empty where we know none."""
    try:
        return load_places().resolve(text)
    except UnknownName:
        return ""


@lru_cache(maxsize=1 << 12)
def legal_place_of(text: str) -> str:
    """The code under which the law treats a place, or empty where we know none."""
    return load_places().legal(text) if place_of(text) else ""


def same_unit(left: str, right: str) -> bool:
    """Do two units count the same? All words for a piece do; others must be equal.

    >>> same_unit("pieces", "Number"), same_unit("pieces", "kg")
    (True, False)
    """
    return unit_of(left) == unit_of(right)


@lru_cache(maxsize=1 << 12)
def unit_of(text: str) -> str:
    """A unit as it is compared: ``pieces`` for all words for a piece, and for none."""
    key = key_of(text) if text.strip() else ""
    return "pieces" if key in _UNITS else key
