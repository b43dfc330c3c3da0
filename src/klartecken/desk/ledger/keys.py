"""The three keys by which all records of a transaction must be found (15 CFR 762.5(c)).

Each table says which of its columns hold a party, a country or a reference number; so no
change can be recorded without them. A key stands with the entry that first says it: the
record, and with it all its other entries, is found from there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from klartecken.facts.places import fold as fold_place
from klartecken.facts.places import load_places

PARTY, COUNTRY, REFERENCE = "party", "country", "reference"
KINDS = (PARTY, COUNTRY, REFERENCE)
LONGEST = 400  # characters of a key; an index of PostgreSQL holds no more than about 2,700 bytes

#: table -> kind of key -> columns. A column of data is searched with a function below.
COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    "lines": {
        PARTY: ("consignee", "end_user", "purchaser", "intermediate", "exporter"),
        COUNTRY: ("destination", "ship_from"),
        REFERENCE: ("external_id", "order_number", "itn"),
    },
    "licences": {
        PARTY: ("holder", "exporter"), COUNTRY: ("destination", "ship_from"),
        REFERENCE: ("number", "acn"),
    },
    "licence_parties": {PARTY: ("name",), COUNTRY: ("country",)},
    "conditions": {PARTY: ("binds",)},
    "applications": {REFERENCE: ("reference", "acn")},
    "evidence": {PARTY: ("party",)},
}  # fmt: skip


def keys_of(
    table: str, row: Mapping[str, Any], changed: Iterable[str] | None = None
) -> dict[str, list[str]]:
    """The search keys of a row; empty lists are left out.

    Args:
        changed: of a change, the columns that it changes; none are given where none of these
            holds a key, since an earlier entry of the record has them all.
    """
    columns = COLUMNS.get(table, {})
    if changed is not None:
        keyed = {name for names in columns.values() for name in names}
        if table == "applications":
            keyed.add("form")
        if keyed.isdisjoint(changed):
            return {}
    found: dict[str, set[str]] = {}
    for kind, names in columns.items():
        for name in names:
            if text := row.get(name):
                found.setdefault(kind, set()).update(_parts(kind, text))
    if table == "applications":
        for kind, more in _of_form(row.get("form") or {}).items():
            found.setdefault(kind, set()).update(more)
    return {kind: sorted(texts) for kind, texts in found.items() if texts}


def indexed(keys: Mapping[str, Iterable[str]]) -> list[tuple[str, str]]:
    """The rows of the index for an entry's keys: kind and key.

    >>> indexed({"party": ["Example-Werk  GmbH"]})
    [('party', 'example werk gmbh'), ('party', 'example-werk gmbh')]
    """
    return sorted({(kind, key) for kind, texts in keys.items() for text in texts
                   for key in sought(kind, text)})  # fmt: skip


def sought(kind: str, text: str) -> set[str]:
    """The keys under which a text is kept, and looked for.

    A party is kept without signs and accents too; a country under its code.
    """
    found = {fold(text)[:LONGEST]}
    if kind == PARTY:
        found.add(letters(text)[:LONGEST])
    return found - {""}


def fold(text: str) -> str:
    """A key as it is compared: case and blanks do not count.

    >>> fold("  Example   GmbH ")
    'example gmbh'
    """
    return " ".join(text.casefold().split())


@lru_cache(maxsize=1 << 14)
def letters(text: str) -> str:
    """A name's letters and digits alone, without accents.

    >>> letters("Müller & Söhne, S.A.")
    'muller sohne s a'
    """
    apart = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(
        c if c.isalnum() else " " for c in apart if not unicodedata.combining(c)
    )  # fmt: skip
    return " ".join(kept.split())


def place_code(text: str) -> str | None:
    """The ISO code of a place's name or code, or None.

    >>> place_code("germany"), place_code("nowhere at all")
    ('DE', None)
    """
    return load_places().names.get(fold_place(text))


def _parts(kind: str, text: str) -> Iterable[str]:
    """A cell of several parties is found by each of them, and whole; a place by its code too."""
    if kind == PARTY:
        return {text, *(part.strip() for part in text.split("|") if part.strip())}
    if kind == COUNTRY:
        return {text, place_code(text) or text}
    return {text}


#: Where an application's form holds references: a text, or a list of texts.
_FORM_REFERENCES = ("resubmission_of", "replaces_licence", "order_numbers")


def _of_form(form: Mapping[str, Any]) -> dict[str, set[str]]:
    """Parties, countries and references of an application's form, wherever they stand."""
    certificate = form.get("euc_ref")
    parties = form.get("parties")
    blocks = [part for part in (parties if isinstance(parties, list) else ())
              if isinstance(part, Mapping)]  # fmt: skip
    held = certificate if isinstance(certificate, Mapping) else {}
    references: list[Any] = [held.get("number")]
    for name in _FORM_REFERENCES:
        value = form.get(name)
        references += value if isinstance(value, list) else [value]
    places = [*(part.get("country") for part in blocks), form.get("ship_from"),
              held.get("country")]  # fmt: skip
    return {
        PARTY: _texts(PARTY, (part.get("name") for part in blocks)),
        COUNTRY: _texts(COUNTRY, places), REFERENCE: _texts(REFERENCE, references),
    }  # fmt: skip


def _texts(kind: str, values: Iterable[Any]) -> set[str]:
    said = (value for value in values if isinstance(value, str) and value)
    return {part for text in said for part in _parts(kind, text)}
