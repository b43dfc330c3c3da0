"""A firm's own list: a CSV file with a header, of which only ``name`` is needed."""

from __future__ import annotations

import re
from pathlib import PurePath

from klartecken.errors import InputError
from klartecken.parties.lists.conditions import with_conditions
from klartecken.parties.lists.countries import country_code
from klartecken.parties.lists.entry import ENTRY_KINDS, Entry
from klartecken.parties.lists.formats.csl_fields import BadRow, iso_day, spaced, unique
from klartecken.parties.lists.formats.result import ListFile
from klartecken.parties.lists.formats.rows import read_rows, table
from klartecken.parties.lists.source import RawFile, decoded
from klartecken.parties.party import Address, Identifier

COLUMNS = (
    "name", "aliases", "country", "address", "identifiers", "kind", "requirement", "policy",
    "citation", "start", "end", "note", "id",
)  # fmt: skip
_NAME = re.compile(r"\w[\w .-]{0,59}")


def columns_of(line: str) -> list[str]:
    """The columns of a header line, without case and space."""
    return [cell.strip().strip('"').strip().lower() for cell in line.split(",")]


def read(raw: RawFile, name: str = "") -> ListFile:
    """Read the file; its list's code is ``OWN:`` and the name, or the file's own.

    Raises:
        InputError: an unknown or repeated column, or a name that cannot be one.
    """
    text = decoded(raw)
    rows = table(raw.name, text)
    header = [cell.strip().lower() for cell in rows[0][1]]
    for column in header:
        if column not in COLUMNS or header.count(column) > 1:
            what = "stands twice" if column in COLUMNS else "is unknown"
            raise InputError(f"the column {column[:40]!r} {what}", where=f"{raw.name}, row 1",
                             next_step="Columns: " + ", ".join(COLUMNS))  # fmt: skip
    code = "OWN:" + list_name(name or PurePath(raw.name).stem.removesuffix(".csv"), raw.name)
    entries, rejected = read_rows(
        raw.name, text, lambda cells: _entry(code, dict(zip(header, cells, strict=True))),
        width=len(header), skip=1,
    )  # fmt: skip
    return ListFile(
        "own", f"own list {code}", (raw.name,), raw.sha256, None, (code,), True, entries,
        rejected, raw.size,
    )  # fmt: skip


def list_name(text: str, where: str) -> str:
    """The name of an own list: letters, digits, space, dot, dash; at most 60 characters.

    Raises:
        InputError: another text.
    """
    if not _NAME.fullmatch(text.strip()):
        raise InputError(
            f"{text[:60]!r} cannot name a list", where=where,
            next_step="Give --name, of letters, digits, dots and dashes",
        )  # fmt: skip
    return text.strip()


def _entry(code: str, row: dict[str, str]) -> Entry:
    def get(column: str) -> str:
        return spaced(row.get(column, ""))

    name = get("name")
    if not name:
        raise BadRow("has no name")
    kind = get("kind").lower() or "unknown"
    if kind not in ENTRY_KINDS:
        raise BadRow(f"kind {kind[:30]!r} is none of " + ", ".join(ENTRY_KINDS))
    codes = tuple(_country(part) for part in get("country").split(";") if part.strip())
    addresses = tuple(
        Address(part.strip(), codes[0] if len(codes) == 1 else "")
        for part in get("address").split(";") if part.strip()
    )  # fmt: skip
    start, end = iso_day(get("start"), "start"), iso_day(get("end"), "end")
    if start and end and end < start:
        raise BadRow(f"end {end} lies before start {start}")
    return with_conditions(
        Entry(
            id=f"{code}-{get('id')}" if get("id") else "", list=code, name=name,
            aliases=unique(get("aliases").split(";"), without=name), kind=kind,
            countries=tuple(sorted(set(codes))), addresses=addresses,
            identifiers=tuple(_identifier(p) for p in get("identifiers").split(";") if p.strip()),
            requirement=get("requirement"), policy=get("policy"), citation=get("citation"),
            start=start, end=end, remarks=get("note"),
        )
    )  # fmt: skip


def _country(text: str) -> str:
    code = country_code(text)
    if not code:
        raise BadRow(f"country {text.strip()[:40]!r} is unknown: write its ISO code")
    return code


def _identifier(text: str) -> Identifier:
    """``kind: number (CC)``, or the number alone."""
    match = re.fullmatch(r"\s*(?:([^:]+):)?\s*([^:()]+?)\s*(?:\(([^()]*)\))?\s*", text)
    if not match:
        raise BadRow(f"identifier {text.strip()[:40]!r} is not KIND: NUMBER (COUNTRY)")
    return Identifier(spaced(match[1] or ""), match[2], _country(match[3]) if match[3] else "")
