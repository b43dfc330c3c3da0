"""Labels of chips, drawn where ``labels.place`` puts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klartecken.logic.values import INF
from klartecken.plot.field import ARROW, Window, at, inside
from klartecken.plot.labels import Box, Placed, Wish, place
from klartecken.plot.plane import Plane, Spot
from klartecken.plot.style import INK, LABELS, SOFT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

POINTS = 72.0  # in an inch: the figure is laid out at this resolution


def tags(
    axes: Axes,
    plane: Plane,
    window: Window,
    shown: Spot | None,
    count: int,
    taken: list[Box],
    prefix: str = "",
) -> int:
    """Label chips, the important ones first, without overlap; returns how many.

    Args:
        axes: where.
        plane: whose chips.
        window: the part of the plane that is drawn.
        shown: the chip to ring and to name first.
        count: how many labels at most.
        taken: boxes that stay free (points).
        prefix: goes before ``label-ID``, the id of each label in an SVG.
    """
    points = {s.id: _point(axes, at(s.x), at(s.y)) for s in plane.spots if inside(s, window)}
    ring = shown if shown is not None and shown.id in points else None
    dots = obstacles(axes, plane, window)
    if ring is not None:
        x, y = points[ring.id]
        dots += [Box(x - 7, y - 7, x + 7, y + 7)] * 3
    texts = {
        group[0].id: _text(axes, group, group[0] == ring) for group in _groups(plane, window, ring)
    }
    wishes = []
    for key, text in texts.items():
        box = text_box(text)
        wishes.append(Wish(key, *points[key], box.right - box.left, box.top - box.bottom - 2))
    bounds = axes.get_window_extent()
    frame = Box(bounds.x0 + 2, bounds.y0 + 2, bounds.x1 - 2, bounds.y1 - 2)
    placed = place(wishes, dots, taken, frame, count)
    for found in placed:
        _put(axes, texts.pop(found.key), found, points[found.key], prefix)
    for text in texts.values():
        text.remove()
    if ring is not None:
        axes.scatter([at(ring.x)], [at(ring.y)], s=150, facecolor="none", edgecolor=INK,
                     linewidth=1.5, zorder=4)  # fmt: skip
    return len(placed)


def _point(axes: Axes, x: float, y: float) -> tuple[float, float]:
    across, up = axes.transData.transform((x, y))
    return float(across), float(up)


def _groups(plane: Plane, window: Window, ring: Spot | None) -> list[list[Spot]]:
    """Chips at one point share a label; the important ones come first, later ones not at all."""
    order = {ident: place_ for place_, ident in enumerate(LABELS)}

    def rank(spot: Spot) -> tuple[float, float]:
        return float(order.get(spot.id, len(order))), -at(spot.x)

    groups: dict[tuple[float, float], list[Spot]] = {}
    for spot in sorted(plane.spots, key=rank):
        if inside(spot, window) and (spot == ring or not spot.later):
            groups.setdefault((at(spot.x), at(spot.y)), []).append(spot)
    return list(groups.values())


def _text(axes: Axes, group: list[Spot], bold: bool) -> Text:
    from matplotlib.patheffects import withStroke

    names = dict.fromkeys(LABELS.get(spot.id, spot.family) for spot in group[:6])
    figure = axes.figure
    return axes.text(
        0, 0, ", ".join(names), fontsize=8.5 if bold else 7.4, color=INK, zorder=5,
        weight="bold" if bold else "normal", transform=figure.dpi_scale_trans,
        path_effects=[withStroke(linewidth=2.2, foreground="white", alpha=0.8)],
    )  # fmt: skip


def _put(axes: Axes, text: Text, found: Placed, point: tuple[float, float], prefix: str) -> None:
    from matplotlib.lines import Line2D

    box = found.box
    text.set_gid(f"{prefix}label-{found.key}")
    text.set_position(((box.left + 3) / POINTS, (box.bottom + 3) / POINTS))
    if found.far:
        x = min(max(point[0], box.left), box.right)
        y = min(max(point[1], box.bottom), box.top)
        across, up = [point[0] / POINTS, x / POINTS], [point[1] / POINTS, y / POINTS]
        inches = axes.figure.dpi_scale_trans
        axes.add_artist(Line2D(across, up, color=SOFT, lw=0.6, transform=inches, zorder=2.2))


def text_box(text: Text) -> Box:
    """The box of a drawn text, with some air around it (points)."""
    extent = text.get_window_extent()
    return Box(extent.x0 - 3, extent.y0 - 2, extent.x1 + 3, extent.y1 + 2)


def obstacles(axes: Axes, plane: Plane, window: Window) -> list[Box]:
    """Boxes of the markers, bars and arrows of a part of the plane."""
    boxes = []
    for spot in plane.spots:
        if not inside(spot, window):
            continue
        px, py = _point(axes, at(spot.x), at(spot.y))
        boxes.append(Box(px - 4, py - 4, px + 4, py + 4))
        if INF in (spot.x.hi, spot.y.hi):
            right, top = (ARROW if r.hi == INF else 2.0 for r in (spot.x, spot.y))
            boxes.append(Box(px - 2, py - 2, px + right, py + top))
            continue
        low = _point(axes, float(spot.x.lo), float(spot.y.lo))
        high = _point(axes, float(spot.x.hi), float(spot.y.hi))
        boxes.append(Box(low[0], py - 1, high[0], py + 1))
        boxes.append(Box(px - 1, low[1], px + 1, high[1]))
    return boxes
