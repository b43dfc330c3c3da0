"""Releasing a line: a fresh determination, kept as a receipt, for some days and this content."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import insert, select

from klartecken.decide.determination import Determination
from klartecken.desk.desk import Desk
from klartecken.desk.errors import ChainBroken, IllegalEvent, Refused
from klartecken.desk.holds import Hold
from klartecken.desk.machines.line import LINE
from klartecken.desk.orders.content import content_of
from klartecken.desk.orders.evaluate import Evaluation, evaluate_one, under
from klartecken.desk.orders.hands import hands_of
from klartecken.desk.orders.judge import EXCEPTION, LICENCE, NLR, Books, authorised_by, read_books
from klartecken.desk.orders.settle import VALID, keep_verdicts
from klartecken.desk.settings import setting
from klartecken.desk.storage.tables.licences import LICENCE_LINES, LICENCES
from klartecken.desk.storage.tables.orders import LINES, RELEASES
from klartecken.desk.storage.tables.records import RECEIPTS
from klartecken.desk.work import Row, Work, expect

_DAY = timedelta(days=1)


def release(
    desk: Desk, work: Work, ident: int, why: str = "", days: int | None = None,
    expected: int | None = None,
) -> Row:  # fmt: skip
    """Release a ready line.

    The answer is worked out anew, alone, and its receipt is kept. The release holds for this
    content and until the first day on which the answer would be another one, the licence is
    no longer in force, or its days are over.

    Args:
        days: how many days it may hold, at most what the setting allows.

    Raises:
        Refused: a hold is open, or the person entered, edited or assigned the line.
        Forbidden, NotFound, Stale, IllegalEvent: as usual.
    """
    work.require("line.release")
    row = work.get(LINES, ident)
    expect(row, expected, "lines")
    if row["state"] == "held":
        raise IllegalEvent(f"the line is held: {told(held_by(row))}")
    move = LINE.move(row["state"], "release")
    _second_pair_of_eyes(work, row)
    day, most = work.today, setting(work.connection, "release_days")
    if days is not None and not (type(days) is int and 0 <= days <= most):
        raise Refused(f"a release holds for 0 to {most} days", where="days")
    books = read_books(work.connection, work.now, [ident], desk.context.register)
    found, answer = fresh(desk, row, books, day)
    latest = day + timedelta(most if days is None else days)
    until = last_day(desk, row, books, found, day, latest)
    kind = authorised_by(row, str(found.outcome))
    rests = under(desk.world, desk.context, day)
    receipt = answer.receipt()
    keep_receipt(work, receipt)
    keep_verdicts(work.connection, [found])
    number = work.insert(RELEASES, "release.give", {
        "line": ident, "content": row["content"], "authorisation": kind,
        "under": rests,
        "authorised_by": _named(work, row, kind),
        "licence_line": row["licence_line"] if kind == LICENCE else None,
        "released_by": work.person.id, "released_at": work.now, "until": until,
        "receipt": receipt["seal"], "citations": [r.citation for r in answer.requirements],
        "state": VALID, "ended_why": "",
    }, why)  # fmt: skip
    work.update_many(LINES, "line.release", [(row, {
        "state": move.target, "release": number, "case_id": found.case_id,
        "outcome": found.outcome, "evaluated_on": day, "under": rests,
    })], why)  # fmt: skip
    work.tell("line.released", {"line": ident, "external_id": row["external_id"],
                                "release": number, "until": until.isoformat(),
                                "authorised_by": kind})  # fmt: skip
    return work.get(LINES, ident)


def _second_pair_of_eyes(work: Work, row: Row) -> None:
    """Who entered, edited or assigned a line does not release it."""
    if work.person.id in hands_of(work.connection, row):
        raise Refused(
            f"{work.person.name} entered, edited or assigned this line and cannot release it",
            next_step="Ask somebody else who may release",
        )


def fresh(desk: Desk, row: Row, books: Books, day: date) -> tuple[Evaluation, Determination]:
    """A fresh evaluation of a line against which nothing stands.

    Raises:
        Refused: something does; all of it is named.
        ChainBroken: the line is not what its hash says: it was altered outside the desk.
    """
    if content_of(row) != row["content"]:
        raise ChainBroken(f"line {row['id']} was altered outside the desk",
                          next_step="Run klartecken desk audit verify")  # fmt: skip
    facts = books.papers.facts(row, day)
    found, answer = evaluate_one(row, day, desk.world, desk.context, facts)
    holds = books.holds(row, found, day)
    if holds or answer is None:
        raise Refused(f"on {day} something stands against it: {told(holds)}",
                      next_step=holds[0].kind.cure if holds else "")  # fmt: skip
    return found, answer


def told(holds: Iterable[Hold]) -> str:
    """Holds in one line."""
    return "; ".join(
        f"{hold.kind.title} ({hold.detail})" if hold.detail else hold.kind.title for hold in holds
    )


def held_by(row: Row) -> list[Hold]:
    """The holds that are written down with a line."""
    return [Hold(hold["code"], hold["detail"]) for hold in row["holds"]]


def last_day(
    desk: Desk, row: Row, books: Books, found: Evaluation, today: date, until: date
) -> date:  # fmt: skip
    """The last day, at most ``until``, on which the same answer without holds is given.

    Args:
        found: the answer of today.
    """
    # what law and lists say is asked on the days on which they change, and when papers do
    turns = {*desk.world.timeline.days, *desk.context.turns}
    facts, now = books.papers.facts(row, today), found
    for day in (today + _DAY * n for n in range(1, (until - today).days + 1)):
        more = books.papers.facts(row, day)
        if day in turns or more != facts:
            facts = more
            now, _ = evaluate_one(row, day, desk.world, desk.context, facts)
        if now.case_id != found.case_id or books.holds(row, now, day):
            return day - _DAY
    return until


def _named(work: Work, row: Row, kind: str) -> str:
    """What is told to the carrier: NLR, the exception, or the licence's number."""
    if kind == NLR:
        return "NLR"
    if kind == EXCEPTION:
        return str(row["exception"])
    line = work.get(LICENCE_LINES, row["licence_line"])
    return str(work.get(LICENCES, line["licence"])["number"])


def keep_receipt(work: Work, body: dict[str, object]) -> None:
    """Keep a receipt by its seal, once."""
    held = work.connection.execute(
        select(RECEIPTS.c.seal).where(RECEIPTS.c.seal == body["seal"])
    ).one_or_none()
    if held is None:
        work.connection.execute(insert(RECEIPTS), [{"seal": body["seal"], "body": body}])
