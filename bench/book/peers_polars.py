"""The rules in Polars: lazy expressions in layers, nullable booleans."""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("POLARS_MAX_THREADS", "2")  # read when polars is imported

import polars as pl
from data import Array, Lines
from rules import CODES, DECISIONS, FLAGS, LAYERS, NEEDED, NUMBERS

SCHEMA: dict[str, Any] = {
    **dict.fromkeys(NUMBERS, pl.Float64),
    **dict.fromkeys(FLAGS, pl.Boolean),
    **{"destination": pl.UInt8, "exporter": pl.UInt8, "day": pl.Int32},
}


def prepare(lines: Lines) -> pl.DataFrame:
    """The wide lines as a frame (not timed)."""
    wide = lines.wide
    return pl.DataFrame({name: wide[name] for name in (*NUMBERS, *FLAGS, *CODES)})


def steps(frame: pl.LazyFrame) -> pl.LazyFrame:
    """The frame with a column for every step."""
    for layer in LAYERS:
        frame = frame.with_columns(**{name: step(pl.col) for name, step in layer.items()})
    return frame


def query(frame: pl.DataFrame) -> pl.LazyFrame:
    """The code of each line; all facts are known, so the first step that holds decides."""
    code = pl.lit(0, dtype=pl.UInt8)
    for name, number in reversed(DECISIONS):
        code = pl.when(pl.col(name)).then(pl.lit(number, dtype=pl.UInt8)).otherwise(code)
    return steps(frame.lazy()).select(code.alias("code"))


def run(frame: pl.DataFrame) -> Array:
    """The code of each line, by the streaming engine."""
    return query(frame).collect(engine="streaming")["code"].to_numpy()


def run_in_memory(frame: pl.DataFrame) -> Array:
    """The code of each line, by the engine that holds whole columns."""
    return query(frame).collect(engine="in-memory")["code"].to_numpy()


def unknown(rows: list[dict[str, Any]]) -> list[tuple[bool | None, int | None]]:
    """(is a licence needed, code) where facts may be null; null where it cannot tell.

    Plain ``when`` takes a null condition as false; here each code stands only where every
    stricter step is known not to hold.
    """
    code = pl.lit(None, dtype=pl.UInt8)
    before = pl.lit(True)
    for name, number in DECISIONS:
        here = before & pl.col(name)
        code = pl.when(here).then(pl.lit(number, dtype=pl.UInt8)).otherwise(code)
        before = before & ~pl.col(name)
    code = pl.when(before).then(pl.lit(0, dtype=pl.UInt8)).otherwise(code)
    frame = steps(pl.DataFrame(rows, schema=SCHEMA).lazy())
    found = frame.select(NEEDED(pl.col).alias("needed"), code.alias("code")).collect()
    return list(zip(found["needed"].to_list(), found["code"].to_list(), strict=True))
