"""An application block by block, as it is to be typed into the government's own system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from klartecken.desk.applications.blocks import (
    APPLICATION_TYPES,
    BLOCKS,
    DOCUMENTS,
    END_USES,
    Block,
)

ALL_OR_NOTHING = "We ask that this application be granted in full or not at all (748.6(c))."


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one block.

    Attributes:
        block: number of the form, or empty for the desk's own fields.
        entry: which line or party of several, from 1; 0: the only one.
        tag: how well the number is known.
    """

    block: str
    entry: int
    name: str
    value: str
    tag: str


def cells(form: Mapping[str, Any]) -> list[Cell]:
    """All blocks of a form in order, also the empty ones."""
    return [cell for block in BLOCKS for cell in _of(block, form)]


def _of(block: Block, form: Mapping[str, Any]) -> Iterator[Cell]:
    head, _, rest = block.field.partition(".")
    if head == "lines":
        values = [str(line[rest]) for line in form["lines"]]
    elif head == "parties":
        values = [_party(party) for party in form["parties"] if party["role"] == rest]
    else:
        yield Cell(block.number, 0, block.name, _single(block, form), block.tag)
        return
    for number, value in enumerate(values or [""], 1 if values else 0):
        yield Cell(block.number, number, block.name, value, block.tag)


def _single(block: Block, form: Mapping[str, Any]) -> str:
    head, _, rest = block.field.partition(".")
    value = form[head]
    if block.field == "contact.name":  # the form has no block for an address of mail
        return ", ".join(part for part in (value["name"], value["email"]) if part)
    if rest:
        return str(value[rest])
    match head:
        case "application_type":
            return APPLICATION_TYPES.get(value, "")
        case "documents_submitted" | "documents_on_file":
            return "; ".join(DOCUMENTS[kind] for kind in value)
        case "euc_ref":
            return ", ".join(part for part in (value["country"], value["number"]) if part)
        case "end_use":
            return "\n".join(part for part in (value, _category(form)) if part)
        case "narrative":
            return narrative(form)
        case "certifier":
            signed = f"signed {value['signed_on']}" if value["signed_on"] else ""
            return ", ".join(part for part in (value["name"], value["title"], signed) if part)
    return str(value)


def narrative(form: Mapping[str, Any]) -> str:
    """Block 24, with the request for all or nothing where it is wanted."""
    wished = ALL_OR_NOTHING if form["all_or_nothing"] else ""
    return "\n".join(part for part in (form["narrative"], wished) if part)


def _category(form: Mapping[str, Any]) -> str:
    code = form["end_use_code"]
    return f"[{END_USES[code]}]" if code else ""


def _party(party: Mapping[str, Any]) -> str:
    kept = (party["name"], party["address"], party["country"], party["contact"],
            party["telephone"])  # fmt: skip
    return "\n".join(part for part in kept if part)
