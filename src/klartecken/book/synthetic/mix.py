"""What the made-up order book is mixed from. Every number here is invented."""

from __future__ import annotations

from collections.abc import Mapping

from klartecken.facts.chips import Chip, load_catalogue
from klartecken.facts.places import load_places

Weights = Mapping[str | None, float]

_TRADE: dict[str | None, float] = {
    "US": 200, "TW": 120, "CN": 110, "HK": 50, "SG": 75, "MY": 60, "AE": 25, "DE": 40, "JP": 45,
    "KR": 40, "IN": 40, "GB": 25, "NL": 25, "FR": 18, "CA": 18, "MX": 30, "IL": 14, "SA": 14,
    "TH": 14, "VN": 14, "ID": 9, "SE": 9, "IE": 9, "PL": 7, "AU": 12, "BR": 9, "TR": 6, "CH": 6,
    "IT": 9, "ES": 7, "QA": 3, "KZ": 1.5, "MO": 1.5,
}  # fmt: skip
#: Shares of consignees with a seat elsewhere.
FOREIGN_HQ: dict[str, dict[str | None, float]] = {
    "SG": {"CN": 0.15, "US": 0.25, "TW": 0.02}, "MY": {"CN": 0.15, "US": 0.2, "SG": 0.08},
    "AE": {"CN": 0.05, "US": 0.12}, "HK": {"CN": 0.45, "US": 0.04}, "TW": {"US": 0.2, "CN": 0.01},
    "CN": {"US": 0.05, "TW": 0.02}, "TH": {"CN": 0.12, "US": 0.05}, "VN": {"CN": 0.1, "KR": 0.06},
    "ID": {"CN": 0.12}, "JP": {"US": 0.06, "CN": 0.02}, "MX": {"US": 0.4, "TW": 0.2},
}  # fmt: skip
CURRENCIES: Weights = {"USD": 0.94, "EUR": 0.06}
SHIP_FROM: Weights = {
    "US": 0.3, "TW": 0.3, "MX": 0.1, "SG": 0.08, "MY": 0.07, "NL": 0.05, None: 0.1
}  # fmt: skip
ACTIVITIES: Weights = {None: 0.93, "export": 0.04, "reexport": 0.028, "transfer": 0.002}
PARENTS: Weights = {
    None: 0.93, "US": 0.03, "CN": 0.012, "TW": 0.008, "JP": 0.005, "DE": 0.005, "unknown": 0.01
}  # fmt: skip
END_USES: Weights = {
    None: 0.7, "commercial": 0.285, "supercomputer": 0.005, "military": 0.001, "unknown": 0.009
}  # fmt: skip
LISTED: Weights = {
    "none": 0.9, None: 0.08, "entity_list": 0.004, "uvl": 0.003, "affiliate": 0.002,
    "unknown": 0.011,
}  # fmt: skip
NOTICE: Weights = {None: 0.97, "10": 0.005, "25": 0.015, "30": 0.01}
DD: Weights = {None: 0.985, "yes": 0.012, "no": 0.003}

_CHINESE = "CN"
_SOUGHT = {
    "H20": 12, "A800": 6, "H800": 6, "A100": 8, "H100": 16, "H200": 14, "B200": 14, "B300": 8,
    "GB200": 8, "GB300": 6, "L20": 6, "L2": 3, "L4": 8, "L40S": 10, "MI300X": 8, "MI308": 4,
    "Gaudi": 2, "Ascend 910B": 2, "Ascend 910C": 2, "RTX 4090": 18, "RTX 4090 D": 8,
    "RTX 5090": 18, "RTX 5090 D": 8,
}  # fmt: skip
_DISTRIBUTORS = tuple(
    f"Example Distribution {place}" for place in ("Americas", "Asia", "Europe", "Gulf")
)
_MAKERS = {"Nvidia": "NVIDIA", "AMD": "AMD", "Intel": "Intel"}


def items() -> Weights:
    """Every chip and server of the catalogue, with an invented weight."""
    held = load_catalogue()
    found: dict[str | None, float] = {chip.id: _sought(chip) for chip in held}
    found |= dict.fromkeys(held.servers, 3.0)
    return found


def _sought(chip: Chip) -> float:
    if chip.family in _SOUGHT:
        return float(_SOUGHT[chip.family])
    if chip.vendor in _MAKERS:
        return 3.0 if chip.datacenter == "yes" else 7.0
    return 0.4 if chip.designer_hq == _CHINESE else 0.7


def destinations() -> Weights:
    """The trade, and every other place now and then."""
    return {**_TRADE, **{code: 0.12 for code in load_places().places if code not in _TRADE}}


def exporters(item: str) -> Weights:
    """Who ships an item: its maker, the foundry, or a distributor that does not exist."""
    held = load_catalogue()
    server = held.servers.get(item)
    chip = held.chips[server.contains if server else item]
    maker = _MAKERS.get(chip.vendor)
    found: dict[str | None, float] = dict.fromkeys(_DISTRIBUTORS, 0.09 if maker else 0.21)
    if maker:
        found[maker] = 0.58
    return {**found, "TSMC": 0.03, None: 0.02, "unknown": 0.01}


def movement(start: str | None, end: str) -> str:
    """A kind of movement that goes from one place to the other."""
    legal = load_places().legal
    if start is not None and legal(start) == legal(end):
        return "transfer"
    return "export" if start in (None, "US") else "reexport"


def prices(item: str) -> int:
    """An invented round list price, in whole units of the currency."""
    held = load_catalogue()
    if item in held.servers:
        return 200_000
    chip = held.chips[item]
    if chip.kind == "assembly":
        return 5_000
    return 10_000 if chip.datacenter == "yes" else 1_000
