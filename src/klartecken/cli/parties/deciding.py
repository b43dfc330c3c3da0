"""Decide on a hit, list what was decided, take a decision back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import click

from klartecken.cli.common import day_of, home_option, json_option, print_json, table, today
from klartecken.cli.partyoptions import context_of
from klartecken.errors import InputError, UnknownName

if TYPE_CHECKING:
    from klartecken.parties.lists.entry import Entry
    from klartecken.parties.party import Party
    from klartecken.parties.resolve.context import Context

YEAR = 365  # days that a false positive holds unless told otherwise


@click.command("decide")
@click.argument("name")
@click.argument("entry_id")
@click.option("--false-positive", "denied", is_flag=True, help="It is somebody else.")
@click.option("--match", "same", is_flag=True, help="It is the same.")
@click.option("--reason", required=True, metavar="TEXT", help="Why: it is kept in the log.")
@click.option("--by", required=True, metavar="PERSON", help="Who decides.")
@click.option(
    "--second", default="", metavar="PERSON",
    help="Who agrees: needed to set an exact hit aside.",
)  # fmt: skip
@click.option(
    "--until", metavar="DATE", help="Last day that it holds. Default for a false positive: a year."
)
@click.option("--owner", is_flag=True, help="NAME is an owner, of `klartecken owners`.")
@home_option
@json_option
def decide_command(
    name: str, entry_id: str, denied: bool, same: bool, reason: str, by: str, second: str,
    until: str | None, owner: bool, home: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Say whether the party NAME is the listed one ENTRY_ID.

    The decision is of this party and this entry as they are now: it lapses when either of
    them changes, and on its last day. It is added to a log that nothing is taken out of.
    """
    from klartecken.parties.decisions.record import EXACT, FALSE_POSITIVE, MATCH, decide
    from klartecken.parties.decisions.store import add
    from klartecken.parties.home import home_folder

    if denied == same:
        raise InputError("say what it is", where="decide",
                         next_step="Give either --match or --false-positive")  # fmt: skip
    day, context = today(), context_of(home, YEAR)
    last = day_of(until) if until else (day + timedelta(YEAR) if denied else None)
    party = _party(name, context, owner)
    entry, rules = _entry(party, entry_id, context, day)
    decision = decide(
        party, entry, FALSE_POSITIVE if denied else MATCH, reason=reason, by=by, day=day,
        until=last, second=second, exact=not rules.isdisjoint(EXACT),
    )  # fmt: skip
    kept = add(home_folder(home), decision)
    if as_json:
        print_json(kept.to_dict())
        return
    verb = "is not" if denied else "is"
    click.echo(f"{kept.id}: {party.name!r} {verb} {entry.id} ({entry.name})")
    if last:
        click.echo(f"until {last}, as long as neither of them changes")


def _party(name: str, context: Context, owner: bool) -> Party:
    from klartecken.facts.text import one_line
    from klartecken.parties.party import Party

    text = one_line(name, "party")
    if owner:
        from klartecken.parties.resolve.owning import GraphOwners, party_of

        if not isinstance(context.owners, GraphOwners):
            raise InputError("no owners are known", where="--owner",
                             next_step="See klartecken owners import")  # fmt: skip
        graph = context.owners.graph
        return party_of(graph.holders[graph.find(text)])
    record = context.register.find(text) if context.register else None
    return record.party if record else Party(text)


def _entry(
    party: Party, entry_id: str, context: Context, day: date
) -> tuple[Entry, frozenset[str]]:
    """The entry that came up for a party, and the rules by which; or an approval by name."""
    from klartecken.parties.resolve.supplement import approvals

    for approval in approvals():
        if approval.entry.id == entry_id:
            return approval.entry, frozenset()
    if context.screen is None or context.cover(day) is None:
        raise InputError(f"there is no list as of {day}", where="decide",
                         next_step="See klartecken lists import")  # fmt: skip
    hits = context.screen(party, day).hits
    mine = [hit for hit in hits if hit.entry.id == entry_id]
    if not mine:
        near = tuple(dict.fromkeys(hit.entry.id for hit in hits))[:8]
        raise UnknownName(
            f"{entry_id!r} did not come up for {party.name!r}", nearest=near, where="decide",
            next_step="" if near else "Nothing came up: there is nothing to decide",
        )  # fmt: skip
    return mine[0].entry, frozenset(hit.rule for hit in mine)


@click.command("decisions")
@click.argument("name", required=False)
@home_option
@json_option
def decisions_command(name: str | None, home: str | None, as_json: bool) -> None:
    """The log of decisions: all, or those on the party NAME (name or id)."""
    from klartecken.parties.decisions.record import Decision
    from klartecken.parties.decisions.store import read_decisions
    from klartecken.parties.home import home_folder

    held = read_decisions(home_folder(home))
    standing = {decision.id for decision in held.standing}
    records = [
        record for record in held.records
        if name is None or (
            isinstance(record, Decision) and name in (record.party_name, record.party_id)
        )
    ]  # fmt: skip
    if as_json:
        rows = [{**record.to_dict(), "stands": record.id in standing} for record in records]
        print_json({"decisions": rows, "torn": held.torn, "log": held.hash})
    elif not records:
        click.echo("There is no decision.")
    else:
        table(
            ["id", "day", "party", "verdict", "entry", "until", "by", "second"],
            [
                [r.id, str(r.day), r.party_name, r.verdict.replace("_", " "), r.entry_id,
                 ("withdrawn" if r.id not in standing else str(r.until or "")), r.by, r.second]
                if isinstance(r, Decision)
                else [r.id, str(r.day), "", f"withdraws {r.withdraws}", "", "", r.by, ""]
                for r in records
            ],
        )  # fmt: skip
    if held.torn:
        click.echo(f"Warning: {held.torn}", err=True)


@click.command("withdraw")
@click.argument("decision_id")
@click.option("--reason", required=True, metavar="TEXT", help="Why: it is kept in the log.")
@click.option("--by", required=True, metavar="PERSON", help="Who takes it back.")
@home_option
@json_option
def withdraw_command(
    decision_id: str, reason: str, by: str, home: str | None, as_json: bool
) -> None:  # fmt: skip
    """Take the decision DECISION_ID back. Both stay in the log."""
    from klartecken.facts.text import one_line
    from klartecken.parties.decisions.record import Withdrawal
    from klartecken.parties.decisions.store import add
    from klartecken.parties.home import home_folder

    record = Withdrawal(decision_id, one_line(reason, "reason"), one_line(by, "by"), today())
    kept = add(home_folder(home), record)
    if as_json:
        print_json(kept.to_dict())
    else:
        click.echo(f"{kept.id}: withdrew {decision_id}")
