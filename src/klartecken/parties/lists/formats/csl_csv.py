"""The Consolidated Screening List as CSV, with 28 columns (to 2019 or later) or 29 (``_id``)."""

from __future__ import annotations

import re

from klartecken.parties.lists.formats.csl_fields import (
    Record,
    address_of,
    entry_of,
    further,
    identifier_of,
    split,
)
from klartecken.parties.lists.formats.result import CSL_LISTS, ListFile
from klartecken.parties.lists.formats.rows import read_rows
from klartecken.parties.lists.source import RawFile, decoded
from klartecken.parties.party import Identifier

COLUMNS = (
    "source", "entity_number", "type", "programs", "name", "title", "addresses",
    "federal_register_notice", "start_date", "end_date", "standard_order",
    "license_requirement", "license_policy", "call_sign", "vessel_type", "gross_tonnage",
    "gross_registered_tonnage", "vessel_flag", "vessel_owner", "remarks", "source_list_url",
    "alt_names", "citizenships", "dates_of_birth", "nationalities", "places_of_birth",
    "source_information_url", "ids",
)  # fmt: skip
HEADERS = (COLUMNS, ("_id", *COLUMNS))


def read(raw: RawFile) -> ListFile:
    """Read the file; it does not say of which day it is.

    Raises:
        InputError: no text, or no CSV.
    """
    text = decoded(raw)
    header = text.split("\n", 1)[0].strip().split(",")
    columns = HEADERS[len(header) == len(HEADERS[1])]
    entries, rejected = read_rows(
        raw.name, text, lambda cells: entry_of(record(dict(zip(columns, cells, strict=True)))),
        width=len(columns), skip=1,
    )  # fmt: skip
    return ListFile(
        "csl-csv", "Consolidated Screening List, CSV", (raw.name,), raw.sha256, None, CSL_LISTS,
        True, entries, rejected, raw.size,
    )  # fmt: skip


def record(fields: dict[str, str]) -> Record:
    """One row, its joined fields parted."""
    addresses = tuple(address_of(part) for part in split(fields["addresses"]))
    found, others = identifiers(fields["ids"])
    return Record(
        fields, split(fields["alt_names"]), split(fields["programs"]),
        tuple(a for a in addresses if a.text or a.country),
        tuple(a.country for a in addresses if re.fullmatch("[A-Z]{2}", a.country)),
        found, (*further(fields), *others),
    )  # fmt: skip


def identifiers(text: str) -> tuple[tuple[Identifier, ...], list[str]]:
    """The identifiers of the column ``ids``, and the parts of it that are none."""
    found, others = [], []
    for part in split(text):
        one = identifier_of(part.split(", "))
        if one is None:
            others.append(part)
        else:
            found.append(one)
    return tuple(dict.fromkeys(found)), others
