"""Reports on their way from a worker: plain tuples, and each case once for a whole task.

A report of half a million lines can hold ten thousand totals and cases; as objects, packing
and unpacking them would cost more than answering the lines.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from klartecken.book.report import Report
from klartecken.book.table.sinks import Reject
from klartecken.book.totals import Total, Totals
from klartecken.decide.verdict import Verdict


@dataclass(frozen=True)
class Done:
    """One partition: its report without cases, and the file of its answers if one was written.

    ``totals`` holds case id, currency, lines, units, priced and money.
    """

    id: str
    lines: int
    answered: int
    rejected: int
    totals: tuple[tuple[str, str, int, int, int, int], ...]
    rejects: tuple[Reject, ...]
    file: str | None = None


@dataclass(frozen=True)
class Did:
    """What one task did, with the cases that its partitions name, pickled one by one."""

    done: tuple[Done, ...]
    cases: Mapping[str, bytes]


@dataclass
class Packer:
    """Packs reports; a case is pickled once in the life of a worker."""

    blobs: dict[str, bytes] = field(default_factory=dict)

    def pack(self, reports: Sequence[tuple[Report, str | None]]) -> Did:
        """Reports, each with the name of its file."""
        named: dict[str, bytes] = {}
        for report, _ in reports:
            for name, verdict in report.cases.items():
                blob = self.blobs.get(name)
                if blob is None:
                    blob = self.blobs[name] = pickle.dumps(verdict, 5)
                named[name] = blob
        return Did(tuple(_done(report, file) for report, file in reports), named)


@dataclass
class Unpacker:
    """Makes reports again; reports share the object of a case."""

    cases: dict[str, Verdict] = field(default_factory=dict)

    def unpack(self, did: Did) -> list[Report]:
        """The reports of a task, in its order."""
        for name, blob in did.cases.items():
            if name not in self.cases:
                self.cases[name] = pickle.loads(blob)
        return [self._report(done) for done in did.done]

    def _report(self, done: Done) -> Report:
        totals = Totals({(row[0], row[1]): Total(*row[2:]) for row in done.totals})
        cases = {row[0]: self.cases[row[0]] for row in done.totals}
        return Report(
            done.id, done.lines, done.answered, done.rejected, totals, done.rejects, cases
        )


def _done(report: Report, file: str | None) -> Done:
    rows = tuple(
        (str(case), currency, total.lines, total.units, total.priced, total.money)
        for (case, currency), total in report.totals.by.items()
    )
    return Done(
        report.id, report.lines, report.answered, report.rejected, rows, report.rejects, file
    )
