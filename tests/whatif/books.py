"""Small random books, and what every line of them is answered one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

import klartecken as kt
from klartecken.book.totals import Total
from klartecken.decide.verdict import Verdict, read

WORLD = kt.shipped_world()
ITEMS = [
    "nvidia-h20", "nvidia-h100-sxm", "nvidia-a800-sxm-80gb", "nvidia-l20", "nvidia-rtx-4090",
    "nvidia-b200", "aws-trainium-3", "amd-mi308x", "nvidia-l40s", "nvidia-hgx-h20", "own chip",
]  # fmt: skip
PLACES = ["CN", "IN", "DE", "SG", "AE", "US", "VN", "MO"]
EXPORTERS = ["NVIDIA", "AMD", "Example Distribution", "TSMC", None]
DAYS = [
    "2022-10-21", "2023-11-17", "2024-12-31", "2025-04-08", "2025-04-09", "2025-05-14",
    "2025-05-15", "2026-01-14", "2026-01-15", "2026-03-02", "2026-08-01", "2027-04-07",
]  # fmt: skip
COLUMNS = (
    "item", "destination", "ship_date", "ship_from", "exporter", "consignee_hq", "listed", "tpp",
    "applicable_die_area", "memory_bandwidth", "datacenter", "dd_conditions", "quantity",
    "unit_price", "currency",
)  # fmt: skip
Row = dict[str, Any]


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    """A few order lines; anything but item, destination and day may be left out."""
    return [draw(_row()) for _ in range(draw(st.integers(1, 9)))]


@st.composite
def _row(draw: st.DrawFn) -> Row:
    def one(*options: Any) -> Any:
        return draw(st.sampled_from(options))

    item = one(*ITEMS)
    own = item == "own chip"
    return {
        "item": item, "destination": one(*PLACES), "ship_date": one(*DAYS),
        "ship_from": one("US", "TW", None), "exporter": one(*EXPORTERS),
        "consignee_hq": one("CN", "US", "DE", None), "listed": one("none", "none", None),
        "tpp": one("2399", "2400", "4799..4801", "25000", "39999.999", None) if own else None,
        "applicable_die_area": one("500", "800", None) if own else None,
        "memory_bandwidth": one("1399", "1400", "4900", None) if own else None,
        "datacenter": one("yes", "no", None) if own else None,
        "dd_conditions": one("yes", None), "quantity": draw(st.integers(0, 10**9)),
        "unit_price": one("0.0001", "10000", "2500.50", None), "currency": one("USD", "EUR"),
    }  # fmt: skip


def table(lines: Iterable[Row]) -> pa.Table:
    """The lines as a table of text and quantities."""
    held = list(lines)
    kinds = {name: pa.int64() if name == "quantity" else pa.string() for name in COLUMNS}
    return pa.table({n: pa.array([r[n] for r in held], kind) for n, kind in kinds.items()})


def verdict(row: Row, world: kt.World, on: str | None = None) -> Verdict:
    """The answer to one line, by the function for single cases."""
    facts = {
        name: row[name]
        for name in ("tpp", "applicable_die_area", "memory_bandwidth", "datacenter")
        if row[name] is not None
    }
    if row["dd_conditions"]:
        bundle = WORLD.law.vocabulary.bundles["dd_conditions"]
        facts |= dict.fromkeys(bundle, row["dd_conditions"])
    answer = kt.check(
        row["item"], to=row["destination"], on=on or row["ship_date"], world=world, facts=facts,
        ship_from=row["ship_from"], exporter=row["exporter"], hq=row["consignee_hq"],
        listed=row["listed"] or (),
    )  # fmt: skip
    return read(answer.run.findings, world.law.vocabulary)


def total(lines: Iterable[Row]) -> dict[str, Total]:
    """Totals by currency, added up line by line in exact numbers."""
    found: dict[str, Total] = defaultdict(Total)
    for row in lines:
        price = row["unit_price"]
        money = 0 if price is None else int(row["quantity"] * Decimal(price) * 10_000)
        found[row["currency"]].add(Total(1, row["quantity"], int(price is not None), money))
    return dict(found)


def moves(comparison: Any) -> Mapping[tuple[Verdict, Verdict], dict[str, Total]]:
    """A comparison's moves, by the answers before and after."""
    found = {(move.before, move.after): move.totals for move in comparison.moves}
    assert len(found) == len(comparison.moves)
    return found


def expected(
    lines: Iterable[Row], before: kt.World, after: kt.World, days: tuple[str | None, ...] = (None,)
) -> Mapping[tuple[Verdict, Verdict], dict[str, Total]]:
    """The moves that single answers give."""
    held: dict[tuple[Verdict, Verdict], list[Row]] = defaultdict(list)
    for row in lines:
        pair = (verdict(row, before, days[0]), verdict(row, after, days[-1]))
        if pair[0] != pair[1]:
            held[pair].append(row)
    return {pair: total(part) for pair, part in held.items()}
