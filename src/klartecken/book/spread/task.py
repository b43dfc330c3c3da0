"""What a worker does: a partition in, its report out, and its answers in a file of their own.

Nothing here knows who runs it. A task may run twice, or be cut off in the middle: it changes
nothing but files whose names are its own, and only what its report names is ever used.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from klartecken.book.answers import OutColumns
from klartecken.book.check import answers, light
from klartecken.book.report import Report, report
from klartecken.book.spread.plan import Plan, Worker, worker_of
from klartecken.book.spread.wire import Did
from klartecken.book.table.sinks import open_sink
from klartecken.book.table.sources import FileSource, RowGroup, Source, unreadable
from klartecken.errors import InputError


@dataclass(frozen=True)
class Order:
    """What a worker is told beside the plan.

    Attributes:
        columns: what to read.
        stamp: of the file (:func:`stamp`), so that every worker reads the same one.
        folder: where the files of answers are written, or None to only count.
    """

    columns: tuple[str, ...]
    stamp: str
    folder: Path | None = None


def row_groups(source: Source) -> tuple[Path, tuple[RowGroup, ...]]:
    """The file and the partitions of a book that can be read on many machines.

    Raises:
        InputError: it is no Parquet file.
    """
    parts = source.partitions()
    held = tuple(part for part in parts if isinstance(part, RowGroup))
    if not isinstance(source, FileSource) or len(held) != len(parts):
        raise InputError(
            "only a Parquet file is read on more than one machine: other books cannot be "
            "read in parts",
            where=source.name,
            next_step="Write it as Parquet first, or answer it on one machine",
        )
    path = source.path.absolute()  # workers stand in other folders
    return path, tuple(replace(part, path=path) for part in held)


def groups(parts: Sequence[RowGroup], tasks: int) -> list[tuple[RowGroup, ...]]:
    """Neighbouring partitions put together, into about so many tasks of like size."""
    most = max(1, -(-sum(part.rows for part in parts) // max(1, tasks)))
    found: list[tuple[RowGroup, ...]] = []
    held: list[RowGroup] = []
    for part in parts:
        if held and sum(other.rows for other in held) + part.rows > most:
            found.append(tuple(held))
            held = []
        held.append(part)
    return [*found, tuple(held)] if held else found


def stamp(path: Path) -> str:
    """SHA-256 of a Parquet file's footer, which says where each of its pages stands.

    Raises:
        InputError: the file cannot be read here.
    """
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 8))
            length = int.from_bytes(file.read(4), "little")
            file.seek(max(0, size - 8 - length))
            return hashlib.sha256(size.to_bytes(8, "little") + file.read()).hexdigest()
    except OSError as err:
        raise unreadable(path, err) from err


def answer_group(plan: Plan, parts: Sequence[RowGroup], order: Order) -> Did:
    """Answer some partitions.

    Raises:
        InputError: the file is not the one that was opened, or cannot be read or written.
        KlarteckenError: another version of the program made the plan.
    """
    worker = worker_of(plan)
    for path in {part.path for part in parts}:
        if stamp(path) != order.stamp:
            raise InputError(
                "this worker sees another file of that name", where=str(path),
                next_step="Put the book where every machine sees the same file, and run it again",
            )  # fmt: skip
    found = [_answer(worker, part, order) for part in parts]
    with worker.lock:
        return worker.packer.pack(found)


def _answer(worker: Worker, part: RowGroup, order: Order) -> tuple[Report, str | None]:
    job = worker.job
    if order.folder is None:
        done = [light(answered) for answered in answers(job, part, order.columns)]
        return report(job, part.id, done), None
    columns = OutColumns(job, part.schema, worker.texts)
    with _named_by_content(order.folder, part.id) as (path, name):
        done = []
        with open_sink(path, columns.schema) as sink:
            for answered in answers(job, part, order.columns):
                sink.write(columns.batch(answered))
                done.append(light(answered))
        file = name()
    return report(job, part.id, done), file


@contextmanager
def _named_by_content(folder: Path, ident: str) -> Iterator[tuple[Path, Callable[[], str]]]:
    """A path to write to, and what then gives the file its name.

    Two runs of one task write two files, of one name when they are the same.
    """
    path = folder / f".{uuid.uuid4().hex}.parquet"

    def name() -> str:
        with path.open("rb") as file:
            found = f"{ident}-{hashlib.file_digest(file, 'sha256').hexdigest()[:16]}.parquet"
        path.replace(folder / found)
        return found

    try:
        yield path, name
    except OSError as err:
        told = err.strerror or str(err)
        raise InputError(f"answers cannot be written ({told})", where=str(folder)) from err
    finally:
        path.unlink(missing_ok=True)
