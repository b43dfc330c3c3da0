"""Which format a file is of, from its content alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from klartecken.errors import InputError
from klartecken.parties.lists.formats import csl_csv, csl_json, csl_reduced, denied, ofac, own
from klartecken.parties.lists.formats.result import ListFile
from klartecken.parties.lists.source import KNOWN, RawFile, decoded, read_raw


def read_files(paths: Iterable[Path], name: str = "") -> list[ListFile]:
    """Read list files; OFAC's files are one set, the others one list file each.

    Args:
        paths: plain or gzip.
        name: of the own list among them, if there is just one.

    Raises:
        InputError: a file of no known format, or one that cannot be read.
    """
    return read_raws([read_raw(path) for path in paths], name)


def read_raws(raws: Iterable[RawFile], name: str = "") -> list[ListFile]:
    """Like :func:`read_files`, of files that are in memory."""
    found: list[ListFile] = []
    of_ofac: list[RawFile] = []
    for raw in raws:
        one = _read_one(raw, name)
        if one is None:
            of_ofac.append(raw)
        else:
            found.append(one)
    if of_ofac:
        found.append(ofac.read(of_ofac))
    if name and sum(1 for one in found if one.format == "own") != 1:
        raise InputError("names no own list, or more than one", where="--name",
                         next_step="Import own lists one by one")  # fmt: skip
    return found


def _read_one(raw: RawFile, name: str) -> ListFile | None:
    """The list file, or None for one of OFAC's."""
    text = decoded(raw)
    start = text.lstrip()[:1]
    if start == "{":
        return _json(raw, text)
    line = text.split("\n", 1)[0].strip("\r")
    columns = [cell.strip().strip('"') for cell in line.split("\t" if "\t" in line else ",")]
    if tuple(columns) == denied.COLUMNS:
        return denied.read(raw)
    if tuple(columns) in csl_csv.HEADERS:
        return csl_csv.read(raw)
    if {"source", "entity_number", "programs"} <= set(columns):
        raise InputError(
            "looks like the Consolidated Screening List, but with other columns",
            where=f"{raw.name}, row 1", next_step="Its layout may have changed: tell us",
        )  # fmt: skip
    if ofac.is_ofac(line):
        return None
    if "name" in own.columns_of(line):
        return own.read(raw, name)
    what = "is a web page, not a list" if start == "<" else "is of no known format"
    raise InputError(what, where=raw.name, next_step=KNOWN)


def _json(raw: RawFile, text: str) -> ListFile:
    try:
        data: Any = json.loads(text)
    except (ValueError, RecursionError) as err:
        raise InputError(
            f"is not well-formed JSON ({err})", where=raw.name,
            next_step="It may have been cut short: download it again",
        ) from err  # fmt: skip
    if "results" in data:
        return csl_json.read(raw, data)
    if {"tables", "entries", "fieldKey"} <= set(data):
        return csl_reduced.read(raw, data)
    raise InputError("is JSON of no known layout", where=raw.name, next_step=KNOWN)
