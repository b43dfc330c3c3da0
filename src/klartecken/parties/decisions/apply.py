"""Decisions laid over a screening: what is set aside, what is confirmed, what lapsed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from klartecken.parties.decisions.record import EXACT, FALSE_POSITIVE, MATCH, Decision, Decisions
from klartecken.parties.party import Party
from klartecken.parties.screened import HIT, NO_HIT, NOT_SCREENABLE, Hit, Screening


def apply(screening: Screening, decisions: Decisions, day: date) -> Screening:
    """The screening as the reviewers' decisions leave it on a day.

    A false positive in force moves its hits to ``suppressed``, together with the decision; a
    match in force is named in ``confirmed``, also when its entry is no longer among the hits.
    Of two decisions that contradict one another the match counts. Why a decision does not
    count is said in ``reasons``.

    Args:
        screening: of one party.
        decisions: of all parties.
        day: the day asked about.
    """
    held = decisions.about(screening.party)
    if not held:
        return screening
    exact = frozenset(hit.entry.id for hit in screening.hits if hit.rule in EXACT)
    here = {hit.entry.id: hit.entry.hash for hit in screening.hits}
    reasons = [*screening.reasons]
    lapsed: list[tuple[Decision, str]] = []
    valid: dict[str, list[Decision]] = {FALSE_POSITIVE: [], MATCH: []}
    for decision in held:
        why = lapse(decision, screening.party, here, exact, day)
        if why is None:
            valid[decision.verdict].append(decision)
        elif decision.entry_id in here or decision.verdict == MATCH:
            # of somebody else's entry that did not come up, nothing is lost
            lapsed.append((decision, why))
    matches = {d.entry_id: d for d in valid[MATCH]}
    others = {d.entry_id: d for d in valid[FALSE_POSITIVE] if d.entry_id not in matches}
    # one that was taken anew is not told; an old match beside a false positive is
    reasons += [
        why for old, why in lapsed
        if old.entry_id not in matches
        and (old.verdict == MATCH or old.entry_id not in others)
    ]  # fmt: skip
    reasons += list(_told(matches.values(), valid[FALSE_POSITIVE], here))
    kept = tuple(hit for hit in screening.hits if hit.entry.id not in others)
    aside = tuple(
        {**hit.to_dict(), "decision": others[hit.entry.id].to_dict()}
        for hit in screening.hits if hit.entry.id in others
    )  # fmt: skip
    confirmed = tuple(dict.fromkeys((*screening.confirmed, *matches)))
    return replace(
        screening, status=_status(screening, kept), hits=kept, confirmed=confirmed,
        suppressed=(*screening.suppressed, *aside), reasons=tuple(dict.fromkeys(reasons)),
    )  # fmt: skip


def lapse(
    decision: Decision, party: Party, entries: dict[str, str], exact: frozenset[str], day: date
) -> str | None:
    """Why a decision does not count on a day, or None when it does.

    Args:
        decision: on this party, or on one of its id or name.
        party: as it is now.
        entries: id and content hash of the entries as they are now.
        exact: ids of the entries that met by an identifier or an equal name.
        day: the day asked about.
    """
    told = f"a decision of {decision.day} by {decision.by} on {decision.entry_id}"
    if decision.party_hash != party.hash:
        return f"{told} lapsed: the party changed"
    if entries.get(decision.entry_id, decision.entry_hash) != decision.entry_hash:
        return f"{told} lapsed: the entry changed"
    if decision.until is not None and day > decision.until:
        return f"{told} lapsed: it ended on {decision.until}"
    if decision.verdict == MATCH:
        return None
    if day < decision.day:
        return f"{told} does not count yet on {day}"
    if decision.until is None:
        return f"{told} does not count: it has no end"
    if decision.entry_id in exact and not decision.second:
        return f"{told} does not count: an exact hit takes two people to set aside"
    return None


def _told(
    matches: Iterable[Decision], denied: Iterable[Decision], here: dict[str, str]
) -> Iterator[str]:
    doubted = {decision.entry_id for decision in denied}
    for decision in matches:
        if decision.entry_id in doubted:
            yield f"the decisions on {decision.entry_id} contradict one another: the match counts"
        if decision.entry_id not in here and decision.list != SUPPLEMENT:
            yield (
                f"{decision.by} decided on {decision.day} that this is {decision.entry_id} "
                f"({decision.entry_name}), which did not come up now: withdraw the decision if it "
                "was taken off its list"
            )


SUPPLEMENT = "SUPP8"  # the positive list of parties: its entries never come up as hits


def _status(screening: Screening, kept: tuple[Hit, ...]) -> str:
    if screening.status == NOT_SCREENABLE:
        return NOT_SCREENABLE
    # it had come up by a number or an address alone, or the list is not whole
    if not kept and (screening.unread or screening.gaps):
        return NOT_SCREENABLE
    return HIT if kept else NO_HIT
