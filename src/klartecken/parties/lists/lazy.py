"""The entries of a stored snapshot: a sequence that reads a line when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

from klartecken.parties.lists.codec import from_line, id_of_line
from klartecken.parties.lists.entry import Entry


class LazyEntries(Sequence[Entry]):
    """Entries over the bytes of entries.jsonl, sorted by id; an entry once read is kept."""

    def __init__(self, data: bytes) -> None:
        self._lines = data.split(b"\n")
        if self._lines and not self._lines[-1]:
            self._lines.pop()
        self._read: dict[int, Entry] = {}

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, index: int) -> Entry: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Entry, ...]: ...

    def __getitem__(self, index: int | slice) -> Entry | tuple[Entry, ...]:
        if isinstance(index, slice):
            return tuple(self[n] for n in range(*index.indices(len(self))))
        if index < 0:
            index += len(self)
        found = self._read.get(index)
        if found is None:
            if not 0 <= index < len(self._lines):
                raise IndexError(index)
            found = self._read[index] = from_line(self._lines[index])
        return found

    def __iter__(self) -> Iterator[Entry]:
        return (self[index] for index in range(len(self._lines)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (LazyEntries, tuple, list)):
            return NotImplemented
        return len(self) == len(other) and all(
            mine == theirs for mine, theirs in zip(self, other, strict=True)
        )

    def __hash__(self) -> int:
        return hash(tuple(self))

    def find(self, name: str) -> Entry | None:
        """The entry of that id, or None; reads one line."""
        low, high = 0, len(self._lines)
        while low < high:
            middle = (low + high) // 2
            if id_of_line(self._lines[middle]) < name:
                low = middle + 1
            else:
                high = middle
        if low < len(self._lines) and id_of_line(self._lines[low]) == name:
            return self[low]
        return None
