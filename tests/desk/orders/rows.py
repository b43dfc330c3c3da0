"""Rows of order lines without a database, and lists on which somebody stands."""

from __future__ import annotations

from datetime import date
from typing import Any

from klartecken.decide.ask import shipped_world
from klartecken.desk.orders.content import content_of
from klartecken.desk.orders.reading import read_line
from klartecken.desk.work import Row
from klartecken.parties.decisions.record import Decision, Decisions, decide
from klartecken.parties.lists.entry import Entry
from klartecken.parties.party import Party
from klartecken.parties.resolve.context import Context
from tests.desk.world import line, nobody_listed
from tests.parties import fake

WORLD = shipped_world()
DAY = date(2025, 7, 15)
OWN = Entry("OWN-1", "OWN-blocked", "Sable Freight")
OWN_LETTER = Entry("OWN-2", "OWN-letters", "Cinder Works", requirement="licence for all items")
LISTED = Entry("EL-new", "EL", "Beispiel Rechenzentrum GmbH")
OLD = date(2022, 1, 1)


def row(number: int = 1, **said: Any) -> Row:
    """A line as it stands in the database, that nothing was assigned to."""
    values, problems = read_line(line(number, **said), WORLD)
    assert not problems, problems
    return {**values, "id": number, "version": 1, "content": content_of(values), "state": "held",
            "authorisation": "", "exception": "", "licence_line": None, "release": None,
            "holds": [], "first_hold": "", "case_id": None, "outcome": None}  # fmt: skip


def match(entry: Entry, name: str = "", verdict: str = "match") -> Decision:
    """A decision that a party is, or is not, somebody listed."""
    until = None if verdict == "match" else date(2030, 1, 1)
    return decide(Party(name or entry.name), entry, verdict, reason="seen", by="Ann", day=OLD,
                  until=until, second="Ari", exact=True)  # fmt: skip


def listing(verdict: str = "") -> Context:
    """Lists on which the customer of the lines came to stand; decided on, if so."""
    held = (match(LISTED, verdict=verdict),) if verdict else ()
    return nobody_listed(fake.snapshot((LISTED,), OLD), decisions=Decisions(held))


def lists(*decisions: Decision, **more: Any) -> Context:
    """The invented lists, with two of the firm's own, and decisions on them."""
    held = fake.snapshot((*fake.ENTRIES, OWN, OWN_LETTER), OLD)
    return nobody_listed(held, decisions=Decisions(decisions), **more)
