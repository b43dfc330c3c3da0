"""One record of the Consolidated Screening List, from any of its files, as an entry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from klartecken.facts.places import load_places
from klartecken.parties.lists.conditions import with_conditions
from klartecken.parties.lists.countries import country_code
from klartecken.parties.lists.entry import Entry
from klartecken.parties.lists.formats.inside import names_inside
from klartecken.parties.party import Address, Identifier

KINDS = {
    "entity": "organisation", "individual": "person", "vessel": "vessel", "aircraft": "aircraft",
}  # fmt: skip
_CODE = re.compile(r"\((?:NS-)?([A-Z]{2,6})(?: List)?\)")
# What a number's kind ends in, as the lists word it; a telephone is no identifier
_KIND = re.compile(
    r"(?i)(\bNo\.?|Number|#|\bID|Identification|Passport|SWIFT/BIC|\bIMO|MMSI|\bLEI|Code|"
    r"C\.?U\.?R\.?P\.?|R\.?F\.?C\.?|\bNIT|Cedula|Folio|\bCUIT|R\.?I\.?F\.?|Card|"
    r"Birth Certificate|C\.?U\.?I\.?T\.?|D\.?N\.?I\.?|BIK \(RU\))\)?$"
)
_NOT_KIND = re.compile(r"(?i)phone|fax|executive order|risk|gender|mmsi range")


# Bytes of Windows-1252 that stand as if they were Unicode (U+0092 for an apostrophe); the
# five that it lacks are taken as code page 437 ("B\x81key" is Bükey)
_LACKING = {0x81: "ü", 0x8D: "ì", 0x8F: "Å", 0x90: "É", 0x9D: "¥"}
_CONTROLS = (
    dict.fromkeys(range(32), " ")
    | {code: _LACKING.get(code) or bytes([code]).decode("cp1252") for code in range(128, 160)}
    | dict.fromkeys([127, *range(0x202A, 0x202F), *range(0x2066, 0x206A)], " ")
    | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")  # halves of a pair, which no file can hold
)


class BadRow(ValueError):
    """A row that cannot be an entry; the text says why."""


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of a record, joined ones parted already."""

    fields: Mapping[str, str]
    aliases: tuple[str, ...]
    programmes: tuple[str, ...]
    addresses: tuple[Address, ...]
    countries: tuple[str, ...]
    identifiers: tuple[Identifier, ...]
    more: tuple[str, ...] = ()  # what has no field of its own: into the remarks


def list_code(source: str) -> str:
    """The code in a source's full name: ``Entity List (EL) - …`` -> ``EL``.

    Raises:
        BadRow: there is none.
    """
    found = _CODE.search(source)
    if not found:
        raise BadRow(f"the source {source[:80]!r} has no code of a list")
    return found[1]


def entry_of(record: Record) -> Entry:
    """The entry of a record; its id is set where the list has numbers.

    Raises:
        BadRow: no source, no name, or a date that is none.
    """
    get = record.fields.get
    code = list_code(get("source") or "")
    name = spaced(get("name") or "")
    aliases = [spaced(alias).removeprefix("and ") for alias in record.aliases]
    if not name:
        raise BadRow("has no name")
    number = spaced(get("entity_number") or "")
    return with_conditions(
        Entry(
            id=f"{code}-{number}" if number else "",
            list=code,
            name=name,
            aliases=unique([*aliases, *names_inside(name)], without=name),
            kind=KINDS.get((get("type") or "").strip().lower(), "unknown"),
            countries=tuple(sorted(set(record.countries))),
            addresses=record.addresses,
            identifiers=record.identifiers,
            programmes=unique(record.programmes),
            requirement=spaced(get("license_requirement") or ""),
            policy=spaced(get("license_policy") or ""),
            citation=spaced(get("federal_register_notice") or ""),
            url=(get("source_list_url") or "").strip(),
            start=iso_day(get("start_date") or "", "start_date"),
            end=iso_day(get("end_date") or "", "end_date"),
            remarks="; ".join(record.more),
        )
    )


def spaced(text: str) -> str:
    """Without surrounding and double space, on one line, without control characters.

    Bytes of another code page that stand as control characters become their letters; marks
    that turn the direction of writing (which could forge what is shown) go.
    """
    if not text.isprintable():
        text = text.translate(_CONTROLS)
    return " ".join(text.split())


def unique(texts: Iterable[str], without: str = "") -> tuple[str, ...]:
    """The texts that are not empty, each once, in order."""
    found = dict.fromkeys(spaced(text) for text in texts)
    return tuple(text for text in found if text and text != without)


def iso_day(text: str, column: str) -> str:
    """An ISO day, or empty.

    Raises:
        BadRow: something else.
    """
    text = text.strip()[:10]
    if text:
        try:
            date.fromisoformat(text)
        except ValueError:
            raise BadRow(f"{column} {text!r} is no day (YYYY-MM-DD)") from None
    return text


def split(text: str) -> tuple[str, ...]:
    """The parts of a field joined by ``; ``; the last may begin with ``and``."""
    parts = [part.strip() for part in text.split(";")]
    return tuple(part.removeprefix("and ").strip() for part in parts if part)


def address_of(text: str) -> Address:
    """An address written as ``street, city, state, postcode, ISO-2``.

    The last part may be the country's name; without a country it is left open. Where the
    file leaves out postcode and country, a state such as CA cannot be told from a country.
    """
    text = spaced(text)
    head, _, last = text.rpartition(",")
    last = last.strip()
    code = country_code(last)
    if not code or code not in load_places().places:  # TX is no country
        return Address(text)
    return Address(head.strip() if re.fullmatch("[A-Z]{2}", last) else text, code)


def identifier_of(parts: list[str]) -> Identifier | None:
    """An identifier from its parts, in whichever order the file has them, or None.

    Files of 2019 have ``country, number, kind``, those of 2025 ``kind, number, country``.
    """
    parts = [part.strip() for part in parts if part.strip()]
    kinds = [p for p in parts if _KIND.search(p) and not _NOT_KIND.search(p)]
    if not kinds:
        return None
    kind = kinds[0]
    rest = [p for p in parts if p is not kind]
    country = next((p for p in reversed(rest) if re.fullmatch("[A-Z]{2}", p)), "")
    numbers = [p for p in rest if p is not country and is_number(p)]
    return Identifier(kind, ", ".join(numbers), country) if numbers else None


def is_number(text: str) -> bool:
    """Could it be a register's number: a digit in it, or a bank code of letters?"""
    return any(c.isdigit() for c in text) or re.fullmatch("[A-Z]{8}([A-Z]{3})?", text) is not None


def further(fields: Mapping[str, str]) -> list[str]:
    """What the record has no field of its own for, in OFAC's wording, for the remarks."""
    wordings = (
        ("title", "Title"), ("call_sign", "Call sign"), ("vessel_type", "Vessel type"),
        ("gross_tonnage", "Tonnage"), ("gross_registered_tonnage", "GRT"),
        ("vessel_flag", "Flag"), ("vessel_owner", "Owner"), ("dates_of_birth", "DOB"),
        ("places_of_birth", "POB"), ("nationalities", "nationality"),
        ("citizenships", "citizen"), ("standard_order", "Standard order"),
    )  # fmt: skip
    found = [
        f"{word} {spaced(fields[name])}" for name, word in wordings if spaced(fields.get(name, ""))
    ]
    return [*found, *([spaced(fields["remarks"])] if spaced(fields.get("remarks", "")) else [])]
