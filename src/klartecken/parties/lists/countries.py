"""The country of an address, as the lists word it, as an ISO 3166 code."""

from __future__ import annotations

import functools
import re

from klartecken.facts.places import fold, load_places
from klartecken.facts.table import read_table

_CODE = re.compile(r"[A-Z]{2}")


@functools.cache
def country_code(text: str) -> str:
    """The iso2 code, or empty where the text is none that we know.

    Two capitals are taken as a code. OFAC turns names round and has regions.

    >>> country_code("CN"), country_code("Korea, North"), country_code("Region: Gaza")
    ('CN', 'KP', 'PS')
    """
    text = text.strip().strip(".")
    if not text or _CODE.fullmatch(text):
        return text
    name = fold(text).removeprefix("region: ")
    own = _wordings()
    if name in own:
        return own[name]
    names = load_places().names
    first, comma, last = name.partition(", ")
    return names.get(name) or (names.get(f"{last} {first}", "") if comma else "")


@functools.cache
def _wordings() -> dict[str, str]:
    return {fold(row.cell("text")): row.cell("iso2") for row in read_table("list_countries")}
