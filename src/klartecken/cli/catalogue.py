"""`klartecken chips`, `klartecken chip`: the catalogue, its figures and its classes."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from klartecken.cli.common import day_of, json_option, print_json, table, view_option
from klartecken.decide.lines import ItemClass, Margin, classes
from klartecken.facts.chips import UNITS, Catalogue, Chip, Server, load_catalogue
from klartecken.facts.items import Item, from_chip, from_server
from klartecken.logic.values import Fact, Range
from klartecken.words.datasheet import (
    USE_WORDS,
    Sheet,
    class_data,
    class_text,
    density_of,
    fact_data,
    shares,
    sheet_data,
    side,
    turning_lines,
)


@click.command("chips")
@click.argument("filter_", metavar="[FILTER]", required=False, default="")
@click.option("--on", metavar="DATE", help="Day of the class. Default: today.")
@view_option
@json_option
def chips_command(filter_: str, on: str | None, view: str, as_json: bool) -> None:
    """The catalogue: performance, density and class of each chip and server on a day.

    FILTER is text in the id, name, vendor or family. TPP is the total processing
    performance and PD the performance density (TPP per mm2). `>=` is a lower bound, `..` a
    range, ? not known. A server has the figures of one chip inside it.
    """
    day = day_of(on)
    found = [(entry, item, classes(item, day, view)) for entry, item in matching(filter_)]
    if as_json:
        print_json([row_data(entry, item, klass) for entry, item, klass in found])
        return
    if found:
        table(
            ["id", "name", "vendor", "TPP", "PD", f"class on {day}"],
            [row_text(entry, item, klass) for entry, item, klass in found],
            frozenset({3, 4}),
        )
        click.echo()
    click.echo(count_text([(entry, klass) for entry, _, klass in found], day))


@click.command("chip")
@click.argument("item")
@click.option("--on", metavar="DATE", help="Day of the class and of the lines. Default: today.")
@view_option
@click.option(
    "--tf32-bits", type=click.IntRange(1, 64), default=32, show_default=True,
    help="Bit length that TF32 counts with.",
)  # fmt: skip
@json_option
def chip_command(item: str, on: str | None, view: str, tf32_bits: int, as_json: bool) -> None:
    """One ITEM: every figure with its source, its class, and how far it is from each line.

    ITEM is a chip or server of the catalogue, server:8xCHIP, or a YAML file. The binding
    number is the one whose smallest relative change, all else equal, gives another class.
    """
    sheet = sheet_of(item, day_of(on), view, tf32_bits)
    if as_json:
        print_json(sheet_data(sheet))
    else:
        print_sheet(sheet)


# -- the list ----------------------------------------------------------------------------------
Entry = Chip | Server


def matching(text: str) -> list[tuple[Entry, Item]]:
    """The chips, then the servers, whose id, name, vendor or family holds a text."""
    catalogue: Catalogue = load_catalogue()
    key = " ".join(text.casefold().split())
    found: list[tuple[Entry, Item]] = [
        (chip, from_chip(chip)) for chip in (catalogue.search(text) if key else catalogue)
    ]
    for server in catalogue.servers.values():
        chip = catalogue.chips[server.contains]
        told = (server.id, server.name, server.vendor, chip.family)
        if any(key in part.casefold() for part in told):
            found.append((server, from_server(server, chip)))
    return found


def number(fact: Fact | None) -> str:
    """A number fact in a table: its range, or ``?``."""
    return "?" if fact is None or not isinstance(fact.value, Range) else str(fact.value)


def row_text(entry: Entry, item: Item, klass: ItemClass) -> list[str]:
    """One line of the list."""
    return [
        entry.id, entry.name, entry.vendor, number(item.facts.get("tpp")),
        number(density_of(item)), class_text(klass),
    ]  # fmt: skip


def row_data(entry: Entry, item: Item, klass: ItemClass) -> dict[str, Any]:
    """One entry of the list as plain data."""
    return {
        "id": entry.id, "name": entry.name, "vendor": entry.vendor, "kind": item.kind,
        "family": item.family, "contains": item.contains,
        "released": (entry.released or None) if isinstance(entry, Chip) else None,
        "datacenter": str(item.facts["datacenter"].value),
        "tpp": fact_data(item.facts.get("tpp")),
        "performance_density": fact_data(density_of(item)), "class": class_data(klass),
    }  # fmt: skip


def count_text(found: list[tuple[Entry, ItemClass]], day: date) -> str:
    """How many there are, and of how many the class is open."""
    if not found:
        return "no chip or server matches"
    chips = sum(isinstance(entry, Chip) for entry, _ in found)
    servers = len(found) - chips
    parts = [f"{chips} chip{'' if chips == 1 else 's'}"] if chips else []
    parts += [f"{servers} server{'' if servers == 1 else 's'}"] if servers else []
    unsettled = sum(klass.settled is None for _, klass in found)
    open_ = f"; the class of {unsettled} turns on facts that are not known" if unsettled else ""
    return f"{', '.join(parts)} on {day}{open_}"


# -- one item ----------------------------------------------------------------------------------
def sheet_of(text: str, day: date, view: str, tf32_bits: int) -> Sheet:
    """The data sheet of an item that a person named."""
    from klartecken.decide.ask import shipped_world
    from klartecken.decide.lines import margins
    from klartecken.facts.items import find_item

    world = shipped_world()
    item = find_item(text, world.law.vocabulary, tf32_bits=tf32_bits)
    chip = load_catalogue().chips.get(item.contains or item.id)
    found = margins(item, day, view, world)
    return Sheet(item, chip, day, view, tf32_bits, world.law.vocabulary, found)


def print_sheet(sheet: Sheet) -> None:
    """A data sheet as text; sources are numbered and listed at the end."""
    sources: dict[str, int] = {}
    click.echo(f"{sheet.item.name} [{sheet.item.id}]")
    for line in _about(sheet):
        click.echo(f"  {line}")
    click.echo(f"\nClass on {sheet.day}: {class_text(sheet.margins.klass)}")
    for line in turning_lines(sheet):
        click.echo(f"  {line}")
    if sheet.scores:
        click.echo(f"\nRates, dense, of one chip (TF32 counted with {sheet.tf32_bits} bits)")
        table(
            ["format", "rate", "bits", "rate x bits", "grade", "source"],
            [
                [s.format, str(s.rate), str(s.bits), str(s.score), s.grade,
                 _numbered(sources, *s.sources)]
                for s in sheet.scores
            ],
            frozenset({1, 2, 3}),
        )  # fmt: skip
    click.echo("\nWhat the law sees")
    table(
        ["fact", "value", "unit", "grade", "source", "note"],
        [_fact_row(sheet, sources, name, fact) for name, fact in sheet.numbers.items()],
        frozenset({1}),
    )
    click.echo(f"\nLines on {sheet.day} (distance: what the value would have to change by)")
    table(
        ["quantity", "value", "line", "side", "distance", "of value", "used for", "provisions"],
        [_line_row(margin) for margin in sheet.margins.lines],
        frozenset({1, 2, 4, 5}),
    )
    if sheet.chip:
        _print_figures(sheet.chip, sources)
    if sources:
        click.echo("\nSources")
        for source, place in sources.items():
            click.echo(f"  [{place}] {source}")


def _about(sheet: Sheet) -> list[str]:
    lines = []
    chip = sheet.chip
    if chip:
        released = f", released {chip.released}" if chip.released else ""
        made = f", made by {chip.foundry}" if chip.foundry else ""
        lines.append(f"{chip.vendor} ({chip.designer_hq}), {chip.form}{released}{made}")
    flag = sheet.item.facts.get("datacenter")
    if flag is not None:
        note = f": {flag.note}" if flag.note else ""
        lines.append(f"for data centres: {flag.value} ({flag.grade}{note})")
    memory = sheet.item.facts.get("has_hbm")
    lines += [memory.note] if memory and memory.note else []
    return [*lines, *sheet.item.notes]


def _numbered(sources: dict[str, int], *found: str) -> str:
    single = [part for source in found for part in source.split("; ") if part]
    return "".join(f"[{sources.setdefault(s, len(sources) + 1)}]" for s in dict.fromkeys(single))


def _fact_row(sheet: Sheet, sources: dict[str, int], name: str, fact: Fact | None) -> list[str]:
    unit = sheet.vocabulary.facts[name].unit
    if fact is None:
        return [name, "unknown", unit, "", "", ""]
    return [
        name, str(fact.value), unit, fact.grade, _numbered(sources, fact.source), fact.note
    ]  # fmt: skip


def _line_row(margin: Margin) -> list[str]:
    line = margin.line
    value = "unknown" if margin.value is None else str(margin.value)
    distance = "?" if margin.distance is None else str(margin.distance)
    bound = str(Range(line.atom.bound, line.atom.bound))
    return [
        line.quantity, value, bound, side(margin), distance, shares(margin.relative),
        USE_WORDS[line.use], ", ".join(line.provisions),
    ]  # fmt: skip


def _print_figures(chip: Chip, sources: dict[str, int]) -> None:
    many = f", totals over {chip.packages} packages" if chip.packages > 1 else ""
    click.echo(f"\nFigures of {chip.name}{many}")
    figures = [figure for group in chip.figures.values() for figure in group]
    table(
        ["quantity", "value", "unit", "used", "grade", "source", "note"],
        [
            [f.quantity, str(f.value), UNITS[f.quantity], "yes" if f.used else "no", f.grade,
             _numbered(sources, f.source), f.note]
            for f in figures
        ],
        frozenset({1}),
    )  # fmt: skip
