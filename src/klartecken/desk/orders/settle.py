"""Writing down what an evaluation found: holds, and the state that follows from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from klartecken.desk.desk import Desk
from klartecken.desk.holds import Hold
from klartecken.desk.machines.line import LINE, OPEN
from klartecken.desk.orders.evaluate import Evaluation, evaluate, under
from klartecken.desk.orders.judge import FEW, Books, read_books
from klartecken.desk.storage.tables.orders import LINE_HOLDS, LINES, RELEASES, VERDICTS
from klartecken.desk.work import Row, Work

VALID, USED, LAPSED, WITHDRAWN = "valid", "used", "lapsed", "withdrawn"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one line.

    Attributes:
        row: the line that it was found for.
        found: what law and lists say.
        holds: what stands against it.
        facts: what papers added to the facts that were asked.
    """

    row: Row
    found: Evaluation
    holds: tuple[Hold, ...]
    facts: Mapping[str, str]


def settle(desk: Desk, work: Work, idents: Iterable[int], why: str = "") -> list[Row]:
    """Evaluate some open lines now, in this transaction, and write down what comes of it.

    The lines that were open, as they now are.
    """
    wanted = list(idents)
    settle_all(desk, work, wanted, why)
    return [row for row in read_rows(work.connection, wanted) if row["state"] in OPEN]


def settle_all(desk: Desk, work: Work, idents: Iterable[int], why: str = "") -> Counter[str]:
    """As :func:`settle`; what changed, see :func:`write`."""
    context = desk.context
    rows = [row for row in read_rows(work.connection, list(idents)) if row["state"] in OPEN]
    books = read_books(work.connection, work.now, [row["id"] for row in rows], context.register)
    day = work.today
    facts = [books.papers.facts(row, day) for row in rows]
    found = evaluate(rows, [day] * len(rows), desk.world, context, facts)
    findings = judge_all(rows, found, facts, books, day)
    return write(work, findings, day, under(desk.world, context, day), why)


def judge_all(
    rows: Sequence[Row], found: Sequence[Evaluation], facts: Sequence[Mapping[str, str]],
    books: Books, day: date,
) -> list[Finding]:  # fmt: skip
    """The holds of lines that were evaluated."""
    return [
        Finding(row, one, tuple(books.holds(row, one, day)), more)
        for row, one, more in zip(rows, found, facts, strict=True)
    ]


def read_rows(connection: Connection, idents: Sequence[int]) -> list[Row]:
    """Lines by id, in order of their ids; those that are not there are left out."""
    rows: list[Row] = []
    wanted = sorted({*idents})
    for first in range(0, len(wanted), 500):
        part = wanted[first : first + 500]
        query = select(LINES).where(LINES.c.id.in_(part)).order_by(LINES.c.id)
        rows += [dict(row) for row in connection.execute(query).mappings()]
    return rows


def write(
    work: Work, findings: Sequence[Finding], day: date, mark: str, why: str = ""
) -> Counter[str]:
    """Write down findings; how many lines ``changed``, or lost a release (by how).

    Args:
        day: the day that the evaluations are of.
        mark: what they rest on; see :func:`~.evaluate.under`.
    """
    keep_verdicts(work.connection, [one.found for one in findings])
    releases = _releases(work, [one.row for one in findings])
    changes: list[tuple[Row, dict[str, Any]]] = []
    ended: list[tuple[Row, dict[str, Any]]] = []
    for one in findings:
        release = releases.get(one.row["id"])
        state, end = next_state(one, release, day)
        if release is not None and end:
            ended.append((release, {"state": LAPSED if end == "lapse" else WITHDRAWN,
                                    "ended_why": _reason(one, end)}))  # fmt: skip
            work.tell(f"line.{end}", {"line": one.row["id"],
                                      "external_id": one.row["external_id"],
                                      "holds": [h.to_dict() for h in one.holds]})  # fmt: skip
        changes.append((one.row, _columns(one, state, bool(end), day, mark)))
    work.update_many(RELEASES, "release.end", ended, why)
    moved = [
        (row, new) for row, new in changes
        if any(row[name] != new[name] for name in new if name not in ("under", "evaluated_on"))
    ]  # fmt: skip
    counts = Counter(end["state"] for _, end in ended)
    counts["changed"] = work.update_many(LINES, "line.evaluate", moved, why)
    index_holds(work.connection, moved)
    return counts


def _columns(one: Finding, state: str, ended: bool, day: date, mark: str) -> dict[str, Any]:
    new = {
        "state": state, "outcome": one.found.outcome, "case_id": one.found.case_id or None,
        "holds": [hold.to_dict() for hold in one.holds],
        "first_hold": one.holds[0].code if one.holds else "",
        "evaluated_on": day, "under": mark,
    }  # fmt: skip
    return {**new, "release": None} if ended else new


def next_state(one: Finding, release: Row | None, day: date) -> tuple[str, str]:
    """The state that follows, and how a release ended (``hold_again`` or ``lapse``), if it did."""
    state, end = str(one.row["state"]), ""
    if state == "released":
        changed = (one.found.case_id or None) != one.row["case_id"]
        content = release is None or release["content"] != one.row["content"]
        if one.holds or changed or content:
            end = "hold_again"
        elif release is not None and release["until"] < day:
            end = "lapse"
        if end:
            state = LINE.move(state, end).target
    if one.holds and state == "ready":
        state = LINE.move(state, "hold").target
    if not one.holds and state == "held":
        state = LINE.move(state, "find_ready").target
    return state, end


def _reason(one: Finding, end: str) -> str:
    if end == "lapse":
        return "its days are over"
    told = "; ".join(f"{hold.kind.title}: {hold.detail}" for hold in one.holds)
    return told or "the answer is another one"


def _releases(work: Work, rows: Sequence[Row]) -> dict[int, Row]:
    wanted = {row["release"] for row in rows if row["release"] is not None}
    if not wanted:
        return {}
    held = work.find(RELEASES, RELEASES.c.id.in_(sorted(wanted)))
    return {row["line"]: row for row in held if row["state"] == VALID}


def keep_verdicts(connection: Connection, found: Iterable[Evaluation]) -> None:
    """Keep each distinct answer once, by its case id."""
    verdicts = {one.case_id: one.verdict for one in found if one.verdict is not None}
    if not verdicts:
        return
    query = select(VERDICTS.c.case_id)
    if len(verdicts) <= FEW:  # one line is no reason to read every answer there is
        query = query.where(VERDICTS.c.case_id.in_(sorted(verdicts)))
    known = set(connection.execute(query).scalars())
    new = [{"case_id": name, "body": asdict(verdict)} for name, verdict in verdicts.items()
           if name not in known]  # fmt: skip
    if new:
        connection.execute(insert(VERDICTS), new)


def index_holds(connection: Connection, changes: Sequence[tuple[Row, dict[str, Any]]]) -> None:
    """Bring the index of holds in line with the lines."""
    idents = [row["id"] for row, _ in changes]
    for first in range(0, len(idents), 500):
        connection.execute(
            delete(LINE_HOLDS).where(LINE_HOLDS.c.line.in_(idents[first : first + 500]))
        )
    rows = [
        {"line": row["id"], "code": code}
        for row, new in changes for code in sorted({hold["code"] for hold in new["holds"]})
    ]  # fmt: skip
    if rows:
        connection.execute(insert(LINE_HOLDS), rows)
