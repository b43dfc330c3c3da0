"""A table of restricted parties in CSV, for asking without a snapshot of the lists."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from klartecken.errors import InputError, UnknownName
from klartecken.logic.tri import UNKNOWN, YES
from klartecken.parties.ownership.graph import Graph, tidy
from klartecken.parties.ownership.restriction import Restriction, joined

COLUMNS = (
    "id", "name", "list", "footnotes", "policy", "programmes", "requirement", "status", "entry",
)  # fmt: skip
_STATUS = {"": YES, "yes": YES, "unknown": UNKNOWN}


def read_restricted(path: Path, graph: Graph) -> tuple[dict[str, Restriction], tuple[str, ...]]:
    """Restricted parties by their id in the graph, and those that the graph does not know.

    Several rows of one party are several listings: they are joined.

    Raises:
        InputError: a row that cannot be read, with its column; nothing is kept then.
    """
    found: dict[str, Restriction] = {}
    absent: list[str] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            _check_columns(rows.fieldnames or (), path)
            for row in rows:
                where = f"{path.name}, row {rows.line_num}"
                if None in row or None in row.values():
                    raise InputError("has more or fewer cells than columns", where=where)
                party, known = _party({k: v.strip() for k, v in row.items()}, graph, where)
                if not known:
                    absent.append(party)
                new = _restriction(row, where)
                found[party] = joined(found[party], new, where) if party in found else new
    except OSError as err:
        raise InputError(f"cannot be read ({err.strerror})", where=str(path)) from err
    except (UnicodeDecodeError, csv.Error) as err:
        raise InputError(f"is no CSV table in UTF-8 ({err})", where=str(path)) from err
    return found, tuple(dict.fromkeys(absent))


def _check_columns(names: object, path: Path) -> None:
    columns = list(names) if isinstance(names, (list, tuple)) else []
    unknown = [name for name in columns if name not in COLUMNS]
    if unknown or "list" not in columns or not {"id", "name"} & set(columns):
        raise InputError(
            f"has no column list, or neither id nor name, or an unknown one {unknown}",
            where=f"{path}, row 1", next_step="Columns: " + ", ".join(COLUMNS),
        )  # fmt: skip


def _party(row: Mapping[str, str], graph: Graph, where: str) -> tuple[str, bool]:
    said = row.get("id") or row.get("name") or ""
    if not said:
        raise InputError("names no party", where=where)
    try:
        return graph.find(said), True
    except UnknownName:
        return tidy(said), False
    except InputError as err:
        raise InputError(err.what, where=where, next_step=err.next_step) from None


def _restriction(row: Mapping[str, str], where: str) -> Restriction:
    cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
    if not cells["list"]:
        raise InputError("is empty", where=f"{where}, column list")
    status = cells["status"].casefold()
    if status not in _STATUS:
        raise InputError(
            f"{status!r} is none of yes, unknown", where=f"{where}, column status"
        )  # fmt: skip
    try:
        return Restriction(
            _words(cells["list"]), _STATUS[status], _words(cells["footnotes"]),
            _words(cells["programmes"]), cells["policy"], cells["requirement"],
            _words(cells["entry"]),
        )  # fmt: skip
    except InputError as err:
        raise InputError(err.what, where=where, next_step=err.next_step) from None


def _words(cell: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in cell.split(";") if word.strip())
