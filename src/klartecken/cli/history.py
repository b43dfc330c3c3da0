"""`klartecken history`: how the answer to one question changed over time."""

from __future__ import annotations

from typing import Any

import click

from klartecken.cli.common import day_of, json_option, print_json, question_options, read_facts
from klartecken.cli.partyoptions import name_options, with_context


@click.command("history")
@click.argument("item")
@click.option("--until", metavar="DATE", help="Last day to look at. Default: today.")
@click.option("--events/--no-events", default=True, help="Show the events between.")
@question_options
@name_options
@json_option
def history_command(
    item: str, until: str | None, events: bool, as_json: bool, facts: tuple[str, ...],
    **question: Any,
) -> None:  # fmt: skip
    """Every day on which the answer changed, what changed it, and the events between.

    \b
    klartecken history nvidia-h20 --to CN --exporter NVIDIA
    """
    from klartecken.decide.ask import ask_history
    from klartecken.words.chronicle import chronicle, chronicle_data

    asked = {**with_context(question), "facts": read_facts(facts)}
    steps = ask_history(item, until=day_of(until), **asked)
    if as_json:
        print_json(chronicle_data(steps))
    else:
        click.echo(chronicle(steps, events=events))
