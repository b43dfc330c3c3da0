"""How each kind of approval is decided: a table from what is approved to the function.

A subject whose records need a second person puts a function here. It must give the content as
it is now to :func:`klartecken.desk.people.approvals.decide`, so that an edit counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from klartecken.desk.applications import approval as applications
from klartecken.desk.desk import Desk
from klartecken.desk.errors import Refused
from klartecken.desk.licences import licence as licences
from klartecken.desk.licences.content import VERIFIED
from klartecken.desk.orders.assign import decide_assignment
from klartecken.desk.people.approvals import ASKED
from klartecken.desk.work import Row, Work

#: Takes work, the approval, yes or no, why, and the version that the caller saw.
Decider = Callable[[Work, Row, bool, str, int | None], Row]


def _application(work: Work, row: Row, approve: bool, why: str, expected: int | None) -> Row:
    """An approval that is no longer asked must not decide another one of the same record."""
    _still_asked(row)
    return applications.decide(work, row["subject_id"], approve, why, expected)


def _licence(work: Work, row: Row, approve: bool, why: str, expected: int | None) -> Row:
    _still_asked(row)
    return licences.verify(work, row["subject_id"], why, approve, expected)


def _still_asked(row: Row) -> None:
    if row["state"] != ASKED:
        raise Refused(f"this approval is already {row['state']}")


#: (table, what of it) -> how it is decided.
DECIDERS: Mapping[tuple[str, str], Decider] = {
    ("applications", applications.WHAT): _application,
    ("licences", VERIFIED): _licence,
}


def deciders_of(desk: Desk) -> Mapping[tuple[str, str], Decider]:
    """All deciders, those among them that evaluate lines, and so need the desk."""
    return {**DECIDERS, ("lines", "assignment"): partial(_assignment, desk)}


def _assignment(
    desk: Desk, work: Work, row: Row, approve: bool, why: str, expected: int | None
) -> Row:
    return decide_assignment(desk, work, row["id"], approve, why, expected)
