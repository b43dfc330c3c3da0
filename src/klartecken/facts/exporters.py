"""Who exports: company names brought to the names that the letters use.

A subsidiary or an odd spelling of a letter's addressee is not quietly "somebody else": it
may be the addressee, and the answer then asks.
"""

from __future__ import annotations

import difflib
import functools
import re
import unicodedata
from dataclasses import dataclass

from klartecken.errors import InputError
from klartecken.facts.table import read_table
from klartecken.facts.text import one_line
from klartecken.logic.values import Choice

_FORMS = frozenset({
    "co", "company", "corp", "corporation", "inc", "incorporated", "limited", "llc", "ltd",
    "plc", "gmbh", "ag", "bv", "nv", "sa", "pte", "kk", "the", "holding", "holdings", "group",
})  # fmt: skip
_NOBODY = frozenset({
    "n a", "na", "nil", "no", "none", "not applicable", "not available", "not known", "null",
    "nan", "tba", "tbc", "tbd", "to be confirmed", "to be determined", "various",
})  # fmt: skip
ROLES = ("fabricator", "osat", "other")
LIKE = 0.8  # from this similarity on, a name may be a misspelling of an addressee's


@dataclass(frozen=True, slots=True)
class Company:
    """A company, its other names, names that may act for it, and its roles in Note 1."""

    name: str
    aliases: tuple[str, ...]
    acts_for: tuple[str, ...]
    roles: frozenset[str]
    grade: str

    @property
    def names(self) -> tuple[str, ...]:
        """Its own names, without case and legal form."""
        return tuple(plain(name) for name in (self.name, *self.aliases))


@functools.cache
def load_companies() -> tuple[Company, ...]:
    """The companies of exporters.csv.

    Raises:
        DataError: a row breaks the layout.
    """
    found = []
    for row in read_table("exporters"):
        cells = row.fields()
        roles = frozenset(cells["roles"].split(";"))
        if not cells["name"] or not roles <= frozenset(ROLES):
            raise row.fail("roles" if cells["name"] else "name", "it is empty or unknown")
        aliases = tuple(part for part in cells["aliases"].split(";") if part)
        acts_for = tuple(part for part in cells["acts_for"].split(";") if part)
        found.append(Company(cells["name"], aliases, acts_for, roles, cells["grade"]))
    return tuple(found)


def plain(name: str) -> str:
    """A company name without case, width of letters, punctuation and legal form."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", name).casefold())
    kept = [word for word in words if word not in _FORMS]
    return " ".join(kept or words)


@dataclass(frozen=True, slots=True)
class Exporter:
    """Who it may be, its possible roles in Note 1 (None: nothing is known), and a note."""

    names: Choice
    roles: Choice | None
    note: str = ""


def read_exporter(text: str, addressees: frozenset[str]) -> Exporter:
    """An exporter's name as a choice; several may be given with ``|``.

    Args:
        text: as the asker wrote it.
        addressees: the names that letters use.

    Raises:
        InputError: an empty name, one that stands for none (``N/A``, ``tbd``), or one with
            control characters.
    """
    text = one_line(text, "exporter")
    if text.lower() in ("unknown", "?"):
        return Exporter(Choice(), None)
    names: set[str] = set()
    roles: set[str] = set()
    notes = []
    for part in text.split("|"):
        if not plain(part):
            raise InputError("the exporter has no name", where="exporter")
        if plain(part) in _NOBODY:  # never quietly a company that holds no letter
            raise InputError(f"{part.strip()!r} names nobody", where="exporter",
                             next_step="Write the company, or unknown")  # fmt: skip
        own = _itself(part)
        if own is not None:
            names.add(own.name)
            roles |= own.roles
            continue
        names.add(part.strip())
        roles.add("other")
        for company in load_companies():
            if company.name in addressees and _may_be(part, company):
                names.add(company.name)
                roles |= company.roles
                notes.append(f"{part.strip()!r} may be {company.name}, which holds a letter")
    known = Choice(frozenset(roles)) if roles != {"other"} or notes else None
    if len(names) == 1 and (own := _itself(text)) is not None:
        known = Choice(own.roles)
    return Exporter(Choice(frozenset(names)), known, "; ".join(notes))


def _itself(text: str) -> Company | None:
    """The company of that very name (however it is spaced and punctuated)."""
    key = plain(text).replace(" ", "")
    for company in load_companies():
        for name in company.names:
            mine = name.replace(" ", "")
            if key == mine or (key.startswith(mine) and key[len(mine) :] in _FORMS):
                return company
    return None


def _may_be(text: str, company: Company) -> bool:
    """Could this name mean the company: its name inside, a subsidiary, a misspelling?"""
    words = plain(text).split()
    whole = "".join(words)
    others = tuple(plain(name) for name in company.acts_for)
    for name in (*company.names, *others):
        squeezed = name.replace(" ", "")
        if set(name.split()) <= set(words):
            return True
        if len(squeezed) >= 6 and squeezed in whole:
            return True
        if not squeezed.isascii() and squeezed in whole:
            return True
        if len(squeezed) >= 5 and any(_like(word, squeezed) for word in (*words, whole)):
            return True
    return False


def _like(left: str, right: str) -> bool:
    return difflib.SequenceMatcher(None, left, right).ratio() >= LIKE
