"""How the map looks: colours, names, which chips are worth a label. No rule of law here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from klartecken.decide.lines import OUTSIDE


@dataclass(frozen=True, slots=True)
class Tone:
    """The colours of one kind of class: points, and the region behind them."""

    name: str
    point: str
    fill: str


UPPER = Tone("upper", "#b5301f", "#f8ddd8")
LOWER = Tone("lower", "#c47a00", "#fbecc8")
REST = Tone("rest", "#2b6a9b", "#edf3f8")
OPEN = Tone("open", "#6f6f6f", "#f2f2f2")
TONES = (UPPER, LOWER, REST, OPEN)
_TONES = {
    "3A090.a": UPPER, "4A090.a": UPPER, "3A090.b": LOWER, "4A090.b": LOWER, "3A991.p": REST,
    "4A994.l": REST, OUTSIDE: REST,
}  # fmt: skip

INK = "#222222"
SOFT = "#666666"
HATCH = "#cbb5a2"
RC: Mapping[str, object] = {
    "font.family": "DejaVu Sans", "font.size": 9, "axes.edgecolor": "#444444",
    "axes.linewidth": 0.8, "text.color": INK, "axes.labelcolor": INK, "hatch.linewidth": 0.6,
    "xtick.color": "#444444", "ytick.color": "#444444", "svg.hashsalt": "klartecken",
    "svg.fonttype": "path", "legend.fontsize": 8.5, "path.simplify": False,
}  # fmt: skip

#: The chip that shows the lines best, by the fact on the upward axis.
SHOWN = {"performance_density": "nvidia-h20", "io_bandwidth": "nvidia-a800-sxm-80gb"}

#: Labels, the most important first; chips at one point share a label.
LABELS: Mapping[str, str] = {
    "nvidia-h20": "H20", "nvidia-h100-sxm": "H100", "nvidia-h200-sxm": "H200",
    "nvidia-h800-sxm": "H800", "nvidia-a100-sxm-80gb": "A100", "nvidia-a800-sxm-80gb": "A800",
    "nvidia-b200": "B200", "nvidia-b300": "B300", "nvidia-b30a": "B30A",
    "nvidia-rtx-4090": "RTX 4090", "nvidia-rtx-4090-d": "RTX 4090 D",
    "amd-mi300x": "MI300X", "amd-mi325x": "MI325X", "amd-mi250x": "MI250X",
    "amd-mi210": "MI210", "huawei-ascend-910c": "Ascend 910C",
    "huawei-ascend-910b1": "Ascend 910B1", "nvidia-rtx-5090": "RTX 5090",
    "nvidia-rtx-5090-d": "RTX 5090 D", "nvidia-l40s": "L40S", "nvidia-l20": "L20",
    "nvidia-l2": "L2", "nvidia-l4": "L4", "nvidia-a30": "A30", "nvidia-a40": "A40",
    "nvidia-a10": "A10", "nvidia-v100-sxm2-32gb": "V100", "nvidia-t4": "T4",
    "nvidia-rtx-pro-6000d": "RTX PRO 6000D", "amd-w7900d": "W7900D",
    "google-tpu-v4": "TPU v4", "cerebras-wse-3": "WSE-3", "cerebras-wse-2": "WSE-2",
    "huawei-ascend-910": "Ascend 910", "biren-br100": "BR100", "biren-br104": "BR104",
    "nvidia-l40": "L40", "intel-max-1550": "Max 1550", "nvidia-gb300": "GB300",
    "nvidia-rtx-3090": "RTX 3090", "microsoft-maia-100": "Maia 100", "tesla-d1": "D1",
    "amd-mi300a": "MI300A", "nvidia-h100-pcie": "H100 PCIe", "groq-lpu-v1": "Groq LPU",
    "nvidia-gb200": "GB200", "nvidia-b100": "B100", "furiosa-rngd": "RNGD",
    "nvidia-p100-sxm2": "P100", "amd-mi100": "MI100", "graphcore-bow": "Bow IPU",
    "meta-mtia-v2": "MTIA v2", "huawei-ascend-910b4": "Ascend 910B4",
}  # fmt: skip


def tone_of(names: tuple[str, ...]) -> Tone:
    """The colours of a possible class: one kind, or open when it may be of several."""
    found = {_TONES.get(name, OPEN).name: _TONES.get(name, OPEN) for name in names}
    return next(iter(found.values())) if len(found) == 1 else OPEN
