"""Checking an audit bundle without the desk: nothing but the bundle and this program is needed."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from klartecken.decide.ask import World
from klartecken.decide.receipt import seal
from klartecken.decide.replay import replay
from klartecken.desk.ledger.bundle import FORMAT, MANIFEST
from klartecken.desk.ledger.fold import State, fold, short
from klartecken.desk.storage.columns import canonical
from klartecken.errors import InputError, KlarteckenError
from klartecken.version import ENGINE

LARGEST = 2**30  # bytes of all files together
SEALED = ("seq", "at", "person", "channel", "action", "subject", "subject_id", "why", "old", "new",
          "keys", "previous")  # fmt: skip
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check of a bundle found.

    Attributes:
        digest: SHA-256 of its manifest: compare it with the one that was told when it was made.
        entries, receipts, attachments: how many were checked.
        findings: what is wrong, in words; empty: it is as it was made.
        other_answers: receipts that are as they were, and to which the law and lists of this
            program answer differently; no fault of the bundle.
    """

    digest: str
    entries: int
    receipts: int
    attachments: int
    findings: tuple[str, ...]
    other_answers: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Is it as it was made?"""
        return not self.findings


def check_bundle(path: str | Path, world: World | None = None) -> Checked:
    """Check a bundle: its manifest, the hashes of its entries, records against entries, receipts.

    Args:
        path: folder or zip file.
        world: the law to replay receipts under; by default the shipped one.

    Raises:
        InputError: it is no bundle, or cannot be read.
    """
    files = read_files(Path(path))
    if MANIFEST not in files or "bundle.json" not in files:
        raise InputError("is no audit bundle", where=str(path))
    body = _body(files["bundle.json"], str(path))
    receipts = {name: held for name, held in files.items() if name.startswith("receipts/")}
    attached = {name: held for name, held in files.items() if name.startswith("attachments/")}
    found = [*_manifest(files), *_entries(body), *_records(body),
             *_complete(body, receipts, attached)]  # fmt: skip
    for name, held in attached.items():
        if not name.split("/", 1)[1].startswith(hashlib.sha256(held).hexdigest()):
            found.append(f"{name}: is not what its name says")
    others = []
    for name, held in sorted(receipts.items()):
        wrong, differs = _receipt(name, held, world)
        found += wrong
        others += differs
    return Checked(hashlib.sha256(files[MANIFEST]).hexdigest(), len(body["entries"]),
                   len(receipts), len(attached), tuple(found), tuple(others))  # fmt: skip


def read_files(path: Path) -> dict[str, bytes]:
    """The files of a folder or a zip file, by their path within it.

    Raises:
        InputError: it is neither, or too large.
    """
    try:
        if path.is_dir():
            found = sorted(p for p in path.rglob("*") if p.is_file())
            if sum(p.stat().st_size for p in found) > LARGEST:
                raise InputError("is too large", where=str(path))
            return {p.relative_to(path).as_posix(): p.read_bytes() for p in found}
        with zipfile.ZipFile(path) as archive:
            names = [info for info in archive.infolist() if not info.is_dir()]
            if sum(info.file_size for info in names) > LARGEST:
                raise InputError("is too large", where=str(path))
            if len({info.filename for info in names}) != len(names):
                raise InputError("holds a file twice", where=str(path))
            return {info.filename: archive.read(info) for info in names}
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as err:
        raise InputError(f"cannot be read ({err})", where=str(path)) from err


def _body(raw: bytes, where: str) -> dict[str, Any]:
    try:
        body = json.loads(raw)
        if body["format"] != FORMAT:
            raise ValueError(f"format {short(body['format'])}")
        for entry in body["entries"]:
            for name in (*SEALED, "hash"):
                entry[name]
        for rows in body["records"].values():
            for row in rows:
                row["id"]
        if not isinstance(body["attachments"], list) or not isinstance(body["receipts"], list):
            raise ValueError("attachments")
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as err:
        raise InputError(f"cannot be read as an audit bundle ({err!r})", where=where) from err
    assert isinstance(body, dict)
    return body


def _manifest(files: Mapping[str, bytes]) -> Iterator[str]:
    said: dict[str, str] = {}
    for line in files[MANIFEST].decode(errors="replace").splitlines():
        found = _LINE.fullmatch(line)
        if found is None:
            yield f"{MANIFEST}: {short(line)!r} cannot be read"
        else:
            said[found[2]] = found[1]
    for name in sorted({*said, *files} - {MANIFEST}):
        if name not in files:
            yield f"{name}: is missing"
        elif name not in said:
            yield f"{name}: is not in the manifest"
        elif hashlib.sha256(files[name]).hexdigest() != said[name]:
            yield f"{name}: was altered"


def _entries(body: Mapping[str, Any]) -> Iterator[str]:
    """Each hash, the order, and the chain where it has no gap."""
    before: Mapping[str, Any] | None = None
    for entry in body["entries"]:
        sealed = canonical([entry[name] for name in SEALED])
        if hashlib.sha256(sealed.encode()).hexdigest() != entry["hash"]:
            yield f"entry {entry['seq']}: was altered: its hash does not fit"
        if before is not None:
            if not entry["seq"] > before["seq"]:
                yield f"entry {entry['seq']}: does not come after entry {before['seq']}"
            elif entry["seq"] == before["seq"] + 1 and entry["previous"] != before["hash"]:
                yield f"entry {entry['seq']}: does not follow entry {before['seq']}"
        before = entry


def _records(body: Mapping[str, Any]) -> Iterator[str]:
    """Records must be what their entries say."""
    said: dict[tuple[str, int], State | None] = {}
    for entry in body["entries"]:
        ref = (entry["subject"], entry["subject_id"])
        said[ref] = fold(said.get(ref), entry["new"])
    held = {(name, row["id"]): row for name, rows in body["records"].items() for row in rows}
    for ref in sorted({*held, *(ref for ref, state in said.items() if state is not None)}, key=str):
        name = f"{ref[0]} {ref[1]}"
        if ref not in held:
            yield f"{name}: is missing"
        elif said.get(ref) is None:
            yield f"{name}: has no entries"
        elif canonical(said[ref]) != canonical(held[ref]):
            yield f"{name}: is not what its entries say"


def _complete(
    body: Mapping[str, Any], receipts: Mapping[str, bytes], attached: Mapping[str, bytes]
) -> Iterator[str]:
    """Everything that the bundle names is in it."""
    for row in body["records"].get("releases", ()):
        if row.get("receipt") and f"receipts/{row['receipt']}.json" not in receipts:
            yield f"releases {row['id']}: its receipt is missing"
    for name in body["receipts"]:
        if f"receipts/{name}.json" not in receipts:
            yield f"receipts/{name}.json: is missing"
    for name in body["attachments"]:
        if name not in attached:
            yield f"{name}: is missing"


def _receipt(name: str, raw: bytes, world: World | None) -> tuple[list[str], list[str]]:
    """What is wrong with a receipt; and what is answered differently today."""
    try:
        held = json.loads(raw)
        if seal(held) != held["seal"] or name != f"receipts/{held['seal']}.json":
            return [f"{name}: its seal does not fit"], []
        found = replay(held, name, world)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as err:
        return [f"{name}: cannot be read ({err!r})"], []
    except KlarteckenError as err:
        return [], [f"{name}: cannot be replayed here ({err.line()})"]
    if found.same:
        return [], []
    told = [f"{name}: {line}" for line in found.lines]
    same_program = (held["law"]["hash"], held["engine"]) == (found.law, ENGINE)
    return (told, []) if same_program else ([], told)
