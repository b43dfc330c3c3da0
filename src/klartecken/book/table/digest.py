"""What a book holds, as one SHA-256: of a file's bytes, or of a table's lines."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_Array = Any


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, as hexadecimal text."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class TableDigest:
    """SHA-256 of canonical batches, whatever the chunks and the dictionaries are.

    Distinct texts are numbered in the order in which they appear; what is hashed of a column
    is the number on each line (int32; -1 for null) and the list of texts. Other types are
    hashed as their values and the line numbers of their nulls. Two tables with the same
    canonical columns, types and lines have the same digest, and only they.
    """

    def __init__(self, schema: pa.Schema) -> None:
        self._columns = {field.name: _column(field.type) for field in schema}
        self._schema, self._rows = schema, 0

    def update(self, batch: pa.RecordBatch) -> None:
        """Take in the next batch (all columns of the schema, in order)."""
        for name, array in zip(self._schema.names, batch.columns, strict=True):
            self._columns[name].update(array, self._rows)
        self._rows += batch.num_rows

    def hexdigest(self) -> str:
        """The digest of what was taken in so far."""
        held = [
            [field.name, str(field.type), self._columns[field.name].hexdigest()]
            for field in sorted(self._schema, key=lambda field: str(field.name))
        ]
        text = json.dumps({"rows": self._rows, "columns": held}, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


class _Texts:
    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._rows = hashlib.sha256()

    def update(self, array: _Array, _: int) -> None:
        distinct = pc.drop_null(pc.unique(array.indices))
        places = np.asarray(distinct)
        texts = array.dictionary.take(distinct).to_pylist()
        numbers = np.full(len(array.dictionary) + 1, -1, dtype="<i4")
        for place, text in zip(places, texts, strict=True):
            numbers[place] = self._numbers.setdefault(text, len(self._numbers))
        rows = pc.fill_null(array.indices, len(array.dictionary))
        self._rows.update(numbers[np.asarray(rows)].tobytes())

    def hexdigest(self) -> str:
        texts = json.dumps(list(self._numbers), ensure_ascii=False)
        return hashlib.sha256(self._rows.digest() + texts.encode()).hexdigest()


class _Plain:
    """Values of a fixed width, or strings."""

    def __init__(self, kind: pa.DataType) -> None:
        self._kind = kind
        self._values, self._sizes, self._nulls = (hashlib.sha256() for _ in range(3))

    def update(self, array: _Array, first: int) -> None:
        if array.null_count:
            nulls = np.flatnonzero(np.asarray(array.is_null())) + first
            self._nulls.update(nulls.astype("<i8").tobytes())
            array = array.drop_null()
        if pa.types.is_string(self._kind):
            sizes = np.asarray(pc.binary_length(array), dtype="<i4")
            self._sizes.update(sizes.tobytes())
        self._values.update(_bytes(array))

    def hexdigest(self) -> str:
        parts = (self._values, self._sizes, self._nulls)
        return hashlib.sha256(b"".join(part.digest() for part in parts)).hexdigest()


def _bytes(array: _Array) -> memoryview | bytes:
    """The bytes of the values of an array without nulls, and of nothing else."""
    buffers = array.buffers()
    if not len(array) or buffers[-1] is None:
        return b""
    if pa.types.is_string(array.type):
        offsets = np.frombuffer(buffers[1], dtype=np.int32)
        start, end = offsets[array.offset], offsets[array.offset + len(array)]
        return memoryview(buffers[2])[start:end] if end > start else b""
    width = array.type.bit_width // 8
    return memoryview(buffers[1])[array.offset * width : (array.offset + len(array)) * width]


def _column(kind: pa.DataType) -> _Texts | _Plain:
    return _Texts() if pa.types.is_dictionary(kind) else _Plain(kind)
