"""Delimited text into entries: a row that cannot be read is kept aside with its reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from klartecken.errors import InputError
from klartecken.parties.lists.entry import Entry
from klartecken.parties.lists.formats.csl_fields import BadRow
from klartecken.parties.lists.formats.result import Rejected


def read_rows(
    name: str, text: str, entry: Callable[[list[str]], Entry], *, width: int, skip: int,
    delimiter: str = ",",
) -> tuple[tuple[Entry, ...], tuple[Rejected, ...]]:  # fmt: skip
    """Each row through ``entry``; blank lines are passed over.

    Args:
        name: of the file, for messages.
        width: cells that each row must have.
        skip: rows of the header.

    Raises:
        InputError: the text is not well-formed, from some row on.
    """
    found, rejected = [], []
    for number, cells in table(name, text, delimiter):
        if number <= skip or not any(cell.strip() for cell in cells):
            continue
        try:
            if len(cells) != width:
                raise BadRow(f"has {len(cells)} cells where {width} are expected")
            found.append(entry(cells))
        except BadRow as err:
            rejected.append(Rejected(name, number, str(err)))
    return tuple(found), tuple(rejected)


def table(name: str, text: str, delimiter: str = ",") -> list[tuple[int, list[str]]]:
    """The rows with their numbers, from 1.

    Raises:
        InputError: a quote that never ends, or a cell of more than 131,072 characters.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            rows.append((len(rows) + 1, cells))
    except csv.Error as err:
        raise InputError(
            f"is not well-formed ({err})", where=f"{name}, row {len(rows) + 1}",
            next_step="It may have been cut short: download it again",
        ) from err  # fmt: skip
    return rows
