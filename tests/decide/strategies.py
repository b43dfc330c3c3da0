"""Random cases under the real law, with figures on, just below and just above its lines."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

import klartecken as kt

WORLD = kt.shipped_world()
VOCABULARY = WORLD.law.vocabulary
PLACES = ["CN", "HK", "MO", "VN", "AE", "IN", "DE", "SG", "IL", "CY", "KH", "NI", "RU", "US", "AQ"]
DAYS = st.sampled_from([
    "2022-09-15", "2022-10-21", "2023-01-17", "2023-10-25", "2023-11-16", "2023-11-17",
    "2024-04-04", "2024-12-15", "2025-01-16", "2025-02-01", "2025-04-09", "2025-05-13",
    "2025-10-15", "2025-11-10", "2026-01-15", "2026-07-09", "2026-07-10", "2026-11-22",
    "2027-04-07", "2029-01-01",
])  # fmt: skip
LINES = {
    "tpp": [1600, 2400, 4800, 4992, 21000], "applicable_die_area": [300, 500, 814],
    "io_bandwidth": [150, 600, 1100], "memory_bandwidth": [1400, 6500, 800],
    "memory_bandwidth_density": [2, 3.3], "tops": [8], "process_node": [7, 16],
    "transistor_count": [30, 35, 40], "nac_notice_days": [25],
    "cluster_fp64_pflops": [100], "cluster_fp32_pflops": [200], "lpp_year_tpp": [26_900_000],
}  # fmt: skip


def number(name: str) -> st.SearchStrategy[str]:
    lines = LINES.get(name, [100])
    steps = [Fraction(0), Fraction(1, 1000), Fraction(-1, 1000), Fraction(300), Fraction(-100)]
    return st.builds(
        lambda line, step: str(float(max(Fraction(str(line)) + step, Fraction(1)))),
        st.sampled_from(lines), st.sampled_from(steps),
    )  # fmt: skip


def value(name: str) -> st.SearchStrategy[str]:
    spec = VOCABULARY.facts[name]
    if name in ("chip", "family"):
        return st.sampled_from(["H20", "A100", "MI308", "Ascend 910B", "own"])
    if name == "exporter":
        return st.sampled_from(["NVIDIA", "AMD", "Intel", "TSMC", "Acme"])
    if spec.kind == "place":
        return st.sampled_from(PLACES)
    if spec.kind == "flag":
        return st.sampled_from(["yes", "no"])
    if spec.kind == "number":
        return number(name)
    return st.sampled_from(list(spec.options))


OFTEN = [
    "tpp", "applicable_die_area", "datacenter", "memory_bandwidth", "io_bandwidth", "tops",
    "exporter", "consignee_hq", "parent_hq", "ship_from", "activity", "end_use", "base_eccn",
    "family", "item_kind",
]  # fmt: skip
ALL = sorted(set(VOCABULARY.facts) - {"performance_density", "destination"})


@st.composite
def questions(draw: st.DrawFn) -> dict[str, object]:
    """Keyword arguments for ``check``: any subset of the facts may be left out."""
    names = draw(st.sets(st.sampled_from(OFTEN), max_size=12))
    names |= draw(st.sets(st.sampled_from(ALL), max_size=4))
    facts = {name: draw(value(name)) for name in sorted(names)}
    facts.setdefault("item_kind", draw(st.sampled_from(["ic", "ic", "assembly", "hbm"])))
    return {
        "item": "own chip", "to": draw(st.sampled_from(PLACES)), "on": draw(DAYS),
        "facts": facts, "view": draw(st.sampled_from(["practice", "practice", "text"])),
        "strict": draw(st.booleans()),
    }  # fmt: skip
