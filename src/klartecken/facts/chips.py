"""Chips and servers: the catalogue and its figures, each with its source.

Figures are in long form, one source each; two sources that disagree are two figures. A
figure with ``used`` false measures something else (another die, a vector rate) and is kept
only so that nobody enters it again.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from klartecken.errors import DataError, InputError, UnknownName
from klartecken.facts.table import GRADES, Row, read_table
from klartecken.logic.frozen import freeze
from klartecken.logic.values import INF, Range, parse_range

RATES = (
    "rate_fp4", "rate_fp6", "rate_fp8", "rate_int8", "rate_fp16", "rate_bf16", "rate_tf32",
    "rate_fp32", "rate_fp64",
)  # fmt: skip

#: The unit of each quantity. Rates are dense; bandwidths of links are bidirectional.
UNITS: dict[str, str] = {
    **{rate: "TOPS" if rate == "rate_int8" else "TFLOPS" for rate in RATES},
    "tpp": "", "die_area": "mm2", "die_count": "", "process_node": "nm",
    "transistors": "billion", "memory_capacity": "GB", "memory_bandwidth": "GB/s",
    "sram_bandwidth": "GB/s", "link_bandwidth": "GB/s", "pcie_bandwidth": "GB/s",
    "tdp": "W", "price_low": "USD", "price_high": "USD",
}  # fmt: skip

NO_ADDRESS = "no address verified"
_YES_NO = frozenset({"yes", "no"})
_KINDS = frozenset({"ic", "assembly"})


@dataclass(frozen=True, slots=True)
class Figure:
    """One quantity of one chip as one source gives it (unit: :data:`UNITS`)."""

    quantity: str
    value: Range
    source: str
    grade: str
    used: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A chip of the catalogue, or one that the user describes.

    Attributes:
        kind: ``ic``, or ``assembly`` for a board, module or system that contains the chip.
        packages: number of packaged ICs whose totals the figures hold.
        figures: the figures by quantity; see :meth:`used`.
        urls: the addresses read for the chip, best first.
    """

    id: str
    name: str
    vendor: str
    designer_hq: str
    family: str
    kind: str
    form: str
    released: str
    datacenter: str
    datacenter_grade: str
    memory_type: str
    foundry: str
    packages: int
    grade: str
    note: str
    figures: Mapping[str, tuple[Figure, ...]]
    urls: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        freeze(self, "figures")

    def used(self, quantity: str) -> tuple[Figure, ...]:
        """The figures that count for a quantity."""
        return tuple(f for f in self.figures.get(quantity, ()) if f.used)

    def value(self, quantity: str) -> Range | None:
        """The hull of the figures that count, or None when there is none."""
        hull: Range | None = None
        for figure in self.used(quantity):
            hull = figure.value if hull is None else hull.hull(figure.value)
        return hull

    @property
    def source(self) -> str:
        """The first address of the chip."""
        return self.urls[0] if self.urls else NO_ADDRESS


@dataclass(frozen=True, slots=True)
class Server:
    """A board or system, and the chip that it contains ``count`` times."""

    id: str
    name: str
    vendor: str
    contains: str
    count: int
    grade: str
    source: str
    note: str


@dataclass(frozen=True)
class Catalogue:
    """All chips and servers. Build it with :func:`load_catalogue`."""

    chips: Mapping[str, Chip]
    servers: Mapping[str, Server]
    names: Mapping[str, str]  # folded id or name -> id, chips and servers

    def __iter__(self) -> Iterator[Chip]:
        return iter(self.chips.values())

    def __len__(self) -> int:
        return len(self.chips)

    def get(self, text: str) -> Chip:
        """The chip of that id or name; also ``h20`` when one vendor only has an ``h20``.

        >>> load_catalogue().get("H20").id
        'nvidia-h20'

        Raises:
            UnknownName: no such chip; holds the nearest ids.
        """
        found = self._id(text)
        if found not in self.chips:
            raise UnknownName(f"there is no chip called {text!r}", nearest=self.nearest(text))
        return self.chips[found]

    def server(self, text: str) -> Server | None:
        """The server of that id, name or unique end of an id, or None."""
        return self.servers.get(self._id(text))

    def _id(self, text: str) -> str:
        key = _key(text)
        if key in self.names:
            return self.names[key]
        stems = [*self.chips, *self.servers]
        ends = [i for i in stems if i.partition("-")[2] == key.replace(" ", "-")]
        return ends[0] if len(ends) == 1 else ""

    def nearest(self, text: str, count: int = 4) -> tuple[str, ...]:
        """The ids of chips and servers closest to a text, best first."""
        import difflib

        key = _key(text).replace(" ", "-")
        ids = [*self.chips, *self.servers]
        inside = [i for i in ids if key and key in i]
        stems = {i.partition("-")[2]: i for i in ids}
        close = [stems[s] for s in difflib.get_close_matches(key, stems, n=count, cutoff=0.5)]
        close += difflib.get_close_matches(key, ids, n=count, cutoff=0.5)
        return tuple(dict.fromkeys(inside + close))[:count]

    def search(self, text: str) -> list[Chip]:
        """The chips whose id, name, vendor or family contains a text, in catalogue order."""
        key = _key(text)
        return [
            c for c in self
            if any(key in part.casefold() for part in (c.id, c.name, c.vendor, c.family))
        ]  # fmt: skip


def _key(text: str) -> str:
    return " ".join(text.casefold().split())


@functools.cache
def load_catalogue() -> Catalogue:
    """The catalogue of the package's own data, read and checked once."""
    return read_catalogue()


def read_catalogue(folder: Path | None = None) -> Catalogue:
    """The catalogue of a folder: chips, chip_figures, chip_sources and servers (CSV).

    Raises:
        DataError: a file breaks its layout (row and column are named).
    """
    rows = read_table("chips", folder)
    known = {row.cell("id") for row in rows}
    figures = _figures(known, folder)
    urls = _urls(known, folder)
    chips: dict[str, Chip] = {}
    names: dict[str, str] = {}
    for row in rows:
        chip = _chip(row, figures, urls)
        _name(names, row, chip.id, chip.name)
        chips[chip.id] = chip
    servers: dict[str, Server] = {}
    for row in read_table("servers", folder):
        server = _server(row, known)
        _name(names, row, server.id, server.name)
        servers[server.id] = server
    return Catalogue(chips, servers, names)


def _name(names: dict[str, str], row: Row, ident: str, name: str) -> None:
    for column, text in (("id", ident), ("name", name)):
        if not text:
            raise row.fail(column, "it is empty")
        if _key(text) in names and (column == "id" or names[_key(text)] != ident):
            raise row.fail(column, f"{text!r} stands twice")
        names[_key(text)] = ident


def _chip(
    row: Row,
    figures: Mapping[str, dict[str, tuple[Figure, ...]]],
    urls: Mapping[str, list[str]],
) -> Chip:
    row.one_of("kind", _KINDS)
    row.one_of("datacenter", _YES_NO)
    row.one_of("grade", GRADES)
    row.one_of("datacenter_grade", GRADES)
    cells = row.fields()
    packages = row.read("packages", _count)
    del cells["packages"]
    ident = cells["id"]
    return Chip(
        **cells,
        packages=packages,
        figures=figures.get(ident, {}),
        urls=tuple(urls.get(ident, ())),
    )


def _server(row: Row, known: set[str]) -> Server:
    row.one_of("grade", GRADES)
    cells = row.fields()
    if cells["contains"] not in known:
        raise row.fail("contains", f"{cells['contains']!r} is no chip of chips.csv")
    if not cells["source"]:
        raise row.fail("source", "it is empty", f"Write {NO_ADDRESS!r} when there is none")
    count = row.read("count", _count)
    del cells["count"]
    return Server(**cells, count=count)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise InputError(f"{text!r} is not a whole number above zero")
    return int(text)


def _figures(known: set[str], folder: Path | None) -> dict[str, dict[str, tuple[Figure, ...]]]:
    found: dict[str, dict[str, tuple[Figure, ...]]] = {chip: {} for chip in known}
    amounts: dict[str, Range] = {}  # the same texts come again and again
    for row in read_table("chip_figures", folder):
        chip, quantity, value, unit, source, grade, used, note = row.cells
        if chip not in known or UNITS.get(quantity) != unit:
            raise _misfit(row, known)
        if not source:
            raise row.fail("source", "it is empty", f"Write {NO_ADDRESS!r} when there is none")
        if grade not in GRADES or used not in _YES_NO:
            row.one_of("grade", GRADES)
            row.one_of("used", _YES_NO)
        amount = amounts.get(value)
        if amount is None:
            amount = amounts[value] = row.read("value", _amount)
        figure = Figure(quantity, amount, source, grade, used == "yes", note)
        held = found[chip]
        before = held.get(quantity, ())
        if any(f.source == source and f.value == amount for f in before):
            raise row.fail("value", "the same figure of the same source stands twice")
        held[quantity] = (*before, figure)
    return found


@functools.lru_cache(maxsize=4096)
def _amount(text: str) -> Range:
    value = parse_range(text)
    if (value.lo == -INF and value.hi == INF) or value.hi < 0 or -INF < value.lo < 0:
        raise InputError(f"{text!r} is not a quantity", next_step="Write 814, 700..800 or ..600")
    return value


def _misfit(row: Row, known: set[str]) -> DataError:
    chip, quantity, _, unit = row.cells[:4]
    if chip not in known:
        return row.fail("chip", f"{chip!r} is no chip of chips.csv")
    if quantity not in UNITS:
        return row.fail("quantity", f"unknown quantity {quantity!r}", "See chips.UNITS")
    return row.fail("unit", f"{unit!r} is not the unit {UNITS[quantity]!r}")


def _urls(known: set[str], folder: Path | None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in read_table("chip_sources", folder):
        chip, rank, url = row.cells
        if chip not in known:
            raise row.fail("chip", f"{chip!r} is no chip of chips.csv")
        if rank != str(len(found.setdefault(chip, [])) + 1):
            raise row.fail("rank", "the ranks of a chip run 1, 2, 3")
        found[chip].append(url)
    return found
