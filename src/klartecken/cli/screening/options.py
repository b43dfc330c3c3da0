"""Options that both commands of screening share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

import click

from klartecken.cli.lists.telling import MAX_AGE
from klartecken.parties.screening.model import DEFAULT, Thresholds

F = TypeVar("F", bound=Callable[..., Any])
NAMES = ("words", "characters", "addresses", "block")

on_option = click.option(
    "--on", metavar="DATE",
    help="Day of the screening: the latest lists not after it count. Default: today.",
)  # fmt: skip
fail_option = click.option(
    "--fail-on-hit", is_flag=True, help="Exit code 1 where there is a hit."
)  # fmt: skip


def threshold_options(command: F) -> F:
    """``--threshold-words`` and the like, in thousandths."""
    told = {
        "words": "Least score of the weighted words, in thousandths.",
        "characters": "Least ratio of the characters, in thousandths.",
        "addresses": "Least score of addresses, in thousandths.",
        "block": "From this score on the band is block.",
    }
    for name in reversed(NAMES):
        option = click.option(
            f"--threshold-{name}", type=int, metavar="N", default=getattr(DEFAULT, name),
            show_default=True, help=told[name],
        )  # fmt: skip
        command = option(command)
    return command


def take_thresholds(options: dict[str, Any]) -> Thresholds:
    """The thresholds out of a command's options.

    Raises:
        InputError: not between 1 and 1000.
    """
    return Thresholds(**{name: options.pop(f"threshold_{name}") for name in NAMES})


def tell(line: str) -> None:
    """A note on standard error."""
    click.echo(f"Note: {line}", err=True)


def warn_of_lists(limits: tuple[str, ...], about: Mapping[str, Any], day: date) -> None:
    """Say loudly on standard error that there is no list, or that the lists are old.

    Args:
        limits: of the snapshot.
        about: its label and lists.
        day: of the screening.
    """
    if about["label"].startswith("built-in"):
        click.echo(f"WARNING: {limits[0]} See klartecken lists update.", err=True)
        return
    old = [
        code for code, part in about["lists"].items()
        if not code.startswith("OWN:") and (day - date.fromisoformat(part["date"])).days > MAX_AGE
    ]  # fmt: skip
    if old:
        click.echo(
            f"WARNING: more than {MAX_AGE} days old on {day}: {', '.join(old)}. Who came onto them "
            "since is not found. See klartecken lists update.", err=True,
        )  # fmt: skip
