"""The Denied Persons List of BIS: tab separated, a row for each address."""

from __future__ import annotations

from datetime import datetime

from klartecken.parties.lists.countries import country_code
from klartecken.parties.lists.entry import Entry
from klartecken.parties.lists.formats.csl_fields import BadRow, spaced
from klartecken.parties.lists.formats.inside import names_inside
from klartecken.parties.lists.formats.result import ListFile
from klartecken.parties.lists.formats.rows import read_rows
from klartecken.parties.lists.source import RawFile, decoded
from klartecken.parties.party import Address

COLUMNS = (
    "Name", "Street_Address", "City", "State", "Country", "Postal_Code", "Effective_Date",
    "Expiration_Date", "Standard_Order", "Last_Update", "Action", "FR_Citation",
)  # fmt: skip


def read(raw: RawFile) -> ListFile:
    """Read the file; it does not say of which day it is.

    A person with several addresses stands on several rows, each an entry, as in the
    Consolidated Screening List. An address without a country (most are in the United States)
    is left without.

    Raises:
        InputError: no text, or a broken quote.
    """
    entries, rejected = read_rows(
        raw.name, decoded(raw), lambda cells: _entry(dict(zip(COLUMNS, cells, strict=True))),
        width=len(COLUMNS), skip=1, delimiter="\t",
    )  # fmt: skip
    return ListFile(
        "dpl", "Denied Persons List, tab separated", (raw.name,), raw.sha256, None, ("DPL",),
        True, entries, rejected, raw.size,
    )  # fmt: skip


def _entry(row: dict[str, str]) -> Entry:
    name = spaced(row["Name"])
    if not name:
        raise BadRow("has no name")
    parts = [spaced(row[k]) for k in ("Street_Address", "City", "State", "Postal_Code")]
    country = spaced(row["Country"])
    code = country_code(country)
    address = Address(", ".join(p for p in (*parts, "" if code else country) if p), code)
    order = spaced(row["Standard_Order"]).upper()
    remarks = [
        spaced(row["Action"]),
        f"Last update {spaced(row['Last_Update'])}" if spaced(row["Last_Update"]) else "",
        f"Standard order {order}" if order else "",
    ]
    return Entry(
        id="", list="DPL", name=name, aliases=names_inside(name),
        countries=(code,) if code else (),
        addresses=(address,) if address.text or address.country else (),
        citation=spaced(row["FR_Citation"]),
        start=_day(row["Effective_Date"], "Effective_Date"),
        end=_day(row["Expiration_Date"], "Expiration_Date"),
        remarks="; ".join(part for part in remarks if part),
    )  # fmt: skip


def _day(text: str, column: str) -> str:
    """MM/DD/YYYY as an ISO day, or empty."""
    if not text.strip():
        return ""
    try:
        return datetime.strptime(text.strip(), "%m/%d/%Y").date().isoformat()
    except ValueError:
        raise BadRow(f"{column} {text.strip()[:20]!r} is no day (MM/DD/YYYY)") from None
