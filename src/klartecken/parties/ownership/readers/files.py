"""Which reader a file needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from klartecken.errors import InputError
from klartecken.parties.ownership.readers.bods import read_bods
from klartecken.parties.ownership.readers.common import Read
from klartecken.parties.ownership.readers.gleif_api import read_gleif_api
from klartecken.parties.ownership.readers.gleif_xml import read_gleif_xml
from klartecken.parties.ownership.readers.table import read_table

READERS: dict[str, Callable[[Path], Iterator[Read]]] = {
    "csv": read_table,
    "gleif-xml": read_gleif_xml,
    "gleif-api": read_gleif_api,
    "bods": read_bods,
}


def format_of(path: Path) -> str:
    """The format of a file, by its ending and its first characters.

    Raises:
        InputError: none that we read, or no such file.
    """
    try:
        with path.open("rb") as file:
            head = file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    except OSError as err:
        raise InputError(f"cannot be read ({err.strerror})", where=str(path)) from err
    if head[:2] in (b"PK", b"\x1f\x8b"):
        raise InputError("is compressed", where=str(path), next_step="Unpack it first")
    if head[:1] == b"<":
        return "gleif-xml"
    if head[:1] == b"[" or b'"recordType"' in head or b'"statementId"' in head:
        return "bods"
    if head[:1] == b"{":
        return "gleif-api"
    if path.suffix.casefold() in (".csv", ".txt"):
        return "csv"
    raise InputError(
        "is of no known format", where=str(path), next_step="Use --format " + ", ".join(READERS)
    )
