"""From the cells of a line to the codes of its blocks, each distinct text read once.

What a single question does with a name, a place or a range (``decide.case.read_part``) is
done here for every distinct combination of cells that a block has; lines only look it up.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from klartecken.book.key.blocks import ITEM
from klartecken.book.key.engine import EPOCH, Engine
from klartecken.book.key.grid import Codes, Grid
from klartecken.decide.ask import as_item, describes, own_item, read_day
from klartecken.decide.case import read_part
from klartecken.errors import InputError, KlarteckenError, UnknownName
from klartecken.facts.items import Item
from klartecken.logic.values import Fact, choose

LAST = date.max.toordinal() - EPOCH  # a date column can hold days that no calendar has
NOT_GIVEN = 0  # the code of an empty cell
TABLES = 16  # dictionaries that a column remembers
Texts = tuple[str | None, ...]
# how a single question takes them: a role that follows from the exporter can be overruled
FIRST = ("destination", "ship_from", "activity", "exporter", "consignee_hq", "parent_hq",
         "end_use", "listed")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why cells cannot be read."""

    column: str
    value: str
    reason: str


class Column:
    """The distinct texts of one column, numbered in the order of their coming."""

    def __init__(self) -> None:
        self.texts: list[str | None] = [None]
        self._numbers: dict[str | None, int] = {None: NOT_GIVEN}
        self._tables: OrderedDict[object, tuple[pa.Array, Codes]] = OrderedDict()

    def codes(self, array: pa.DictionaryArray) -> Codes:
        """The number of each cell's text."""
        return self.table(array.dictionary).take(indices(array))

    def table(self, values: pa.Array) -> Codes:
        """The number of each text of a dictionary, and last of an empty cell.

        Parts of one batch share a dictionary, which is then read once.
        """
        places = (None if b is None else b.address for b in values.buffers())
        key = (len(values), values.offset, *places)
        found = self._tables.get(key)
        if found is None:
            texts = [*values.to_pylist(), None]
            found = values, np.array([self._number(text) for text in texts], np.int32)
            self._tables[key] = found  # holds the array, so that its address stays its own
            if len(self._tables) > TABLES:
                self._tables.popitem(last=False)
        return found[1]

    def _number(self, text: str | None) -> int:
        number = self._numbers.setdefault(text, len(self.texts))
        if number == len(self.texts):
            self.texts.append(text)
        return number

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_tables": OrderedDict()}  # addresses are of this process


def indices(array: pa.DictionaryArray) -> npt.NDArray[np.int32]:
    """The places in the dictionary; one past its end where the cell is empty."""
    found = array.indices
    if found.null_count:
        found = pc.fill_null(found, pa.scalar(len(array.dictionary), found.type))
    return np.asarray(found)


class Pairs(list[tuple[int, int]]):
    """Pairs of codes, numbered in the order of their coming."""

    def put(self, row: int, column: int) -> int:
        """The number of a pair that is new."""
        self.append((row, column))
        return len(self) - 1


class Reader:
    """Reads the cells of one block.

    Args:
        engine: gives the law, and numbers the signatures.
        place: which of its blocks.
        constants: columns that hold the same text on every line.
        items: items of the asker's own, by name in lower case.
        tf32_bits: the bit length that TF32 counts with.
    """

    def __init__(
        self, engine: Engine, place: int, constants: Mapping[str, str],
        items: Mapping[str, Item], tf32_bits: int,
    ) -> None:  # fmt: skip
        self.engine, self.block = engine, engine.blocks[place]
        self.varying = tuple(c for c in self.block.columns if c not in constants)
        self._signer = engine.levels[place].signer
        self._constants = {c: constants[c] for c in self.block.columns if c in constants}
        self._items, self._tf32_bits = items, tf32_bits
        self.columns = {name: Column() for name in self.varying}
        self.refusals: dict[Texts, Refusal] = {}
        self._chain: list[tuple[Grid, Pairs]] = []
        self._single: Codes = np.empty(0, np.int32)
        for _ in self.varying[2:]:
            pairs = Pairs()
            self._chain.append((Grid(pairs.put, engine.lock), pairs))
        self._last = Grid(self._read_pair, engine.lock)

    def codes(self, batch: pa.RecordBatch) -> Codes:
        """The number of each line's signature plus one; 0 for a line that is refused."""
        if not self.varying:
            return np.full(batch.num_rows, self._constant, np.int32)
        arrays = [batch.column(name) for name in self.varying]
        with self.engine.lock:
            named = zip(self.varying, arrays, strict=True)
            tables = [self.columns[name].table(array.dictionary) for name, array in named]
        each = [table.take(indices(a)) for table, a in zip(tables, arrays, strict=True)]
        if len(each) == 1:
            return self._by_text().take(each[0])
        rows, sizes = each[0], [len(self.columns[name].texts) for name in self.varying]
        count = sizes[0]
        for (grid, pairs), codes, size in zip(self._chain, each[1:], sizes[1:], strict=False):
            rows = grid.look(rows, codes, (count, size))
            count = len(pairs)
        return self._last.look(rows, each[-1], (count, sizes[-1]))

    @cached_property
    def _constant(self) -> int:
        """The number of a block that is the same on every line."""
        with self.engine.lock:
            return self._number(())

    def _by_text(self) -> Codes:
        (name,) = self.varying
        texts = self.columns[name].texts
        if len(texts) > len(self._single):
            with self.engine.lock:
                new = [self._number((text,)) for text in texts[len(self._single) :]]
                self._single = np.append(self._single, np.array(new, np.int32))
        return self._single

    def _read_pair(self, row: int, column: int) -> int:
        codes = [column]
        for _, pairs in reversed(self._chain):
            row, column = pairs[row]
            codes.append(column)
        codes.append(row)
        columns = (self.columns[name] for name in self.varying)
        pairs_ = zip(columns, reversed(codes), strict=True)
        return self._number(tuple(column.texts[code] for column, code in pairs_))

    def _number(self, texts: Texts) -> int:
        try:
            return 1 + self._signer.sign(
                {name: fact.value for name, fact in self.read(texts).items()}
            )
        except KlarteckenError as err:
            self.refusals[texts] = self._refusal(texts, err)
            return 0

    def read(self, texts: Texts) -> Mapping[str, Fact]:
        """The facts that the cells of the varying columns give, with the constant ones.

        Raises:
            InputError: as for a single question.
        """
        cells = {**dict(zip(self.varying, texts, strict=True)), **self._constants}
        world = self.engine.worlds[0]
        item = None
        said = [(n, cells[n]) for n in ordered(self.block.columns) if cells[n] and n != ITEM]
        if self.holds_item:
            item = self.item_of(cells.get(ITEM), dict(said))
        part = read_part(
            [(name, text) for name, text in said if text is not None], world.law, world.places,
            item=item, strict=self.engine.strict,
        )  # fmt: skip
        return part.facts

    @property
    def holds_item(self) -> bool:
        """Is this the block of the item itself?"""
        return "item_kind" in self.block.facts

    def item_of(self, name: str | None, facts: Mapping[str, object]) -> Item:
        """The item of a line: one of the asker's own, of the catalogue, or unknown.

        A name that is nowhere is no error in a book: nothing is known of the item but what
        the line's own figures say, and the answer asks for the rest.
        """
        law = self.engine.worlds[0].law
        if name is None:
            kind = Fact(choose("ic"), "an item without a name is taken to be a chip", "given")
            return Item("unnamed", "unnamed item", "ic", "", {"item_kind": kind},
                        in_catalogue=False)  # fmt: skip
        own = self._items.get(name.strip().lower())
        if own is not None:
            return own
        if name.lower().endswith((".yaml", ".yml")):
            return own_item(name)  # a book names items; it does not make us open files
        described = any(describes(fact, law) for fact in facts)
        try:
            return as_item(name, facts if described else {}, self._tf32_bits, law)
        except UnknownName:
            if described:  # it looks like a name of the catalogue, and is none
                raise
            return own_item(name)

    def _refusal(self, texts: Texts, err: KlarteckenError) -> Refusal:
        """The column to blame: the one that cannot be read alone, else all that clash."""
        said = {**dict(zip(self.varying, texts, strict=True)), **self._constants}
        cells = {name: text for name, text in said.items() if text is not None}
        world = self.engine.worlds[0]
        for name, text in cells.items():
            if name == ITEM:
                continue
            try:
                read_part([(name, text)], world.law, world.places, strict=self.engine.strict)
            except KlarteckenError as alone:
                return Refusal(name, text, str(alone))
        return Refusal(", ".join(cells), ", ".join(cells.values()), str(err))


def ordered(columns: Sequence[str]) -> tuple[str, ...]:
    """Columns in the order in which a single question is read."""
    first = [name for name in FIRST if name in columns]
    return (*first, *(name for name in columns if name not in FIRST))


def day_texts(array: pa.Array) -> list[str | None]:
    """The cells of a ``ship_date`` column as text, also days that no calendar has."""
    if pa.types.is_dictionary(array.type):
        found: list[str | None] = array.to_pylist()
        return found
    return [None if day is None else _day_text(day) for day in array.cast(pa.int32()).to_pylist()]


def _day_text(day: int) -> str:
    if 1 - EPOCH <= day <= LAST:
        return date.fromordinal(day + EPOCH).isoformat()
    return f"1970-01-01 {day:+} days"


class Days:
    """Reads the day of shipment.

    Args:
        first: the first day that the law is encoded for.
        on: the day of lines that have none.
    """

    def __init__(self, first: date, on: date | None) -> None:
        self._first, self._on = first, on
        self._known: dict[str | None, int | Refusal] = {}

    def codes(self, batch: pa.RecordBatch) -> tuple[npt.NDArray[np.int32], Any]:
        """Days since 1970-01-01 (int32), and which lines have none that can be used."""
        first = self._first.toordinal() - EPOCH
        if "ship_date" not in batch.schema.names:
            assert self._on is not None
            days = np.full(batch.num_rows, self._on.toordinal() - EPOCH, np.int32)
        elif pa.types.is_dictionary((array := batch.column("ship_date")).type):
            table = [self._day(text) for text in array.dictionary.to_pylist()]
            days = np.array([*table, self._day(None)], np.int32).take(indices(array))
        else:
            plain = array.cast(pa.int32())
            if plain.null_count:
                plain = pc.fill_null(plain, pa.scalar(self._day(None), pa.int32()))
            days = np.asarray(plain)
        bad = (days < first) | (days > LAST)
        return days, bad if bad.any() else None

    def _day(self, text: str | None) -> int:
        """The day of a text, or one before all days."""
        try:
            if text is None:
                return -(2**31) if self._on is None else self._on.toordinal() - EPOCH
            return read_day(text).toordinal() - EPOCH
        except InputError:
            return -(2**31)

    def refusal(self, text: str | None) -> Refusal | None:
        """Why a day cannot be used, if it cannot."""
        if text is None and self._on is None:
            return Refusal("ship_date", "", "there is no day of shipment")
        try:
            day = self._on if text is None else read_day(text)
        except InputError as err:
            return Refusal("ship_date", text or "", str(err))
        if day is not None and day >= self._first:
            return None
        told = f"{day} is before {self._first}, the first day that the law is encoded for"
        return Refusal("ship_date", text or "", told)
