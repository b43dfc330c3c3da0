"""A book beside single questions: where they differ, line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from klartecken.book.check import run
from klartecken.book.job import Answered, Job, Settings
from klartecken.book.single import single
from klartecken.book.table.columns import layout
from klartecken.book.table.sources import open_source
from klartecken.decide.ask import World
from klartecken.decide.verdict import Verdict
from klartecken.errors import InputError

Line = Mapping[str, Any]


def table(rows: Sequence[Line], names: Sequence[str]) -> pa.Table:
    """Rows as a table of text."""
    return pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in names})


def job_for(names: Sequence[str], world: World, settings: Settings | None = None) -> Job:
    """A job for a table with these headings."""
    settings = settings or Settings()
    held = layout(names, world.law.vocabulary, dated=settings.on is not None)
    return Job(world, held, settings)


def in_bulk(job: Job, lines: pa.Table, workers: int = 1) -> list[Verdict | None]:
    """The verdict of each line, None for a rejected one."""
    found: list[Verdict | None] = [None] * lines.num_rows

    def keep(answered: Answered) -> None:
        places = range(answered.lines) if answered.places is None else answered.places.tolist()
        for place, number in zip(places, answered.numbers.tolist(), strict=True):
            found[answered.first - 1 + place] = job.verdicts[number]

    run(job, open_source(lines, lambda _: job.layout), write=keep, workers=workers)
    return found


def alone(job: Job, row: Line) -> Verdict | None:
    """The verdict of the single question, None where it is refused."""
    try:
        return single(job, row).verdict
    except InputError:
        return None


def differences(
    world: World, rows: Sequence[Line], names: Sequence[str], settings: Settings | None = None,
    workers: int = 1,
) -> list[str]:  # fmt: skip
    """Lines whose answer in bulk is not that of the single question, each told at length."""
    job = job_for(names, world, settings)
    bulk = in_bulk(job, table(rows, names), workers)
    found = []
    for row, got in zip(rows, bulk, strict=True):
        wanted = alone(job, row)
        if got != wanted:
            said = {name: text for name, text in row.items() if text is not None}
            found.append(f"{said}\n  alone: {wanted}\n  bulk:  {got}")
    return found
