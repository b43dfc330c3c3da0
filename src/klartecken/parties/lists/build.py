"""A snapshot from list files: new lists in, the others carried over with their own dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from klartecken.errors import InputError
from klartecken.parties.lists.accept import (
    Accepted,
    Refusal,
    covered,
    is_complete,
    refusals,
    refused_error,
)
from klartecken.parties.lists.entry import Entry
from klartecken.parties.lists.formats.result import ListFile, Rejected
from klartecken.parties.lists.identity import with_ids
from klartecken.parties.lists.snapshot import Part, Snapshot, snapshot_of
from klartecken.version import ENGINE


@dataclass(frozen=True)
class Build:
    """A snapshot and how it came about.

    Attributes:
        refused: what spoke against it; not empty only when a person accepted it.
        rejected: rows that could not be read.
        sources: the files that it was read from, as plain data.
        previous: label of the snapshot that lists were carried over from, or empty.
        carried: codes of the lists carried over.
    """

    snapshot: Snapshot
    refused: tuple[Refusal, ...]
    rejected: tuple[Rejected, ...]
    accepted: Accepted | None
    sources: tuple[dict[str, Any], ...]
    previous: str
    carried: tuple[str, ...]

    def record(self) -> dict[str, Any]:
        """How it came about, as plain data: who accepted what, from which files, by what."""
        accepted = self.accepted
        return {
            "sources": list(self.sources), "previous": self.previous,
            "carried_over": list(self.carried), "tool": ENGINE,
            "accepted": None if accepted is None else {
                "reason": accepted.reason, "by": accepted.by,
                "refusals": [refusal.to_dict() for refusal in self.refused],
            },
            "rejected_rows": [row.to_dict() for row in self.rejected],
        }  # fmt: skip


def build_snapshot(
    files: Sequence[ListFile], day: date | None = None, previous: Snapshot | None = None, *,
    alone: bool = False, accepted: Accepted | None = None,
) -> Build:  # fmt: skip
    """The snapshot of these files.

    Args:
        files: as read; no list may stand in two of them.
        day: that the snapshot is of, and the files that do not say; by default the latest day
            that the files say.
        previous: the snapshot in use on that day: measured against, and its other lists are
            carried over.
        alone: carry nothing over.
        accepted: take it over although something speaks against it.

    Raises:
        InputError: no day is known, a file is from after the day, a list stands twice, or the
            files are refused (the message says why).
    """
    snapshot_day = day_of_files(files, day)
    _check_apart(files)
    before: Mapping[str, Part] = previous.parts if previous is not None else {}
    refused = [refusals(file, before) for file in files]
    all_refused = tuple(r for found in refused for r in found)
    if all_refused and accepted is None:
        raise refused_error(all_refused)
    entries = with_ids(entry for file in files for entry in file.entries)
    parts = {}
    for file, found in zip(files, refused, strict=True):
        # a list that is missing, and accepted so, stays visible as one of no entries
        for code in sorted(covered(file, before)):
            parts[code] = Part(
                code, file.generated or snapshot_day, file.counts.get(code, 0),
                is_complete(code, file, found), f"{file.name} ({file.told})",
                file.hash, file.addresses,
            )  # fmt: skip
    carried: tuple[str, ...] = ()
    if previous is not None and not alone:
        carried, kept = _carried_over(files, previous, parts)
        entries.extend(kept)
        parts |= {code: previous.parts[code] for code in carried}
    if not entries:
        raise InputError("the files hold no entry", next_step="Download them again")
    return Build(
        snapshot_of(snapshot_day, parts, entries), all_refused,
        tuple(row for file in files for row in file.rejected),
        accepted if all_refused else None, tuple(_source(file) for file in files),
        previous.label if previous is not None and carried else "", carried,
    )  # fmt: skip


def day_of_files(files: Sequence[ListFile], day: date | None) -> date:
    """The day of the snapshot.

    Raises:
        InputError: a file does not say its day and none is given, or is from after it.
    """
    for file in files:
        if file.generated is None and day is None:
            raise InputError(
                "does not say of which day it is", where=file.name,
                next_step="Give the day on which it was downloaded: --date YYYY-MM-DD",
            )  # fmt: skip
        if file.generated is not None and day is not None and file.generated > day:
            raise InputError(
                f"was made on {file.generated}, after {day}", where=file.name,
                next_step="Leave --date out, or give a later day",
            )  # fmt: skip
    days = [file.generated for file in files if file.generated is not None]
    if day is None and not days:
        raise InputError("no list file is given")
    return day or max(days)


def plain_snapshot(files: Sequence[ListFile], day: date) -> Snapshot:
    """The files as a snapshot to compare with, never to screen by: nothing is checked.

    Args:
        day: of the files that do not say.
    """
    _check_apart(files)
    entries = with_ids(entry for file in files for entry in file.entries)
    parts = {
        code: Part(code, file.generated or day, count, False, file.name, file.hash, file.addresses)
        for file in files
        for code, count in file.counts.items()
    }
    return snapshot_of(max((p.date for p in parts.values()), default=day), parts, entries)


def not_after(files: Sequence[ListFile], today: date) -> list[ListFile]:
    """The files, a stamp of tomorrow taken as today: stamps are in UTC, days are local.

    Raises:
        InputError: a file says that it is from later still.
    """
    found = []
    for file in files:
        if file.generated is not None and file.generated > today:
            if file.generated - today > timedelta(days=1):
                raise InputError(
                    f"says that it was made on {file.generated}; today is {today}",
                    where=file.name, next_step="Check the clock of this machine",
                )  # fmt: skip
            file = replace(file, generated=today)
        found.append(file)
    return found


def _check_apart(files: Sequence[ListFile]) -> None:
    holders: dict[str, ListFile] = {}
    for file in files:
        for code in {*file.counts, *file.lists}:
            if holders.setdefault(code, file) is not file:
                raise InputError(
                    f"the list {code} stands in {holders[code].name} and in {file.name}",
                    next_step="Import them one after the other: the later one replaces it",
                )  # fmt: skip


def _carried_over(
    files: Sequence[ListFile], previous: Snapshot, parts: Mapping[str, Part]
) -> tuple[tuple[str, ...], list[Entry]]:
    """The lists of the snapshot in use that the files do not cover, and their entries."""
    spoken_for = set(parts).union(*(covered(file, previous.parts) for file in files))
    carried = tuple(code for code in previous.parts if code not in spoken_for)
    if not carried:
        return (), []
    return carried, [entry for entry in previous.entries if entry.list in carried]


def _source(file: ListFile) -> dict[str, Any]:
    return {
        "files": list(file.names), "format": file.format, "sha256": file.hash,
        "bytes": file.size, "generated": str(file.generated) if file.generated else "",
        "counts": file.counts,
    }  # fmt: skip
