"""A two-way table of numbers that fills itself where it is looked up.

Dense while it is small; beyond that only the pairs that occur are held, so that a book of
very many distinct entities is slow rather than impossible.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from types import TracebackType

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int32]
DENSE = 1 << 24  # cells: 64 MiB
EMPTY = -1


class Lock:
    """A lock that its holder may take again. A pickle of it is a new one, free to take."""

    def __init__(self) -> None:
        self._lock = RLock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lock.release()

    def __reduce__(self) -> tuple[type[Lock], tuple[()]]:
        return Lock, ()


class Grid:
    """(row, column) -> a number that is zero or more.

    Args:
        fill: works out one number; called once per pair, under the lock.
        lock: shared by all that fill together.
    """

    def __init__(self, fill: Callable[[int, int], int], lock: Lock) -> None:
        self._fill, self._lock = fill, lock
        self._flat: npt.NDArray[np.int32] = np.empty(0, np.int32)
        self._width = 1
        self._sparse: dict[int, int] | None = None

    def look(self, rows: Codes, columns: Codes, size: tuple[int, int]) -> Codes:
        """The numbers of pairs.

        Args:
            rows, columns: int32, of the same length, each below its size.
            size: how many rows and columns there are by now.
        """
        if self._sparse is not None:
            return self._look_sparse(rows, columns)
        flat, width = self._room(size)
        if self._sparse is not None:
            return self._look_sparse(rows, columns)
        places = rows * np.int32(width)  # below 2^31, as the table is dense
        places += columns
        found = flat.take(places)
        if found.size and found.min() < 0:
            self._fill_in(np.unique(places[found < 0]), width)
            return self.look(rows, columns, size)
        return found

    def _fill_in(self, places: Codes, width: int) -> None:
        with self._lock:
            for place in places.tolist():
                row, column = divmod(place, width)
                number = self._fill(row, column)
                # the table may have grown meanwhile (in another thread)
                if self._sparse is not None:
                    self._sparse[row << 32 | column] = number
                else:
                    self._flat[row * self._width + column] = number

    def _room(self, size: tuple[int, int]) -> tuple[npt.NDArray[np.int32], int]:
        """The table and its width, with room for that many rows and columns."""
        with self._lock:
            height, width = size
            if self._flat.size >= height * self._width and width <= self._width:
                return self._flat, self._width
            old = self._flat.reshape(-1, self._width)
            wide = self._width if width <= self._width else max(width, 2 * self._width)
            high = old.shape[0] if height <= old.shape[0] else max(height, 2 * old.shape[0])
            if self._flat.size == 0:
                wide, high = width, height
            if wide * high > DENSE:
                self._thin(old)
                return self._flat, self._width
            new = np.full((high, wide), EMPTY, np.int32)
            new[: old.shape[0], : old.shape[1]] = old
            self._flat, self._width = new.reshape(-1), wide
            return self._flat, self._width

    def _thin(self, old: npt.NDArray[np.int32]) -> None:
        """Go over to holding only the pairs that occur."""
        self._sparse = {
            int(row) << 32 | int(column): int(old[row, column])
            for row, column in zip(*np.nonzero(old >= 0), strict=True)
        }

    def _look_sparse(self, rows: Codes, columns: Codes) -> Codes:
        held = self._sparse
        assert held is not None
        pairs = rows.astype(np.int64) << 32
        pairs |= columns
        distinct, inverse = np.unique(pairs, return_inverse=True)
        numbers = np.empty(distinct.size, np.int32)
        for place, pair in enumerate(distinct.tolist()):
            number = held.get(pair)
            if number is None:
                with self._lock:
                    number = held[pair] = self._fill(pair >> 32, pair & 0xFFFFFFFF)
            numbers[place] = number
        return numbers[inverse]
