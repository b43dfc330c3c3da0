"""What a partition says of itself, so that a lost or doubled one is found out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from klartecken.book.job import Answered, Job
from klartecken.book.table.sinks import Reject
from klartecken.book.totals import Total, Totals
from klartecken.decide.verdict import Verdict


@dataclass(frozen=True)
class Report:
    """What one partition says of itself; a lost or doubled one is an error.

    ``totals`` are by case id, so that reports of different workers add up.
    """

    id: str
    lines: int
    answered: int
    rejected: int
    totals: Totals
    rejects: tuple[Reject, ...] = ()
    cases: Mapping[str, Verdict] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 over counts and totals."""
        rows = [[*map(str, key), *_numbers(total)] for key, total in self.totals.by.items()]
        body = [self.id, self.lines, self.answered, self.rejected, sorted(rows)]
        return hashlib.sha256(json.dumps(body, default=str).encode()).hexdigest()


def _numbers(total: Total) -> list[int]:
    return [total.lines, total.units, total.priced, total.money]


def report(job: Job, ident: str, parts: Sequence[Answered]) -> Report:
    """The report of a partition that was answered in some parts."""
    totals = Totals()
    for part in parts:
        totals.add(part.totals)
    numbers = [int(str(number)) for number, _ in totals.by]
    cases = {job.case(number): job.verdicts[number] for number in numbers}
    named = totals.renamed(lambda number: job.case(int(str(number))))
    lines = sum(part.lines for part in parts)
    rejected = sum(part.rejected for part in parts)
    rejects = tuple(reject for part in parts for reject in part.rejects)
    return Report(ident, lines, lines - rejected, rejected, named, rejects, cases)
