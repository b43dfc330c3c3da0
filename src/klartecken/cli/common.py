"""Options and output that several commands share."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from klartecken.errors import InputError

if TYPE_CHECKING:
    from klartecken.decide.determination import Determination

F = TypeVar("F", bound=Callable[..., Any])

view_option = click.option(
    "--view",
    type=click.Choice(["practice", "text"]),
    default="practice",
    show_default=True,
    help="The law as enforced, or as the CFR prints it.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
home_option = click.option(
    "--home", metavar="DIR",
    help="Folder of your own data. Default: KLARTECKEN_HOME, else the platform's.",
)  # fmt: skip


def today() -> date:
    """The day on this machine: the only clock of the program."""
    return date.today()


def day_of(text: str | None) -> date:
    """A day given on the command line, or today."""
    from klartecken.decide.ask import read_day

    return today() if text is None else read_day(text)


def question_options(command: F) -> F:
    """The options that describe a case, without its day."""
    options = [
        click.option("--to", required=True, metavar="CC", help="Destination: ISO code or name."),
        click.option("--from", "ship_from", metavar="CC", help="Where the item leaves from."),
        click.option(
            "--activity", type=click.Choice(["export", "reexport", "transfer"]),
            help="Default: what --from and --to imply; else that it crosses a border.",
        ),
        click.option("--exporter", metavar="NAME", help="Who ships. Letters bind by name."),
        click.option("--hq", metavar="CC", help="Consignee's headquarters (and its parent's)."),
        click.option("--parent-hq", metavar="CC", help="Ultimate parent's headquarters."),
        click.option("--end-use", metavar="USE", help="commercial, supercomputer, military, ..."),
        click.option(
            "--listed", multiple=True, metavar="LIST",
            help="none, entity_list[:FOOTNOTE], meu, uvl, dpl, sdn, affiliate, minority_owner, "
            "unknown. Repeatable.",
        ),
        click.option(
            "--fact", "facts", multiple=True, metavar="K=V",
            help="Any fact: tpp=2300..2400, datacenter=no. Repeatable. See `klartecken facts`.",
        ),
        view_option,
        click.option("--strict", is_flag=True, help="Treat assumed facts as unknown."),
        click.option(
            "--tf32-bits", type=click.IntRange(1, 64), default=32, show_default=True,
            help="Bit length that TF32 counts with.",
        ),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def read_facts(pairs: tuple[str, ...], option: str = "--fact") -> dict[str, str]:
    """``K=V`` pairs of an option.

    Raises:
        InputError: no ``=``, no name, or a name given twice.
    """
    found: dict[str, str] = {}
    for pair in pairs:
        name, mark, value = pair.partition("=")
        name = name.strip()
        if name.endswith((">", "<")):  # tpp>=2400 reads as the range >=2400
            name, value = name[:-1].strip(), f"{name[-1]}={value}"
        if not mark or not name or not value.strip():
            raise InputError(
                f"{pair!r} is not NAME=VALUE", where=option, next_step="Write tpp=2300..2400"
            )
        if name in found:
            raise InputError(f"{name} is given twice", where=option)
        found[name] = value.strip()
    return found


def print_json(data: object) -> None:
    """JSON on standard output; days and moments as ISO text, numbers that are exact as text."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False, default=_text))


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def show_answer(answer: Determination, as_json: bool) -> None:
    """A determination: JSON, drawn on a terminal, else as plain text."""
    if as_json:
        print_json(answer.to_dict())
    elif on_terminal():
        from rich.console import Console

        from klartecken.words.document import document
        from klartecken.words.terminal import show

        show(document(answer), Console())
    else:
        click.echo(answer.explain())


def on_terminal() -> bool:
    """Is standard output a terminal?"""
    return sys.stdout is not None and sys.stdout.isatty()


def write_new(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all; a link is followed to its file.

    Raises:
        InputError: no file name, something other than a file, or it cannot be written.
    """
    if path.name in ("", "-", ".."):
        raise InputError(f"{str(path)!r} is no file name", where="output")
    try:
        target = path.resolve()
        if target.exists() and not target.is_file():
            raise InputError("is not a regular file", where=str(path))
        temporary = target.with_name(f".{target.name}.part")
        try:
            temporary.write_bytes(content.encode() if isinstance(content, str) else content)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as err:
        raise InputError(f"cannot be written ({err.strerror})", where=str(path)) from err


def period(
    since: str | None, until: str | None, option: str = "--since"
) -> tuple[date | None, date | None]:  # fmt: skip
    """Two days given on the command line, in order; ``option`` gave the first.

    Raises:
        InputError: the first lies after the last.
    """
    first = None if since is None else day_of(since)
    last = None if until is None else day_of(until)
    if first and last and first > last:
        raise InputError(f"{first} lies after {last}", where=option)
    return first, last


def table(headings: list[str], rows: list[list[str]], right: frozenset[int] = frozenset()) -> None:
    """A table: aligned columns when piped, a drawn one on a terminal (nothing is cut)."""
    widths = [max(len(r[i]) for r in [headings, *rows]) for i in range(len(headings))]
    if on_terminal():
        from rich.console import Console
        from rich.table import Table

        drawn = Table(box=None, header_style="bold cyan")
        for place, heading in enumerate(headings):
            side: Any = "right" if place in right else "left"
            drawn.add_column(heading, justify=side, overflow="fold", no_wrap=place in right)
        for row in rows:
            drawn.add_row(*row)
        # a number is never broken in two: rather a line that the terminal itself wraps
        needed = sum(w + 2 if n in right else min(w, 14) + 2 for n, w in enumerate(widths))
        Console(width=max(Console().width, needed)).print(drawn)
        return
    for row in [headings, *rows]:
        cells = [
            text.rjust(width) if place in right else text.ljust(width)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        click.echo("  ".join(cells).rstrip())
