"""Show the owners of a party, and ask a 50 percent rule about it."""

from __future__ import annotations

from pathlib import Path

import click

from klartecken.cli.common import day_of, home_option, json_option, print_json, table

on_option = click.option("--on", metavar="DATE", help="The day. Default: today.")


@click.command("show")
@click.argument("party", metavar="NAME|ID")
@on_option
@home_option
@json_option
def show_command(party: str, on: str | None, home: str | None, as_json: bool) -> None:
    """Who owns a party on a day, what it owns, and where it has its headquarters."""
    from klartecken.parties.home import home_folder
    from klartecken.parties.ownership.headquarters import headquarters
    from klartecken.parties.ownership.store import load_graph
    from klartecken.parties.ownership.words import (
        company,
        headquarters_lines,
        owner_rows,
        property_rows,
    )  # fmt: skip

    graph, day = load_graph(home_folder(home)), day_of(on)
    found = graph.find(party)
    where = headquarters(graph, found, day)
    if as_json:
        print_json(company(graph, found, day, where))
        return
    click.echo(f"{graph.label(found)} on {day}")
    for line in headquarters_lines(graph, where):
        click.echo(line)
    for title, rows in (
        ("owner", owner_rows(graph, found, day)), ("owns", property_rows(graph, found, day)),
    ):  # fmt: skip
        if rows:
            click.echo()
            table([title, "per cent", "kind", "from", "until", "source"], rows)
        elif title == "owner":
            click.echo("no owner is stated for this day")


@click.command("check")
@click.argument("party", metavar="NAME|ID")
@on_option
@click.option(
    "--restricted", "restricted", metavar="FILE.csv",
    help="Restricted parties: id or name, list, footnotes, policy, programmes, status.",
)  # fmt: skip
@click.option(
    "--rule", type=click.Choice(["bis", "ofac"]), default="bis", show_default=True,
    help="The Affiliates rule, or OFAC's 50 percent rule.",
)  # fmt: skip
@home_option
@json_option
def check_command(
    party: str, on: str | None, restricted: str | None, rule: str, home: str | None, as_json: bool
) -> None:
    """Is a party owned 50 percent or more by restricted parties?

    The computation only: whether the rule is in force on the day, `klartecken check` says.
    """
    from klartecken.parties.home import home_folder
    from klartecken.parties.ownership.affiliates import affiliate_of
    from klartecken.parties.ownership.restricted import read_restricted
    from klartecken.parties.ownership.restriction import Restriction
    from klartecken.parties.ownership.store import load_graph
    from klartecken.parties.ownership.words import finding_lines

    graph, day = load_graph(home_folder(home)), day_of(on)
    listed: dict[str, Restriction] = {}
    absent: tuple[str, ...] = ()
    if restricted is not None:
        listed, absent = read_restricted(Path(restricted), graph)
    finding = affiliate_of(graph, listed, graph.find(party), day, rule)
    if as_json:
        print_json({**finding.to_dict(), "restricted": len(listed), "absent": list(absent)})
        return
    if not listed:
        click.echo(
            "WARNING: No restricted party was given (--restricted), so nobody counted as one and a "
            "no below says nothing. `klartecken parties show` and `klartecken check` screen the "
            "owners against the lists.", err=True,
        )  # fmt: skip
    for line in finding_lines(graph, finding):
        click.echo(line)
    if absent:
        click.echo("Restricted, but no holder here: " + ", ".join(absent))
