"""An entry as one line of JSON and back."""

from __future__ import annotations

import json
from typing import Any

from klartecken.parties.lists.entry import Entry
from klartecken.parties.party import Address, Identifier

_TUPLES = ("aliases", "countries", "programmes", "footnotes")


def to_line(entry: Entry) -> str:
    """One line without its end; the id comes first, empty fields are left out."""
    return json.dumps(entry.to_dict(), ensure_ascii=False, separators=(",", ":"))


def from_line(line: str | bytes) -> Entry:
    """The entry of a line that :func:`to_line` made.

    Raises:
        ValueError, TypeError, KeyError: another line.
    """
    fields: dict[str, Any] = json.loads(line)
    for name in _TUPLES:
        if name in fields:
            fields[name] = tuple(fields[name])
    if "addresses" in fields:
        fields["addresses"] = tuple(Address(**one) for one in fields["addresses"])
    if "identifiers" in fields:
        fields["identifiers"] = tuple(Identifier(**one) for one in fields["identifiers"])
    return Entry(**fields)


def id_of_line(line: bytes) -> str:
    """The id alone: it is the first field."""
    text, _ = json.JSONDecoder().raw_decode(line.decode(), 6)
    assert isinstance(text, str)
    return text
