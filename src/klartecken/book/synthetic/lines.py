"""A made-up order book of any size, for demonstrations, tests and benchmarks.

It is synthetic and says so in its schema. The items and places are real; the mix is invented to
look like trade; prices are round invented numbers, and no party is meant. Line ``n`` depends
on the seed and on ``n`` alone: each block of 50,000 lines has its own random stream (PCG64,
seeded with seed and block), so neither the batch size nor the number of lines changes a line.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from statistics import NormalDist
from typing import Any

import numpy as np
import pyarrow as pa

from klartecken.book.synthetic.mix import (
    ACTIVITIES,
    CURRENCIES,
    DD,
    END_USES,
    FOREIGN_HQ,
    LISTED,
    NOTICE,
    PARENTS,
    SHIP_FROM,
    destinations,
    exporters,
    items,
    movement,
    prices,
)
from klartecken.book.table.canonical import TEXT
from klartecken.errors import InputError

BLOCK = 50_000  # lines with one random stream
DAYS = (date(2022, 9, 1), date(2026, 11, 20))
NOTE = b"synthetic order book: invented lines, prices and parties; not anybody's trade"
_FINE = 1 << 16  # steps of a weighted draw
_COARSE = 1 << 8  # steps of a draw that depends on another column
_Array = Any
_TEXTS = (
    "item", "currency", "destination", "ship_from", "activity", "exporter", "consignee_hq",
    "parent_hq", "end_use", "listed", "nac_notice_days", "dd_conditions",
)  # fmt: skip
_DRAWS = (*_TEXTS, "quantity", "rebate", "ship_date")


def schema() -> pa.Schema:
    """The columns of a made-up book, marked as synthetic in the metadata."""
    kinds: dict[str, pa.DataType] = dict.fromkeys(_TEXTS, TEXT)
    kinds |= {
        "line_id": pa.string(), "quantity": pa.int64(), "unit_price": pa.float64(),
        "ship_date": pa.date32(),
    }  # fmt: skip
    order = (
        "line_id", "item", "quantity", "unit_price", "currency", "destination", "ship_date",
        *(name for name in _TEXTS if name not in ("item", "currency", "destination")),
    )  # fmt: skip
    return pa.schema([(name, kinds[name]) for name in order], metadata={b"klartecken": NOTE})


def synth(
    rows: int, seed: int = 0, *, days: tuple[date, date] = DAYS, batch: int = 1_000_000
) -> Iterator[pa.RecordBatch]:
    """A made-up order book.

    Args:
        rows: number of lines.
        seed: another seed, another book.
        days: first and last day of shipment, both inclusive.
        batch: lines of a batch, at most.

    Raises:
        InputError: a negative number of lines or seed, no room for a line in a batch, or days
            in the wrong order.
    """
    first, last = days
    if rows < 0 or rows >= 10**10 or seed < 0 or batch < 1 or last < first:
        raise InputError(
            "needs 0 to 9,999,999,999 rows, a seed from 0, a batch of 1 or more, and days in order",
            where="synthetic book",
        )
    return _batches(rows, seed, (first.toordinal() - _EPOCH, (last - first).days + 1), batch)


_EPOCH = date(1970, 1, 1).toordinal()


def _batches(rows: int, seed: int, span: tuple[int, int], size: int) -> Iterator[pa.RecordBatch]:
    tables = _tables()
    for start in range(0, rows, size):
        end = min(start + size, rows)
        yield _batch(tables, seed, span, start, end)


def _batch(
    tables: _Tables, seed: int, span: tuple[int, int], start: int, end: int
) -> pa.RecordBatch:
    """Lines ``start`` to ``end`` (from 0, half open)."""
    columns = {name: np.empty(end - start, dtype=np.int32) for name in _TEXTS}
    columns["quantity"] = np.empty(end - start, dtype=np.int64)
    columns["unit_price"] = np.empty(end - start, dtype=np.float64)
    columns["ship_date"] = np.empty(end - start, dtype=np.int32)
    for block in range(start // BLOCK, -(-end // BLOCK)):
        low, high = max(start, block * BLOCK), min(end, (block + 1) * BLOCK)
        inside = slice(low - block * BLOCK, high - block * BLOCK)
        made = _block(tables, seed, block, span, inside)
        for name, values in made.items():
            columns[name][low - start : high - start] = values
    arrays = {name: _dictionary(columns[name], tables.texts[name]) for name in _TEXTS}
    arrays["line_id"] = _line_ids(start, end)
    arrays["ship_date"] = pa.array(columns["ship_date"]).view(pa.date32())
    arrays["quantity"] = pa.array(columns["quantity"])
    arrays["unit_price"] = pa.array(columns["unit_price"])
    form = schema()
    return pa.RecordBatch.from_arrays([arrays[name] for name in form.names], schema=form)


def _block(
    tables: _Tables, seed: int, block: int, span: tuple[int, int], inside: slice
) -> dict[str, _Array]:
    stream = np.random.PCG64(np.random.SeedSequence((seed, block)))
    raw = stream.random_raw(len(_DRAWS) * BLOCK // 4).astype("<u8", copy=False).view("<u2")
    drawn = {name: part[inside] for name, part in zip(_DRAWS, raw.reshape(-1, BLOCK), strict=True)}
    found = {name: table[drawn[name]] for name, table in tables.plain.items()}
    coarse = {name: drawn[name] >> 8 for name in ("exporter", "consignee_hq")}
    found["exporter"] = tables.exporter[found["item"] * _COARSE + coarse["exporter"]]
    found["consignee_hq"] = tables.hq[found["destination"] * _COARSE + coarse["consignee_hq"]]
    stated = np.flatnonzero(found["activity"] >= 0)  # a movement must fit its two ends
    ends = found["ship_from"][stated], found["destination"][stated]
    found["activity"][stated] = tables.movement[ends]
    found["quantity"] = tables.quantity[drawn["quantity"]]
    # whole per cents of a round list price, in cents: exact to two decimals
    cents = tables.price[found["item"]] * (100 - (drawn["rebate"] & 15).astype(np.int64))
    found["unit_price"] = cents / 100
    first, days = span
    found["ship_date"] = (drawn["ship_date"].astype(np.int64) * days >> 16) + first
    return found


def _dictionary(places: _Array, texts: pa.Array) -> _Array:
    held = pa.array(places, mask=places < 0) if places.min(initial=0) < 0 else pa.array(places)
    return pa.DictionaryArray.from_arrays(held, texts)


def _line_ids(start: int, end: int) -> _Array:
    """``L0000000001`` and so on: the digits are written straight into Arrow's buffers."""
    text = np.empty((end - start, 11), dtype=np.uint8)
    text[:, 0] = ord("L")
    at, digits = start + 1, _digits()
    while at <= end:  # as far as the first five digits stay the same
        high, low = divmod(at, len(digits))
        stop = min(end + 1, (high + 1) * len(digits))
        part = text[at - start - 1 : stop - start - 1]
        part[:, 1:6], part[:, 6:] = digits[high], digits[low : low + stop - at]
        at = stop
    offsets = np.arange(0, 11 * (end - start) + 1, 11, dtype=np.int32)
    return pa.StringArray.from_buffers(end - start, pa.py_buffer(offsets), pa.py_buffer(text))


@cache
def _digits() -> _Array:
    return np.frombuffer(b"".join(b"%05d" % n for n in range(100_000)), np.uint8).reshape(-1, 5)


@dataclass(frozen=True)
class _Tables:
    """Random 16 bits -> value. Texts are numbered; -1 is null."""

    texts: Mapping[str, pa.Array]
    plain: Mapping[str, _Array]
    exporter: _Array
    hq: _Array
    movement: _Array
    quantity: _Array
    price: _Array


@cache
def _tables() -> _Tables:
    held: dict[str, Mapping[str | None, float]] = {
        "item": items(), "currency": CURRENCIES, "destination": destinations(),
        "ship_from": SHIP_FROM, "activity": ACTIVITIES, "parent_hq": PARENTS,
        "end_use": END_USES, "listed": LISTED, "nac_notice_days": NOTICE, "dd_conditions": DD,
    }  # fmt: skip
    texts = {name: _named(weights) for name, weights in held.items()}
    plain = {name: _spread(weights, texts[name], _FINE) for name, weights in held.items()}
    ships = [exporters(name) for name in texts["item"]]
    texts["exporter"] = _named({name: 1 for weights in ships for name in weights})
    seats = [_seats(place) for place in texts["destination"]]
    texts["consignee_hq"] = _named({name: 1 for weights in seats for name in weights})
    ways = [*texts["ship_from"], None]  # the last row is also that of number -1
    return _Tables(
        {name: pa.array(found, pa.string()) for name, found in texts.items()},
        plain,
        np.concatenate([_spread(w, texts["exporter"], _COARSE) for w in ships]),
        np.concatenate([_spread(w, texts["consignee_hq"], _COARSE) for w in seats]),
        np.array(
            [
                [texts["activity"].index(movement(start, end)) for end in texts["destination"]]
                for start in ways
            ],
            dtype=np.int32,
        ),
        _quantities(),
        np.array([prices(name) for name in texts["item"]], dtype=np.int64),
    )


def _seats(place: str) -> Mapping[str | None, float]:
    """Headquarters of a consignee at a destination: one in twenty is not known."""
    usual: dict[str | None, float] = {"US": 0.03, "CN": 0.01}
    foreign = {code: part for code, part in FOREIGN_HQ.get(place, usual).items() if code != place}
    return {place: 0.95 - sum(foreign.values()), **foreign, None: 0.05}


def _named(weights: Mapping[str | None, float]) -> list[str]:
    return list(dict.fromkeys(name for name in weights if name is not None))


def _spread(weights: Mapping[str | None, float], texts: Sequence[str], steps: int) -> _Array:
    """A table of ``steps`` numbers, each as often as its weight says."""
    ends = np.cumsum(np.array(list(weights.values()), dtype=np.float64))
    bounds = np.rint(ends / ends[-1] * steps).astype(np.int64)
    where = {name: place for place, name in enumerate(texts)}
    numbers = [-1 if name is None else where[name] for name in weights]
    return np.repeat(np.array(numbers, dtype=np.int32), np.diff(bounds, prepend=0))


def _quantities() -> _Array:
    """Lognormal, median 40, from 1 to 10,000."""
    normal = NormalDist(math.log(40), 1.6)
    found = (math.exp(normal.inv_cdf((n + 0.5) / _FINE)) for n in range(_FINE))
    return np.array([min(max(round(value), 1), 10_000) for value in found], dtype=np.int64)
