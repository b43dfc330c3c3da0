"""Which holds a line has: a pure function of its evaluation and of what the desk has on file.

Everything that the desk knows beside the law is read once, for one line or for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from klartecken.desk.evidence.papers import PaperBook, read_papers
from klartecken.desk.holds import Hold, in_order
from klartecken.desk.licences.books import LicenceBook, read_licences
from klartecken.desk.licences.caps import CapBook, read_caps
from klartecken.desk.orders.content import assignment
from klartecken.desk.orders.evaluate import Evaluation
from klartecken.desk.people.approvals import APPROVED
from klartecken.desk.people.breakglass import overrides_of_all
from klartecken.desk.storage.tables.orders import LINES, MANUAL_HOLDS
from klartecken.desk.storage.tables.people import APPROVALS
from klartecken.desk.work import Row, find
from klartecken.parties.register.record import Register

FEW = 500  # lines whose approvals and holds are looked up one by one
NLR, EXCEPTION, LICENCE = "nlr", "exception", "licence"


@dataclass(frozen=True)
class Books:
    """What the desk has on file, read once.

    Attributes:
        licences, papers, caps: see their modules.
        manual: line -> reasons for which somebody holds it.
        approved: line -> hashes of assignments that a second person approved.
        overridden: line -> (hash as of :func:`assignment`, codes) that two people set aside
            in an emergency.
    """

    licences: LicenceBook
    papers: PaperBook
    caps: CapBook
    manual: dict[int, list[str]]
    approved: dict[int, set[str]]
    overridden: dict[int, tuple[tuple[str, frozenset[str]], ...]]

    def holds(self, row: Row, found: Evaluation, day: date) -> list[Hold]:
        """All holds of a line on a day, the one to look at first in front."""
        holds = {*self._of_law(row, found, day), *self._of_desk(row)}
        aside = {
            code for content, codes in self.overridden.get(row["id"], ())
            if content == assignment(row) for code in codes
        }  # fmt: skip
        return in_order({h for h in holds if h.code not in aside or not h.kind.overridable})

    def _of_desk(self, row: Row) -> Iterator[Hold]:
        for reason in self.manual.get(row["id"], ()):
            yield Hold("manual", reason)
        if row["authorisation"] and assignment(row) not in self.approved.get(row["id"], ()):
            yield Hold("not_approved", row["exception"] or "licence")

    def _of_law(self, row: Row, found: Evaluation, day: date) -> Iterator[Hold]:
        yield from found.party_holds
        if not row["end_use"]:  # the law's engine would take it for commercial
            yield Hold("end_use_unstated")
        if found.verdict is None:
            yield Hold("unreadable", found.unreadable)
            return
        outcome = found.verdict.outcome
        if outcome == "prohibited":
            rules = (r.provision for r in found.verdict.requirements if r.value == "yes")
            yield Hold("prohibited", ", ".join(rules))
        elif outcome == "undetermined":
            yield Hold("undetermined", ", ".join(found.verdict.missing))
        elif outcome != "no_licence_required":
            yield from self._unauthorised(row, found, day)
        yield from self.papers.holds(
            row, day, outcome, found.exceptions, found.on_uvl, list(found.eccns)
        )
        if outcome != "no_licence_required":
            yield from self.caps.holds(row, day)

    def _unauthorised(self, row: Row, found: Evaluation, day: date) -> Iterator[Hold]:
        """What is missing of a licence or an exception, where one is needed."""
        assert found.verdict is not None
        if row["authorisation"] == LICENCE and row["licence_line"] is not None:
            yield from self.licences.holds(row, day)
            return
        if row["authorisation"] == EXCEPTION:
            ways = [way for way in found.verdict.exceptions if way.symbol == row["exception"]]
            if found.verdict.outcome == "exception_available" and any(
                way.value == "available" for way in ways
            ):
                return
            told = [f"{w.symbol} {w.value}: {', '.join(w.conditions)}" for w in ways]
            yield Hold("exception_conditions", "; ".join(told) or f"{row['exception']}: not open")
            return
        if found.verdict.outcome == "exception_available":
            yield Hold("exception_unassigned", found.exceptions)
        else:
            firm = [r.provision for r in found.verdict.requirements if r.value == "yes"]
            yield Hold("licence_required", ", ".join(firm))


def read_books(
    connection: Connection, now: datetime, lines: Iterable[int] | None = None,
    register: Register | None = None,
) -> Books:  # fmt: skip
    """What the desk has on file, for some lines or for all.

    Args:
        register: the firm's own parties, by whose ids lines may name them.
    """
    only = None if lines is None else sorted({*lines})
    if only is not None and len(only) > FEW:
        only = None  # to read all is as cheap
    manual: dict[int, list[str]] = {}
    tests = [] if only is None else [MANUAL_HOLDS.c.line.in_(only)]
    for row in find(connection, MANUAL_HOLDS, MANUAL_HOLDS.c.lifted_at.is_(None), *tests):
        manual.setdefault(row["line"], []).append(row["reason"])
    approved: dict[int, set[str]] = {}
    tests = [] if only is None else [APPROVALS.c.subject_id.in_(only)]
    for row in find(connection, APPROVALS, *tests, subject=LINES.name, what="assignment",
                    state=APPROVED):  # fmt: skip
        approved.setdefault(row["subject_id"], set()).add(row["content"])
    return Books(
        read_licences(connection, register, only), read_papers(connection),
        read_caps(connection), manual, approved, overrides_of_all(connection, now),
    )  # fmt: skip


def authorised_by(row: Row, outcome: str) -> str:
    """On what a line without holds leaves: no licence required, an exception or a licence."""
    return NLR if outcome == "no_licence_required" else str(row["authorisation"])
