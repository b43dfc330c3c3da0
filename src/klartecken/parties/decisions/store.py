"""The log of decisions: one JSON line for each, appended and never changed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from klartecken.errors import DataError, InputError
from klartecken.parties.decisions.record import (
    Decision,
    Decisions,
    Record,
    Withdrawal,
    read_record,
)

FILE = "decisions.jsonl"
R = TypeVar("R", Decision, Withdrawal)


def read_decisions(home: Path) -> Decisions:
    """The log of a home folder; empty when there is none.

    A last line that was cut off while it was written is no decision: it is named in
    ``torn``, and counts for nothing.

    Raises:
        DataError: a line before the last cannot be read, was altered, or is missing.
    """
    path = home / FILE
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Decisions()
    except OSError as err:
        raise DataError(f"cannot be read ({err.strerror})", where=str(path)) from err
    whole, tail = _parted(data)
    records: list[Record] = []
    for number, line in enumerate(whole.splitlines(), 1):
        where = f"{path}, line {number}"
        try:
            record = read_record(json.loads(line), where)
        except ValueError as err:
            raise DataError(f"is no JSON ({err})", where=where,
                            next_step="Restore the log from a copy") from err  # fmt: skip
        if record.number != number:
            raise DataError(f"holds record {record.number}: a line was added or taken out",
                            where=where, next_step="Restore the log from a copy")  # fmt: skip
        records.append(record)
    torn = ""
    if tail:
        torn = (
            f"line {len(records) + 1} of {FILE} was cut off as it was written, and counts for "
            "nothing: decide again"
        )
    return Decisions(tuple(records), torn)


def _parted(data: bytes) -> tuple[bytes, bytes]:
    """The whole lines, and what follows the last of them."""
    end = data.rfind(b"\n") + 1
    return data[:end], data[end:]


def add(home: Path, record: R) -> R:
    """Append a record, on the disc before this returns.

    What was cut off at the end of the log is moved to ``decisions.jsonl.torn`` first.

    Returns:
        The record with its place in the log.

    Raises:
        DataError: the log is not whole.
        InputError: it cannot be written; a withdrawal of what is not there or was withdrawn;
            another process writes just now.
    """
    path = home / FILE
    try:
        home.mkdir(parents=True, exist_ok=True)
        with _alone(home):
            held = read_decisions(home)
            if isinstance(record, Withdrawal):
                _refuse_vain(record, held)
            placed = replace(record, number=len(held.records) + 1)
            if held.torn:
                _put_aside(path)
            line = json.dumps(placed.to_dict(), ensure_ascii=False, sort_keys=True) + "\n"
            with path.open("ab") as file:
                file.write(line.encode())
                file.flush()
                os.fsync(file.fileno())
    except OSError as err:
        raise InputError(f"cannot be written ({err.strerror})", where=str(path)) from err
    return placed


def _refuse_vain(record: Withdrawal, held: Decisions) -> None:
    if record.withdraws not in {decision.id for decision in held.standing}:
        raise InputError(
            f"no decision {record.withdraws!r} stands", where="withdraw",
            next_step="See `klartecken parties decisions`",
        )  # fmt: skip


def _put_aside(path: Path) -> None:
    whole, tail = _parted(path.read_bytes())
    with path.with_name(f"{path.name}.torn").open("ab") as aside:
        aside.write(tail + b"\n")
        aside.flush()
        os.fsync(aside.fileno())
    with path.open("r+b") as file:
        file.truncate(len(whole))
        os.fsync(file.fileno())


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Only one process appends at a time."""
    lock = home / f"{FILE}.lock"
    try:
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError as err:
        raise InputError(
            "another process writes a decision just now", where=str(lock),
            next_step="Try again; remove that file if none runs",
        ) from err  # fmt: skip
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
