"""Break-glass: two people set a hold of the desk's own making aside in an emergency.

Never a hold of law: only what :mod:`klartecken.desk.holds` calls overridable. It counts for the
line exactly as it was, for some hours, and a report is due afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from klartecken.desk.errors import Refused
from klartecken.desk.holds import HOLDS, ORDER
from klartecken.desk.ledger.legalhold import read_reason
from klartecken.desk.machines.breakglass import BREAKGLASS
from klartecken.desk.machines.line import OPEN
from klartecken.desk.orders.content import assignment
from klartecken.desk.orders.hands import writers_of
from klartecken.desk.settings import setting
from klartecken.desk.storage.tables.orders import LINES
from klartecken.desk.storage.tables.people import BREAK_GLASS
from klartecken.desk.work import Row, Work, find
from klartecken.errors import InputError

LONGEST_REPORT = 20_000


def ask(work: Work, line: int, codes: Iterable[str], why: str) -> int:
    """Ask that holds of a line be set aside; the id of what was asked.

    Args:
        codes: of holds that stand against the line now and may be overridden.

    Raises:
        Forbidden: the person may not ask.
        InputError: no reason, no hold, or a code that is none.
        NotFound: no such line.
        Refused: a hold of law, one that the line does not have, or a line that is not open.
    """
    work.require("breakglass.ask")
    reason = read_reason(why, "why")
    wanted = read_codes(codes)
    row = work.get(LINES, line)
    if row["state"] not in OPEN:
        raise Refused(f"the line is {row['state']}: there is nothing to set aside")
    held = {hold["code"] for hold in row["holds"]}
    if absent := [code for code in wanted if code not in held]:
        raise Refused(f"the line has no hold {absent[0]!r}", where="holds")
    ident = work.insert(BREAK_GLASS, "breakglass.ask", {
        "line": line, "holds": " ".join(wanted), "content": assignment(row), "why": reason,
        "asked_by": work.person.id, "asked_at": work.now, "seconded_by": None,
        "seconded_at": None, "ends_at": None, "state": BREAKGLASS.initial, "report": "",
        "reported_by": None, "reported_at": None,
    }, reason)  # fmt: skip
    _tell(work, "breakglass.asked", ident)
    return ident


def second(work: Work, ident: int, why: str, expected: int | None = None) -> Row:
    """Agree to what another person asked: from now on, and for some hours, it counts.

    Raises:
        Forbidden: the person may not.
        IllegalEvent: it does not wait for a second person.
        InputError: no reason.
        Refused: by who asked, entered or edited the line; or the line was edited since.
    """
    work.require("breakglass.second")
    reason = read_reason(why, "why")
    row = work.get(BREAK_GLASS, ident)
    move = BREAKGLASS.move(row["state"], "second")
    line = work.get(LINES, row["line"])
    if work.person.id in {row["asked_by"], *writers_of(work.connection, line)}:
        raise Refused("who asked for it, or wrote the line, cannot be the second person",
                      next_step="Ask somebody else")  # fmt: skip
    if line["state"] not in OPEN:
        raise Refused(f"the line is {line['state']}: there is nothing to set aside")
    if assignment(line) != row["content"]:
        raise Refused("the line was edited after it was asked for", next_step="Ask for it again")
    hours = setting(work.connection, "break_glass_hours")
    row = work.update(BREAK_GLASS, ident, "breakglass.second", {
        "state": move.target, "seconded_by": work.person.id, "seconded_at": work.now,
        "ends_at": work.now + timedelta(hours=hours),
    }, reason, expected)  # fmt: skip
    _tell(work, "breakglass.opened", ident)
    return row


def end(work: Work, ident: int, why: str, expected: int | None = None) -> Row:
    """End it before its time, or refuse it.

    Raises:
        Forbidden, IllegalEvent, InputError, NotFound, Stale: as usual.
    """
    work.require("breakglass.ask")
    reason = read_reason(why, "why")
    row = work.get(BREAK_GLASS, ident)
    move = BREAKGLASS.move(row["state"], "end")
    changes: dict[str, Any] = {"state": move.target}
    if row["seconded_at"] is not None and row["ends_at"] > work.now:
        changes["ends_at"] = work.now
    row = work.update(BREAK_GLASS, ident, "breakglass.end", changes, reason, expected)
    _tell(work, "breakglass.ended", ident)
    return row


def report(work: Work, ident: int, text: str, expected: int | None = None) -> Row:
    """Write down what was done, and why; if it still ran, it is over.

    Raises:
        Forbidden, IllegalEvent, NotFound, Stale: as usual.
        InputError: no text.
        Refused: nobody seconded it: there is nothing to report.
    """
    work.require("breakglass.ask")
    said = read_reason(text, "report", LONGEST_REPORT)
    row = work.get(BREAK_GLASS, ident)
    move = BREAKGLASS.move(row["state"], "report")
    if row["seconded_by"] is None:
        raise Refused("nobody seconded it: there is nothing to report")
    changes: dict[str, object] = {
        "state": move.target, "report": said, "reported_by": work.person.id,
        "reported_at": work.now,
    }  # fmt: skip
    if row["ends_at"] > work.now:
        changes["ends_at"] = work.now
    row = work.update(BREAK_GLASS, ident, "breakglass.report", changes, expected=expected)
    _tell(work, "breakglass.reported", ident)
    return row


def overrides(connection: Connection, line: Row, now: datetime) -> frozenset[str]:
    """The holds of a line that two people have set aside, as it is now.

    Args:
        line: the line's row; a break-glass for other content, or while something else was
            assigned to it, does not count.
        now: the moment; one whose hours are over does not count.
    """
    rows = find(connection, BREAK_GLASS, line=line["id"], state="open",
                content=assignment(line))  # fmt: skip
    return frozenset(code for row in rows for code in _aside(row, now))


def overrides_of_all(
    connection: Connection, now: datetime
) -> dict[int, tuple[tuple[str, frozenset[str]], ...]]:
    """As :func:`overrides`, of all lines: line -> what it was for, and the codes set aside."""
    found: dict[int, list[tuple[str, frozenset[str]]]] = {}
    for row in find(connection, BREAK_GLASS, state="open"):
        if codes := _aside(row, now):
            found.setdefault(row["line"], []).append((row["content"], codes))
    return {line: tuple(held) for line, held in found.items()}


def _aside(row: Row, now: datetime) -> frozenset[str]:
    """What an open break-glass sets aside at a moment."""
    if row["ends_at"] is None or now >= row["ends_at"] or (
        row["seconded_by"] in (None, row["asked_by"])
    ):  # fmt: skip
        return frozenset()
    codes = row["holds"].split()
    return frozenset(code for code in codes if code in HOLDS and HOLDS[code].overridable)


def reports_due(connection: Connection, now: datetime) -> list[Row]:
    """What was open, is over, and was not reported."""
    rows = find(connection, BREAK_GLASS, BREAK_GLASS.c.state.in_(("open", "ended")),
                BREAK_GLASS.c.seconded_by.is_not(None))  # fmt: skip
    return [row for row in rows if row["state"] == "ended" or row["ends_at"] <= now]


def of_line(connection: Connection, line: int | None = None) -> list[Row]:
    """Everything that was asked, for a line or at all: what an auditor reads."""
    return find(connection, BREAK_GLASS, **({} if line is None else {"line": line}))


def read_codes(codes: Iterable[str]) -> list[str]:
    """Codes of holds, each once, in the order of the table of holds.

    Raises:
        InputError: none, or one that is no hold.
        Refused: a hold of law.
    """
    wanted = {*codes}
    if not wanted:
        raise InputError("no hold is named", where="holds")
    for code in sorted(wanted):
        if code not in HOLDS:
            raise InputError(f"{code!r} is no hold", where="holds")
        if not HOLDS[code].overridable:
            raise Refused(
                f"the hold {code!r} ({HOLDS[code].title}) cannot be set aside", where="holds",
                next_step=HOLDS[code].cure,
            )  # fmt: skip
    return sorted(wanted, key=ORDER.__getitem__)


def _tell(work: Work, event: str, ident: int) -> None:
    row = work.get(BREAK_GLASS, ident)
    work.tell(event, {
        "break_glass": ident, "line": row["line"], "holds": row["holds"].split(),
        "state": row["state"], "asked_by": row["asked_by"], "seconded_by": row["seconded_by"],
        "ends_at": row["ends_at"],
    })  # fmt: skip
