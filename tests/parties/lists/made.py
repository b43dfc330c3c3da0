"""Invented list files. No name here is on any list."""

import csv
import io
import json
from typing import Any

from klartecken.parties.lists.formats.csl_csv import COLUMNS
from klartecken.parties.lists.formats.recognise import read_raws
from klartecken.parties.lists.formats.result import ListFile
from klartecken.parties.lists.source import raw_file

SOURCES = {
    "EL": "Entity List (EL) - Bureau of Industry and Security",
    "UVL": "Unverified List (UVL) - Bureau of Industry and Security",
    "SDN": "Specially Designated Nationals (SDN) - Treasury Department",
    "FSE": "Foreign Sanctions Evaders (FSE) - Treasury Department",
    "MBS": "Non-SDN Menu-Based Sanctions List (NS-MBS List) - Treasury Department",
}


def item(name: str, code: str = "EL", **fields: Any) -> dict[str, Any]:
    """One entry of the official JSON."""
    return {
        "id": "0f", "source": SOURCES[code], "entity_number": None, "type": None,
        "programs": [], "name": name, "title": None, "addresses": [],
        "federal_register_notice": "1 FR 2", "start_date": "2020-01-02", "end_date": None,
        "standard_order": None, "license_requirement": None, "license_policy": None,
        "call_sign": None, "vessel_type": None, "remarks": None,
        "source_list_url": "https://example.org/list", "alt_names": [], "citizenships": [],
        "dates_of_birth": [], "nationalities": [], "places_of_birth": [], "ids": [], **fields,
    }  # fmt: skip


def csl_json(items: list[dict[str, Any]], stamp: str | None = "2026-08-01T13:15:00Z") -> bytes:
    """The official JSON."""
    head = {} if stamp is None else {"search_performed_at": stamp}
    return json.dumps({**head, "results": items}, ensure_ascii=False).encode()


def names(count: int, code: str = "EL", word: str = "Invented") -> list[dict[str, Any]]:
    """So many invented entries."""
    return [item(f"{word} Works No. {n}", code) for n in range(count)]


def csl_csv(rows: list[dict[str, str]], with_id: bool = True) -> bytes:
    """The official CSV, of either header."""
    columns = ("_id", *COLUMNS) if with_id else COLUMNS
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def read(data: bytes, name: str = "made.dat", own: str = "") -> ListFile:
    """One list file from bytes."""
    (found,) = read_raws([raw_file(name, data)], own)
    return found


def own(rows: str, name: str = "mine.csv") -> ListFile:
    """An own list from its text."""
    return read(rows.encode(), name)
