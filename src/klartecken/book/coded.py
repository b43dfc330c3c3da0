"""Lines as codes, and lines with their answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from klartecken.book.amounts import Units
from klartecken.book.key.grid import Codes
from klartecken.book.table.sinks import Reject
from klartecken.book.totals import Totals


@dataclass(frozen=True, slots=True)
class Coded:
    """Some lines as codes.

    Attributes:
        first, lines, batch, places, days, rejects, rejected: as of :class:`Answered`.
        codes: for each block of the engine.
        currencies: an index into ``Job.currencies``.
        units, money, priced: quantity, value in ten-thousandths, and whether both are given.
    """

    first: int
    lines: int
    batch: pa.RecordBatch
    places: npt.NDArray[np.intp] | None
    days: npt.NDArray[np.int32]
    codes: list[Codes]
    currencies: Codes
    units: Units
    money: Units
    priced: npt.NDArray[np.bool_]
    rejects: tuple[Reject, ...]
    rejected: int


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of some lines.

    Attributes:
        first: number of the first of the lines that came in (from 1).
        lines: how many came in.
        batch: those that were answered.
        places: where they stood among those that came in, or None for all of them.
        days: their days, in days since 1970-01-01.
        numbers: the number of the verdict of each.
        totals: by number of verdict.
        rejects: one row for each cell that cannot be read.
        rejected: lines with a reject.
    """

    first: int
    lines: int
    batch: pa.RecordBatch
    places: npt.NDArray[np.intp] | None
    days: npt.NDArray[np.int32]
    numbers: Codes
    totals: Totals
    rejects: tuple[Reject, ...]
    rejected: int


def left(
    batch: pa.RecordBatch, parts: Sequence[Coded]
) -> tuple[npt.NDArray[np.intp] | None, pa.RecordBatch]:
    """The places of the lines that can be read (None: all of them), and those lines."""
    if all(part.places is None for part in parts):
        return None, batch
    first = parts[0].first
    held = (np.arange(p.lines) if p.places is None else p.places for p in parts)
    moved = [mine + (p.first - first) for mine, p in zip(held, parts, strict=True)]
    places = np.concatenate(moved)
    return places, batch.take(pa.array(places))


def together(batch: pa.RecordBatch, parts: Sequence[Coded]) -> Coded:
    """The parts of a batch as one."""
    places, batch = left(batch, parts)
    return Coded(
        parts[0].first, sum(part.lines for part in parts), batch, places,
        np.concatenate([part.days for part in parts]),
        [np.concatenate(codes) for codes in zip(*(p.codes for p in parts), strict=True)],
        np.concatenate([part.currencies for part in parts]),
        np.concatenate([part.units for part in parts]),
        np.concatenate([part.money for part in parts]),
        np.concatenate([part.priced for part in parts]),
        tuple(reject for part in parts for reject in part.rejects),
        sum(part.rejected for part in parts),
    )  # fmt: skip
