"""`klartecken screen`: one party."""

from __future__ import annotations

from typing import Any

import click

from klartecken.cli.common import day_of, home_option, json_option, print_json
from klartecken.cli.screening.options import (
    fail_option,
    on_option,
    take_thresholds,
    tell,
    threshold_options,
    warn_of_lists,
)


@click.command("screen")
@click.argument("name")
@click.option("--alias", "aliases", multiple=True, metavar="NAME", help="Also named. Repeatable.")
@click.option(
    "--kind", type=click.Choice(["organisation", "person", "unknown"]), default="unknown",
    show_default=True, help="Unknown is read both ways.",
)  # fmt: skip
@click.option(
    "--address", "addresses", multiple=True, metavar="TEXT",
    help="Street, city and so on; some entries have an address only. Repeatable.",
)  # fmt: skip
@click.option("--country", metavar="CC", default="", help="ISO code or name. It drops no hit.")
@click.option(
    "--identifier", "identifiers", multiple=True, metavar="KIND:NUMBER",
    help="A registered number, as LEI:5493001KJTIIGC8Y1R12. Repeatable.",
)  # fmt: skip
@on_option
@home_option
@threshold_options
@fail_option
@json_option
def screen_command(
    name: str, on: str | None, home: str | None, fail_on_hit: bool, as_json: bool, country: str,
    **options: Any,
) -> int:  # fmt: skip
    """Screen NAME against the restricted-party lists: every hit there is, and why.

    The status is hit, no_hit or not_screenable. Before a list is imported (`klartecken lists
    update`), only a built-in table of AI-chip entities is looked at, and nothing is no_hit.

    \b
    klartecken screen "Inspur Group" --country CN
    """
    from klartecken.parties.decisions.apply import apply
    from klartecken.parties.decisions.store import read_decisions
    from klartecken.parties.home import home_folder
    from klartecken.parties.screened import HIT
    from klartecken.parties.screening.api import party_of
    from klartecken.parties.screening.inuse import listed_on
    from klartecken.parties.screening.selfcheck import Checker

    thresholds = take_thresholds(options)
    party = party_of(name, country=_country(country), **options)
    day = day_of(on)
    folder = home_folder(home)
    listed = listed_on(folder, day, tell)
    answers, checked = Checker(listed, thresholds).screen([party])
    answer = apply(answers[0], read_decisions(folder), day)
    warn_of_lists(listed.limits, listed.about, day)
    if as_json:
        print_json(answer.to_dict() | {"on": day.isoformat(), "self_check": checked.to_dict()})
    else:
        from klartecken.words.screening import screening_lines

        for line in screening_lines(answer, day):
            click.echo(line)
    return 1 if fail_on_hit and answer.status == HIT else 0


def _country(text: str) -> str:
    """The code of a place given by code or name.

    Raises:
        UnknownName: no such place.
    """
    if not text.strip():
        return ""
    from klartecken.facts.places import load_places

    return load_places().resolve(text)
