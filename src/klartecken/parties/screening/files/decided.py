"""Reviewers' decisions laid over the rows of a file of hits."""

from __future__ import annotations

from datetime import date

from klartecken.parties.decisions.apply import lapse
from klartecken.parties.decisions.record import EXACT, FALSE_POSITIVE, MATCH, Decision, Decisions
from klartecken.parties.party import Party
from klartecken.parties.screening.files.hitrows import Told, one_line
from klartecken.parties.screening.listed import Listed
from klartecken.parties.screening.screen import status_of


def decided(party: Party, about: Told, decisions: Decisions, day: date, listed: Listed) -> Told:
    """What is to be written of a party, with the decisions in force on a day.

    As :func:`klartecken.parties.decisions.apply.apply`, row by row: a false positive stays in
    the file and no longer counts; of contradicting decisions the match counts; why one lapsed
    is said.
    """
    held = decisions.about(party)
    if not held or not about.hits:
        return about
    here = {row.entry_id: row.entry_hash for row in about.hits}
    exact = frozenset(row.entry_id for row in about.hits if row.rule in EXACT)
    valid: dict[str, Decision] = {}
    lapsed = []
    for decision in held:
        if decision.entry_id not in here:
            continue
        why = lapse(decision, party, here, exact, day)
        if why is not None:
            lapsed.append(why)
        elif decision.verdict == MATCH or decision.entry_id not in valid:
            valid[decision.entry_id] = decision
    rows = tuple(
        row._replace(decision=told_of(valid[row.entry_id])) if row.entry_id in valid else row
        for row in about.hits
    )
    aside = {entry for entry, decision in valid.items() if decision.verdict == FALSE_POSITIVE}
    status, reasons = about.status, about.reasons
    if aside >= here.keys():
        status, found, _ = status_of(party, False, listed)
        reasons = "; ".join(found)
    return about._replace(
        status=status, hits=rows, reasons="; ".join(filter(None, [reasons, *lapsed]))
    )


def told_of(decision: Decision) -> str:
    """A decision in one line."""
    until = f" until {decision.until}" if decision.until else ""
    verdict = decision.verdict.replace("_", " ")
    people = " and ".join(filter(None, (decision.by, decision.second)))
    return one_line(f"{verdict} by {people} on {decision.day}{until}: {decision.reason}")
