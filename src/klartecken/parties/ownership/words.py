"""Ownership in words and rows, for people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from klartecken.logic.tri import NO, YES
from klartecken.parties.ownership.finding import AffiliateFinding, Chain
from klartecken.parties.ownership.graph import Graph
from klartecken.parties.ownership.headquarters import Headquarters
from klartecken.parties.ownership.model import Stake
from klartecken.parties.ownership.share import plain

RULES = {"bis": "the Affiliates rule (BIS)", "ofac": "OFAC's 50 percent rule"}


def finding_lines(graph: Graph, finding: AffiliateFinding) -> Iterator[str]:
    """A finding, line by line."""
    yield f"{graph.label(finding.party)} on {finding.day}, {RULES[finding.rule]}"
    answer = {
        YES: "yes: restricted parties own 50 per cent or more of it",
        NO: "no: the stated owners do not make it covered",
    }.get(finding.status, "unknown: restricted parties may own 50 per cent or more of it")
    yield f"  {answer}"
    if finding.foreign is NO:
        yield "  it is a US entity, which this rule does not reach through its owners"
    top = ("" if finding.reach_most else "less than ") + plain(finding.most)
    least = plain(finding.least)
    yield f"  held by restricted parties: {least}" + (
        " per cent" if least == top else f" to {top} per cent"
    )
    for chain in finding.chains:
        yield f"  {'through' if chain.sure else 'perhaps through'} {_chain(graph, chain)}"
    held = finding.inherited if finding.status is YES else finding.inherited_at_most
    if held.lists:
        notes = f"; footnotes {', '.join(held.footnotes)}" if held.footnotes else ""
        policy = held.policy.replace("_", " ")
        whether = "inherits" if finding.status is YES else "would inherit"
        yield f"  {whether}: {', '.join(held.lists)}{notes}; review policy {policy}"
    for question in finding.open:
        yield f"  to settle: {question.text}"
    for flag in finding.flags:
        yield f"  red flag {flag.code}: {flag.text}"
    yield "Whether the rule is in force on the day is for the law: see klartecken check."


def _chain(graph: Graph, chain: Chain) -> str:
    steps = [graph.name(chain.restricted)]
    for step in chain.steps:
        share = str(step.share)
        part = "an unknown part" if share == "unknown" else f"{share} per cent"
        steps.append(f"{part} of {graph.name(step.owned)}")
    return ", ".join(steps)


def headquarters_lines(graph: Graph, found: Headquarters) -> Iterator[str]:
    """Headquarters, line by line."""
    yield f"  headquarters: {' or '.join(found.consignee_hq) or 'unknown'}"
    names = " or ".join(map(graph.name, found.parents)) or "no source names one"
    yield f"  ultimate parent: {names}; headquarters: {' or '.join(found.parent_hq) or 'unknown'}"
    for note in found.notes:
        yield f"  note: {note}"


def owner_rows(graph: Graph, party: str, day: date) -> list[list[str]]:
    """The stakes in a party on a day."""
    held = graph.into.get(party, ())
    return [_row(graph, stake, stake.owner) for stake in held if stake.covers(day)]


def property_rows(graph: Graph, party: str, day: date) -> list[list[str]]:
    """The stakes of a party on a day."""
    held = graph.out.get(party, ())
    return [_row(graph, stake, stake.owned) for stake in held if stake.covers(day)]


def _row(graph: Graph, stake: Stake, other: str) -> list[str]:
    days = [day.isoformat() if day else "" for day in (stake.since, stake.until)]
    return [graph.name(other), str(stake.share), stake.kind, *days, stake.source]


def company(graph: Graph, party: str, day: date, found: Headquarters) -> dict[str, Any]:
    """A party with its owners and property on a day, as plain data."""
    holder = graph.holders[party]
    return {
        "id": party, "name": graph.name(party), "country": holder.country, "lei": holder.lei,
        "is_us": holder.is_us, "kind": holder.kind, "day": day.isoformat(),
        "owners": [_stake(s) for s in graph.into.get(party, ()) if s.covers(day)],
        "owns": [_stake(s) for s in graph.out.get(party, ()) if s.covers(day)],
        "headquarters": found.to_dict(),
    }  # fmt: skip


def _stake(stake: Stake) -> dict[str, Any]:
    return {
        "owner": stake.owner, "owned": stake.owned, "share": str(stake.share),
        "kind": stake.kind, "since": stake.since.isoformat() if stake.since else "",
        "until": stake.until.isoformat() if stake.until else "", "source": stake.source,
        "note": stake.note, "where": stake.where,
    }  # fmt: skip
