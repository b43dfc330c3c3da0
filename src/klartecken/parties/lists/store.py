"""Stored snapshots: HOME/lists/<date>-<hash>/ with snapshot.json and entries.jsonl.

A snapshot is written aside and renamed into place: it is there whole, or not at all. It is
never changed after. The hash of entries.jsonl stands in snapshot.json, which carries its own.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from klartecken.errors import DataError, InputError
from klartecken.logic.frozen import freeze
from klartecken.parties.lists.build import Build
from klartecken.parties.lists.codec import to_line
from klartecken.parties.lists.lazy import LazyEntries
from klartecken.parties.lists.snapshot import Part, Snapshot, snapshot_of
from klartecken.parties.party import content_hash

HEAD, ENTRIES = "snapshot.json", "entries.jsonl"
LAYOUT = 1
_LABEL = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{12}")
_AGAIN = "Move that folder away and import the list again"


@dataclass(frozen=True)
class SnapshotHead:
    """All of a stored snapshot but its entries: cheap to read.

    Attributes:
        date, parts, hash: as in :class:`Snapshot`.
        path: its folder.
        sequence: which import it was, from 1: of two snapshots of one day the later counts.
        imported_at: UTC time of the import, for people.
        entries_sha256: of entries.jsonl.
        record: how it came about (see :meth:`Build.record`).
    """

    date: date
    parts: dict[str, Part]
    hash: str
    path: Path
    sequence: int
    imported_at: str
    entries_sha256: str
    record: dict[str, Any]

    def __post_init__(self) -> None:
        freeze(self, "parts", "record")

    @property
    def label(self) -> str:
        """Date and the first letters of the hash."""
        return f"{self.date.isoformat()}-{self.hash[:12]}"

    @property
    def count(self) -> int:
        """Entries in all lists."""
        return sum(part.count for part in self.parts.values())


def lists_folder(home: Path) -> Path:
    """Where the snapshots of a home folder lie."""
    return home / "lists"


def save(home: Path, build: Build, imported_at: str) -> tuple[SnapshotHead, bool]:
    """Store a snapshot; says also whether it is new (one that is there already is kept).

    Args:
        imported_at: UTC time, as text: the store has no clock.

    Raises:
        InputError: it cannot be written.
        DataError: a stored snapshot is broken.
    """
    folder = lists_folder(home)
    target = folder / build.snapshot.label
    if target.exists():
        return read_head(target), False
    sequence = 1 + max((head.sequence for head in heads(home)), default=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        aside = folder / f".new-{secrets.token_hex(8)}"
        aside.mkdir()
        try:
            _write(aside, build, imported_at, sequence)
            os.rename(aside, target)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as err:
        if target.exists():  # another process stored the same snapshot
            return read_head(target), False
        raise InputError(f"cannot be written ({err.strerror})", where=str(folder)) from err
    return read_head(target), True


def _write(aside: Path, build: Build, imported_at: str, sequence: int) -> None:
    snapshot = build.snapshot
    data = "".join(to_line(entry) + "\n" for entry in snapshot.entries).encode()
    head: dict[str, Any] = {
        "layout": LAYOUT, "date": snapshot.date.isoformat(), "hash": snapshot.hash,
        "entries_sha256": hashlib.sha256(data).hexdigest(), "sequence": sequence,
        "imported_at": imported_at,
        "parts": [asdict(part) | {"date": str(part.date)} for part in snapshot.parts.values()],
        "record": build.record(),
    }  # fmt: skip
    head["head_sha256"] = content_hash(head)
    _synced(aside / ENTRIES, data)
    _synced(aside / HEAD, (json.dumps(head, indent=1, ensure_ascii=False) + "\n").encode())


def _synced(path: Path, data: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def read_head(path: Path) -> SnapshotHead:
    """The head of a stored snapshot.

    Raises:
        DataError: it is missing, broken, or not that of its folder.
    """
    file = path / HEAD
    try:
        head = json.loads(file.read_bytes())
        stated = head.pop("head_sha256")
        if content_hash(head) != stated:
            raise DataError("was changed after it was written", where=str(file), next_step=_AGAIN)
        if head["layout"] != LAYOUT:
            raise DataError(f"has layout {head['layout']}, not {LAYOUT}", where=str(file),
                            next_step="Use the version of klartecken that wrote it")  # fmt: skip
        parts = {
            one["list"]: Part(**(one | {"date": date.fromisoformat(one["date"])}))
            for one in head["parts"]
        }
        found = SnapshotHead(
            date.fromisoformat(head["date"]), parts, head["hash"], path, head["sequence"],
            head["imported_at"], head["entries_sha256"], head["record"],
        )  # fmt: skip
    except OSError as err:
        raise DataError(f"cannot be read ({err.strerror})", where=str(file),
                        next_step=_AGAIN) from err  # fmt: skip
    except (ValueError, TypeError, KeyError, AttributeError) as err:
        raise DataError("is broken", where=str(file), next_step=_AGAIN) from err
    if found.label != path.name:
        raise DataError(f"is that of {found.label}", where=str(file), next_step=_AGAIN)
    return found


def load_snapshot(path: Path | SnapshotHead) -> Snapshot:
    """A stored snapshot; the entries are read as they are asked for.

    The bytes of the entries are checked against their hash.

    Raises:
        DataError: a file is missing or was changed.
    """
    head = path if isinstance(path, SnapshotHead) else read_head(path)
    file = head.path / ENTRIES
    try:
        data = file.read_bytes()
    except OSError as err:
        raise DataError(f"cannot be read ({err.strerror})", where=str(file),
                        next_step=_AGAIN) from err  # fmt: skip
    if hashlib.sha256(data).hexdigest() != head.entries_sha256:
        raise DataError("was changed after it was written, or is cut short", where=str(file),
                        next_step=_AGAIN)  # fmt: skip
    return Snapshot(head.date, dict(head.parts), LazyEntries(data), head.hash)


def verify(path: Path) -> Snapshot:
    """Load a snapshot and work its hash out anew from every entry.

    Raises:
        DataError: it is not what its hash says.
    """
    snapshot = load_snapshot(path)
    try:
        again = snapshot_of(snapshot.date, snapshot.parts, tuple(snapshot.entries))
    except (ValueError, TypeError, KeyError) as err:
        raise DataError(f"does not hold together ({err})", where=str(path),
                        next_step=_AGAIN) from err  # fmt: skip
    if again.hash != snapshot.hash:
        raise DataError("does not have the hash that it states", where=str(path),
                        next_step=_AGAIN)  # fmt: skip
    return snapshot


def heads(home: Path) -> tuple[SnapshotHead, ...]:
    """The heads of all stored snapshots, oldest first; of one day in order of import.

    Raises:
        DataError: one of them is broken: it is never passed over.
    """
    folder = lists_folder(home)
    if not folder.is_dir():
        return ()
    found = [read_head(path) for path in folder.iterdir() if _LABEL.fullmatch(path.name)]
    return tuple(sorted(found, key=lambda head: (head.date, head.sequence, head.hash)))


def head_before(home: Path, on: date) -> SnapshotHead | None:
    """The latest snapshot of that day or before, or None.

    Raises:
        DataError: a stored snapshot is broken.
    """
    fitting = [head for head in heads(home) if head.date <= on]
    return fitting[-1] if fitting else None


def latest_head(home: Path, on: date) -> SnapshotHead | None:
    """The snapshot in use on a day: the latest of that day or before; None without any.

    Raises:
        DataError: a stored snapshot is broken.
        InputError: there are snapshots, but all are of later days (the earliest is named).
    """
    found = head_before(home, on)
    if found is None and (stored := heads(home)):
        raise InputError(
            f"no list snapshot is of {on} or before; the earliest is of {stored[0].date}",
            where=str(lists_folder(home)),
            next_step="Import the lists of that time with klartecken lists import --date",
        )  # fmt: skip
    return found


def latest(home: Path, on: date) -> Snapshot | None:
    """The snapshot in use on a day, loaded; None when nothing is stored.

    Raises:
        DataError, InputError: as :func:`latest_head` and :func:`load_snapshot`.
    """
    head = latest_head(home, on)
    return None if head is None else load_snapshot(head)


def find_head(home: Path, name: str) -> SnapshotHead:
    """The stored snapshot of a label, or of the first letters of one.

    Raises:
        InputError: none, or several.
        DataError: a stored snapshot is broken.
    """
    fitting = [head for head in heads(home) if head.label.startswith(name)]
    exact = [head for head in fitting if head.label == name]
    if len(exact or fitting) == 1:
        return (exact or fitting)[0]
    labels = ", ".join(head.label for head in fitting[:5])
    what = f"{name!r} fits several snapshots: {labels}" if fitting else f"no snapshot is {name!r}"
    raise InputError(what, where=str(lists_folder(home)),
                     next_step="klartecken lists status names them")  # fmt: skip
