"""From the cells of a line to the codes of its blocks, each distinct text read once.

What a single question does with a name, a place or a range (``decide.case.read_part``) is
done here for every distinct combination of cells that a block has; lines only look it up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
import pyarrow as pa

from klartecken.book.cells import Column, Refusal, indices
from klartecken.book.key.blocks import ITEM
from klartecken.book.key.engine import Engine
from klartecken.book.key.grid import Codes, Grid
from klartecken.decide.ask import as_item, describes, own_item
from klartecken.decide.case import read_part
from klartecken.errors import KlarteckenError, UnknownName
from klartecken.facts.items import Item
from klartecken.logic.values import Fact, choose

Texts = tuple[str | None, ...]
# how a single question takes them: a role that follows from the exporter can be overruled
FIRST = ("destination", "ship_from", "activity", "exporter", "consignee_hq", "parent_hq",
         "end_use", "listed")  # fmt: skip


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
        self._kept: tuple[Codes, Codes] | None = None
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
        if len(arrays) == 1:
            return self._of_dictionary(tables[0]).take(indices(arrays[0]))
        each = [table.take(indices(a)) for table, a in zip(tables, arrays, strict=True)]
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

    def _of_dictionary(self, table: Codes) -> Codes:
        """The number of the signature of each text of a dictionary (kept for the next part)."""
        held = self._kept
        if held is None or held[0] is not table:
            held = self._kept = table, self._by_text().take(table)
        return held[1]

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
