"""A book on a Dask cluster, or on processes of this machine.

A worker that dies is replaced and its task done again; the reports then show that each
partition was answered exactly once.
"""

from __future__ import annotations

import logging
import pickle
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from klartecken.book.answers import OutColumns
from klartecken.book.check import Progress, threads, verify
from klartecken.book.extra import require
from klartecken.book.job import Job
from klartecken.book.output import Seal, Written, refuse_places, together
from klartecken.book.report import Report
from klartecken.book.spread.folder import Folder
from klartecken.book.spread.plan import Plan
from klartecken.book.spread.task import Order, answer_group, groups, row_groups, stamp
from klartecken.book.spread.wire import Did, Unpacker
from klartecken.book.table.sources import RowGroup, Source
from klartecken.errors import InputError, KlarteckenError

TASKS = 4  # for each core at least, so that the last ones end together
MOST = 4_000_000  # lines of a task, about: what is done again when a worker dies
RETRIES = 2  # of a task that failed, such as for a disk that was away; deaths count apart
PATIENCE = 60  # seconds to wait for a first worker


def run_dask(
    plan: Plan, source: Source, scheduler: str | None = None, *, out: Path | None = None,
    progress: Progress | None = None, workers: int | None = None, seal: Seal | None = None,
) -> tuple[Report, ...]:  # fmt: skip
    """Answer a Parquet book on a Dask cluster.

    Args:
        plan: the law, the layout and the settings.
        source: the book; every worker must see the file under the same path.
        scheduler: address such as ``tcp://host:8786``, or None for processes of this machine.
        out: a folder of Parquet files to write, which must not be there yet; every worker
            must see the folder that it is to stand in.
        progress: takes the number of lines done since its last call.
        workers: processes of this machine; by default one per core.
        seal: writes what belongs beside ``out``, before it takes its place; takes the reports
            and the folder that waits.

    Returns:
        One report for each row group, in order.

    Raises:
        InputError: no Parquet file, ``out`` is there already, no scheduler there, or a file
            that cannot be read or written.
        KlarteckenError: a partition was lost, doubled or cut short, or workers kept dying;
            nothing was written.
    """
    require("distributed", extra="dask")
    path, parts = row_groups(source)
    read = [n for n in plan.layout.names if n != "line_id"] if out is None else source.schema.names
    with ExitStack() as stack:
        folder = None if out is None else stack.enter_context(Folder(out))
        order = Order(tuple(read), stamp(path), None if folder is None else folder.work)
        client = stack.enter_context(_client(scheduler, workers))
        reports, files = _gather(client, plan, parts, order, progress)
        verify(parts, reports)
        place = {part.id: number for number, part in enumerate(parts)}
        reports.sort(key=lambda report: place[report.id])
        found = tuple(reports)
        if folder is not None:
            folder.keep(files)
            if not parts:
                folder.empty(OutColumns(plan.job(), source.schema).schema)
            if seal is not None:
                seal(found, folder.part)
            folder.commit()
    return found


def run(
    job: Job, source: Source, *, progress: Progress | None = None, workers: int | None = None,
    scheduler: str | None = None,
) -> tuple[Report, ...]:  # fmt: skip
    """As :func:`klartecken.book.check.run`, on a cluster (see :func:`run_dask`)."""
    return run_dask(_plan(job), source, scheduler, progress=progress, workers=workers)


def run_to(
    job: Job, source: Source, out: Path, *, progress: Progress | None = None,
    workers: int | None = None, seal: Seal | None = None, scheduler: str | None = None,
) -> tuple[Report, ...]:  # fmt: skip
    """As :func:`klartecken.book.check.run_to`, on a cluster (see :func:`run_dask`)."""
    return run_dask(
        _plan(job), source, scheduler, out=out, progress=progress, workers=workers, seal=seal
    )


def answer_to(
    job: Job, source: Source, out: Path, *, progress: Progress | None = None,
    workers: int | None = None, scheduler: str | None = None,
) -> Written:  # fmt: skip
    """As :func:`klartecken.book.output.answer_to`, on a cluster (see :func:`run_dask`).

    ``out`` is a new folder. The other files stand beside it, written by this machine.
    """
    refuse_places(out, folder=True)

    def go(seal: Seal) -> tuple[Report, ...]:
        return run_to(
            job, source, out, progress=progress, workers=workers, seal=seal, scheduler=scheduler
        )

    return together(job, source, out, ran_on(scheduler, workers), go)


def ran_on(scheduler: str | None, workers: int | None = None) -> str:
    """What a receipt says that a book was answered on.

    >>> ran_on("tcp://big.example:8786"), ran_on(None, 4)
    ('dask at tcp://big.example:8786', 'dask, 4 processes')
    """
    return f"dask at {scheduler}" if scheduler else f"dask, {workers or threads()} processes"


def address(engine: str) -> str | None:
    """The scheduler that the name of an engine means; None for processes of this machine.

    >>> address("dask"), address("dask://big.example:8786")
    (None, 'tcp://big.example:8786')

    Raises:
        InputError: another name.
    """
    name, colon, place = engine.partition("://")
    if name != "dask" or (colon and not place):
        raise InputError(
            f"{engine!r} names no engine", where="engine",
            next_step="Write dask, or dask://HOST:PORT of a scheduler",
        )  # fmt: skip
    return f"tcp://{place}" if colon else None


def _plan(job: Job) -> Plan:
    """The plan of a job, with what the job knows if it has answered anything."""
    plan = Plan.of(job)
    return plan.knowing(job) if job.verdicts else plan


@contextmanager
def _client(scheduler: str | None, workers: int | None) -> Iterator[Any]:
    from distributed import Client, LocalCluster

    with ExitStack() as stack:
        if scheduler is None:
            # one thread each: filling the tables is Python, and threads would wait in line
            cluster = LocalCluster(
                n_workers=workers or threads(), threads_per_worker=1, processes=True,
                silence_logs=logging.ERROR,
                # any free port: a fixed one warns when another cluster has it
                dashboard_address="127.0.0.1:0", scheduler_kwargs={"dashboard": False},
            )  # fmt: skip
            place: Any = stack.enter_context(cluster)
        else:
            place = scheduler
        try:
            client = Client(place, set_as_default=False)
            stack.enter_context(client)
            client.wait_for_workers(1, timeout=PATIENCE)
        except (OSError, ValueError, TimeoutError) as err:
            told = " ".join(str(err).split())
            raise InputError(
                f"no Dask scheduler with workers answers ({told})", where=str(scheduler),
                next_step="Start `dask scheduler` there, and `dask worker` on each machine",
            ) from err  # fmt: skip
        yield client


def _gather(
    client: Any, plan: Plan, parts: Sequence[RowGroup], order: Order, progress: Progress | None
) -> tuple[list[Report], dict[str, int]]:
    """What the workers say, in whatever order they end: reports, and files with their lines."""
    unpacker = Unpacker()
    reports: list[Report] = []
    files: dict[str, int] = {}
    for did in _results(client, plan, parts, order):
        found = unpacker.unpack(did)
        reports += found
        files.update((done.file, done.answered) for done in did.done if done.file is not None)
        if progress is not None:
            progress(sum(report.lines for report in found))
    return reports, files


def _results(client: Any, plan: Plan, parts: Sequence[RowGroup], order: Order) -> Iterator[Did]:
    from distributed import as_completed
    from distributed.scheduler import KilledWorker

    cores = sum(client.ncores().values())
    lines = sum(part.rows for part in parts)
    # a result of its own, made again when the workers that hold it die; data sent out would
    # be lost with them
    sent = client.submit(pickle.loads, pickle.dumps(plan, 5), pure=False)
    futures = [
        client.submit(answer_group, sent, group, order, pure=False, retries=RETRIES)
        for group in groups(parts, max(cores * TASKS, -(-lines // MOST)))
    ]
    try:
        for future, did in as_completed(futures, loop=client.loop, with_results=True):
            future.release()  # the worker need not hold it any longer
            yield did
    except (KilledWorker, CancelledError, OSError) as err:
        told = " ".join(str(err).split())
        raise KlarteckenError(
            f"the cluster gave up ({told})", where="dask",
            next_step="Look into the workers' logs: most often they ran out of memory",
        ) from err  # fmt: skip
    finally:
        client.cancel([*futures, sent])
