"""Items: a chip, board or server, as the facts that the law asks about.

An item carries only what is known; a fact left out is unknown. A server or assembly has the
facts of the integrated circuit that it contains, because ECCN 4A090 asks whether any IC in
it meets 3A090.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from klartecken.errors import UnknownName
from klartecken.facts import performance
from klartecken.facts.chips import Catalogue, Chip, Server, load_catalogue
from klartecken.logic.frozen import freeze
from klartecken.logic.values import (
    FLAG_NO,
    FLAG_YES,
    INF,
    Fact,
    Range,
    choose,
)
from klartecken.logic.vocabulary import Vocabulary

_PLAIN = (  # fact, quantity, divided by the number of packages
    ("applicable_die_area", "die_area", True),
    ("process_node", "process_node", False),
    ("transistor_count", "transistors", True),
    ("memory_bandwidth", "memory_bandwidth", True),
)


@dataclass(frozen=True)
class Item:
    """What the law sees of an item.

    Attributes:
        kind: ``ic``, ``assembly``, ``hbm`` or ``other``.
        family: the product family, or empty.
        facts: what is known, by fact name (facts.yaml).
        contains: the id of the chip inside an assembly, when it is another item.
        notes: sentences to show beside an answer.
        in_catalogue: false for an item that the user described.
    """

    id: str
    name: str
    kind: str
    family: str
    facts: Mapping[str, Fact]
    contains: str | None = None
    notes: tuple[str, ...] = field(default=())
    in_catalogue: bool = True

    def __post_init__(self) -> None:
        freeze(self, "facts")


def from_chip(chip: Chip, tf32_bits: int = 32) -> Item:
    """The item that a chip of the catalogue is.

    Args:
        chip: the chip; figures over several packages are divided by their number.
        tf32_bits: the bit length counted for TF32.
    """
    facts = _identity(chip)
    facts |= figures(chip, tf32_bits)
    notes = [chip.note] if chip.note else []
    if chip.packages > 1:
        notes.append(f"The facts are those of one of the {chip.packages} packages on the board.")
    return Item(chip.id, chip.name, chip.kind, chip.family, facts, None, tuple(notes))


def _identity(chip: Chip) -> dict[str, Fact]:
    facts = {"item_kind": Fact(choose(chip.kind), chip.source, chip.grade)}
    facts["chip"] = Fact(choose(chip.id), "the catalogue", "given")
    facts["family"] = Fact(choose(chip.family), "the catalogue", "given")
    flag = FLAG_YES if chip.datacenter == "yes" else FLAG_NO
    facts["datacenter"] = Fact(
        flag, chip.source, chip.datacenter_grade, "judged from the maker's product pages"
    )
    facts["designer_hq"] = Fact(choose(chip.designer_hq), chip.source, chip.grade)
    if chip.memory_type:
        has = FLAG_YES if "HBM" in chip.memory_type.upper() else FLAG_NO
        facts["has_hbm"] = Fact(has, chip.source, chip.grade, f"memory: {chip.memory_type}")
    return facts


def figures(chip: Chip, tf32_bits: int = 32) -> dict[str, Fact]:
    """The number facts that follow from a chip's figures; what is unknown is left out."""
    found: dict[str, Fact | None] = {
        "tpp": performance.tpp(chip, tf32_bits),
        "tops": performance.tops(chip),
        "io_bandwidth": _io_bandwidth(chip),
    }
    for fact, name, divided in _PLAIN:
        found[fact] = performance.quantity(chip, name, per_package=divided)
    return {
        name: fact
        for name, fact in found.items()
        if fact is not None and fact.value not in (Range(), Range(Fraction(0), INF))
    }


def _io_bandwidth(chip: Chip) -> Fact | None:
    """Chip-to-chip link plus PCIe (GB/s, both directions); a missing part leaves no upper end."""
    if chip.packages > 1:
        return None  # how a board's links are shared among its packages is not known
    link = performance.quantity(chip, "link_bandwidth")
    pcie = performance.quantity(chip, "pcie_bandwidth")
    parts = [f for f in (link, pcie) if f is not None]
    if not parts:
        return None
    ranges = [f.value for f in parts if isinstance(f.value, Range)]
    low = sum((r.lo for r in ranges), Fraction(0))
    high = sum((r.hi for r in ranges), Fraction(0)) if len(parts) == 2 else INF
    missing = "" if link else "the chip-to-chip link is not known"
    missing = missing if pcie else "the host link is not known"
    told = f"link {link.value if link else 'unknown'} + PCIe {pcie.value if pcie else 'unknown'}"
    notes = [told, missing, *(f.note for f in parts)]
    source = "; ".join(dict.fromkeys(f.source for f in parts))
    grade = performance.weakest_grade(f.grade for f in parts)
    return Fact(Range(low, high), source, grade, "; ".join(n for n in notes if n))


def from_server(server: Server, chip: Chip, tf32_bits: int = 32) -> Item:
    """The item that a server of the catalogue is: an assembly with the facts of its chip."""
    inside = from_chip(chip, tf32_bits)
    kind = Fact(choose("assembly"), server.source, server.grade)
    notes = [f"Contains {server.count} x {chip.name}; the facts are those of one chip inside."]
    notes += [server.note] if server.note else []
    return Item(
        server.id,
        server.name,
        "assembly",
        inside.family,
        {**inside.facts, "item_kind": kind},
        chip.id,
        (*notes, *inside.notes),
    )


def find_item(
    text: str,
    vocabulary: Vocabulary | None = None,
    *,
    tf32_bits: int = 32,
    catalogue: Catalogue | None = None,
) -> Item:
    """The item that a person named.

    Args:
        text: a chip (``h20``), a server (``nvidia-hgx-b200``), an assembly of a chip
            (``server:h20``, ``server:8xh20``), or a file ending in .yaml or .yml.
        vocabulary: the facts that a file may name; needed for a file only.
        tf32_bits: the bit length counted for TF32.
        catalogue: by default the package's own.

    >>> find_item("server:8xh20").contains
    'nvidia-h20'

    Raises:
        UnknownName: nothing of that name; holds the nearest chips and servers.
        DataError: the file cannot be used.
    """
    text = text.strip()
    if text.lower().endswith((".yaml", ".yml")):
        from klartecken.facts.own import from_file

        if vocabulary is None:
            raise TypeError("an item file needs the vocabulary of facts")
        return from_file(Path(text), vocabulary, tf32_bits)
    catalogue = catalogue or load_catalogue()
    if text.lower().startswith("server:"):
        return _assembly(text[7:], catalogue, tf32_bits)
    server = catalogue.server(text)
    if server is not None:
        return from_server(server, catalogue.chips[server.contains], tf32_bits)
    try:
        return from_chip(catalogue.get(text), tf32_bits)
    except UnknownName as err:
        raise UnknownName(
            f"there is no chip or server called {text!r}", nearest=err.nearest
        ) from err


def _assembly(text: str, catalogue: Catalogue, tf32_bits: int) -> Item:
    match = re.fullmatch(r"\s*([1-9]\d{0,5})\s*x\s*(.+)", text, re.IGNORECASE)
    count, name = (int(match[1]), match[2]) if match else (1, text)
    chip = catalogue.get(name)
    ident = f"server:{count}x{chip.id}" if match else f"server:{chip.id}"
    title = f"Assembly of {count} x {chip.name}" if match else f"Assembly with {chip.name}"
    server = Server(ident, title, "", chip.id, count, "given", "given by the asker", "")
    return from_server(server, chip, tf32_bits)
