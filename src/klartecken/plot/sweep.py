"""A sweep as a picture: what each outcome gains and loses as a threshold moves.

Drawn is the difference to the law as it is, because what moves is often a small part of a
book; how much there is today stands in the labels.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from klartecken.decide.findings import SEVERITY
from klartecken.logic.values import show
from klartecken.plot.picture import picture
from klartecken.plot.style import INK, SOFT
from klartecken.version import __version__
from klartecken.whatif.outcomes import Outcomes
from klartecken.words.sentences import OUTCOME_WORDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from klartecken.whatif.sweep import Sweep

COLOURS = {
    "no_licence_required": "#2b6a9b", "exception_available": "#3f8f63",
    "undetermined": "#6f6f6f", "licence_required": "#c47a00", "prohibited": "#b5301f",
}  # fmt: skip
LEFT, WIDE = 0.085, 0.66
GRID = "#e4e4e4"
WRAP = 150  # characters in a line of the caption
APART = 27.0  # points between two labels
SCALES = ((10**12, "trn"), (10**9, "bn"), (10**6, "m"), (1, ""))


@dataclass(frozen=True)
class Panel:
    """One quantity against the threshold.

    Attributes:
        heading: what is drawn.
        series: by outcome, the difference to the law as it is at each value.
        today: by outcome, how much it is under the law as it is, in words.
        unit: of the numbers at the axis.
    """

    heading: str
    series: Mapping[str, Sequence[float]]
    today: Mapping[str, str]
    unit: str


def render(sweep: Sweep, form: str, *, currency: str | None, source: str) -> bytes:
    """The sweep as a file's bytes; the same sweep gives the same bytes.

    Args:
        sweep: from :func:`klartecken.whatif.sweep.sweep`.
        form: ``svg`` or ``png``.
        currency: whose money to draw; None for lines alone.
        source: what the book is called.

    Raises:
        InputError: another form.
        KlarteckenError: matplotlib is not installed.
    """
    return picture(lambda: draw(sweep, currency=currency, source=source), form)


def panels(sweep: Sweep, currency: str | None) -> tuple[Panel, ...]:
    """What is drawn: money (where there is any), then lines."""
    found = [_lines(sweep)]
    if currency is not None:
        found.insert(0, _money(sweep, currency))
    return tuple(found)


def _lines(sweep: Sweep) -> Panel:
    def lines(outcomes: Outcomes, name: str) -> Fraction:
        return Fraction(sum(total.lines for total in outcomes.get(name, {}).values()))

    today = {name: f"{int(lines(sweep.base, name)):,} lines as it is" for name in SEVERITY}
    return Panel("Lines, more or fewer than under the law as it is",
                 _series(sweep, lines, Fraction(1)), today, "lines")  # fmt: skip


def _money(sweep: Sweep, currency: str) -> Panel:
    def money(outcomes: Outcomes, name: str) -> Fraction:
        total = outcomes.get(name, {}).get(currency)
        return Fraction(total.amount) if total else Fraction(0)

    def worth(value: Fraction) -> str:
        scale, word = _scale(abs(value))
        return f"{currency} {float(value / scale):,.{1 if scale > 1 else 0}f} {word}".strip()

    most = max(
        (abs(money(point.outcomes, name) - money(sweep.base, name))
         for point in sweep.points for name in SEVERITY), default=Fraction(0),
    )  # fmt: skip
    scale, word = _scale(most)
    unit = f"{currency} {word}".strip() or "money"
    today = {name: f"{worth(money(sweep.base, name))} as it is" for name in SEVERITY}
    return Panel("Money, more or less than under the law as it is",
                 _series(sweep, money, Fraction(scale)), today, unit)  # fmt: skip


def _series(
    sweep: Sweep, measure: Callable[[Outcomes, str], Fraction], scale: Fraction
) -> dict[str, list[float]]:
    """By outcome, the difference to the law as it is; outcomes that never move are left out."""
    found = {}
    for name in SEVERITY:
        base = measure(sweep.base, name)
        moved = [(measure(point.outcomes, name) - base) / scale for point in sweep.points]
        if any(moved):
            found[name] = [float(value) for value in moved]
    return found


def _scale(value: Fraction) -> tuple[int, str]:
    return next((pair for pair in SCALES if value >= pair[0]), SCALES[-1])


# -- drawing ---------------------------------------------------------------------------------
def draw(sweep: Sweep, *, currency: str | None, source: str) -> Figure:
    """The figure: money above, lines below, labels at the right of the lines."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    held = panels(sweep, currency)
    high = 7.6 if len(held) == 2 else 4.9
    figure = Figure(figsize=(10.4, high), dpi=72, facecolor="white")
    FigureCanvasAgg(figure)
    _words(figure, sweep, held, source, high)
    top, bottom, gap = 1 - 1.36 / high, 1.24 / high, 0.62 / high
    part = (top - bottom - gap * (len(held) - 1)) / len(held)
    for place, panel in enumerate(held):
        axes = figure.add_axes((LEFT, top - (place + 1) * part - place * gap, WIDE, part))
        last = place == len(held) - 1
        _panel(axes, sweep, panel, last, marked=place == 0)
    return figure


def _panel(axes: Axes, sweep: Sweep, panel: Panel, last: bool, marked: bool) -> None:
    values = [float(point.value) for point in sweep.points]
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="y", color=GRID, lw=0.8)
    axes.set_axisbelow(True)
    axes.axhline(0, color="#888888", lw=0.9, zorder=1)
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", labelbottom=last)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:+,.10g}" if value else "0")
    for name, moved in panel.series.items():
        axes.plot(values, moved, color=COLOURS[name], lw=2.0, marker="o", ms=4.2, mec="white",
                  mew=0.7, zorder=3, gid=f"line-{name}-{panel.unit.replace(' ', '-')}",
                  clip_on=False)  # fmt: skip
    width = values[-1] - values[0]
    axes.set_xlim(values[0] - 0.02 * width, values[-1] + 0.02 * width)
    if not panel.series:
        axes.set_ylim(-1, 1)
        axes.set_yticks([0])
        axes.text(0.5, 0.6, "no outcome changes in this range", transform=axes.transAxes,
                  ha="center", color=SOFT, fontsize=10)  # fmt: skip
    axes.set_title(f"{panel.heading} ({panel.unit})" if panel.unit != "lines" else panel.heading,
                   loc="left", fontsize=10, weight="bold", pad=22 if marked else 9)  # fmt: skip
    _current(axes, sweep, marked)
    if last:
        axes.set_xlabel(f"value of {sweep.parameter}", fontsize=9.5, labelpad=6)
    _labels(axes, panel)


def _current(axes: Axes, sweep: Sweep, named: bool) -> None:
    """The law's own values, as dashed lines; named above the first panel."""
    by_value: dict[Fraction, list[str]] = {}
    for version, value in sweep.current.items():
        by_value.setdefault(value, []).append(version)
    for value, versions in by_value.items():
        axes.axvline(float(value), color=INK, lw=1.0, ls=(0, (4, 3)), zorder=2)
        if named:
            which = f" ({', '.join(versions)})" if len(by_value) > 1 else ""
            axes.annotate(
                f"law: {number(value)}{which}", (float(value), 1),
                xycoords=("data", "axes fraction"), xytext=(0, 4), textcoords="offset points",
                ha="center", fontsize=8.5, color=INK,
            )  # fmt: skip


def number(value: Fraction) -> str:
    """A value of the threshold, with its thousands apart.

    >>> number(Fraction(4800)), number(Fraction(5, 2))
    ('4,800', '2.5')
    """
    return f"{int(value):,}" if value.denominator == 1 else show(value)


def _labels(axes: Axes, panel: Panel) -> None:
    """Each outcome's name beside the end of its line, moved apart where they would meet."""
    bottom, top = axes.get_ylim()
    axes.set_ylim(bottom, top)
    box = axes.get_window_extent()
    points = 72.0 / axes.figure.dpi
    low, high = box.y0 * points + 8, box.y1 * points - 8

    def at(value: float) -> float:
        return float(axes.transData.transform((0, value))[1]) * points

    order = sorted(panel.series, key=lambda n: (at(panel.series[n][-1]), sum(panel.series[n])))
    places = spread([at(panel.series[name][-1]) for name in order], APART, low, high)
    edge = box.x1 * points
    for name, place in zip(order, places, strict=True):
        end = at(panel.series[name][-1])
        axes.annotate(
            "", xy=(edge - 3, end), xytext=(edge + 17, place), xycoords="figure points",
            textcoords="figure points", annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": COLOURS[name], "lw": 0.8, "shrinkA": 0,
                        "shrinkB": 0},
        )  # fmt: skip
        axes.annotate(
            OUTCOME_WORDS[name], (edge + 20, place), xycoords="figure points", xytext=(0, 1),
            textcoords="offset points", va="bottom", fontsize=9.5, weight="bold",
            color=COLOURS[name], annotation_clip=False, gid=f"label-{name}",
        )  # fmt: skip
        axes.annotate(
            panel.today[name], (edge + 20, place), xycoords="figure points", xytext=(0, -1),
            textcoords="offset points", va="top", fontsize=8, color=SOFT, annotation_clip=False,
        )  # fmt: skip


def spread(wanted: Sequence[float], apart: float, low: float, high: float) -> list[float]:
    """Places as near as may be to those wanted (in order), at least ``apart`` from each other.

    Those that would meet are put around their common middle; all lie between ``low`` and
    ``high`` if there is room.

    >>> spread([0, 1, 100], 10, -50, 150)
    [-4.5, 5.5, 100.0]
    >>> spread([98, 99], 10, 0, 100)
    [90, 100]
    """
    groups: list[list[float]] = []
    for place in wanted:
        groups.append([place])
        while len(groups) > 1 and _first(groups[-1], apart, low, high) < (
            _first(groups[-2], apart, low, high) + apart * len(groups[-2])
        ):
            last = groups.pop()
            groups[-1] += last
    return [
        _first(group, apart, low, high) + apart * index
        for group in groups for index in range(len(group))
    ]  # fmt: skip


def _first(group: Sequence[float], apart: float, low: float, high: float) -> float:
    """The place of the first of a group that stands around its middle, within limits."""
    length = apart * (len(group) - 1)
    return max(min(sum(group) / len(group) - length / 2, high - length), low)


def _words(figure: Figure, sweep: Sweep, held: Sequence[Panel], source: str, high: float) -> None:
    """Title, subtitle and caption."""
    title = f"If {sweep.parameter} were another number"
    figure.text(LEFT - 0.06, 1 - 0.33 / high, title, fontsize=15, weight="bold", va="center")
    answered = f"{sweep.lines - sweep.rejected:,} lines"
    figure.text(
        LEFT - 0.06, 1 - 0.62 / high, f"{sweep.title}. {source}: {answered}, at "
        f"{len(sweep.points)} values.", fontsize=9.5, color=SOFT, va="center",
    )  # fmt: skip
    moving = {name for panel in held for name in panel.series}
    still = [OUTCOME_WORDS[n] for n in SEVERITY if n in sweep.base and n not in moving]
    told = "Points are computed, the lines between them only join them. "
    told += f"Not drawn, because the same throughout: {', '.join(still)}. " if still else ""
    told += (
        f"A hypothetical change of one number of the law. Klartecken {__version__}; not legal "
        "advice."
    )
    figure.text(
        LEFT - 0.06, 0.16 / high, "\n".join(textwrap.wrap(told, WRAP)), fontsize=7.6,
        color=SOFT, va="bottom", linespacing=1.5,
    )  # fmt: skip
