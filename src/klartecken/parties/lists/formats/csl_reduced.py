"""The reduced Consolidated Screening List: every entry, eleven fields, texts in tables.

Not official: made from the official JSON by github.com/seelpeed-debug/export-controls-agent-mcp.
It has neither addresses nor dates nor identifiers.
"""

from __future__ import annotations

from typing import Any

from klartecken.errors import InputError
from klartecken.parties.lists.countries import country_code
from klartecken.parties.lists.entry import Entry
from klartecken.parties.lists.formats.csl_fields import BadRow, Record, entry_of, split
from klartecken.parties.lists.formats.csl_json import stamp
from klartecken.parties.lists.formats.result import CSL_LISTS, ListFile, Rejected
from klartecken.parties.lists.source import RawFile

_PLAIN = {"n": "name", "t": "type", "e": "entity_number", "fr": "federal_register_notice"}
_TABLES = {
    "s": ("sources", "source"), "lr": ("licenceRequirements", "license_requirement"),
    "lp": ("licencePolicies", "license_policy"), "pg": ("programmes", "programs"),
    "u": ("urls", "source_list_url"),
}  # fmt: skip


def read(raw: RawFile, data: dict[str, Any]) -> ListFile:
    """Read the parsed file.

    Raises:
        InputError: a table is missing, or the file holds fewer entries than it says.
    """
    tables, items = data["tables"], data["entries"]
    for name, _ in _TABLES.values():
        if not isinstance(tables, dict) or not isinstance(tables.get(name), list):
            raise InputError(f"has no table {name!r}", where=raw.name)
    if not isinstance(items, list) or len(items) != data.get("entryCount", len(items)):
        raise InputError(
            f"says that it holds {data.get('entryCount')} entries, and does not", where=raw.name,
            next_step="It may have been cut short: fetch it again",
        )  # fmt: skip
    entries, rejected = [], []
    for number, item in enumerate(items, 1):
        try:
            entries.append(_entry(item, tables))
        except BadRow as err:
            rejected.append(Rejected(raw.name, number, str(err)))
    return ListFile(
        "csl-reduced", "Consolidated Screening List, reduced JSON (no addresses, no dates)",
        (raw.name,), raw.sha256, stamp(raw.name, data.get("sourceGeneratedAt")), CSL_LISTS,
        False, tuple(entries), tuple(rejected), raw.size,
    )  # fmt: skip


def _entry(item: object, tables: dict[str, list[str]]) -> Entry:
    if not isinstance(item, dict) or set(item) - {*_PLAIN, *_TABLES, "a", "c"}:
        raise BadRow("is not an object of the known keys")
    fields = {long: str(item[short]) for short, long in _PLAIN.items() if short in item}
    for short, (table, long) in _TABLES.items():
        if short in item:
            try:
                fields[long] = str(tables[table][_index(item[short])])
            except IndexError:
                raise BadRow(f"points to row {item[short]} of {table}, which has none") from None
    words = [str(word) for word in item.get("c", [])]
    codes = [country_code(word) for word in words]
    open_ = [word for word, code in zip(words, codes, strict=True) if not code]
    return entry_of(
        Record(
            fields,
            tuple(str(alias) for alias in item.get("a", [])),
            split(fields.get("programs", "")),
            (),
            tuple(code for code in codes if code),
            (),
            tuple(f"Country as listed: {word}" for word in open_),
        )
    )


def _index(value: object) -> int:
    if not isinstance(value, int) or value < 0:
        raise BadRow(f"{str(value)[:20]!r} is no row of a table")
    return value
