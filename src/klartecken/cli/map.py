"""`klartecken map`: the catalogue before the law's lines, as a picture."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from klartecken.cli.common import day_of, json_option, print_json, view_option, write_new
from klartecken.errors import InputError


@click.command("map")
@click.option("--on", metavar="DATE", help="Day of the law. Default: today.")
@click.option(
    "-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE", help="Picture to write: .svg or .png.",
)  # fmt: skip
@click.option("--title", default="", metavar="TEXT", help="Title in place of the usual one.")
@click.option(
    "--labels", default="32", show_default=True, metavar="N|all",
    help="How many chips to label at most.",
)  # fmt: skip
@view_option
@json_option
def map_command(
    on: str | None, output: Path, title: str, labels: str, view: str, as_json: bool
) -> None:
    """Draw the catalogue in the plane of the classification, with its regions on a day.

    TPP by performance density; before 2023-11-17 the density played no part, and TPP by
    input and output bandwidth is drawn. Needs the extra `plot`.

    \b
    klartecken map --on 2026-11-22 -o map.svg
    """
    from klartecken.plot.map import render
    from klartecken.plot.plane import plane

    day = day_of(on)
    found = plane(day, view)
    picture = render(
        found, output.suffix.lower().lstrip("."), title=title, count=read_labels(labels),
        sentence=sentence(found, day, view),
    )  # fmt: skip
    write_new(output, picture)
    if as_json:
        print_json(map_data(found, output))
        return
    click.echo(
        f"{output}: {len(found.spots)} chips drawn, {len(found.left_out)} left out "
        "(a coordinate is not known; --json lists them)"
    )


def read_labels(text: str) -> int:
    """The number of labels.

    Raises:
        InputError: neither a whole number nor ``all``.
    """
    from klartecken.plot.map import EVERY

    if text.strip().lower() == "all":
        return EVERY
    if not text.strip().isdecimal():
        raise InputError(f"{text!r} is not a number of labels", next_step="Write 32 or all")
    return int(text)


def sentence(found: Any, day: date, view: str) -> str:
    """What the chip that is shown enlarged turns on, with the law's numbers of the day."""
    from klartecken.decide.lines import margins
    from klartecken.facts.items import find_item
    from klartecken.logic.values import show
    from klartecken.plot.plane import SHORT
    from klartecken.plot.style import SHOWN
    from klartecken.words.datasheet import class_text, share

    ident = SHOWN[found.y.fact]
    turn = margins(find_item(ident), day, view).binding
    if turn is None or turn.fact not in SHORT or not any(s.id == ident for s in found.spots):
        return ""
    edge = show(turn.at) if turn.reached else f"beyond {show(turn.at)}"
    return (
        f"{SHORT[turn.fact]} {turn.value}; from {edge} ({share(turn.relative)})\n"
        f"the class would be {class_text(turn.classes)}"
    )


def map_data(found: Any, output: Path) -> dict[str, Any]:
    """What was drawn, as plain data."""
    return {
        "file": str(output), "on": found.day.isoformat(), "view": found.view,
        "across": {"fact": found.x.fact, "lines": [float(v) for v in found.x.lines]},
        "upwards": {"fact": found.y.fact, "lines": [float(v) for v in found.y.lines]},
        "drawn": [
            {"id": s.id, "class": list(s.classes), "datacenter": s.datacentre, "later": s.later}
            for s in found.spots
        ],
        "left_out": list(found.left_out), "citations": list(found.citations),
    }  # fmt: skip
