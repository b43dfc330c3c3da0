"""A whole book: partitions in, answers in order, every line accounted for."""

from __future__ import annotations

import functools
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from klartecken.book.answers import OutColumns
from klartecken.book.coded import Answered
from klartecken.book.job import Job
from klartecken.book.report import Report, report
from klartecken.book.table.sinks import open_sink
from klartecken.book.table.sources import Partition, Source, numbered
from klartecken.errors import InputError, KlarteckenError

Progress = Callable[[int], None]
Write = Callable[[Answered], None]


def threads() -> int:
    """How many threads a book runs on unless told otherwise: one per core of this process."""
    held = getattr(os, "sched_getaffinity", None)
    return len(held(0)) if held else os.cpu_count() or 1


def run(
    job: Job, source: Source, *, write: Write | None = None, columns: Sequence[str] | None = None,
    progress: Progress | None = None, workers: int | None = None,
) -> tuple[Report, ...]:  # fmt: skip
    """Answer all lines of a book.

    Args:
        job: the law, the layout and the settings.
        source: the book.
        write: takes the answers, in the order of the lines.
        columns: what to read; by default all but the lines' own numbers.
        progress: takes the number of lines done since its last call.
        workers: threads.

    Returns:
        One report for each partition, in order.

    Raises:
        InputError: the book cannot be read, or there is no worker.
        KlarteckenError: a partition was lost, doubled or cut short.
    """
    if workers is not None and workers < 1:
        raise InputError(f"{workers} threads", where="workers", next_step="Use 1 or more")
    parts = source.partitions()
    columns = job.columns if columns is None else columns
    reports = []
    with _pool(workers or threads()) as pool:
        for part, batches in _in_order(pool, job, parts, columns, (workers or threads()) + 1):
            done = []
            for answered in batches:
                if write is not None:
                    write(answered)
                if progress is not None:
                    progress(answered.lines)
                done.append(light(answered))
            reports.append(report(job, part.id, done))
    verify(parts, reports)
    return tuple(reports)


@contextmanager
def _pool(workers: int) -> Iterator[ThreadPoolExecutor]:
    """Threads that nobody waits for once something went wrong: they only count, never write."""
    pool = ThreadPoolExecutor(workers)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def light(answered: Answered) -> Answered:
    """Without the lines, which are no longer needed."""
    return Answered(
        answered.first, answered.lines, answered.batch.slice(0, 0), None, answered.days[:0],
        answered.numbers[:0], answered.totals, answered.rejects, answered.rejected,
    )  # fmt: skip


def _in_order(
    pool: ThreadPoolExecutor, job: Job, parts: Sequence[Partition], columns: Sequence[str],
    ahead: int,
) -> Iterator[tuple[Partition, Iterator[Answered]]]:  # fmt: skip
    """Partitions side by side, or the batches of a single one; given back in order."""
    if len(parts) != 1:
        tasks = ((part, functools.partial(partition, job, part, columns)) for part in parts)
        for part, found in _ahead(pool, tasks, ahead):
            yield part, iter(found)
        return

    def batches() -> Iterator[tuple[None, Callable[[], Answered]]]:
        for first, batch in numbered(parts[0], columns):
            yield None, functools.partial(job.answer, batch, first)

    yield parts[0], (answered for _, answered in _ahead(pool, batches(), ahead))


def _ahead(pool: ThreadPoolExecutor, tasks: Iterator[Any], ahead: int) -> Iterator[Any]:
    """Results in order, with only so many tasks begun: a book is never held whole."""
    begun: deque[tuple[Any, Future[Any]]] = deque()
    try:
        for name, task in tasks:
            begun.append((name, pool.submit(task)))
            if len(begun) >= ahead:
                key, future = begun.popleft()
                yield key, future.result()
        while begun:
            key, future = begun.popleft()
            yield key, future.result()
    finally:
        for _, future in begun:
            future.cancel()


def partition(job: Job, part: Partition, columns: Sequence[str]) -> list[Answered]:
    """The answers of one partition, batch by batch."""
    return list(answers(job, part, columns))


def answers(job: Job, part: Partition, columns: Sequence[str]) -> Iterator[Answered]:
    """As :func:`partition`, one batch at a time."""
    for first, batch in numbered(part, columns):
        yield job.answer(batch, first)


def verify(parts: Sequence[Partition], reports: Sequence[Report]) -> None:
    """Refuse a book of which a partition is lost, doubled, foreign or cut short."""
    wanted = [part.id for part in parts]
    got = [held.id for held in reports]
    wrong = sorted({name for name in (*wanted, *got) if wanted.count(name) != got.count(name)})
    if wrong:
        raise KlarteckenError(
            f"{len(wrong)} partitions did not come back exactly once: {', '.join(wrong[:5])}",
            where="order book", next_step="Run it again; nothing was written",
        )  # fmt: skip
    by_id = {held.id: held for held in reports}
    for part in parts:
        held = by_id[part.id]
        lines = held.lines if part.rows is None else part.rows
        if held.lines != lines or held.answered + held.rejected != lines:
            raise KlarteckenError(
                f"{part.id} has {lines} lines, but {held.answered} were answered and "
                f"{held.rejected} rejected",
                where="order book", next_step="Run it again; nothing was written",
            )  # fmt: skip
        if held.totals.lines != held.answered:
            raise KlarteckenError(f"the totals of {part.id} do not add up", where="order book")


def run_to(
    job: Job, source: Source, out: Path, *, progress: Progress | None = None,
    workers: int | None = None, seal: Callable[[tuple[Report, ...]], None] | None = None,
) -> tuple[Report, ...]:  # fmt: skip
    """Answer a book into a file, whole or not at all.

    Args:
        job, source, progress, workers: as for :func:`run`.
        out: .parquet, .csv or .jsonl.
        seal: writes what belongs beside the file, when it is whole and before it takes its
            place; until then it is ``part_of(out)``.
    """
    columns = OutColumns(job, source.schema)
    with ExitStack() as stack:
        sink = stack.enter_context(open_sink(out, columns.schema))
        reports = run(
            job, source, write=lambda answered: sink.write(columns.batch(answered)),
            columns=source.schema.names, progress=progress, workers=workers,
        )  # fmt: skip
        sink.finish()
        if seal is not None:
            seal(reports)
    return reports
