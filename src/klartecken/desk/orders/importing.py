"""Importing order lines from a table: all good rows at once, the others in a file of rejects.

A row is known by its external id, so importing a file twice changes nothing. A row that says
something else than before edits its line, when that is still open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from klartecken.desk.desk import Desk
from klartecken.desk.machines.line import OPEN
from klartecken.desk.orders.enter import change_line, insert_lines
from klartecken.desk.orders.reading import NAMES, Problem, read_line
from klartecken.desk.orders.reevaluate import Progress, reevaluate
from klartecken.desk.orders.sheets import csv_of, read_sheet
from klartecken.desk.people.roles import Person
from klartecken.desk.storage.tables.orders import LINES, RUNS
from klartecken.desk.work import Row, Work
from klartecken.errors import InputError, KlarteckenError

MOST = 500_000  # rows of a file
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
    return import_rows(desk, person, channel, list(_said(desk, name, heads, rows)), name,
                       why=why, progress=progress)  # fmt: skip


def import_rows(
    desk: Desk, person: Person, channel: str, rows: Sequence[tuple[int, Mapping[str, Any]]],
    source: str, *, why: str = "", progress: Progress | None = None,
) -> Imported:  # fmt: skip
    """Import rows, each with its number; see :func:`import_file`."""
    if len(rows) > MOST:
        raise InputError(f"has {len(rows)} rows, more than {MOST}", where=source,
                         next_step="Part it")  # fmt: skip
    good, rejects = _read(desk, rows)
    with desk.work(person, channel) as work:
        work.require("line.enter")
        done = _store(work, good, rejects, len(rows), source, why)
    if done.lines:
        reevaluate(desk, person, channel, done.lines, why=why, progress=progress)
    return done


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
        told = {str(name): str(value) for name, value in said.items()}
        if problems:
            rejects += [Rejected(number, str(ident), problem, told) for problem in problems]
        else:
            good.append((number, values, told))
    return good, rejects


def _store(
    work: Work, good: Sequence[Good],
    rejects: list[Rejected], rows: int, source: str, why: str,
) -> Imported:  # fmt: skip
    held = _held(work, [values["external_id"] for _, values, _ in good])
    new, changed, unchanged = [], [], 0
    for number, values, said in good:
        row = held.get(values["external_id"])
        if row is None:
            new.append(values)
            continue
        mine = {name: values[name] for name in values if name in said or name == "facts"}
        if all(row[name] == value for name, value in mine.items()):
            unchanged += 1
        elif row["state"] not in OPEN:
            problem = Problem("external_id", row["external_id"],
                              f"the line is {row['state']} and can no longer be edited")  # fmt: skip
            rejects.append(Rejected(number, row["external_id"], problem, said))
        else:
            work.require("line.edit")
            change_line(work, row, mine, why or f"imported from {source}")
            changed.append(row["id"])
    lines = (*insert_lines(work, new, why or f"imported from {source}"), *changed)
    bad = len({held.row for held in rejects})
    counts = {"rows": rows, "new": len(new), "changed": len(changed), "unchanged": unchanged,
              "rejected": bad}  # fmt: skip
    run = work.insert(RUNS, "run.import", {
        "kind": "import", "started_at": work.now, "finished_at": work.now, "counts": counts,
        "source": source,
    }, why)  # fmt: skip
    work.tell("lines.imported", {"run": run, **counts})
    return Imported(run, rows, len(new), len(changed), unchanged, bad, tuple(rejects), lines)


def _held(work: Work, names: Sequence[str]) -> dict[str, Row]:
    """The lines of these external ids that are there already."""
    found = {}
    for first in range(0, len(names), 500):
        query = select(LINES).where(LINES.c.external_id.in_(names[first : first + 500]))
        for row in work.connection.execute(query).mappings():
            found[row["external_id"]] = dict(row)
    return found


def _said(
    desk: Desk, name: str, heads: Sequence[str], rows: Sequence[tuple[int, Mapping[str, str]]]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Rows with the columns of facts gathered, under the names that lines have.

    Raises:
        InputError: a heading that is neither a column nor a fact.
    """
    facts = {}
    for head in heads:
        if head in NAMES and head != "facts":
            continue
        try:
            facts[head] = desk.world.law.vocabulary.find(head).name
        except KlarteckenError as err:
            raise InputError(
                f"heading {head!r} is neither a column nor a fact", where=name,
                next_step=err.next_step or "Columns: " + ", ".join(NAMES[:-1]),
            ) from err  # fmt: skip
    for number, cells in rows:
        said: dict[str, Any] = {n: text for n, text in cells.items() if n not in facts}
        said["facts"] = {n: cells[n] for n in facts if cells.get(n, "").strip()}
        yield number, said


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
