"""Importing order lines from a table: all good rows at once, the others in a file of rejects.

A row is known by its external id, so importing a file twice changes nothing. A row that says
something else than before edits its line, when that is still open.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from klartecken.book.table.columns import fold
from klartecken.desk.desk import Desk
from klartecken.desk.machines.line import OPEN
from klartecken.desk.orders.enter import change_lines, insert_lines, reread
from klartecken.desk.orders.reading import (
    NAMES,
    OF_A_BOOK,
    Problem,
    fact_name,
    read_line,
    text_of,
)
from klartecken.desk.orders.reevaluate import Progress, reevaluate
from klartecken.desk.orders.sheets import MOST_ROWS, csv_of, read_sheet
from klartecken.desk.people.roles import Person
from klartecken.desk.storage.tables.orders import LINES, RUNS
from klartecken.desk.work import Row, Work
from klartecken.errors import InputError, KlarteckenError

Good = tuple[int, dict[str, Any], Mapping[str, Any]]  # number, as kept, as said


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not imported, and why."""

    row: int
    external_id: str
    problem: Problem
    said: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {"row": self.row, "external_id": self.external_id, **self.problem.to_dict()}


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a table: each row is new, changed, unchanged or rejected."""

    run: int
    rows: int
    new: int
    changed: int
    unchanged: int
    rejected: int
    rejects: tuple[Rejected, ...]
    lines: tuple[int, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data, without the rows themselves."""
        counts = {name: getattr(self, name) for name in
                  ("run", "rows", "new", "changed", "unchanged", "rejected")}  # fmt: skip
        return {**counts, "rejects": [held.to_dict() for held in self.rejects]}


def import_file(
    desk: Desk, person: Person, channel: str, name: str, body: bytes, *, why: str = "",
    progress: Progress | None = None,
) -> Imported:  # fmt: skip
    """Import a CSV or XLSX file, and evaluate what came in.

    Args:
        name: of the file; its ending says what it is.
        body: its bytes.

    Raises:
        InputError: the file cannot be read as a table of order lines; nothing is imported.
        Forbidden: as usual.
    """
    heads, rows = read_sheet(name, body)
    columns, facts = _columns(desk, name, heads)
    said = [(number, _said(cells, columns, facts)) for number, cells in rows]
    return import_rows(desk, person, channel, said, name, why=why, progress=progress,
                       of_facts=frozenset(facts.values()))  # fmt: skip


def import_rows(
    desk: Desk, person: Person, channel: str, rows: Sequence[tuple[int, Mapping[str, Any]]],
    source: str, *, why: str = "", progress: Progress | None = None,
    of_facts: Collection[str] | None = None,
) -> Imported:  # fmt: skip
    """Import rows, each with its number; see :func:`import_file`.

    What a row does not name stays as it is, of a line that is there already.

    Args:
        of_facts: the facts that the rows speak of: an empty cell takes the fact away. By
            default the facts of a row stand in place of all that the line said before.
    """
    if len(rows) > MOST_ROWS:
        raise InputError(f"has {len(rows)} rows, more than {MOST_ROWS}", where=source,
                         next_step="Part it")  # fmt: skip
    good, rejects = _read(desk, rows)
    with desk.work(person, channel) as work:
        work.require("line.enter")
        done = _store(desk, work, good, rejects, _Told(len(rows), source, why, of_facts))
    if done.lines:
        reevaluate(desk, person, channel, done.lines, why=why, progress=progress)
    return done


@dataclass(frozen=True, slots=True)
class _Told:
    """What is told of a table as a whole."""

    rows: int
    source: str
    why: str
    of_facts: Collection[str] | None


def _read(
    desk: Desk, rows: Sequence[tuple[int, Mapping[str, Any]]]
) -> tuple[list[Good], list[Rejected]]:
    good: list[Good] = []
    rejects: list[Rejected] = []
    seen: dict[str, int] = {}
    for number, said in rows:
        values, problems = read_line(said, desk.world)
        ident = values.get("external_id", "")
        if ident and ident in seen:
            problems.append(Problem("external_id", ident, f"stands in row {seen[ident]} already"))
        seen.setdefault(ident, number)
        if problems:
            rejects += [Rejected(number, ident, problem, _cells(said)) for problem in problems]
        else:
            good.append((number, values, said))
    return good, rejects


def _cells(said: Mapping[str, Any]) -> dict[str, str]:
    """A row as it was, facts among the columns."""
    facts = said.get("facts")
    more = facts if isinstance(facts, Mapping) else {}
    return {text_of(name): text_of(value)
            for name, value in {**said, **more}.items() if value is not more}  # fmt: skip


def _store(
    desk: Desk, work: Work, good: Sequence[Good], rejects: list[Rejected], told: _Told
) -> Imported:
    held = _held(work, [values["external_id"] for _, values, _ in good])
    new: list[dict[str, Any]] = []
    edits: list[tuple[Row, dict[str, Any]]] = []
    unchanged, left = 0, []
    for number, values, said in good:
        row = held.get(values["external_id"])
        if row is None:
            new.append(values)
            continue
        mine = _mine(row, values, said, told.of_facts)
        if all(row[name] == value for name, value in mine.items()):
            unchanged += 1
            if row["first_hold"] == "not_evaluated":  # an import was stopped before its end
                left.append(row["id"])
        elif problems := _problems(desk, row, mine):
            rejects += [Rejected(number, row["external_id"], problem, _cells(said))
                        for problem in problems]  # fmt: skip
        else:
            edits.append((row, mine))
    why = told.why or f"imported from {told.source}"
    if edits:
        work.require("line.edit")
    lines = (*insert_lines(work, new, why), *change_lines(work, edits, why), *left)
    rejects.sort(key=lambda one: one.row)
    bad = len({one.row for one in rejects})
    counts = {"rows": told.rows, "new": len(new), "changed": len(edits), "unchanged": unchanged,
              "rejected": bad}  # fmt: skip
    run = work.insert(RUNS, "run.import", {
        "kind": "import", "started_at": work.now, "finished_at": work.now, "counts": counts,
        "source": told.source,
    }, told.why)  # fmt: skip
    work.tell("lines.imported", {"run": run, **counts})
    return Imported(run, told.rows, len(new), len(edits), unchanged, bad, tuple(rejects), lines)


def _mine(
    row: Row, values: Mapping[str, Any], said: Mapping[str, Any], of_facts: Collection[str] | None
) -> dict[str, Any]:
    """What a row says of a line that is there already: the columns that it names."""
    mine = {name: value for name, value in values.items() if name in said}
    if of_facts is not None:
        kept = {name: text for name, text in row["facts"].items() if name not in of_facts}
        mine["facts"] = {**kept, **values["facts"]}
    return mine


def _problems(desk: Desk, row: Row, mine: Mapping[str, Any]) -> list[Problem]:
    """Why a line cannot be edited to that, if so."""
    if row["state"] not in OPEN:
        return [Problem("external_id", row["external_id"],
                        f"the line is {row['state']} and can no longer be edited")]  # fmt: skip
    return reread(desk, row, mine)[1]


def _held(work: Work, names: Sequence[str]) -> dict[str, Row]:
    """The lines of these external ids that are there already."""
    found = {}
    for first in range(0, len(names), 500):
        query = select(LINES).where(LINES.c.external_id.in_(names[first : first + 500]))
        for row in work.connection.execute(query).mappings():
            found[row["external_id"]] = dict(row)
    return found


def _columns(
    desk: Desk, name: str, heads: Sequence[str]
) -> tuple[dict[str, str], dict[str, str]]:  # fmt: skip
    """Heading -> column, and heading -> fact.

    Raises:
        InputError: a heading that is neither a column nor a fact, or two for the same.
    """
    columns: dict[str, str] = {}
    facts: dict[str, str] = {}
    taken: dict[str, str] = {}
    for head in heads:
        column = head if head in NAMES else OF_A_BOOK.get(fold(head), "")
        try:
            if column in NAMES and column != "facts":
                found = columns[head] = column
            else:
                found = facts[head] = fact_name(head, desk.world.law)
        except KlarteckenError as err:
            raise InputError(
                f"heading {head!r} is neither a column nor a fact that a line may say",
                where=name, next_step=err.next_step or "Columns: " + ", ".join(NAMES[:-1]),
            ) from err  # fmt: skip
        if found in taken:
            raise InputError(f"headings {taken[found]!r} and {head!r} are both {found}", where=name)
        taken[found] = head
    return columns, facts


def _said(
    cells: Mapping[str, str], columns: Mapping[str, str], facts: Mapping[str, str]
) -> dict[str, Any]:
    """A row under the names that lines have, its facts gathered."""
    said: dict[str, Any] = {column: cells[head] for head, column in columns.items()}
    said["facts"] = {fact: cells[head] for head, fact in facts.items() if cells[head].strip()}
    return said


def rejects_csv(rejects: Sequence[Rejected]) -> bytes:
    """The rejected rows as CSV: what is wrong first, then the row as it was."""
    names = list(dict.fromkeys(name for held in rejects for name in held.said))
    heads = ["row", "column", "value", "reason", *names]
    return csv_of(heads, (
        [held.row, held.problem.where, held.problem.value, held.problem.what,
         *(held.said.get(name, "") for name in names)] for held in rejects
    ))  # fmt: skip


def template_csv() -> bytes:
    """An empty table with all columns, and one fact's."""
    return csv_of([*NAMES[:-1], "consignee_hq", "parent_hq"], [])
