"""The plane itself: regions, the edges between them, the law's numbers, the chips."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from klartecken.logic.values import INF, Bound, Range, show
from klartecken.plot.plane import Axis, Plane, Spot
from klartecken.plot.style import HATCH, INK, Tone, tone_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Span = tuple[float, float]
Window = tuple[Span, Span]
DOTS = {True: ("o", 34.0), False: ("D", 19.0)}  # for data centres, or not
FAINT = 0.28
ARROW = 13.0  # points


def field(axes: Axes, plane: Plane, window: Window, *, small: bool = False) -> None:
    """Draw a part of the plane on logarithmic axes."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    axes.set(xscale="log", yscale="log", xlim=window[0], ylim=window[1])
    _regions(axes, plane, window)
    _edges(axes, plane, window)
    for spot in sorted(plane.spots, key=lambda s: (not s.later, s.id)):
        if inside(spot, window):
            _spot(axes, spot, small)
    for axis, upwards in ((plane.x, False), (plane.y, True)):
        for mark in axis.lines:
            _guide(axes, axis, mark, window[upwards], upwards, small)
    for ruler in (axes.xaxis, axes.yaxis):
        ruler.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        ruler.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
        ruler.set_minor_formatter(NullFormatter())
    if small:
        axes.tick_params(which="both", labelleft=False, labelbottom=False, length=0)
        return
    axes.set_xlabel(plane.x.title, fontsize=10, labelpad=6)
    axes.set_ylabel(plane.y.title, fontsize=10)


def at(value: Range) -> float:
    """Where a range's marker stands: the middle on a logarithmic axis, or the known end."""
    if value.hi == INF:
        return float(value.lo)
    return math.sqrt(float(value.lo) * float(value.hi))


def inside(spot: Spot, window: Window) -> bool:
    """Does a chip's marker stand in this part of the plane?"""
    (left, right), (low, high) = window
    return left < at(spot.x) < right and low < at(spot.y) < high


def whole(plane: Plane) -> Window:
    """A window that holds every chip and every line."""
    found: list[Span] = []
    for axis, ranges in (
        (plane.x, [spot.x for spot in plane.spots]),
        (plane.y, [spot.y for spot in plane.spots]),
    ):
        ends = [float(end) for r in ranges for end in (r.lo, r.hi) if isinstance(end, Fraction)]
        ends += [float(mark) for mark in axis.lines]
        found.append((min(ends, default=1.0) / 1.35, max(ends, default=100.0) * 1.5))
    return found[0], found[1]


def near(spot: Spot) -> Window:
    """A window close around one chip."""
    x, y = at(spot.x), at(spot.y)
    return (x / 1.33, x * 1.33), (y / 1.62, y * 1.62)


def clip(span: tuple[Fraction, Bound], window: Span) -> Span:
    """The part of a cell's side that lies in a window."""
    return max(float(span[0]), window[0]), min(float(span[1]), window[1])


def _regions(axes: Axes, plane: Plane, window: Window) -> None:
    from matplotlib.patches import Rectangle

    for region in plane.regions:
        (x0, x1), (y0, y1) = clip(region.x, window[0]), clip(region.y, window[1])
        if x0 >= x1 or y0 >= y1:
            continue
        fill = tone_of(region.datacentre).fill
        size = (x1 - x0, y1 - y0)
        axes.add_patch(Rectangle((x0, y0), *size, fc=fill, lw=0, aa=False, zorder=0))
        if region.spared:
            axes.add_patch(
                Rectangle((x0, y0), *size, fc="none", ec=HATCH, lw=0, hatch="////", zorder=0.5)
            )


def _edges(axes: Axes, plane: Plane, window: Window) -> None:
    """The lines between neighbouring cells: full where the class changes."""
    cells = {(region.x, region.y): region for region in plane.regions}
    for region in plane.regions:
        for upwards in (False, True):
            mine, spans = (region.y, plane.y.spans) if upwards else (region.x, plane.x.spans)
            after = spans.index(mine) + 1
            if after == len(spans):
                continue
            key = (region.x, spans[after]) if upwards else (spans[after], region.y)
            there = cells[key]
            changes = region.datacentre != there.datacentre
            side = clip(region.x if upwards else region.y, window[not upwards])
            if (changes or region.other != there.other) and side[0] < side[1]:
                _edge(axes, float(mine[1]), side, upwards, changes)


def _edge(axes: Axes, value: float, side: Span, upwards: bool, changes: bool) -> None:
    style: dict[str, Any] = {"lw": 1.2, "ls": "-"} if changes else {"lw": 0.9, "ls": (0, (4, 3))}
    across, up = (side, (value, value)) if upwards else ((value, value), side)
    axes.plot(across, up, color=INK, zorder=1.5, solid_capstyle="projecting", **style)


def _guide(
    axes: Axes, axis: Axis, mark: Fraction, window: Span, upwards: bool, small: bool
) -> None:
    """One number of the law: at the edge, and as a faint line across the plane."""
    value = float(mark)
    if not window[0] < value < window[1]:
        return
    draw = axes.axhline if upwards else axes.axvline
    line = draw(value, color=INK, lw=0.5, ls=(0, (1, 2.5)), alpha=0.55, zorder=1)
    line.set_gid(f"{'near-' if small else ''}line-{axis.fact}-{show(mark)}")
    text = f"{value:,.10g}"
    look: dict[str, Any] = {"fontsize": 8, "color": INK, "weight": "bold"}
    if upwards:
        where = axes.get_yaxis_transform()
        axes.text(1.008, value, text, transform=where, va="center", ha="left", **look)
    else:
        where = axes.get_xaxis_transform()
        axes.text(value, 1.01, text, transform=where, va="bottom", ha="center", **look)


def _spot(axes: Axes, spot: Spot, small: bool) -> None:
    tone, x, y = tone_of(spot.classes), at(spot.x), at(spot.y)
    strength = FAINT if spot.later else 1.0
    for value, upwards in ((spot.x, False), (spot.y, True)):
        if not value.known and value.hi != INF:
            bar = (float(value.lo), float(value.hi))
            across, up = ((x, x), bar) if upwards else (bar, (y, y))
            axes.plot(across, up, color=tone.point, lw=1.2, alpha=0.8 * strength, zorder=2.5)
    if INF in (spot.x.hi, spot.y.hi):
        _arrow(axes, spot, tone, strength)
    marker, size = DOTS[spot.datacentre]
    axes.scatter(
        [x], [y], s=size * (1.5 if small else 1.0), marker=marker, alpha=strength, zorder=3,
        facecolor=tone.point if spot.datacentre else "white",
        edgecolor="white" if spot.datacentre else tone.point,
        linewidth=0.6 if spot.datacentre else 1.2,
    )  # fmt: skip


def _arrow(axes: Axes, spot: Spot, tone: Tone, strength: float) -> None:
    """From a lower bound towards where the value may lie."""
    reach = (ARROW if spot.x.hi == INF else 0.0, ARROW if spot.y.hi == INF else 0.0)
    axes.annotate(
        "", xy=(at(spot.x), at(spot.y)), xytext=reach, textcoords="offset points", zorder=2.4,
        arrowprops={
            "arrowstyle": "<|-,head_width=0.14,head_length=0.26", "lw": 0.9, "shrinkA": 0,
            "shrinkB": 0, "color": tone.point, "alpha": 0.75 * strength,
        },
    )  # fmt: skip
