"""`lists update`: fetch a list, check it, store it; a failure leaves the old one in use."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any
from urllib.parse import urlsplit

from klartecken.errors import InputError, KlarteckenError
from klartecken.facts.table import read_table
from klartecken.feed.download import Fetched, download
from klartecken.parties.lists.accept import Accepted
from klartecken.parties.lists.build import Build, build_snapshot, not_after
from klartecken.parties.lists.formats.recognise import read_raws
from klartecken.parties.lists.source import raw_file
from klartecken.parties.lists.store import head_before, lists_folder, load_snapshot, save

LOG, STATE = "updates.jsonl", "fetch.json"
NEW, UNCHANGED, FAILED = "new", "unchanged", "failed"


@dataclass(frozen=True, slots=True)
class Source:
    """An official address of list_sources.csv, and who says that it is one."""

    id: str
    url: str
    format: str
    lists: tuple[str, ...]
    default: bool
    source: str
    grade: str
    note: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to update.

    Attributes:
        at: UTC time.
        status: ``new``, ``unchanged`` or ``failed``.
        label: of the snapshot that holds what was fetched; empty when it failed.
        reason: why it failed.
    """

    at: str
    source: str
    url: str
    status: str
    label: str = ""
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def sources() -> tuple[Source, ...]:
    """The official addresses.

    Raises:
        DataError: a row breaks the layout.
    """
    yes_no = frozenset({"yes", "no"})
    return tuple(
        Source(
            row.cell("id"), row.cell("url"), row.cell("format"),
            tuple(row.cell("lists").split(";")), row.one_of("default", yes_no) == "yes",
            row.cell("source"), row.cell("grade"), row.cell("note"),
        )
        for row in read_table("list_sources")
    )  # fmt: skip


def chosen(name: str | None, url: str | None) -> tuple[str, str]:
    """Name and address of a source: the default one, one by name, or an address of one's own.

    Raises:
        InputError: no source of that name, or both given.
    """
    if url is not None:
        if name is not None:
            raise InputError("give a source or an address, not both", where="--url")
        return "", url
    known = sources()
    for source in known:
        if source.id == name or (name is None and source.default):
            return source.id, source.url
    raise InputError(f"there is no source {name!r}", where="SOURCE",
                     next_step="Sources: " + ", ".join(s.id for s in known))  # fmt: skip


def update(
    home: Path, name: str, url: str, now: datetime, today: date, *,
    accepted: Accepted | None = None, timeout: float = 30, cap: int | None = None,
) -> tuple[Attempt, Build | None, KlarteckenError | None]:  # fmt: skip
    """Fetch one list file and take it over; the attempt is written down whatever comes.

    Args:
        name, url: as of :func:`chosen`.
        now: with its time zone.
        today: the local day: of files that do not say theirs.

    Returns:
        The attempt, what was built (None: unchanged or failed), and the error (None: none).
    """
    at = now.astimezone(UTC).isoformat(timespec="seconds")
    build: Build | None = None
    error: KlarteckenError | None = None
    try:
        label, build = _update(home, url, at, today, accepted, timeout, cap)
        attempt = Attempt(at, name, url, UNCHANGED if build is None else NEW, label)
    except KlarteckenError as err:
        error = err
        attempt = Attempt(at, name, url, FAILED, reason=err.line())
    _append(home, attempt)
    return attempt, build, error


def _update(
    home: Path, url: str, at: str, today: date, accepted: Accepted | None, timeout: float,
    cap: int | None,
) -> tuple[str, Build | None]:  # fmt: skip
    state = _state(home)
    last = state.get(url, {})
    label = last.get("label", "")
    known = bool(label) and (lists_folder(home) / label).is_dir()
    limits: dict[str, Any] = {"timeout": timeout} | ({} if cap is None else {"cap": cap})
    got = download(
        url, etag=last.get("etag", "") if known else "",
        last_modified=last.get("last_modified", "") if known else "", **limits,
    )  # fmt: skip
    build = None
    if not got.unchanged:
        build = _taken_over(home, got, today, accepted)
        head, _ = save(home, build, at)
        label = head.label
    state[url] = {
        "etag": got.etag, "last_modified": got.last_modified, "checked_at": at, "label": label,
    }  # fmt: skip
    _write_state(home, state)
    return label, build


def _taken_over(home: Path, got: Fetched, today: date, accepted: Accepted | None) -> Build:
    name = PurePosixPath(urlsplit(got.url).path).name or "download"
    files = not_after(read_raws([raw_file(name, got.data)]), today)
    day = None
    if any(file.generated is None for file in files):
        day = min(_day(got.last_modified) or today, today)
    on = day or max(file.generated for file in files if file.generated is not None)
    previous = head_before(home, on)
    return build_snapshot(
        files, day, None if previous is None else load_snapshot(previous), accepted=accepted
    )


def _day(last_modified: str) -> date | None:
    try:
        return parsedate_to_datetime(last_modified).date() if last_modified else None
    except ValueError:
        return None


def _state(home: Path) -> dict[str, dict[str, str]]:
    """What the last fetches left; when it cannot be read, everything is fetched anew."""
    try:
        found = json.loads((lists_folder(home) / STATE).read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {url: one for url, one in found.items() if isinstance(one, dict)}


def _write_state(home: Path, state: dict[str, dict[str, str]]) -> None:
    file = lists_folder(home) / STATE
    aside = file.with_name(f".{STATE}.part")
    try:
        aside.write_text(json.dumps(state, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        aside.replace(file)
    except OSError as err:
        raise InputError(f"cannot be written ({err.strerror})", where=str(file)) from err


def _append(home: Path, attempt: Attempt) -> None:
    file = lists_folder(home) / LOG
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("ab+") as stream:
            if stream.tell() and _last_byte(stream) != b"\n":
                stream.write(b"\n")  # the program was killed while it wrote the line before
            stream.write((json.dumps(attempt.to_dict(), ensure_ascii=False) + "\n").encode())
    except OSError as err:
        raise InputError(f"cannot be written ({err.strerror})", where=str(file)) from err


def _last_byte(stream: IO[bytes]) -> bytes:
    stream.seek(-1, os.SEEK_END)
    return stream.read(1)


def attempts(home: Path) -> tuple[tuple[Attempt, ...], int]:
    """The attempts so far, oldest first, and how many lines of the log cannot be read."""
    try:
        lines = (lists_folder(home) / LOG).read_bytes().splitlines()
    except FileNotFoundError:
        return (), 0
    except OSError as err:
        raise InputError(f"cannot be read ({err.strerror})", where=LOG) from err
    found = list(_read(lines))
    return tuple(found), len(lines) - len(found)


def _read(lines: Iterable[bytes]) -> Iterable[Attempt]:
    for line in lines:
        try:
            yield Attempt(**json.loads(line))
        except (ValueError, TypeError):
            continue
