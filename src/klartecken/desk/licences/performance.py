"""How much performance an order line carries, and whether an item is a capped product."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from klartecken.desk.licences.same import item_of, same_name, unit_of
from klartecken.desk.work import Row
from klartecken.facts.chips import load_catalogue
from klartecken.logic.values import Range

_GIVEN = re.compile(r"(?i)server:\s*([1-9]\d{0,5})\s*x\s*(.+)")


@lru_cache(maxsize=1 << 14)
def performance_of(text: str) -> Range | None:
    """The TPP of one piece of an item, all chips in it together; None where we cannot say.

    >>> str(performance_of("nvidia-h20")), str(performance_of("nvidia-hgx-h20"))
    ('2368', '18944')
    """
    item = item_of(text)
    if item is None or "tpp" not in item.facts:
        return None
    value = item.facts["tpp"].value
    catalogue = load_catalogue()
    count = 1
    if item.contains is not None:
        server = catalogue.servers.get(item.id)
        given = _GIVEN.fullmatch(text.strip())
        if server is None and given is None:
            return None  # an assembly with an unsaid number of chips
        count = server.count if server is not None else int(given[1]) if given else 1
    packages = catalogue.chips[item.contains or item.id].packages
    return value.scaled(Fraction(count * packages)) if isinstance(value, Range) else None


@lru_cache(maxsize=1 << 14)
def chip_of(text: str) -> str:
    """The id of the chip that an item is or holds, or empty."""
    item = item_of(text)
    return "" if item is None else item.contains or item.id


def is_product(cap_item: str, item: str) -> bool:
    """Is an item the capped product, or does it hold it?"""
    chip = chip_of(cap_item)
    return chip == chip_of(item) if chip else same_name(cap_item, item)


def is_itself(cap_item: str, item: str) -> bool:
    """Is an item the capped product itself, and not something that holds it?"""
    left, right = item_of(cap_item), item_of(item)
    return (left is not None and right is not None and left.id == right.id) or (
        left is None and same_name(cap_item, item)
    )


def performance_of_line(line: Row) -> Range | None:
    """The TPP of a whole line, or None where item or unit do not say."""
    return _whole(line["item"], line["unit"], line["quantity"])


@lru_cache(maxsize=1 << 16)
def _whole(item: str, unit: str, quantity: Decimal) -> Range | None:
    one = performance_of(item) if unit_of(unit) == "pieces" else None
    return None if one is None else one.scaled(Fraction(quantity))
