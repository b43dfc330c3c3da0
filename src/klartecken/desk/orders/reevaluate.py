"""Evaluating all open lines anew: what changed is written down, part by part.

The answers are worked out without holding up anybody. They are written in parts; where
anybody changed anything meanwhile, the part is judged once more, with what is on file by then.
Whoever is stopped halfway leaves each line as it was or as it now is; a second run does the
rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from klartecken.desk.desk import Desk
from klartecken.desk.licences.ageing import age
from klartecken.desk.machines.line import OPEN
from klartecken.desk.orders.evaluate import evaluate, under
from klartecken.desk.orders.judge import read_books
from klartecken.desk.orders.lookback import look_back
from klartecken.desk.orders.settle import (
    LAPSED,
    WITHDRAWN,
    Finding,
    judge_all,
    read_rows,
    settle_all,
    write,
)
from klartecken.desk.people.roles import Person
from klartecken.desk.storage.tables.ledger import LEDGER
from klartecken.desk.storage.tables.orders import LINES, RUNS
from klartecken.desk.work import Work, find

PART = 10_000
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did.

    Attributes:
        run: its id.
        lines: how many were evaluated.
        changed: how many changed by it.
        held_again: releases withdrawn, since the answer is another one or a hold appeared.
        lapsed: releases whose days were over.
        look_backs: shipped lines whose answer is another one today.
        states: open lines by state, afterwards.
    """

    run: int
    lines: int
    changed: int
    held_again: int
    lapsed: int
    look_backs: int
    states: dict[str, int]

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass
class _Run:
    """One run: who, from where, of which day, on what it rests, and how far the ledger was.

    ``head`` moves on with what the run itself writes and with nothing else: once somebody
    else wrote, what was worked out before is old for every part that is still to come.
    """

    desk: Desk
    person: Person
    channel: str
    why: str
    day: date
    mark: str
    head: int = 0


def reevaluate(
    desk: Desk, person: Person, channel: str, idents: Sequence[int] | None = None, *,
    why: str = "", progress: Progress | None = None,
) -> Report:  # fmt: skip
    """Evaluate open lines anew, and look back at shipped ones.

    Args:
        idents: only these lines, and no look-back; by default all open ones.
        progress: takes how many lines were done since its last call.

    Raises:
        Forbidden: as usual.
    """
    with desk.work(person, channel) as work:
        work.require("line.reevaluate")
        age(work)
        day = work.today
        mark = under(desk.world, desk.context, day)
        number = work.insert(RUNS, "run.start", {
            "kind": "reevaluate", "started_at": work.now, "under": mark, "counts": {},
            "source": "",
        }, why)  # fmt: skip
    run = _Run(desk, person, channel, why, day, mark)
    findings = _work_out(run, idents)
    counts: Counter[str] = Counter()
    for first in range(0, len(findings), PART):
        part = findings[first : first + PART]
        counts += _write_part(run, part)
        if progress is not None:
            progress(len(part))
    looked = look_back(desk, person, channel, number) if idents is None else 0
    return _finish(run, number, len(findings), counts, looked)


def _work_out(run: _Run, idents: Sequence[int] | None) -> list[Finding]:
    """All open lines with what was found of them."""
    desk, day = run.desk, run.day
    with desk.read() as connection:
        if idents is None:
            rows = find(connection, LINES, LINES.c.state.in_(OPEN))
        else:
            rows = [r for r in read_rows(connection, idents) if r["state"] in OPEN]
        books = read_books(connection, desk.clock(), register=desk.context.register)
        run.head = connection.execute(select(func.max(LEDGER.c.seq))).scalar() or 0
    facts = [books.papers.facts(row, day) for row in rows]
    found = evaluate(rows, [day] * len(rows), desk.world, desk.context, facts)
    return judge_all(rows, found, facts, books, day)


def _write_part(run: _Run, part: Sequence[Finding]) -> Counter[str]:
    """Write a part; nobody else writes meanwhile."""
    with run.desk.work(run.person, run.channel) as work:
        if run.mark != under(run.desk.world, run.desk.context, run.day):
            return _anew(run, work, [one.row["id"] for one in part])
        if work.head != run.head:
            return _again(run, work, part)
        counts = write(work, part, run.day, run.mark, run.why)
        run.head = work.head
    return counts


def _again(run: _Run, work: Work, part: Sequence[Finding]) -> Counter[str]:
    """A part, with the lines and the desk's books as they are now.

    What law and lists say of a line that says the same is the same; it is only judged anew.
    """
    now = {row["id"]: row for row in read_rows(work.connection, [o.row["id"] for o in part])}
    books = read_books(work.connection, work.now, register=run.desk.context.register)
    same, changed = [], []
    for one in part:
        row = now[one.row["id"]]
        if row["state"] not in OPEN:
            continue
        facts = books.papers.facts(row, run.day)
        if row["content"] == one.row["content"] and facts == one.facts:
            holds = tuple(books.holds(row, one.found, run.day))
            same.append(Finding(row, one.found, holds, facts))
        else:
            changed.append(row["id"])
    return write(work, same, run.day, run.mark, run.why) + _anew(run, work, changed)


def _anew(run: _Run, work: Work, idents: Sequence[int]) -> Counter[str]:
    """Evaluate lines here and now: they, or the lists, are no longer what was worked out."""
    return settle_all(run.desk, work, idents, run.why)


def _finish(run: _Run, number: int, lines: int, counts: Counter[str], looked: int) -> Report:
    with run.desk.work(run.person, run.channel) as work:
        query = select(LINES.c.state, func.count()).where(LINES.c.state.in_(OPEN))
        found = work.connection.execute(query.group_by(LINES.c.state))
        states = {str(row[0]): int(row[1]) for row in found}
        report = Report(number, lines, counts["changed"], counts[WITHDRAWN], counts[LAPSED],
                        looked, states)  # fmt: skip
        told = report.to_dict()
        work.update(RUNS, number, "run.finish",
                    {"finished_at": work.now, "counts": told}, run.why)  # fmt: skip
        work.tell("run.finished", told)
    return report
