"""How long records are kept (15 CFR 762.6): at least five years from the latest of the export,
a known reexport or diversion, and the end of the transaction.

The program destroys nothing. It says what may be destroyed, and what may not: whatever an
agency has asked about stays, however old it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, Text, func, select, type_coerce

from klartecken.desk.errors import NotFound
from klartecken.desk.evidence.ladder import ONWARD
from klartecken.desk.ledger.legalhold import EVERYTHING, open_holds
from klartecken.desk.settings import setting
from klartecken.desk.storage.tables.applications import APPLICATIONS
from klartecken.desk.storage.tables.ledger import LEDGER
from klartecken.desk.storage.tables.licences import LICENCE_LINES, LICENCES, MOVEMENTS
from klartecken.desk.storage.tables.orders import LINES, RELEASES
from klartecken.desk.storage.tables.records import EVIDENCE

#: States in which a transaction is over.
OVER = {
    "lines": frozenset({"shipped", "returned", "cancelled"}),
    "applications": frozenset({
        "approved", "approved_with_conditions", "approved_in_part", "returned_without_action",
        "denied", "withdrawn",
    }),
    "licences": frozenset({
        "exhausted", "expired", "revoked", "surrendered", "replaced", "transferred", "void",
    }),
}  # fmt: skip
Ref = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long a record and all that hangs on it are kept.

    Attributes:
        subject, id: a line, a licence or an application.
        since: the day from which the years count; None as long as the transaction goes on.
        because: what happened on that day.
        until: the last day on which it must be kept; None as long as that is not known.
        legal_holds: ids of the holds that keep it beyond any day.
    """

    subject: str
    id: int
    since: date | None
    because: str
    until: date | None
    legal_holds: tuple[int, ...] = ()

    def may_go(self, today: date) -> bool:
        """Is it no longer required to be kept?"""
        return self.until is not None and self.until < today and not self.legal_holds


def keep_until(connection: Connection, subject: str, ident: int) -> Keeping:
    """How long a line, a licence or an application is kept.

    Raises:
        NotFound: there is no such record.
    """
    for kept in keepings(connection):
        if (kept.subject, kept.id) == (subject, ident):
            return kept
    raise NotFound(f"there is no record {ident} in {subject}")


def due(connection: Connection, today: date) -> Iterator[Keeping]:
    """What is no longer required to be kept. Nothing is destroyed by asking, or at all."""
    return (kept for kept in keepings(connection) if kept.may_go(today))


def keepings(connection: Connection) -> Iterator[Keeping]:
    """How long each application, licence and line is kept."""
    years = setting(connection, "retention_years")
    found = _Ends(connection)
    found.settle()
    for (subject, ident), end in sorted(found.ends.items()):
        until = None if end.day is None else years_after(end.day, years)
        holds = tuple(sorted(found.held.get((subject, ident), ())))
        yield Keeping(subject, ident, end.day, end.because, until, holds)


def years_after(day: date, years: int) -> date:
    """The same day so many years later; the day after a 29 February that is not there.

    >>> years_after(date(2024, 2, 29), 5).isoformat()
    '2029-03-01'
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


@dataclass(frozen=True, slots=True)
class _End:
    """The day from which the years count, or None: it is not over."""

    day: date | None
    because: str

    def later(self, other: _End) -> _End:
        if self.day is None or (other.day is not None and other.day <= self.day):
            return self
        return other


@dataclass
class _Ends:
    """The ends of all transactions; what one record needs is carried over to it."""

    connection: Connection
    ends: dict[Ref, _End] = field(default_factory=dict)
    held: dict[Ref, set[int]] = field(default_factory=dict)

    def settle(self) -> None:
        """Read all ends, then let orders, licences and applications wait for their lines."""
        changed = self._changes_of_state()
        onward = self._onward()
        orders: dict[str, list[Ref]] = {}
        query = select(LINES.c.id, LINES.c.state, LINES.c.shipped_on, LINES.c.order_number)
        for ident, state, shipped, order in self.connection.execute(query):
            ref = ("lines", ident)
            self.ends[ref] = self._end(ref, state, changed, onward, shipped)
            if order:
                orders.setdefault(order, []).append(ref)
        licences = select(LICENCES.c.id, LICENCES.c.state, LICENCES.c.expires_on)
        for ident, state, expires in self.connection.execute(licences):
            ref = ("licences", ident)
            end = self._end(ref, state, changed, onward, None)
            if end.day is None and state != "suspended":  # it is over by itself
                end = _End(expires, "expiry")
            self.ends[ref] = end.later(_End(expires, "expiry"))
        for ident, state in self.connection.execute(select(APPLICATIONS.c.id,
                                                           APPLICATIONS.c.state)):  # fmt: skip
            ref = ("applications", ident)
            self.ends[ref] = self._end(ref, state, changed, onward, None)
        self._read_holds()
        links = self._links()
        for refs in orders.values():
            self._together(refs)
        for paper in ("licences", "applications"):  # papers are kept as long as what uses them
            for upper, lower in links:
                if upper[0] == paper and upper in self.ends and lower in self.ends:
                    self.ends[upper] = self.ends[upper].later(self.ends[lower])
        self._spread(links, orders)

    def _end(
        self, ref: Ref, state: str, changed: dict[Ref, date], onward: dict[Ref, date],
        shipped: date | None,
    ) -> _End:  # fmt: skip
        if state not in OVER[ref[0]]:
            return _End(None, "not over")
        end = _End(changed.get(ref), "end of the transaction")
        if shipped is not None:
            end = end.later(_End(shipped, "export"))
        if ref in onward:
            end = end.later(_End(onward[ref], "known reexport or diversion"))
        return end

    def _together(self, refs: list[Ref]) -> None:
        """Lines of one order are kept as long as each other."""
        latest = self.ends[refs[0]]
        for ref in refs[1:]:
            latest = latest.later(self.ends[ref])
        for ref in refs:
            self.ends[ref] = latest

    def _changes_of_state(self) -> dict[Ref, date]:
        """The day on which the state of a record last changed."""
        query = (
            select(LEDGER.c.subject, LEDGER.c.subject_id, func.max(LEDGER.c.at))
            .where(LEDGER.c.subject.in_(tuple(OVER)), LEDGER.c.new.isnot(None),
                   func.instr(_text(), '"state":') > 0
                   if self.connection.dialect.name == "sqlite"
                   else func.strpos(_text(), '"state":') > 0)
            .group_by(LEDGER.c.subject, LEDGER.c.subject_id)
        )  # fmt: skip
        rows = self.connection.execute(query)
        return {(subject, ident): at.date() for subject, ident, at in rows}

    def _onward(self) -> dict[Ref, date]:
        """The latest day on which goods are known to have gone on."""
        query = (
            select(EVIDENCE.c.subject, EVIDENCE.c.subject_id, func.max(EVIDENCE.c.on))
            .where(EVIDENCE.c.kind.in_(tuple(ONWARD)), EVIDENCE.c.withdrawn.is_(False))
            .group_by(EVIDENCE.c.subject, EVIDENCE.c.subject_id)
        )  # fmt: skip
        return {(subject, ident): day for subject, ident, day in self.connection.execute(query)}

    def _links(self) -> list[tuple[Ref, Ref]]:
        """Papers with what uses them: a licence with lines, an application with licences."""
        run = self.connection.execute
        licence_of: dict[int, int] = {}
        for part, licence in run(select(LICENCE_LINES.c.id, LICENCE_LINES.c.licence)):
            licence_of[part] = licence
        found: set[tuple[Ref, Ref]] = set()
        for query in (select(LINES.c.licence_line, LINES.c.id),
                      select(RELEASES.c.licence_line, RELEASES.c.line),
                      select(MOVEMENTS.c.licence_line, MOVEMENTS.c.line)):  # fmt: skip
            for part, line in run(query):
                if part in licence_of:
                    found.add((("licences", licence_of[part]), ("lines", line)))
        for licence, application in run(select(LICENCES.c.id, LICENCES.c.application)):
            if application is not None:
                found.add((("applications", application), ("licences", licence)))
        for ident, line in run(select(APPLICATIONS.c.id, APPLICATIONS.c.line)):
            if line is not None:
                found.add((("applications", ident), ("lines", line)))
        return sorted(found)

    def _read_holds(self) -> None:
        for hold in open_holds(self.connection):
            if hold["subject"] == EVERYTHING:
                for ref in self.ends:
                    self.held.setdefault(ref, set()).add(hold["id"])
            else:
                ref = (hold["subject"], hold["subject_id"])
                self.held.setdefault(ref, set()).add(hold["id"])

    def _spread(self, links: list[tuple[Ref, Ref]], orders: dict[str, list[Ref]]) -> None:
        """A hold reaches whatever is tied to what it was put on, however far away."""
        ties: dict[Ref, set[Ref]] = {}
        pairs = [*links, *((refs[0], ref) for refs in orders.values() for ref in refs[1:])]
        for one, other in pairs:
            ties.setdefault(one, set()).add(other)
            ties.setdefault(other, set()).add(one)
        for start, holds in [*self.held.items()]:
            waiting, seen = [start], {start}
            while waiting:
                for ref in ties.get(waiting.pop(), ()):
                    if ref not in seen:
                        seen.add(ref)
                        waiting.append(ref)
                        self.held.setdefault(ref, set()).update(holds)


def _text() -> Any:
    """The changed columns as the text that they are kept as."""
    return type_coerce(LEDGER.c.new, Text)
