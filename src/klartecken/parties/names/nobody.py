"""Names that name nobody: "TBD", "unknown", "same as consignee", "undisclosed end user".

Such a cell says that a party is not known. It is no name that could be compared, and that
nothing is found under it says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from klartecken.facts.table import read_table
from klartecken.parties.names.forms import DATA
from klartecken.parties.names.parts import named_in

KINDS = frozenset({"open", "role", "small"})
_WORD = re.compile(r"\w+")
_CODE = re.compile(r"[a-z]{1,4}[0-9]{3,}[a-z]?")  # "c100234": somebody's number in somebody's books
_FILLED = re.compile(r"([xyz\d])\1+")  # "xxx"


@cache
def words() -> Mapping[str, str]:
    """Word -> ``open`` (says that somebody is not named), ``role`` or ``small``.

    Raises:
        DataError: the table breaks its layout.
    """
    rows = read_table("nobody", DATA, ("word", "kind"))
    return {row.cell("word"): row.one_of("kind", KINDS) for row in rows}


def nobody(text: str) -> str:
    """What in a name stands for a party that is not named; empty if all of it names somebody.

    Args:
        text: folded (``normal.fold``).

    >>> nobody("tbd"), nobody("same as consignee"), nobody("quornfeld oy for account of unknown")
    ('tbd', 'same as consignee', 'unknown')
    >>> nobody("unknown worlds entertainment"), nobody("quornfeld oy / end user")
    ('', '')
    """
    if _kinds(text):
        return text.strip()
    return next((part for part in named_in(text) if "open" in _kinds(part)), "")


def _kinds(text: str) -> frozenset[str]:
    """The kinds of the words of a text all of which name nobody; else none."""
    table = words()
    kinds = set()
    for word in _WORD.findall(text):
        kind = _kind(word, table)
        if not kind:
            return frozenset()
        kinds.add(kind)
    return frozenset() if kinds <= {"small"} else frozenset(kinds)


def _kind(word: str, table: Mapping[str, str]) -> str:
    plain = word.isalpha() and word[0] not in "xyz"  # neither pattern can fit
    if not plain and (_FILLED.fullmatch(word) or _CODE.fullmatch(word)):
        return "open"
    return table.get(word, "small" if word.isdigit() else "")
