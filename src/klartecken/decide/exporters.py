"""Who exports: company names brought to the names that the letters use.

A subsidiary or an odd spelling of an addressee is not quietly "somebody else": it may be
the addressee, and the answer then asks.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

from klartecken.errors import InputError
from klartecken.logic.values import Choice

_FORMS = frozenset({
    "co", "company", "corp", "corporation", "inc", "incorporated", "limited", "llc", "ltd",
    "plc", "gmbh", "ag", "bv", "nv", "sa", "pte", "kk", "the", "holding", "holdings", "group",
})  # fmt: skip


@cache
def _register() -> tuple[dict[str, tuple[str, frozenset[str]]], ...]:
    """Plain name or alias -> (name, possible roles)."""
    found: dict[str, tuple[str, frozenset[str]]] = {}
    path = files("klartecken.data") / "exporters.csv"
    for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
        roles = frozenset(row["roles"].split(";"))
        for name in (row["name"], *row["aliases"].split(";")):
            if name:
                found[plain(name)] = (row["name"], roles)
    return (found,)


def plain(name: str) -> str:
    """A company name without case, punctuation and legal form."""
    words = re.findall(r"\w+", name.casefold())
    kept = [word for word in words if word not in _FORMS]
    return " ".join(kept or words)


def read_exporter(text: str, addressees: frozenset[str]) -> tuple[Choice, Choice | None, str]:
    """An exporter's name as a choice, its possible roles, and a note.

    Args:
        text: as the asker wrote it.
        addressees: the names that letters use.

    Returns:
        The names that it may be, its role in Note 1 to 3A090.a when we know it, and a
        sentence when the name is not certain.

    Raises:
        InputError: an empty name.
    """
    if not plain(text):
        raise InputError("the exporter has no name", where="exporter")
    if text.strip().lower() in ("unknown", "?"):
        return Choice(), None, ""
    register = _register()[0]
    key = plain(text)
    if key in register:
        name, roles = register[key]
        return Choice(frozenset({name})), Choice(roles), ""
    words = set(key.split())
    for known, (name, _) in register.items():
        if name in addressees and set(known.split()) <= words:
            note = f"{text.strip()!r} may act for {name}, which holds a letter"
            return Choice(frozenset({name, text.strip()})), None, note
    return Choice(frozenset({text.strip()})), None, ""
