"""The plain table: one stake a row, in CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from klartecken.errors import InputError
from klartecken.parties.ownership.graph import folded, tidy
from klartecken.parties.ownership.model import (
    KINDS,
    NOBODY_NAMED,
    Holder,
    HqFact,
    Stake,
    us_country,
)
from klartecken.parties.ownership.readers.common import (
    Cell,
    Read,
    Reject,
    period,
    quoted,
    read_country,
    read_day,
    read_lei,
)  # fmt: skip
from klartecken.parties.ownership.share import Share, read_share

COLUMNS = (
    "owner", "owned", "share", "low", "high", "from", "until", "as_of", "source", "kind", "note",
    "owner_name", "owner_country", "owner_us", "owner_lei", "owner_kind", "owner_hq",
    "owned_name", "owned_country", "owned_us", "owned_lei", "owned_hq",
    "owned_parent", "owned_parent_hq",
)  # fmt: skip
_NOBODY = frozenset({"", "?", "unknown", "unknown holder", "unknown holders", "undisclosed"})
_US = {"": None, "unknown": None, "?": None, "yes": True, "no": False}
_ABOUT = ("name", "country", "us", "lei", "kind", "hq")
ONLY_FACTS = "facts"  # a row that states no stake


def read_table(path: Path) -> Iterator[Read]:
    """The rows of a CSV file (UTF-8, commas, headings in the first line).

    Yields:
        stakes, holders, headquarters facts; a :class:`Reject` for each row that cannot be read.

    Raises:
        InputError: no such columns, or not a CSV file in UTF-8.
    """
    seen: set[tuple[str, ...]] = set()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            columns = _columns(next(rows, []), path)
            described = [end for end in ("owner", "owned") if any(
                f"{end}_{part}" in columns for part in _ABOUT
            )]  # fmt: skip
            for cells in rows:
                if not any(cells):
                    continue
                where = f"{path.name}, row {rows.line_num}"
                if len(cells) != len(columns):
                    why = f"{len(cells)} cells in a table of {len(columns)} columns"
                    yield Reject(where, "", why)
                    continue
                row = dict(zip(columns, cells, strict=True))
                try:
                    made = _row(row, described, seen, where, path.name)
                except Cell as bad:
                    made = [Reject(where, bad.column, bad.what)]
                yield from made
    except UnicodeDecodeError as err:
        raise InputError("is not UTF-8", where=str(path), next_step="Save it as UTF-8") from err
    except csv.Error as err:
        raise InputError(f"is no CSV table ({err})", where=str(path)) from err


def _columns(heading: list[str], path: Path) -> list[str]:
    columns = [name.strip().casefold() for name in heading]
    where = f"{path}, row 1"
    for name in columns:
        if name not in COLUMNS:
            raise InputError(
                f"{quoted(name)} is no column", where=where,
                next_step="Columns: " + ", ".join(COLUMNS),
            )  # fmt: skip
        if columns.count(name) > 1:
            raise InputError(f"column {name} stands twice", where=where)
    for name in ("owner", "owned"):
        if name not in columns:
            raise InputError(f"there is no column {name}", where=where)
    if "share" not in columns and not {"low", "high"} & set(columns):
        raise InputError("there is no column share", where=where, next_step="Or low and high")
    return columns


def _row(
    row: dict[str, str], described: list[str], seen: set[tuple[str, ...]], where: str, file: str
) -> list[Read]:
    """What a row says; who is described in words already ``seen`` is not described again."""
    owned = tidy(row["owned"])
    if folded(owned) in _NOBODY:
        raise Cell("owned", "no company is named")
    owner = tidy(row["owner"])
    if folded(owner) in _NOBODY:
        owner = NOBODY_NAMED
    source = tidy(row.get("source", "")) or file
    as_of = row.get("as_of", "")
    stake = _stake(row, owner, owned, source, where)
    made: list[Read] = [] if stake is None else [stake]
    for end in described:
        party = owner if end == "owner" else owned
        cells = [row.get(f"{end}_{part}", "").strip() for part in _ABOUT]
        words = (party, source, as_of, *cells)
        if words in seen or not any(cells):
            continue
        about = dict(zip(_ABOUT, cells, strict=True))
        if party == NOBODY_NAMED:
            column = next(f"{end}_{part}" for part in _ABOUT if about[part])
            raise Cell(column, "nobody is named whom this could describe")
        made += _described(about, end, party, source, read_day(as_of, "as_of"), where)
        seen.add(words)
    if row.get("owned_parent") or row.get("owned_parent_hq"):
        made += _parent(row, owned, source, read_day(as_of, "as_of"), where)
    return made


def _described(
    about: dict[str, str], end: str, party: str, source: str, as_of: date | None, where: str
) -> Iterator[Read]:
    yield _holder(about, end, party, source, where)
    if country := read_country(about["hq"], f"{end}_hq"):
        yield HqFact(party, "headquarters", country, "", source, as_of, "secondary", where)


def _stake(row: dict[str, str], owner: str, owned: str, source: str, where: str) -> Stake | None:
    kind = row.get("kind", "").strip().casefold() or "equity"
    if kind == ONLY_FACTS:
        return None
    if kind not in KINDS:
        raise Cell("kind", f"{quoted(kind)} is none of {', '.join((*KINDS, ONLY_FACTS))}")
    since, until = read_day(row.get("from", ""), "from"), read_day(row.get("until", ""), "until")
    period(since, until, "until")
    return Stake(
        owner, owned, _share(row), source, kind, since, until, tidy(row.get("note", "")), where
    )


def _share(row: dict[str, str]) -> Share:
    said = row.get("share", "").strip()
    low, high = row.get("low", "").strip(), row.get("high", "").strip()
    if said and (low or high):
        raise Cell("share", "share and low or high are both given; give one")
    column = "share"
    try:
        if not low and not high:
            return read_share(said)
        column = "low"
        if low and low[0] == "<":
            raise Cell("low", f"{quoted(low)} is no low end")
        least = read_share(low if low[:1] == ">" else f">={low or 0}")
        column = "high"
        if high and high[0] == ">":
            raise Cell("high", f"{quoted(high)} is no high end")
        most = read_share(high if high[:1] == "<" else f"<={high or 100}")
        return Share(least.low, most.high, least.low_open, most.high_open)
    except InputError as err:
        raise Cell(column, err.line()) from None


def _holder(about: dict[str, str], end: str, party: str, source: str, where: str) -> Holder:
    country = read_country(about["country"], f"{end}_country")
    said = about["us"].casefold()
    if said not in _US:
        raise Cell(f"{end}_us", f"{quoted(said)} is none of yes, no, unknown")
    is_us = us_country(country)
    if _US[said] is not None:
        if is_us is not None and is_us != _US[said]:
            raise Cell(f"{end}_us", f"{said} contradicts the country {country}")
        is_us = _US[said]
    kind = about["kind"].casefold() or "unknown"
    if kind not in ("organisation", "person", "unknown"):
        raise Cell(f"{end}_kind", f"{quoted(kind)} is none of organisation, person, unknown")
    lei = read_lei(about["lei"], f"{end}_lei")
    return Holder(party, tidy(about["name"]) or party, country, is_us, lei, kind, source, where)


def _parent(
    row: dict[str, str], owned: str, source: str, as_of: date | None, where: str
) -> Iterator[Read]:
    parent = tidy(row.get("owned_parent", ""))
    if parent:
        yield HqFact(owned, "ultimate_parent", "", parent, source, as_of, "secondary", where)
    if country := read_country(row.get("owned_parent_hq", ""), "owned_parent_hq"):
        what = "ultimate_parent_headquarters"
        yield HqFact(owned, what, country, parent, source, as_of, "secondary", where)
