"""The firm's parties from a CSV file: read whole, or not at all."""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from klartecken.errors import InputError, KlarteckenError
from klartecken.facts.places import load_places
from klartecken.facts.text import one_line
from klartecken.parties.party import KINDS, ROLES, Address, Identifier, Party
from klartecken.parties.register.record import Registered

#: heading -> what stands in it; several values of a cell are parted by ``|`` or, but for
#: addresses, by ``;``
COLUMNS = {
    "id": "your own number of the party (required)",
    "name": "its name (required)",
    "aliases": "other names, in any script",
    "kind": "`organisation`, `person` or `unknown`",
    "country": "ISO code or name",
    "address": "addresses, as written",
    "identifiers": "numbers of registers, each as `KIND:NUMBER`",
    "hq": "where it is headquartered: ISO code or name",
    "parent": "its ultimate parent",
    "parent_hq": "where that is headquartered",
    "roles": "`purchaser`, `intermediate`, `consignee`, `end_user`",
    "source": "where all this is known from",
    "as_of": "the day that it is of, `2026-11-01`",
}
LONGEST_TEXT = 2000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Refused:
    """A cell that cannot be read: row (the header is row 1), column, text and reason."""

    row: int
    column: str
    value: str
    reason: str


def read_parties(path: Path) -> tuple[dict[str, Registered], tuple[Refused, ...]]:
    """The parties of a CSV file by id, and every cell that cannot be read.

    Args:
        path: UTF-8, with a header of :data:`COLUMNS` in any order.

    Raises:
        InputError: no such file, no CSV, or a heading that is none of ours.
    """
    rows = _rows(path)
    header = _header(rows[0] if rows else [], path)
    found: dict[str, Registered] = {}
    refused: list[Refused] = []
    for number, cells in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            refused.append(Refused(number, "", "", f"{len(cells)} cells under {len(header)} "
                                   "headings"))  # fmt: skip
            continue
        row = _Row(number, dict(zip(header, cells, strict=True)), refused)
        record = row.record()
        if record is None:
            continue
        if record.party.id in found:
            row.refuse("id", "stands twice in this file")
        found[record.party.id] = record
    return found, tuple(refused)


def _rows(path: Path) -> list[list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.reader(stream, strict=True))
    except FileNotFoundError as err:
        raise InputError("there is no such file", where=str(path)) from err
    except OSError as err:
        raise InputError(f"cannot be read ({err.strerror})", where=str(path)) from err
    except UnicodeDecodeError as err:
        raise InputError(
            "is not UTF-8 text", where=str(path), next_step="Save it as UTF-8"
        ) from err
    except csv.Error as err:
        raise InputError(f"cannot be read as CSV ({err})", where=str(path)) from err


def _header(cells: Sequence[str], path: Path) -> list[str]:
    found = ["_".join(cell.strip().casefold().replace("-", " ").split()) for cell in cells]
    for name, told in zip(found, cells, strict=True):
        if name not in COLUMNS:
            near = difflib.get_close_matches(name, COLUMNS, n=1)
            raise InputError(
                f"the heading {told!r} is no column of a register", where=f"{path}, row 1",
                next_step=f"Use {near[0]}" if near else "Use " + ", ".join(COLUMNS),
            )  # fmt: skip
        if found.count(name) > 1:
            raise InputError(f"the heading {told!r} stands twice", where=f"{path}, row 1")
    for name in ("id", "name"):
        if name not in found:
            raise InputError(f"there is no column {name}", where=f"{path}, row 1")
    return found


class _Row:
    """Reads the cells of one row; what cannot be read is put among the refused ones."""

    def __init__(self, number: int, cells: Mapping[str, str], refused: list[Refused]) -> None:
        self.number, self.cells, self.refused = number, cells, refused

    def refuse(self, column: str, reason: str) -> None:
        self.refused.append(Refused(self.number, column, self.cells.get(column, ""), reason))

    def record(self) -> Registered | None:
        before = len(self.refused)
        party = Party(
            name=self._read("name", _name) or "-", id=self._read("id", _name) or "-",
            aliases=self._list("aliases", _name),
            kind=self._read("kind", _kind) or "unknown",
            country=self._read("country", _place),
            addresses=self._list("address", lambda text: Address(_text(text))),
            identifiers=self._list("identifiers", _identifier),
        )  # fmt: skip
        for column in ("id", "name"):
            if not self.cells[column].strip():
                self.refuse(column, "is empty")
        found = Registered(
            party, self._read("hq", _place), self._read("parent", _name),
            self._read("parent_hq", _place), self._list("roles", _role),
            self._read("source", _text), self._read("as_of", _day),
        )  # fmt: skip
        return found if len(self.refused) == before else None

    def _read(self, column: str, reader: Callable[[str], str]) -> str:
        text = self.cells.get(column, "").strip()
        if not text:
            return ""
        try:
            return reader(text)
        except KlarteckenError as err:
            self.refuse(column, f"{err.what}. {err.next_step}" if err.next_step else err.what)
            return ""

    def _list(self, column: str, reader: Callable[[str], T]) -> tuple[T, ...]:
        found: list[T] = []
        for part in re.split("[|]" if column == "address" else "[|;]", self.cells.get(column, "")):
            if part.strip():
                try:
                    found.append(reader(part.strip()))
                except KlarteckenError as err:
                    step = f". {err.next_step}" if err.next_step else ""
                    self.refuse(column, f"{part.strip()!r} {err.what}{step}")
        return tuple(dict.fromkeys(found))


def _name(text: str) -> str:
    return one_line(text, "name")


def _text(text: str) -> str:
    plain = " ".join(text.split())
    if len(plain) > LONGEST_TEXT or not plain.isprintable():
        raise InputError("is too long, or holds a control character")
    return plain


def _place(text: str) -> str:
    return load_places().resolve(text)


def _kind(text: str) -> str:
    if text.casefold() not in KINDS:
        raise InputError(f"{text!r} is no kind", next_step="Use " + ", ".join(KINDS))
    return text.casefold()


def _role(text: str) -> str:
    role = "_".join(text.casefold().replace("-", " ").split())
    if role not in ROLES:
        raise InputError("is no role", next_step="Use " + ", ".join(ROLES))
    return role


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as err:
        raise InputError("is no day", next_step="Write it like 2026-11-01") from err


def _identifier(text: str) -> Identifier:
    kind, mark, number = text.partition(":")
    if not mark or not kind.strip() or not any(c.isalnum() for c in number):
        raise InputError("is no number", next_step="Write it as KIND:NUMBER")
    return Identifier(_text(kind), _text(number))
