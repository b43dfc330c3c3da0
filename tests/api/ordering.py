"""Order lines, licences and evidence for the tests of the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from klartecken.desk.desk import Desk
from klartecken.desk.evidence import ladder
from klartecken.desk.people.roles import Person
from klartecken.desk.storage.tables.orders import LINES
from tests.api.asking import Asking
from tests.desk.world import HERE, line

By = Callable[[str], Asking]
People = dict[str, Person]


def entered(by: By, said: dict[str, Any] | None = None, who: str = "Pia") -> dict[str, Any]:
    """A line, entered over HTTP."""
    answer = by(who).post("/lines", line() if said is None else said)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def now(by: By, ident: int) -> dict[str, Any]:
    """A line as it is."""
    found: dict[str, Any] = by("Vic").get(f"/lines/{ident}").json()
    return found


def codes(row: dict[str, Any]) -> list[str]:
    """The holds of a line."""
    return [hold["code"] for hold in row["holds"]]


def evidence(desk: Desk, people: People, ident: int, **said: Any) -> None:
    """A step of the ladder or a paper, recorded by one and verified by another."""
    with desk.work(people["Liv"], HERE) as work:
        paper = ladder.record(work, LINES.name, ident, on=work.today, source="invented", **said)
    with desk.work(people["Ann"], HERE) as work:
        ladder.verify(work, paper, "seen")
