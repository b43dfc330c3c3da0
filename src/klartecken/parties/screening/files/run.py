"""A file of parties screened into a file of hits, with its receipt: both, or neither."""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from klartecken.errors import InputError
from klartecken.parties.decisions.record import Decisions
from klartecken.parties.decisions.store import read_decisions
from klartecken.parties.home import home_folder
from klartecken.parties.screening.files.columns import Columns, PartyRow
from klartecken.parties.screening.files.reading import PartyFile, open_parties
from klartecken.parties.screening.files.receipt import (
    Settings,
    dumped,
    earlier_run,
    receipt,
    receipt_path,
)
from klartecken.parties.screening.files.work import Done, Worker
from klartecken.parties.screening.files.writing import open_table, part_of, put
from klartecken.parties.screening.inuse import listed_on
from klartecken.parties.screening.kept import Note
from klartecken.parties.screening.model import DEFAULT, Thresholds
from klartecken.parties.screening.selfcheck import Checked, Checker

Progress = Callable[[int], None]


@dataclass(frozen=True)
class FileRun:
    """What a run left behind.

    Attributes:
        hits: the file of hits.
        receipt: as written beside it.
        limits: what the snapshot cannot find.
    """

    hits: Path
    receipt: dict[str, Any]
    limits: tuple[str, ...]


def screen_file(
    source: str | Path, out: str | Path, *, on: date, home: str | Path | None = None,
    columns: Columns = Columns(), thresholds: Thresholds = DEFAULT,  # noqa: B008
    previous: str | Path | None = None, jobs: int = 1, progress: Progress | None = None,
    note: Note | None = None,
) -> FileRun:  # fmt: skip
    """Screen every party of a file; the run checks itself.

    Args:
        source: .csv, .jsonl or .parquet, with a column of names.
        out: .csv, .jsonl or .parquet; the receipt stands beside it as ``OUT.receipt.json``.
        on: the day: the latest snapshot that is not after it counts.
        home: folder of the user's own data; by default as for the commands.
        columns: headings of the input, where they are not the usual ones.
        thresholds: from which score on a listed party is reported.
        previous: a file of hits of an earlier run, of which only what changed is screened
            anew (in this process). The result is the same as that of a full run.
        jobs: processes; the result is the same for any number.
        progress: told how many parties were done.
        note: told, in a line, what is worth knowing.

    Raises:
        InputError: the input cannot be read, or the output not written; nothing is written.
        DataError: the stored snapshot or the earlier receipt is broken.
        SelfCheckError: the run did not find what it must; nothing is written.
    """
    source, out = Path(source), Path(out)
    file = open_parties(source, columns)
    folder = home_folder(home)
    listed = listed_on(folder, on, note)
    decisions = read_decisions(folder)
    worker = Worker(Checker(listed, thresholds), decisions, on)
    how = "full"
    if previous is not None:
        worker.earlier, how = earlier_run(Path(previous), folder, listed, thresholds)
    if out.exists() and os.path.samefile(source, out):
        raise InputError("would be written over the parties that are read", where=str(out),
                         next_step="Give another name")  # fmt: skip
    if jobs > 1 and worker.earlier is None:
        done = _spread(file, (folder, on, thresholds, decisions), jobs)
    else:
        done = (worker.chunk(number, chunk) for number, chunk in enumerate(file.chunks()))
    return _written(
        file, out, worker, Settings(on.isoformat(), thresholds, decisions.hash), done, how, progress
    )


def _written(
    file: PartyFile, out: Path, worker: Worker, settings: Settings, done: Iterator[Done],
    how: str, progress: Progress | None,
) -> FileRun:  # fmt: skip
    """Write hits and receipt aside, then let both take their places, the receipt last."""
    listed, beside = worker.checker.listed, receipt_path(out)
    counts: Counter[str] = Counter(parties=0)
    checked = Checked()
    try:
        table = open_table(out)
        try:
            for chunk in done:
                table.write(chunk.rows)
                counts += chunk.counts
                parties = len({row.row for row in chunk.rows})
                counts["parties"] += parties
                counts["rows"] += len(chunk.rows)
                checked += chunk.checked
                if progress is not None:
                    progress(parties)
        finally:
            table.close()
        body = receipt(file, listed, settings, counts, checked, part_of(out), how)
        part_of(beside).write_text(dumped(body), encoding="utf-8")
        put(out)
        put(beside)
    except OSError as err:
        raise InputError(f"cannot be written ({err.strerror})", where=str(out)) from err
    finally:
        for path in (out, beside):
            part_of(path).unlink(missing_ok=True)
    return FileRun(out, body, listed.limits)


_HERE: list[Worker] = []  # of a process that works for another one


def _begin(home: Path, on: date, thresholds: Thresholds, decisions: Decisions) -> None:
    _HERE[:] = [Worker(Checker(listed_on(home, on), thresholds), decisions, on)]


def _do(number: int, chunk: list[PartyRow]) -> Done:
    return _HERE[0].chunk(number, chunk)


def _spread(
    file: PartyFile, begin: tuple[Path, date, Thresholds, Decisions], jobs: int
) -> Iterator[Done]:
    """The chunks in order, worked on by several processes; few are held at a time."""
    with ProcessPoolExecutor(jobs, get_context("spawn"), _begin, begin) as pool:
        waiting: deque[Future[Done]] = deque()
        for number, chunk in enumerate(file.chunks()):
            waiting.append(pool.submit(_do, number, chunk))
            if len(waiting) > jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
