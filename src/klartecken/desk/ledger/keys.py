"""The three keys by which all records of a transaction must be found (15 CFR 762.5(c)).

Each table says which of its columns hold a party, a country or a reference number; so no
change can be recorded without them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

PARTY, COUNTRY, REFERENCE = "party", "country", "reference"

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
    "applications": {REFERENCE: ("reference", "acn")},
    "evidence": {PARTY: ("party",)},
}  # fmt: skip


def keys_of(table: str, row: Mapping[str, Any]) -> dict[str, list[str]]:
    """The search keys of a row; empty lists are left out."""
    found: dict[str, list[str]] = {}
    for kind, names in COLUMNS.get(table, {}).items():
        texts = [text for name in names if (text := row.get(name))]
        if texts:
            found[kind] = sorted({part for text in texts for part in _parts(kind, text)})
    if table == "applications":
        for kind, more in _of_form(row.get("form") or {}).items():
            found[kind] = sorted({*found.get(kind, []), *more})
    return found


def fold(text: str) -> str:
    """A key as it is compared: case and blanks do not count.

    >>> fold("  Example   GmbH ")
    'example gmbh'
    """
    return " ".join(text.casefold().split())


def _parts(kind: str, text: str) -> Iterable[str]:
    """A cell of several parties is found by each of them, and whole."""
    return (
        {text, *(part.strip() for part in text.split("|") if part.strip())}
        if (kind == PARTY)
        else {text}
    )


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
    found = {
        PARTY: _texts(part.get("name") for part in blocks),
        COUNTRY: _texts([*(part.get("country") for part in blocks), form.get("ship_from"),
                         held.get("country")]),
        REFERENCE: _texts(references),
    }  # fmt: skip
    return {kind: texts for kind, texts in found.items() if texts}


def _texts(values: Iterable[Any]) -> set[str]:
    return {value for value in values if isinstance(value, str) and value}
