"""Which columns of a file of parties hold what, and a party out of a row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

from klartecken.errors import InputError
from klartecken.parties.lists.countries import country_code
from klartecken.parties.party import KINDS, Address, Identifier, Party


@dataclass(frozen=True, slots=True)
class Columns:
    """Headings of the columns; empty for the usual one, where the file has it.

    Attributes:
        name: needed.
        id: the asker's own number.
        alias: other names, parted by ``;`` or ``|``.
        address: one address.
        country: ISO code or English name.
        kind: organisation, person or unknown.
        identifier: ``KIND:NUMBER``, several parted by ``;`` or ``|``.
    """

    name: str = ""
    id: str = ""
    alias: str = ""
    address: str = ""
    country: str = ""
    kind: str = ""
    identifier: str = ""


USUAL = {
    "name": ("name",), "id": ("id", "party_id"), "alias": ("aliases", "alias"),
    "address": ("address",), "country": ("country",), "kind": ("kind",),
    "identifier": ("identifiers", "identifier"),
}  # fmt: skip


def found_columns(asked: Columns, headings: Sequence[str], where: str) -> dict[str, str]:
    """What each column of a file is: our name -> heading.

    Raises:
        InputError: a heading stands twice or is missing.
    """
    twice = {heading for heading in headings if list(headings).count(heading) > 1}
    found = {}
    for one in fields(Columns):
        given = getattr(asked, one.name)
        fitting = [h for h in ((given,) if given else USUAL[one.name]) if h in headings]
        if fitting:
            found[one.name] = fitting[0]
        elif given or one.name == "name":
            told = ", ".join(repr(h)[:60] for h in headings[:12])
            raise InputError(
                f"has no column {given or 'name'!r}; it has {told or 'none'}", where=where,
                next_step=f"Name it with --{one.name}-column",
            )  # fmt: skip
    for heading in found.values():
        if heading in twice:
            raise InputError(f"has the column {heading!r} twice", where=where)
    return found


class PartyRow(NamedTuple):
    """A row of the input: number from 1, the party, remarks on its cells."""

    row: int
    party: Party
    remarks: tuple[str, ...]


def party_row(number: int, cells: Mapping[str, str]) -> PartyRow:
    """A party from the cells of a row, by our names; what cannot be used is remarked on."""
    remarks = []
    kind = cells.get("kind", "").strip().casefold() or "unknown"
    if kind not in KINDS:
        remarks.append(f"the kind {kind[:40]!r} is read as unknown")
        kind = "unknown"
    given = cells.get("country", "").strip()
    country = country_code(given.upper() if len(given) == 2 else given)
    if given and not country:
        remarks.append(f"the country {given[:40]!r} is not known")
    address = cells.get("address", "").strip()
    party = Party(
        cells.get("name", "").strip(), _parts(cells.get("alias", "")), kind, country,
        (Address(address, country),) if address else (),
        tuple(_identifier(text) for text in _parts(cells.get("identifier", ""))),
        cells.get("id", "").strip(),
    )  # fmt: skip
    return PartyRow(number, party, tuple(remarks))


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split("[;|]", text) if part.strip())


def _identifier(text: str) -> Identifier:
    kind, mark, number = text.partition(":")
    return Identifier(kind.strip(), number.strip()) if mark else Identifier("", text)
