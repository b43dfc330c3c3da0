"""Words on the map: title, caption, legend, names of regions."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from klartecken.plot.field import Window, clip, inside
from klartecken.plot.labels import Box
from klartecken.plot.plane import SHORT, Plane, Region, Spot
from klartecken.plot.style import HATCH, INK, LABELS, OPEN, SOFT, TONES, tone_of
from klartecken.plot.tags import obstacles, text_box
from klartecken.version import __version__
from klartecken.words.datasheet import class_text

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WRAP = 178  # characters in a line of the caption


def headings(figure: Figure, plane: Plane, title: str) -> None:
    """Title, subtitle and caption."""
    day = f"{plane.day.day} {plane.day:%B %Y}"
    figure.text(
        0.058, 0.962, title or f"AI chips and the US chip rule on {day}", fontsize=16,
        weight="bold", va="center",
    )  # fmt: skip
    said = f"{day}. {_subtitle(plane)}" if title else _subtitle(plane)
    figure.text(0.058, 0.928, said, fontsize=9.5, color=SOFT, va="center")
    figure.text(
        0.058, 0.012, "\n".join(_caption(plane)), fontsize=7.6, color=SOFT, va="bottom",
        linespacing=1.5,
    )  # fmt: skip


def _subtitle(plane: Plane) -> str:
    view = "as enforced" if plane.view == "practice" else "as the CFR prints it"
    if plane.y.fact == "io_bandwidth":
        extra = "On this day the classification does not look at performance density."
    else:
        extra = "Bold numbers at the edge: the law's own lines."
    return f"Regions and colours: the classification {view}, computed. {extra}"


def _caption(plane: Plane) -> list[str]:
    import textwrap

    chips, left = len(plane.spots), len(plane.left_out)
    up = "die area" if plane.y.fact == "performance_density" else "I/O bandwidth"
    told = (
        f"{chips} chips of the catalogue drawn; {left} left out because their TPP or {up} is not "
        "known. Bars are ranges (sources disagree, or a range is all that is known); arrows start "
        "at lower bounds. Regions are those of an integrated circuit that no other ECCN describes; "
        "each chip's colour comes from all its own facts."
    )
    cited = " · ".join(plane.citations)
    law = f"Law: {cited}. Klartecken {__version__}; not legal advice."
    return [*textwrap.wrap(told, WRAP), *textwrap.wrap(law, WRAP)]


def legend(figure: Figure, plane: Plane, shown: Spot | None) -> None:
    """Classes with their counts, markers, hatching."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    counts = Counter(tone_of(spot.classes).name for spot in plane.spots)
    rows: list[tuple[Artist, str]] = []
    for tone in TONES:
        names = sorted({s.classes for s in plane.spots if tone_of(s.classes) == tone})
        if not names:
            continue
        text = "turns on a fact not known" if tone == OPEN else _names(names)
        dot = Line2D([], [], marker="o", ls="", color=tone.point, mec="white", ms=7.5)
        rows.append((dot, f"{text} ({counts[tone.name]})"))
    rows.append((Line2D([], [], marker="o", mfc=INK, mec=INK, ms=6.5, ls=""), "for data centres"))
    if not all(spot.datacentre for spot in plane.spots):
        rows.append(
            (
                Line2D([], [], marker="D", mfc="white", mec=INK, ms=6.5, ls=""),
                "not for data centres",
            )
        )
    if any(spot.later for spot in plane.spots):
        pale = Line2D([], [], marker="o", color=SOFT, ls="", ms=6.5, alpha=0.3, mec="none")
        rows.append((pale, "faint: came out later, or unknown when"))
    spared = {region.other for region in plane.regions if region.spared}
    if spared:
        patch = Patch(fc="white", ec=HATCH, hatch="////", lw=0.5)
        rows.append((patch, f"a chip not for data centres is here\nin {_names(sorted(spared))}"))
    if shown is not None:
        ring = Line2D([], [], marker="o", mfc="none", mec=INK, mew=1.4, ms=10, ls="")
        rows.append((ring, f"{LABELS[shown.id]}, enlarged below"))
    figure.legend(
        [artist for artist, _ in rows], [text for _, text in rows], loc="upper left",
        bbox_to_anchor=(0.757, 0.892), frameon=False, title="Class on the day (chips drawn)",
        title_fontproperties={"weight": "bold", "size": 9.5}, alignment="left", labelspacing=0.75,
        handletextpad=0.7, borderaxespad=0,
    )  # fmt: skip


def _names(found: list[tuple[str, ...]]) -> str:
    names = dict.fromkeys(name for names in found for name in names)
    ordered = sorted(names, key=lambda name: (name == "none", name))
    return class_text(tuple(ordered)) if "none" in ordered else ", ".join(ordered)


def story(figure: Figure, axes: Axes, plane: Plane, shown: Spot, sentence: str) -> None:
    """What the enlarged part shows."""
    box = axes.get_position()
    name = LABELS[shown.id]
    figure.text(box.x0, box.y1 + 0.033, f"{name}, enlarged", fontsize=9.5, weight="bold")
    across, up = SHORT[plane.x.fact], SHORT[plane.y.fact]
    figure.text(
        box.x0, box.y0 - 0.014, f"{sentence}\n(across {across}, upwards {up})".strip(),
        fontsize=8, color=SOFT, va="top", linespacing=1.5,
    )  # fmt: skip


def region_names(axes: Axes, plane: Plane, window: Window) -> list[Box]:
    """The class of each kind of region, once, in its roomiest cell; returns the text boxes."""
    groups: dict[tuple[str, ...], list[Region]] = {}
    for region in plane.regions:
        groups.setdefault(region.datacentre, []).append(region)
    taken = obstacles(axes, plane, window)
    boxes = []
    for names, regions in groups.items():
        best = max(regions, key=lambda region: _room(region, plane, window))
        cell = clip(best.x, window[0]), clip(best.y, window[1])
        if cell[0][0] >= cell[0][1] or cell[1][0] >= cell[1][1]:
            continue
        text = axes.text(
            1, 1, class_text(names).replace(" or ", "\nor "), ha="center", va="center",
            fontsize=10, weight="bold", color=tone_of(names).point, alpha=0.85, zorder=1.8,
        )  # fmt: skip
        text.set_position(_freest(axes, cell, text_box(text), taken))
        boxes.append(text_box(text))
    return boxes


def _freest(axes: Axes, cell: Window, name: Box, taken: list[Box]) -> tuple[float, float]:
    """The place in a cell with the most room around a name; near the middle if enough."""
    (x0, y0), (x1, y1) = (axes.transData.transform(p) for p in zip(*cell, strict=True))
    wide, high = (name.right - name.left) / 2, (name.top - name.bottom) / 2
    best, found = -1.0, ((x0 + x1) / 2, (y0 + y1) / 2)
    for across in (0.5, 0.4, 0.6, 0.3, 0.7):
        for up in (0.5, 0.62, 0.38, 0.75, 0.25, 0.87, 0.13):
            x, y = x0 + across * (x1 - x0), y0 + up * (y1 - y0)
            fits = x - wide >= x0 and x + wide <= x1 and y - high >= y0 and y + high <= y1
            if not fits and (across, up) != (0.5, 0.5):
                continue
            room = min((_apart(x, y, box) for box in taken), default=99.0)
            if min(room, 45.0) > best:
                best, found = min(room, 45.0), (x, y)
    left, bottom = axes.transData.inverted().transform(found)
    return float(left), float(bottom)


def _apart(x: float, y: float, box: Box) -> float:
    across = max(box.left - x, x - box.right, 0.0)
    up = max(box.bottom - y, y - box.top, 0.0)
    return max(across / 2, up)  # a name is wider than it is high


def _room(region: Region, plane: Plane, window: Window) -> float:
    import math

    (x0, x1), (y0, y1) = clip(region.x, window[0]), clip(region.y, window[1])
    if x0 >= x1 or y0 >= y1:
        return 0.0
    crowd = sum(inside(spot, ((x0, x1), (y0, y1))) for spot in plane.spots)
    return min(math.log(x1 / x0), 1.5) * min(math.log(y1 / y0), 1.0) / (1 + crowd)
