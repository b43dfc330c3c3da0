"""OFAC's delimited files: prim, alt, add and comments, joined by the party's number.

No header; ``-0-`` is empty; the last line is a 0x1A. SDN.* and CONS_*.* look alike and are
told apart by their programmes. Remarks of more than a thousand characters go on in the
comments file, cut in the middle of a word.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from klartecken.errors import InputError
from klartecken.parties.lists.countries import country_code
from klartecken.parties.lists.entry import Entry
from klartecken.parties.lists.formats.csl_fields import KINDS, spaced, unique
from klartecken.parties.lists.formats.ofac_remarks import aliases_of, identifiers_of
from klartecken.parties.lists.formats.result import CONS_LISTS, ListFile, Rejected
from klartecken.parties.lists.formats.rows import table
from klartecken.parties.lists.source import RawFile, decoded
from klartecken.parties.party import Address, content_hash

WIDTHS = {12: "prim", 6: "add", 5: "alt", 2: "comments"}
# The programme that makes an entry of the consolidated file one of a list, first match
# first, so that an entry has one code; what has none of these is on the menu-based list.
CONS_CODES = (
    ("CMIC", "CMIC-EO13959"), ("PLC", "NS-PLC"), ("CAP", "561-Related"),
    ("SSI", "UKRAINE-EO13662"), ("FSE", "FSE-IR"), ("FSE", "FSE-SY"),
)  # fmt: skip
_MARKS = frozenset({"CMIC-EO13959", "NS-PLC", "561-Related", "UKRAINE-EO13662"})

Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class _Part:
    raw: RawFile
    kind: str
    rows: tuple[Row, ...]
    rejected: tuple[Rejected, ...]


def is_ofac(line: str) -> bool:
    """Could this be a first line: a number, and a width of one of the four files?"""
    number, _, rest = line.partition(",")
    return number.isdigit() and bool(rest)


def read(raws: Sequence[RawFile]) -> ListFile:
    """Read one set of four files; they do not say of which day they are.

    Raises:
        InputError: a file of the set is missing or given twice, or is not well-formed.
    """
    parts: dict[str, _Part] = {}
    for raw in raws:
        part = _part(raw)
        if part.kind in parts:
            raise InputError(
                f"is the second {part.kind} file", where=raw.name,
                next_step="Import SDN and CONS one after the other",
            )  # fmt: skip
        parts[part.kind] = part
    missing = [kind for kind in WIDTHS.values() if kind not in parts]
    if missing:
        raise InputError(
            f"of OFAC's files there is missing beside it: {', '.join(missing)}", where=raws[0].name,
            next_step="Give prim, alt, add and comments together: without them names or "
            "addresses would be lost",
        )  # fmt: skip
    return _joined(parts)


def _joined(parts: dict[str, _Part]) -> ListFile:
    numbers = {row[0] for _, row in parts["prim"].rows}
    rejected = [r for part in parts.values() for r in part.rejected]
    more: dict[str, dict[str, list[list[str]]]] = {}
    for kind in ("alt", "add", "comments"):
        more[kind] = defaultdict(list)
        for number, row in parts[kind].rows:
            if row[0] in numbers:
                more[kind][row[0]].append(row)
            else:
                why = f"belongs to number {row[0]}, which the prim file has not"
                rejected.append(Rejected(parts[kind].raw.name, number, why))
    sdn = _is_sdn(parts["prim"])
    entries = []
    for number, row in parts["prim"].rows:
        if row[1]:
            entries.append(_entry(row, sdn, {k: v.get(row[0], []) for k, v in more.items()}))
        else:
            rejected.append(Rejected(parts["prim"].raw.name, number, "has no name"))
    hashes = [[kind, part.raw.sha256] for kind, part in sorted(parts.items())]
    return ListFile(
        "ofac-sdn" if sdn else "ofac-cons",
        "OFAC delimited, " + ("Specially Designated Nationals" if sdn else "consolidated non-SDN"),
        tuple(parts[kind].raw.name for kind in WIDTHS.values()), content_hash(hashes), None,
        ("SDN",) if sdn else CONS_LISTS, True, tuple(entries), tuple(rejected),
        sum(part.raw.size for part in parts.values()),
    )  # fmt: skip


def _part(raw: RawFile) -> _Part:
    rows, rejected = [], []
    kind = ""
    for number, cells in table(raw.name, decoded(raw).rstrip("\x1a\r\n ")):
        cells = [_cell(cell) for cell in cells]
        if not any(cells):
            continue
        kind = kind or WIDTHS.get(len(cells), "")
        if not cells[0].isdigit():
            rejected.append(Rejected(raw.name, number, "does not begin with a number"))
        elif WIDTHS.get(len(cells)) != kind:
            rejected.append(Rejected(raw.name, number, f"has {len(cells)} cells"))
        else:
            rows.append((number, cells))
    if not kind:
        raise InputError("is none of OFAC's files (12, 6, 5 or 2 columns)", where=raw.name)
    return _Part(raw, kind, tuple(rows), tuple(rejected))


def _cell(text: str) -> str:
    """Without outer space; remarks keep theirs at the ends, where comments go on."""
    stripped = text.strip("\x1a\r\n")
    return "" if stripped.strip() in ("-0-", "") else stripped


def programmes_of(text: str) -> tuple[str, ...]:
    """``SDGT] [NS-PLC`` as its programmes."""
    return unique(re.split(r"\]\s*\[|;", text.strip("[] ")))


def _is_sdn(prim: _Part) -> bool:
    """A third of the consolidated file has its own programmes; of the SDN file nearly none."""
    marked = sum(1 for _, row in prim.rows if _MARKS & set(programmes_of(row[3])))
    return marked * 3 < len(prim.rows)


def cons_code(programmes: Sequence[str]) -> str:
    """The list of an entry of the consolidated file: the first of CONS_CODES that it has."""
    for code, programme in CONS_CODES:
        if programme in programmes:
            return code
    return "MBS"


def _entry(row: list[str], sdn: bool, more: dict[str, list[list[str]]]) -> Entry:
    programmes = programmes_of(row[3])
    code = "SDN" if sdn else cons_code(programmes)
    remarks = row[11] + "".join(comment[1] for comment in more["comments"])
    addresses = tuple(dict.fromkeys(a for a in map(_address, more["add"]) if a.text or a.country))
    name = spaced(row[1])
    words = ("Title", "Call sign", "Vessel type", "Tonnage", "GRT", "Flag", "Owner")
    details = [
        f"{word} {spaced(cell)}" for word, cell in zip(words, row[4:11], strict=True) if cell
    ]
    return Entry(
        id=f"{code}-{row[0].strip()}", list=code, name=name,
        aliases=unique([*(alt[3] for alt in more["alt"]), *aliases_of(remarks)], without=name),
        kind=KINDS.get(row[2].strip().lower() or "entity", "unknown"),
        countries=tuple(sorted({a.country for a in addresses if a.country})),
        addresses=addresses, identifiers=identifiers_of(remarks), programmes=programmes,
        remarks="; ".join([*details, *([spaced(remarks)] if remarks else [])]),
    )  # fmt: skip


def _address(row: list[str]) -> Address:
    street, place, country, remarks = (spaced(cell) for cell in row[2:6])
    code = country_code(country)
    parts = (street, place, "" if code and not country.startswith("Region") else country, remarks)
    return Address(", ".join(part for part in parts if part), code)
