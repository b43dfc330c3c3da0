"""Re-screening what changed: equal to a full run, and quicker.

A hit depends on the party, the entry, the model and the thresholds, and on nothing else of the
list (the weights of words are frozen). So the hits of a party that is as it was, with entries
that are as they were, stand; new and changed entries are screened against all parties, new and
changed parties against all entries; status and reasons are concluded anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from klartecken.parties.lists.entry import Entry
from klartecken.parties.lists.snapshot import Snapshot
from klartecken.parties.party import Party
from klartecken.parties.screened import Screening
from klartecken.parties.screening.listed import Listed, prepare
from klartecken.parties.screening.model import DEFAULT, Thresholds, described
from klartecken.parties.screening.screen import concluded, screen_many


@dataclass(frozen=True)
class Delta:
    """How two lists of entries differ.

    Attributes:
        fresh: the entries that are new or changed, ready for screening; None without any.
        gone: ids of entries of the old list that are not in the new one, or not as they were.
    """

    fresh: Listed | None
    gone: frozenset[str]


def delta(old: Sequence[Entry], new: Sequence[Entry]) -> Delta:
    """Compare two lists of entries, and lay out what is fresh."""
    before = {entry.id: entry for entry in old}
    fresh = tuple(entry for entry in new if before.get(entry.id) != entry)
    after = {entry.id: entry for entry in new}
    gone = frozenset(name for name, entry in before.items() if after.get(name) != entry)
    return Delta(_laid_out(fresh) if fresh else None, gone)


def _laid_out(entries: tuple[Entry, ...]) -> Listed:
    # of this only hits are taken: the lists of the day do not matter
    return prepare(Snapshot(date.min, {}, entries, ""))


def rescreen(
    previous: Sequence[Screening], old: Sequence[Entry], new: Listed, parties: Sequence[Party],
    thresholds: Thresholds = DEFAULT,
) -> tuple[list[Screening], str]:  # fmt: skip
    """Screen parties against a new list, of which an older one was screened before.

    Args:
        previous: complete answers of :func:`screen.screen_many` against ``old``, of any parties.
        old: the entries that they were screened against.
        new: the new list.
        parties: of today.
        thresholds: of today.

    Returns:
        The same answers as a full run, and in words how they were found.
    """
    model = described(thresholds)
    held = {answer.party.hash: answer for answer in previous}
    if any(answer.model != model for answer in previous):
        return screen_many(parties, new, thresholds), "full run: model or thresholds differ"
    change = delta(old, new.entries)
    known = [party for party in parties if party.hash in held]
    unknown = [party for party in parties if party.hash not in held]
    found = iter(screen_many(known, change.fresh, thresholds) if change.fresh else ())
    answers: dict[str, Screening] = {}
    for party in known:
        hits = [hit for hit in held[party.hash].hits if hit.entry.id not in change.gone]
        hits += next(found).hits if change.fresh else ()
        answers[party.hash] = concluded(party, hits, new, model)
    for party, answer in zip(unknown, screen_many(unknown, new, thresholds), strict=True):
        answers[party.hash] = answer
    fresh = len(change.fresh.entries) if change.fresh else 0
    how = (
        f"re-screened: {fresh:,} new or changed entries, {len(change.gone):,} gone or changed; "
        f"{len(known):,} parties as before, {len(unknown):,} new or changed"
    )
    return [_of(party, answers[party.hash]) for party in parties], how


def _of(party: Party, answer: Screening) -> Screening:
    """The answer of an equal party, with this one's own id."""
    return answer if answer.party == party else replace(answer, party=party)
