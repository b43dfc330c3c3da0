"""The Consolidated Screening List as JSON, in the official layout."""

from __future__ import annotations

from datetime import date
from typing import Any

from klartecken.errors import InputError
from klartecken.parties.lists.countries import country_code
from klartecken.parties.lists.entry import Entry
from klartecken.parties.lists.formats.csl_fields import (
    BadRow,
    Record,
    entry_of,
    further,
    is_number,
    spaced,
    split,
)
from klartecken.parties.lists.formats.result import CSL_LISTS, ListFile, Rejected
from klartecken.parties.lists.source import RawFile
from klartecken.parties.party import Address, Identifier

_JOINED = ("citizenships", "dates_of_birth", "nationalities", "places_of_birth")


def read(raw: RawFile, data: dict[str, Any]) -> ListFile:
    """Read the parsed file.

    Raises:
        InputError: ``results`` is no list, or the stamp is no time.
    """
    results = data["results"]
    if not isinstance(results, list):
        raise InputError("'results' is not a list", where=raw.name)
    entries, rejected = [], []
    for number, item in enumerate(results, 1):
        try:
            entries.append(_entry(item))
        except BadRow as err:
            rejected.append(Rejected(raw.name, number, str(err)))
    return ListFile(
        "csl-json", "Consolidated Screening List, JSON", (raw.name,), raw.sha256,
        stamp(raw.name, data.get("search_performed_at")), CSL_LISTS, True,
        tuple(entries), tuple(rejected), raw.size,
    )  # fmt: skip


def stamp(name: str, text: object) -> date | None:
    """The day of a time stamp, or None where there is none.

    Raises:
        InputError: it is no time.
    """
    if text is None or text == "":
        return None
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError as err:
        raise InputError(f"the time stamp {str(text)[:40]!r} is no time", where=name) from err


def _entry(item: object) -> Entry:
    if not isinstance(item, dict):
        raise BadRow("is not an object")
    fields = {name: _text(name, value) for name, value in item.items() if _plain(value)}
    for name in _JOINED:
        fields[name] = "; ".join(_texts(item, name))
    addresses = tuple(_address(one) for one in _objects(item, "addresses"))
    identifiers, others = _identifiers(item)
    return entry_of(
        Record(
            fields, _texts(item, "alt_names"), _texts(item, "programs"),
            tuple(a for a in addresses if a.text or a.country),
            tuple(a.country for a in addresses if a.country),
            identifiers, (*further(fields), *others),
        )
    )  # fmt: skip


def _plain(value: object) -> bool:
    return value is None or isinstance(value, (str, int, float, bool))


def _text(name: str, value: object) -> str:
    if isinstance(value, bool):
        raise BadRow(f"{name} is {str(value).lower()} where a text is expected")
    return "" if value is None else str(value)


def _texts(item: dict[str, Any], name: str) -> tuple[str, ...]:
    """A list of texts; a text joined by semicolons is taken as well."""
    value = item.get(name)
    if value is None or value == "":
        return ()
    if isinstance(value, str):
        return split(value)
    if not isinstance(value, list) or not all(isinstance(v, str) or v is None for v in value):
        raise BadRow(f"{name} is not a list of texts")
    return tuple(v for v in value if v)


def _objects(item: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = item.get(name) or []
    if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
        raise BadRow(f"{name} is not a list of objects")
    return value


def _address(one: dict[str, Any]) -> Address:
    parts = [spaced(str(one.get(k) or "")) for k in ("address", "city", "state", "postal_code")]
    country = spaced(str(one.get("country") or ""))
    code = country_code(country)
    if not code and country:
        parts.append(country)  # a region or a name that we do not know stays readable
    return Address(", ".join(part for part in parts if part), code)


def _identifiers(item: dict[str, Any]) -> tuple[tuple[Identifier, ...], list[str]]:
    found, others = [], []
    for one in _objects(item, "ids"):
        kind, number, country = (
            spaced(str(one.get(k) or "")) for k in ("type", "number", "country")
        )
        if kind and number and is_number(number) and not kind.startswith(_NO_NUMBERS):
            found.append(Identifier(kind, number, country_code(country)))
        else:
            others.append(" ".join(part for part in (kind, number, country) if part))
    return tuple(dict.fromkeys(found)), [text for text in others if text]


# Kinds that the field ``ids`` holds beside identifiers
_NO_NUMBERS = (
    "Additional Sanctions", "Effective Date", "Executive Order", "Gender", "Issuer Name",
    "Listing Date", "Organization", "Phone", "Purchase/Sales", "Secondary sanctions", "Target Type",
    "Transactions Prohibited", "Website", "Email", "Digital Currency", "Fax",
)  # fmt: skip
