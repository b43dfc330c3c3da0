"""The rules in DuckDB: one SQL query in layers over a native table in memory."""

from __future__ import annotations

from typing import Any

import duckdb
from data import Array, Lines
from rules import CODES, DECISIONS, FLAGS, LAYERS, NEEDED, NUMBERS, Text

TYPES = {
    **dict.fromkeys(NUMBERS, "DOUBLE"),
    **dict.fromkeys(FLAGS, "BOOLEAN"),
    **{"destination": "UTINYINT", "exporter": "UTINYINT", "day": "INTEGER"},
}


def connect() -> duckdb.DuckDBPyConnection:
    """A database in memory with two threads."""
    found = duckdb.connect(":memory:")
    found.execute("SET threads = 2")
    return found


def prepare(lines: Lines) -> duckdb.DuckDBPyConnection:
    """A native table of the wide lines (not timed)."""
    wide = {name: lines.wide[name] for name in (*NUMBERS, *FLAGS, *CODES)}
    base = connect()
    base.register("given", wide)
    columns = ", ".join(f"{name}::{TYPES[name]} AS {name}" for name in wide)
    base.execute(f"CREATE TABLE lines AS SELECT {columns} FROM given")
    base.unregister("given")
    return base


def steps() -> str:
    """The query that gives every step a column."""
    query = "SELECT * FROM lines"
    for layer in LAYERS:
        columns = ", ".join(f"{step(Text).text} AS {name}" for name, step in layer.items())
        query = f"SELECT *, {columns} FROM ({query})"
    return query


def run(base: duckdb.DuckDBPyConnection) -> Array:
    """The code of each line; all facts are known, so the first step that holds decides."""
    cases = " ".join(f"WHEN {name} THEN {number}" for name, number in DECISIONS)
    query = f"SELECT (CASE {cases} ELSE 0 END)::UTINYINT AS code FROM ({steps()})"
    found: Array = base.execute(query).fetchnumpy()["code"]
    return found


def unknown(rows: list[dict[str, Any]]) -> list[tuple[bool | None, int | None]]:
    """(is a licence needed, code) where facts may be NULL; NULL where it cannot tell.

    Plain ``CASE WHEN`` takes a NULL condition as false; here each code stands only where
    every stricter step is known not to hold.
    """
    base = connect()
    base.execute(f"CREATE TABLE lines ({', '.join(f'{n} {t}' for n, t in TYPES.items())})")
    for row in rows:
        marks = ", ".join("?" for _ in TYPES)
        base.execute(f"INSERT INTO lines VALUES ({marks})", [row[name] for name in TYPES])
    cases, before = [], "true"
    for name, number in DECISIONS:
        cases.append(f"WHEN {before} AND {name} THEN {number}")
        before += f" AND NOT {name}"
    cases.append(f"WHEN {before} THEN 0")
    need = NEEDED(Text).text
    query = f"SELECT {need}, CASE {' '.join(cases)} END FROM ({steps()})"
    return [(row[0], row[1]) for row in base.execute(query).fetchall()]
