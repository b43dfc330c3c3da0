"""What a book is answered on: threads of this process, or a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import click

from klartecken.errors import InputError

if TYPE_CHECKING:
    from klartecken.book.output import Written
    from klartecken.book.report import Report

engine_option = click.option(
    "--engine", metavar="dask[://HOST:PORT]",
    help="Processes of this machine, or a Dask scheduler. Default: threads.",
)  # fmt: skip


@dataclass(frozen=True)
class Engine:
    """What a book is answered on.

    Attributes:
        ran_on: what the receipt says of it.
        folder: does it write a folder, where others write a file?
        run: job, source and ``progress`` -> reports.
        answer_to: job, source, the place of the answers and ``progress`` -> what was written.
    """

    ran_on: str
    folder: bool
    run: Callable[..., tuple[Report, ...]]
    answer_to: Callable[..., Written]


def engine_of(name: str | None, threads: int | None) -> Engine:
    """What the options ask for.

    Args:
        name: ``dask``, ``dask://HOST:PORT``, or None for threads.
        threads: how many; by default one per core.

    Raises:
        InputError: another name, a number of threads beside it, or the extra is not installed.
    """
    if name is None:
        from klartecken.book import check, output

        workers = threads or check.threads()
        return Engine(
            f"{workers} threads", False, partial(check.run, workers=workers),
            partial(output.answer_to, workers=workers),
        )  # fmt: skip
    from klartecken.book.extra import require
    from klartecken.book.spread import dask

    scheduler = dask.address(name)
    if threads is not None:
        raise InputError(
            f"--engine {name} runs on processes, not on threads", where="--threads",
            next_step="Leave out one of the two",
        )  # fmt: skip
    require("distributed", extra="dask")
    return Engine(
        dask.ran_on(scheduler), True, partial(dask.run, scheduler=scheduler),
        partial(dask.answer_to, scheduler=scheduler),
    )  # fmt: skip
