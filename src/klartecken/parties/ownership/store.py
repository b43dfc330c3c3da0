"""Ownership data under the home folder: immutable tables by hash, and an index of those in use.

``owners/tables/HASH.jsonl`` is never changed; ``owners/index.json`` says which tables are in use
and where each came from. An import is all or nothing: the index is written last, in one step.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from klartecken.errors import DataError, InputError
from klartecken.parties.ownership.graph import Graph, Problem, build_graph
from klartecken.parties.ownership.holdings import problems
from klartecken.parties.ownership.lines import from_line, to_line
from klartecken.parties.ownership.model import Holder, HqFact, Stake
from klartecken.parties.ownership.readers.common import Ignored, Record, Reject
from klartecken.parties.ownership.readers.files import READERS, format_of

MOST_REJECTS = 1000


@dataclass(frozen=True)
class Table:
    """A table in use.

    Attributes:
        hash: SHA-256 of the table.
        file, format, source_hash: what it was read from.
        imported: the day.
        stakes, holders, facts: how many of each.
        ignored: why records were left out, and how many.
        warnings: about the file as a whole.
    """

    hash: str
    file: str
    format: str
    source_hash: str
    imported: str
    stakes: int
    holders: int
    facts: int
    ignored: dict[str, int]
    warnings: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {**asdict(self), "warnings": list(self.warnings)}


@dataclass(frozen=True)
class Imported:
    """What an import did: tables added, or the rows for which nothing was kept."""

    tables: tuple[Table, ...]
    rejects: tuple[Reject, ...]
    problems: tuple[Problem, ...]


def import_files(
    home: Path, files: Sequence[Path], day: date, form: str | None = None
) -> Imported:  # fmt: skip
    """Read files, and put their tables in use if every row of every file can be read.

    Args:
        home: the home folder.
        files: what to read.
        day: the day of the import, for the record.
        form: format of all files; by default each file's own is found out.

    Raises:
        InputError: a file that is not of its format, holds nothing, or cannot be read or stored.
    """
    folder = home / "owners" / "tables"
    parts: list[tuple[Path, Table]] = []
    rejects: list[Reject] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, file in enumerate(files):
            part = folder / f".{number}.part"
            parts.append((part, Table("", file.name, "", "", "", 0, 0, 0, {})))
            parts[-1] = (part, _read_into(part, file, form or format_of(file), day, rejects))
        if rejects:
            return Imported((), tuple(rejects[:MOST_REJECTS]), ())
        old = tables(home)
        kept = [folder / f"{table.hash}.jsonl" for table in old]
        graph = _graph([*kept, *(part for part, _ in parts)])
        for part, table in parts:
            part.replace(folder / f"{table.hash}.jsonl")
        new = {table.hash: table for _, table in parts}
        _write_index(home, [*(t for t in old if t.hash not in new), *new.values()])
        return Imported(tuple(new.values()), (), tuple(problems(graph)))
    except OSError as err:
        raise InputError(f"cannot be stored ({err.strerror})", where=str(folder)) from err
    finally:
        for part, _ in parts:
            part.unlink(missing_ok=True)


def _read_into(part: Path, file: Path, form: str, day: date, rejects: list[Reject]) -> Table:
    ignored: Counter[str] = Counter()
    counts: Counter[type] = Counter()
    digest = hashlib.sha256()
    figures = small = 0
    with part.open("w", encoding="utf-8", newline="\n") as out:
        for read in READERS[form](file):
            if isinstance(read, Reject):
                if len(rejects) < MOST_REJECTS:
                    rejects.append(read)
            elif isinstance(read, Ignored):
                ignored[read.why] += 1
            else:
                counts[type(read)] += 1
                if isinstance(read, Stake) and read.share.exact:
                    figures += 1
                    small += read.share.high <= 1
                line = to_line(read) + "\n"
                digest.update(line.encode())
                out.write(line)
    if not counts and not rejects:
        raise InputError("holds nothing on ownership", where=str(file))
    warnings: tuple[str, ...] = ()
    if figures and figures == small:
        warnings = ("every share is 1 or less: shares are per cent, 60 and not 0.6",)
    return Table(
        digest.hexdigest(), file.name, form, _hash_of(file), day.isoformat(), counts[Stake],
        counts[Holder], counts[HqFact], dict(sorted(ignored.items())), warnings,
    )  # fmt: skip


def _hash_of(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def tables(home: Path) -> tuple[Table, ...]:
    """The tables in use, in the order of their import.

    Raises:
        DataError: the index is damaged.
    """
    path = home / "owners" / "index.json"
    if not path.exists():
        return ()
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))["tables"]
        return tuple(Table(**{**t, "warnings": tuple(t["warnings"])}) for t in listed)
    except (OSError, ValueError, KeyError, TypeError) as err:
        raise DataError(
            "is damaged", where=str(path), next_step="Remove it and import the files again"
        ) from err


def remove(home: Path, start: str) -> Table:
    """Take the table whose hash begins so out of use; its file stays.

    Raises:
        InputError: no such table, or several.
    """
    now = tables(home)
    found = [table for table in now if start and table.hash.startswith(start)]
    if len(found) != 1:
        raise InputError(
            f"{len(found)} tables in use begin with {start!r}",
            next_step="See klartecken owners list",
        )
    _write_index(home, [table for table in now if table is not found[0]])
    return found[0]


def load_graph(home: Path) -> Graph:
    """The graph of all tables in use, each checked against its hash.

    Raises:
        DataError: a table is missing or was changed.
    """
    folder = home / "owners" / "tables"
    used = tables(home)
    for table in used:
        path = folder / f"{table.hash}.jsonl"
        if not path.exists() or _hash_of(path) != table.hash:
            raise DataError(
                f"is missing or was changed since {table.file} was imported", where=str(path),
                next_step="Import the file again",
            )  # fmt: skip
    return _graph([folder / f"{table.hash}.jsonl" for table in used])


def _graph(paths: Iterable[Path]) -> Graph:
    held: tuple[list[Stake], list[Holder], list[HqFact]] = ([], [], [])
    for path in paths:
        for record in _records(path):
            if isinstance(record, Stake):
                held[0].append(record)
            elif isinstance(record, Holder):
                held[1].append(record)
            else:
                held[2].append(record)
    return build_graph(*held)


def _records(path: Path) -> Iterator[Record]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                yield from_line(line)
            except (ValueError, KeyError) as err:
                raise DataError(f"cannot be read ({err})", where=f"{path}, line {number}") from err


def _write_index(home: Path, used: Sequence[Table]) -> None:
    path = home / "owners" / "index.json"
    part = path.with_name(".index.part")
    content = {"version": 1, "tables": [table.to_dict() for table in used]}
    part.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(path)
