"""`klartecken events`: the event ledger."""

from __future__ import annotations

from typing import Any

import click

from klartecken.cli.common import json_option, period, print_json, table
from klartecken.facts.events import Event, load_events


@click.command("events")
@click.argument("about", required=False)
@click.option("--to", metavar="CC", help="Only events about this destination.")
@click.option("--since", metavar="DATE", help="From this day on.")
@click.option("--until", metavar="DATE", help="Up to this day. Default: all.")
@json_option
def events_command(
    about: str | None, to: str | None, since: str | None, until: str | None, as_json: bool
) -> None:
    """Dated policy events, with their rung on the evidence ladder.

    ABOUT filters by text in the product, actor, action or summary.
    """
    from klartecken.facts.places import load_places

    places = load_places()
    code = places.legal(places.resolve(to)) if to is not None else None
    first, last = period(since, until)
    found = [
        event
        for event in load_events().events
        if (first is None or event.day >= first)
        and (last is None or event.day <= last)
        and (code is None or code in event.destinations)
        and (about is None or about.lower() in searchable(event))
    ]
    if as_json:
        print_json([event_data(event) for event in found])
        return
    table(
        ["date", "rung", "action", "grade", "summary"],
        [
            [
                event.day.isoformat(),
                "" if event.rung is None else str(event.rung),
                event.action.replace("_", " "),
                event.grade.replace("_", " "),
                event.summary,
            ]
            for event in found
        ],
    )
    if not found:
        click.echo("no event matches")


def searchable(event: Event) -> str:
    """The text that ABOUT looks through."""
    parts = (event.id, event.actor, event.action, event.summary, *event.families)
    return " ".join(parts).lower()


def event_data(event: Event) -> dict[str, Any]:
    """An event as plain data."""
    return {
        "id": event.id, "date": str(event.day), "public_from": str(event.public_from),
        "actor": event.actor, "action": event.action, "jurisdiction": event.jurisdiction,
        "families": sorted(event.families), "scope": event.scope,
        "destinations": sorted(event.destinations), "rung": event.rung, "grade": event.grade,
        "support": event.support, "direction": event.direction, "text": event.summary,
        "amount_usd": event.amount_usd, "title": event.source_title,
        "source": event.source_url,
    }  # fmt: skip
