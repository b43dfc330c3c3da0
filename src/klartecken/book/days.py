"""The day of shipment of each line."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from klartecken.book.cells import Refusal, indices
from klartecken.book.key.engine import EPOCH
from klartecken.decide.ask import read_day
from klartecken.errors import InputError

LAST = date.max.toordinal() - EPOCH  # a date column can hold days that no calendar has


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
