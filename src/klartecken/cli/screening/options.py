"""Options that both commands of screening share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

import click

from klartecken.parties.screening.model import DEFAULT, Thresholds

F = TypeVar("F", bound=Callable[..., Any])
MAX_AGE = 7  # days, as for parties of a case
NAMES = ("words", "characters", "addresses", "block")

home_option = click.option(
    "--home", metavar="DIR",
    help="Folder of your own data. Default: KLARTECKEN_HOME, else the platform's.",
)  # fmt: skip
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


def warn_builtin(limits: tuple[str, ...], label: str) -> None:
    """Say loudly on standard error that there is no list."""
    if label.startswith("built-in"):
        click.echo(f"WARNING: {limits[0]} See klartecken lists update.", err=True)


def warn_old(snapshot: Mapping[str, Any], day: date) -> None:
    """Say on standard error which lists are too old to say that somebody is not on them.

    Args:
        snapshot: what a result says of it; lists that were carried over have days of their own.
        day: of the screening.
    """
    ages = {
        code: (day - date.fromisoformat(part["date"])).days
        for code, part in snapshot["lists"].items()
    }
    old = [f"{code} ({age} days)" for code, age in ages.items() if age > MAX_AGE]
    if old:
        click.echo(
            f"WARNING: older than {MAX_AGE} days on {day}: {', '.join(old)}. Who was listed since "
            "then is not found. See klartecken lists update.", err=True,
        )  # fmt: skip
