"""Options of the commands that name parties, and the context that they are resolved with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from klartecken.cli.common import home_option

if TYPE_CHECKING:
    from klartecken.parties.resolve.context import Context

F = TypeVar("F", bound=Callable[..., Any])

age_option = click.option(
    "--list-age", type=click.IntRange(0), default=7, show_default=True, metavar="DAYS",
    help="How many days a restricted-party list may be older than the day asked about.",
)  # fmt: skip


def name_options(command: F) -> F:
    """The parties by role, and what they are resolved with."""
    options = [
        click.option(
            "--consignee", metavar="NAME",
            help="Ultimate consignee: name, or id in your register. It is screened.",
        ),
        click.option("--end-user", multiple=True, metavar="NAME", help="End user. Repeatable."),
        click.option("--purchaser", multiple=True, metavar="NAME", help="Purchaser. Repeatable."),
        click.option(
            "--intermediate", multiple=True, metavar="NAME",
            help="Intermediate consignee. Repeatable.",
        ),
        age_option,
        home_option,
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def with_context(question: dict[str, Any]) -> dict[str, Any]:
    """A question with the context in place of ``home`` and ``list_age``.

    Nothing is read while no party is named.
    """
    from klartecken.decide.named import named_of

    held = dict(question)
    home, age = held.pop("home"), held.pop("list_age")
    return {**held, "parties": context_of(home, age) if named_of(held) else None}


def context_of(home: str | None, list_age: int) -> Context:
    """Lists, register, decisions and owners of a home folder."""
    from klartecken.parties.home import home_folder
    from klartecken.parties.resolve.home import home_context

    return home_context(home_folder(home), list_age)
