"""Statuses that people paste or import, as BIS's systems show them: they have no interface.

A line is ``control number, status, date`` and, where the status needs it, a reason or a
control number; parted by tabs, commas, semicolons or bars. A line that cannot be read or does
not fit the application's state is rejected with its reason; the others are recorded. The same
lines a second time change nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from klartecken.desk.applications.events import RETURN_REASONS, fire
from klartecken.desk.applications.reading import long_text
from klartecken.desk.applications.records import step
from klartecken.desk.applications.rules.around import is_acn
from klartecken.desk.machines.application import APPLICATION, PENDING
from klartecken.desk.storage.tables.applications import APPLICATIONS
from klartecken.desk.work import Row, Work
from klartecken.errors import InputError, KlarteckenError

NOTED = "status"  # a step that changes no state
MOST = 5000  # lines of one paste
#: status, in words without case and punctuation -> event, or NOTED where it moves nothing. The
#: wording of the system since 2025 was not verified; the words of H.R. 8289 (a bill, not law)
#: are received, on hold, referred, signed off by a licensing officer, countersigned, validated.
WORDS: dict[str, str] = {
    "submitted": "submit", "filed": "submit",
    "received": "register", "registered": "register", "accepted": "register",
    "pending": NOTED, "under review": NOTED, "in review": NOTED,
    "on hold": "hold", "hold": "hold", "hold without action": "hold", "hwa": "hold",
    "referred": "refer", "referred to agencies": "refer", "interagency review": "refer",
    "operating committee": "escalate_oc", "escalated to oc": "escalate_oc", "oc": "escalate_oc",
    "advisory committee on export policy": "escalate_acep", "acep": "escalate_acep",
    "export administration review board": "escalate_earb", "earb": "escalate_earb",
    "signed off": NOTED, "signed off by a licensing officer": NOTED,
    "signed off by a licencing officer": NOTED, "countersigned": NOTED,
    "validated": "grant", "approved": "grant", "granted": "grant", "issued": "grant",
    "approved with conditions": "grant_with_conditions",
    "approved in part": "grant_in_part", "partially approved": "grant_in_part",
    "returned without action": "return", "rwa": "return", "returned": "return",
    "intent to deny": "intend_to_deny", "itd": "intend_to_deny",
    "intent to deny issued": "intend_to_deny",
    "denied": "deny", "rejected": "deny",
    "withdrawn": "withdraw", "cancelled by applicant": "withdraw",
}  # fmt: skip
_PARTS = re.compile(r"\s{0,20}[\t;|,]\s{0,20}")  # bounded: each sign is looked at a few times
_DATES = ("%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y", "%d-%b-%Y", "%Y/%m/%d")
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_COMMA_DAY = re.compile(r"\b([A-Za-z]{3,9}\.? [0-9]{1,2}), ([0-9]{4})\b")
APPLIED, UNCHANGED, REJECTED = "applied", "unchanged", "rejected"


@dataclass(frozen=True, slots=True)
class Line:
    """A line as read: whom it is about, what, when, and what more is said."""

    number: int
    text: str
    whom: str
    status: str
    on: date
    more: str


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a line.

    Attributes:
        result: ``applied``, ``unchanged`` or ``rejected``.
        reason: why it was rejected, or what was not done.
    """

    number: int
    text: str
    result: str
    application: int | None = None
    event: str = ""
    state: str = ""
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {"row": self.number, "text": self.text, "result": self.result,
                "application": self.application, "event": self.event, "state": self.state,
                "reason": self.reason}  # fmt: skip


def take(work: Work, text: str) -> list[Told]:
    """Record what pasted text or the text of a CSV file says; one answer for each line.

    Raises:
        Forbidden: the person may not file applications.
        InputError: too many lines.
    """
    work.require("application.file")
    rows = [(number, line) for number, line in enumerate(text.splitlines(), 1)
            if line.strip() and not _heading(line)]  # fmt: skip
    if len(rows) > MOST:
        raise InputError(f"{len(rows)} lines, more than {MOST}")
    return [_take(work, number, line) for number, line in rows]


def read_line(number: int, text: str) -> Line:
    """One line; raises InputError where it cannot be read.

    >>> read_line(1, "Z123456; Hold Without Action; Aug 8, 2025").on.isoformat()
    '2025-08-08'
    """
    plain = _COMMA_DAY.sub(r"\1 \2", text.strip().removeprefix("\ufeff"))
    parts = [part.strip(" \"'") for part in _PARTS.split(plain, maxsplit=3)]
    if len(parts) < 3:
        raise InputError("must be: control number, status, date")
    whom, status, day = parts[:3]
    return Line(number, text, whom.upper() if is_acn(whom.upper()) else whom, words(status),
                read_day(day), long_text(parts[3] if len(parts) > 3 else "", "reason"))  # fmt: skip


def words(status: str) -> str:
    """A status as the table has it: small letters, single blanks, no punctuation."""
    return " ".join(re.sub(r"[\W_]+", " ", status.casefold()).split())


def read_day(text: str) -> date:
    """A day as people write it; one that can be read in two ways is refused.

    Raises:
        InputError: it is no day, or two.
    """
    plain = " ".join(text.replace(".", " ").replace(",", " ").split())
    slashed = _SLASHED.fullmatch(plain)
    if slashed:
        first, second, year = (int(part) for part in slashed.groups())
        if first <= 12 and second <= 12 and first != second:
            raise InputError(f"{text!r} may be two days", next_step="Write it as 2025-07-15")
        month, day = (second, first) if first > 12 else (first, second)
        plain = f"{year:04}-{month:02}-{day:02}"
    for form in _DATES:
        try:
            return datetime.strptime(plain, form).date()
        except ValueError:
            continue
    raise InputError(f"{text!r} is no day", next_step="Write it as 2025-07-15")


def _heading(line: str) -> bool:
    parts = [words(part) for part in _PARTS.split(line.removeprefix("\ufeff"))]
    return len(parts) > 1 and parts[1] == "status"


def _take(work: Work, number: int, text: str) -> Told:
    row: Row | None = None
    shown = text.strip()[:300]
    try:
        line = read_line(number, text)
        row = _whose(work, line)
        event = WORDS.get(line.status)
        if event is None:
            known = ", ".join(list(WORDS)[:8])
            raise InputError(f"the status {line.status[:80]!r} is not known",
                             next_step=f"Known are {known} ...")  # fmt: skip
        if any(_same(held, event, line) for held in row["steps"]):
            return Told(number, shown, UNCHANGED, row["id"], event, row["state"], "recorded before")
        done = _note(work, row, line) if event == NOTED else _record(work, row, event, line)
        return Told(number, shown, APPLIED, row["id"], event, done["state"])
    except KlarteckenError as err:
        ident, state = (row["id"], row["state"]) if row else (None, "")
        return Told(number, shown, REJECTED, ident, "", state, err.line())


def _whose(work: Work, line: Line) -> Row:
    column = APPLICATIONS.c.acn if is_acn(line.whom) else APPLICATIONS.c.reference
    held = work.find(APPLICATIONS, column == line.whom)
    if not held:
        raise InputError(f"no application has the number {line.whom[:60]!r}",
                         next_step="Name its reference, or record its number")  # fmt: skip
    return held[0]


def _same(held: Mapping[str, Any], event: str, line: Line) -> bool:
    if held["on"] != line.on.isoformat():
        return False
    return held["event"] == event and (event != NOTED or held["status"] == line.status)


def _record(work: Work, row: Row, event: str, line: Line) -> Row:
    said: dict[str, str] = {}
    if event in ("register", "submit") and line.more:
        said["acn"] = line.more.strip().upper()
    elif event == "return":
        code = words(line.more).replace(" ", "_")
        said["reason_code"] = code if code in RETURN_REASONS else "other" if code else ""
        said["why"] = line.more
    else:
        said["why"] = line.more or ("as reported" if event == "withdraw" else "")
    return fire(work, row["id"], event, line.on, **said)  # type: ignore[arg-type]


def _note(work: Work, row: Row, line: Line) -> Row:
    """A status that moves nothing: kept as a step, and no answer changes."""
    if row["state"] not in PENDING:
        raise InputError(f"the application is {row['state'].replace('_', ' ')}")
    if line.on > work.today or (row["steps"] and line.on.isoformat() < row["steps"][-1]["on"]):
        raise InputError(f"{line.on} is in the future, or before the last step")
    done = step(NOTED, row["state"], line.on, line.more, status=line.status)
    return work.update(APPLICATIONS, row["id"], "applications.status",
                       {"steps": [*row["steps"], done]})  # fmt: skip


assert {*WORDS.values()} - {NOTED} <= {*APPLICATION.events}
