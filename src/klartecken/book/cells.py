"""Cells of a column: distinct texts by number, and why a cell cannot be read."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from klartecken.book.key.grid import Codes

NOT_GIVEN = 0  # the code of an empty cell
TABLES = 16  # dictionaries that a column remembers


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
    validity, data = found.buffers()
    first, count = found.offset, len(found)
    if data is None or found.type != pa.int32():
        plain = pc.fill_null(found, pa.scalar(len(array.dictionary), found.type))
        return np.asarray(plain.cast(pa.int32()))
    places = np.frombuffer(data, np.int32, first + count)[first:]
    if not found.null_count:
        return places
    byte = first // 8  # the bits of the lines, and at most seven before them
    held = np.frombuffer(validity, np.uint8)[byte : (first + count + 7) // 8]
    given = np.unpackbits(held, bitorder="little")[first - 8 * byte :][:count].view(np.bool_)
    return np.where(given, places, np.int32(len(array.dictionary)))
