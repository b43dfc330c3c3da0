"""The register on the disc: one immutable file for each version, and which one counts."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from klartecken.errors import DataError, InputError
from klartecken.parties.register.record import (
    Register,
    Registered,
    register_of,
    registered_of,
)

FOLDER, CURRENT = "parties", "current"


def read_register(home: Path, version: str = "") -> Register | None:
    """The register of a home folder, or None when nothing was imported.

    Args:
        home: see ``parties.home``.
        version: hash of an earlier one; by default the current one.

    Raises:
        DataError: a file is missing, cannot be read, or was altered.
    """
    folder = home / FOLDER
    try:
        if not version:
            if not (folder / CURRENT).exists():
                return None
            version = (folder / CURRENT).read_text(encoding="utf-8").strip()
        path = folder / f"{version}.json"
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as err:
        told = " ".join(str(err).split())
        raise DataError(f"the register cannot be read ({told})", where=str(folder),
                        next_step="Import the parties again") from err  # fmt: skip
    if not isinstance(data, list):
        raise DataError("is no register", where=str(path))
    records = [registered_of(row, f"{path}, record {n}") for n, row in enumerate(data, 1)]
    found = Register(tuple(records))
    if found.hash != version:
        raise DataError("was altered after it was written", where=str(path),
                        next_step="Import the parties again")  # fmt: skip
    return found


def keep(home: Path, records: Mapping[str, Registered], *, replace: bool = False) -> Register:
    """Keep parties as the new current version; earlier versions stay.

    Args:
        home: see ``parties.home``.
        records: by id; a party that is there already is replaced.
        replace: leave out the parties of the current version.

    Raises:
        DataError: the current version cannot be read.
        InputError: nothing can be written.
    """
    old = None if replace else read_register(home)
    held = {record.party.id: record for record in old.records} if old else {}
    found = register_of({**held, **records})
    folder = home / FOLDER
    text = json.dumps([r.to_dict() for r in found.records], ensure_ascii=False, indent=1)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _put(folder / f"{found.hash}.json", text + "\n")
        _put(folder / CURRENT, found.hash + "\n")
    except OSError as err:
        raise InputError(f"cannot be written ({err.strerror})", where=str(folder)) from err
    return found


def _put(path: Path, text: str) -> None:
    """Whole or not at all, and on the disc before it takes its place."""
    part = path.with_name(f".{path.name}.part")
    with part.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
