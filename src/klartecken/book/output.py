"""A book answered into files that belong together: answers, receipt, cases, rejected lines.

All are written beside their places first. Then they take their places one after another, the
receipt last. The receipt holds the digest of each of the others: whoever is stopped halfway
is left with files that the receipt there does not fit, and reading them says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from klartecken.book.check import Progress, run_to, threads
from klartecken.book.job import Job
from klartecken.book.receipt import (
    cases_path,
    dump,
    dump_cases,
    receipt,
    receipt_path,
    rejects_path,
    whole,
)
from klartecken.book.report import Report
from klartecken.book.table.digest import file_digest
from klartecken.book.table.sinks import part_of, put, unwritable, write_rejects
from klartecken.book.table.sources import Source
from klartecken.errors import InputError


@dataclass(frozen=True)
class Written:
    """What a run left behind.

    Attributes:
        receipt: as written.
        rejects: the file of rejected lines, or None when every line was answered.
    """

    out: Path
    receipt: Mapping[str, Any]
    reports: tuple[Report, ...]
    rejects: Path | None


# takes the reports and the answers that wait to take their place
Seal = Callable[[tuple[Report, ...], Path], None]


def answer_to(
    job: Job, source: Source, out: Path, *, progress: Progress | None = None,
    workers: int | None = None,
) -> Written:  # fmt: skip
    """Answer a book into files, all of them or none.

    Args:
        job, source, progress, workers: as for :func:`klartecken.book.check.run`.
        out: .parquet, .csv or .jsonl; the other files stand beside it.

    Raises:
        InputError: the book cannot be read, or a file cannot be written; what was there
            before is untouched.
    """
    refuse_places(out)

    def run(seal: Seal) -> tuple[Report, ...]:
        return run_to(
            job, source, out, progress=progress, workers=workers,
            seal=lambda held: seal(held, part_of(out)),
        )  # fmt: skip

    return together(job, source, out, f"{workers or threads()} threads", run)


def together(
    job: Job, source: Source, out: Path, ran_on: str,
    run: Callable[[Seal], tuple[Report, ...]],
) -> Written:  # fmt: skip
    """Answer a book with ``run``, and put the other files beside the answers.

    Args:
        job, source: as for :func:`klartecken.book.check.run`.
        out: what ``run`` writes: a file or a folder.
        ran_on: what the receipt says of it.
        run: writes the answers; calls what it is given when they are whole, and before they
            take their place.
    """
    beside = Beside(out)
    try:
        reports = run(lambda held, waits: beside.write(job, source, held, waits, ran_on))
        beside.place()
    finally:
        beside.discard()
    rejects = rejects_path(out) if beside.body["files"]["rejects"] else None
    return Written(out, beside.body, reports, rejects)


def refuse_places(out: Path, *, folder: bool = False) -> None:
    """Refuse, before any work, a place where nothing can be put.

    Args:
        out: the answers.
        folder: are they a folder, which whoever makes it looks after?

    Raises:
        InputError: no folder, or something there that is no file.
    """
    if out.name in ("", ".."):
        raise InputError(f"{str(out)!r} is no file name", where="output")
    if not out.parent.is_dir():
        raise InputError(
            "there is no such folder", where=str(out.parent), next_step="Make it first"
        )
    for path in sides(out) if folder else (out, *sides(out)):
        if path.exists() and not path.is_file():
            raise InputError("is not a regular file", where=str(path))


def sides(out: Path) -> tuple[Path, Path, Path]:
    """Cases, rejected lines and receipt of a table of answers: the receipt last."""
    return cases_path(out), rejects_path(out), receipt_path(out)


def facts_of(path: Path) -> dict[str, Any]:
    """Size and SHA-256 of a file; of a folder, how many files, and SHA-256 of their list.

    The list has a line for each file, by name: its SHA-256, two blanks, its name (what
    ``sha256sum *`` prints).
    """
    if not path.is_dir():
        return {"bytes": path.stat().st_size, "sha256": file_digest(path)}
    held = sorted(path.iterdir(), key=lambda file: file.name.encode())
    listed = "".join(f"{file_digest(file)}  {file.name}\n" for file in held)
    return {
        "files": len(held), "bytes": sum(file.stat().st_size for file in held),
        "sha256": hashlib.sha256(listed.encode()).hexdigest(),
    }  # fmt: skip


class Beside:
    """The files beside a table of answers that is about to take its place.

    Args:
        out: the table.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self._waiting: dict[Path, Path | None] = {}
        self.body: dict[str, Any] = {}

    def write(
        self, job: Job, source: Source, reports: tuple[Report, ...], waits: Path, ran_on: str
    ) -> None:
        """Write all of them; ``waits`` is the whole table, which is to take its place.

        Raises:
            InputError: one cannot be written.
        """
        cases, rejects, body = sides(self._out)
        self._text(cases, dump_cases(whole(reports)[1]) + "\n")
        files = {"answers": facts_of(waits), "cases": facts_of(part_of(cases))}
        self._waiting[rejects] = None
        refused = (row for held in reports for row in held.rejects)
        if any(held.rejected for held in reports):
            self._write(rejects, lambda part: write_rejects(part, refused))
        held = self._waiting[rejects]
        self.body = receipt(
            job, reports, source=source.name, digest=source.digest(), threads=ran_on,
            files={**files, "rejects": facts_of(held) if held else None},
        )  # fmt: skip
        self._text(body, dump(self.body) + "\n")

    def _text(self, path: Path, text: str) -> None:
        self._write(path, lambda part: part.write_text(text, encoding="utf-8", newline="\n"))

    def _write(self, path: Path, write: Callable[[Path], object]) -> None:
        part = self._waiting[path] = part_of(path)
        try:
            write(part)
        except OSError as err:
            raise unwritable(path, err) from err

    def place(self) -> None:
        """Let all of them take their places; a file of an earlier run that has no match goes.

        Raises:
            InputError: one cannot.
        """
        for path, part in self._waiting.items():
            if part is not None:
                put(part, path)
                continue
            try:
                path.unlink(missing_ok=True)
            except OSError as err:
                raise unwritable(path, err) from err

    def discard(self) -> None:
        """Remove what was not placed."""
        for part in self._waiting.values():
            if part is not None:
                part.unlink(missing_ok=True)
