"""The map as a picture (matplotlib, extra `plot`, loaded only when something is drawn)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klartecken.plot.field import field, near, whole
from klartecken.plot.legend import headings, legend, region_names, story
from klartecken.plot.picture import picture
from klartecken.plot.plane import Plane, Spot
from klartecken.plot.style import SHOWN
from klartecken.plot.tags import tags

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIZE = (13.2, 8.4)  # inches
EVERY = 10_000  # more labels than there are chips


def render(
    plane: Plane, form: str, *, title: str = "", count: int = 32, sentence: str = ""
) -> bytes:
    """The map as a file's bytes; the same question gives the same bytes.

    Args:
        plane: from :func:`klartecken.plot.plane.plane`.
        form: ``svg`` or ``png``.
        title: in place of the usual one.
        count: how many labels at most (:data:`EVERY`: as many as find a place).
        sentence: what to say under the enlarged part.

    Raises:
        InputError: another form.
        KlarteckenError: matplotlib is not installed.
    """
    return picture(lambda: draw(plane, title=title, count=count, sentence=sentence), form)


def _shown(plane: Plane) -> Spot | None:
    """The chip to enlarge: only where one of the law's lines is near it."""
    spot = next((spot for spot in plane.spots if spot.id == SHOWN[plane.y.fact]), None)
    if spot is None:
        return None
    around = zip(near(spot), (plane.x.lines, plane.y.lines), strict=True)
    close = any(low < mark < high for (low, high), lines in around for mark in lines)
    return spot if close else None


def draw(plane: Plane, *, title: str = "", count: int = 32, sentence: str = "") -> Figure:
    """The figure: the plane on the left; legend and an enlarged part on the right."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE, dpi=72, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.058, 0.148, 0.668, 0.732))
    shown = _shown(plane)
    window = whole(plane)
    field(axes, plane, window)
    headings(figure, plane, title)
    legend(figure, plane, shown)
    taken = region_names(axes, plane, window)
    tags(axes, plane, window, shown, count, taken)
    if shown is not None:
        small = figure.add_axes((0.76, 0.235, 0.205, 0.275))
        field(small, plane, near(shown), small=True)
        tags(small, plane, near(shown), shown, EVERY if count else 0, [], "near-")
        story(figure, small, plane, shown, sentence)
    return figure
