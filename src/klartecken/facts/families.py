"""Product families: the names that letters and events use for chips."""

from __future__ import annotations

import difflib
import re

from klartecken.facts.chips import load_catalogue
from klartecken.logic.values import Choice


def family_named(text: str) -> Choice:
    """A product family as the catalogue writes it; what is only nearly one may be it.

    >>> str(family_named("nvidia h-20"))
    'H20'
    """

    def squeeze(name: str) -> str:
        return re.sub(r"[\W_]+", "", name.casefold())

    chips = load_catalogue()
    families = {squeeze(chip.family): chip.family for chip in chips}
    vendors = {squeeze(word) for chip in chips for word in chip.vendor.split()}
    words = [word for word in re.split(r"\s+", text) if squeeze(word) not in vendors]
    key = squeeze("".join(words)) or squeeze(text)
    if key in families:
        return Choice(frozenset({families[key]}))
    near = difflib.get_close_matches(key, families, n=3, cutoff=0.8)
    inside = [name for name in families if len(name) >= 3 and (name in key)]
    return Choice(frozenset({text, *(families[name] for name in (*near, *inside))}))
