"""One chunk of parties: screened, checked, and as rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from klartecken.errors import SelfCheckError
from klartecken.parties.decisions.record import Decisions
from klartecken.parties.party import Party
from klartecken.parties.screened import Screening
from klartecken.parties.screening.delta import Delta
from klartecken.parties.screening.files.columns import PartyRow
from klartecken.parties.screening.files.decided import decided
from klartecken.parties.screening.files.hitrows import (
    HitRow,
    Told,
    hit_row,
    rows_of,
    strongest_first,
    told,
)
from klartecken.parties.screening.listed import Listed
from klartecken.parties.screening.screen import status_of
from klartecken.parties.screening.selfcheck import Checked, Checker

FIRST, LATER = 8, 1  # forms of a chunk that are scored against every listed name
AGAIN = 5  # parties of a chunk whose re-screening is compared with a full one
Hits = dict[str, tuple[HitRow, ...]]


@dataclass(frozen=True)
class Earlier:
    """An earlier run, for re-screening.

    Attributes:
        hits: hash of a party -> the rows of its hits; of every party that was screened.
        delta: how the list changed.
    """

    hits: Hits
    delta: Delta


class Done(NamedTuple):
    """A chunk that is done: its rows, parties by status, hits, what was checked."""

    rows: list[HitRow]
    counts: Counter[str]
    checked: Checked


@dataclass
class Worker:
    """Screens chunks against one snapshot.

    Attributes:
        checker: of the whole snapshot.
        decisions: of the reviewers, as they stand on ``day``.
        earlier: an earlier run to start from, or None.
    """

    checker: Checker
    decisions: Decisions
    day: date
    earlier: Earlier | None = None
    _fresh: Checker | None = None

    def chunk(self, number: int, parties: Sequence[PartyRow]) -> Done:
        """Screen one chunk; equal parties are screened once.

        Args:
            number: of the chunk, from 0.
            parties: of the chunk.

        Raises:
            SelfCheckError: the run did not find what it must.
        """
        names = [one.party.hash for one in parties]
        distinct = dict(zip(names, (one.party for one in parties), strict=True))
        held = self.earlier.hits if self.earlier else {}
        known = [(name, party) for name, party in distinct.items() if name in held]
        unknown = [(name, party) for name, party in distinct.items() if name not in held]
        about, checked = self._full(unknown, FIRST if number == 0 else LATER, number)
        if self.earlier is not None:
            again, more = self._again(self.earlier, known, number)
            about |= again
            checked += more
        listed = self.checker.listed
        for name, party in distinct.items():
            about[name] = decided(party, about[name], self.decisions, self.day, listed)
        label = listed.about["label"]
        rows: list[HitRow] = []
        counts: Counter[str] = Counter()
        for name, one in zip(names, parties, strict=True):
            found = about[name]
            if one.remarks:
                found = found._replace(
                    reasons="; ".join([*one.remarks, found.reasons]).rstrip("; ")
                )
            rows += rows_of(one.row, one.party.id, one.party.name, found, label)
            counts[found.status] += 1
            counts["hits"] += len(found.hits)
            counts["decided"] += sum(bool(hit.decision) for hit in found.hits)
        return Done(rows, counts, checked)

    def _full(
        self, parties: Sequence[tuple[str, Party]], sample: int, number: int
    ) -> tuple[dict[str, Told], Checked]:
        listed = self.checker.listed
        answers, checked = self.checker.screen(
            [party for _, party in parties], sample=sample, seed=f"{listed.about['hash']} {number}"
        )
        return {
            name: told(answer, own_reasons(answer, listed), name)
            for (name, _), answer in zip(parties, answers, strict=True)
        }, checked

    def _again(
        self, earlier: Earlier, parties: Sequence[tuple[str, Party]], number: int
    ) -> tuple[dict[str, Told], Checked]:
        """Earlier hits that still stand, with those among the fresh entries."""
        fresh, checked = earlier.delta.fresh, Checked()
        answers: Sequence[Screening | None] = [None] * len(parties)
        if fresh is not None:
            self._fresh = self._fresh or Checker(fresh, self.checker.thresholds)
            answers, checked = self._fresh.screen([party for _, party in parties])
        found = {}
        for (name, party), answer in zip(parties, answers, strict=True):
            hits = [row for row in earlier.hits[name] if row.entry_id not in earlier.delta.gone]
            hits += map(hit_row, answer.hits) if answer else ()
            status, reasons, _ = status_of(party, bool(hits), self.checker.listed)
            ordered = tuple(sorted(hits, key=strongest_first))
            found[name] = Told(status, ordered, "; ".join(reasons), name)
        step = max(1, len(parties) // AGAIN)
        sample = parties[number % step :: step][:AGAIN]
        whole, _ = self._full(sample, 0, number)
        if any(found[name] != whole[name] for name, _ in sample):
            raise SelfCheckError(
                "the self-check failed: re-screening found something else than a full run",
                where="screening", next_step="Run without --previous, and report it",
            )  # fmt: skip
        return found, replace(checked, compared=len(sample))


def own_reasons(answer: Screening, listed: Listed) -> tuple[str, ...]:
    """The reasons of an answer without those that every answer has."""
    return answer.reasons[: len(answer.reasons) - len(listed.limits)]
