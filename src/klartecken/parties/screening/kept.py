"""A stored snapshot laid out once: its index is kept beside it.

The file ``index-<model>.npz`` lies in the snapshot's folder. It holds arrays and text, no
pickles, with the hash of the snapshot, that of the model, and a digest of all of it. A file
that is damaged, or of another snapshot, model or layout, is not read: the index is made anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from klartecken.parties.lists.snapshot import Snapshot
from klartecken.parties.lists.store import SnapshotHead, load_snapshot, read_head
from klartecken.parties.names.words import names_lexicon, skeleton
from klartecken.parties.screening.canaries import Canary
from klartecken.parties.screening.index import Index, Ragged, assemble
from klartecken.parties.screening.listed import Listed, laid_out, prepare
from klartecken.parties.screening.model import model_hash
from klartecken.parties.screening.vocabulary import build_vocabulary

LAYOUT = 1
Note = Callable[[str], None]
_Arrays = dict[str, npt.NDArray[Any]]
_FAULTS = (OSError, ValueError, KeyError, TypeError, EOFError, IndexError, zipfile.BadZipFile,
           NotImplementedError, AssertionError)  # fmt: skip


def kept_path(folder: Path) -> Path:
    """Where the index of the snapshot in a folder is kept, for the model of this version."""
    return folder / f"index-{model_hash()[:12]}.npz"


def load_listed(stored: Path | SnapshotHead, note: Note | None = None) -> Listed:
    """A stored snapshot, ready for screening; its index is read, or made and kept.

    Args:
        stored: its folder, or its head.
        note: told, in a line, when the index had to be made, or cannot be kept.

    Raises:
        DataError: the snapshot itself is missing or broken.
    """
    head = stored if isinstance(stored, SnapshotHead) else read_head(stored)
    snapshot = load_snapshot(head)
    path = kept_path(head.path)
    told = note or _silent
    if path.exists():
        try:
            return unpacked(_read(path), snapshot)
        except _FAULTS as err:
            why = " ".join(str(err).split()) or type(err).__name__
            told(f"the index kept in {path.name} cannot be used ({why}); it is made anew")
    listed = prepare(snapshot)
    try:
        _write(path, packed(listed))
    except OSError as err:
        told(f"the index cannot be kept beside the snapshot ({err.strerror}): slower next time")
    return listed


def _silent(_: str) -> None:
    """Tell nobody."""


def packed(listed: Listed) -> _Arrays:
    """All of a prepared snapshot that takes time to make, as arrays."""
    index = listed.index
    words = index.vocabulary
    numbers = [(key, n, kind) for key, held in listed.identifiers.items() for n, kind in held]
    plain = {
        "address_only": list(index.address_only),
        "canaries": [[c.entry, c.list, c.name, c.kind, c.change] for c in listed.canaries],
    }
    arrays: _Arrays = {
        "forms": _text(index.forms), "words": _text(words.words),
        "sounds": _text([skeleton(word) for word in words.words]),
        "hashes": words.hashes, "hash_owners": words.owners,
        "owner_starts": index.owners.starts, "owners": index.owners.values,
        "word_starts": index.words.starts, "word_values": index.words.values,
        "number_keys": _text([key for key, _, _ in numbers]),
        "number_entries": np.array([n for _, n, _ in numbers], np.int32),
        "number_kinds": _text([json.dumps(kind) for _, _, kind in numbers]),
        "plain": _bytes(json.dumps(plain)),
    }  # fmt: skip
    head = {
        "layout": LAYOUT, "snapshot": listed.about["hash"], "model": model_hash(),
        "entries": index.entries, "digest": _digest(arrays),
    }  # fmt: skip
    return {"head": _bytes(json.dumps(head)), **arrays}


def unpacked(arrays: _Arrays, snapshot: Snapshot) -> Listed:
    """The prepared snapshot of :func:`packed`.

    Raises:
        ValueError: damaged, or of another snapshot, model or layout.
    """
    head = json.loads(arrays["head"].tobytes())
    held = {name: array for name, array in arrays.items() if name != "head"}
    if head["layout"] != LAYOUT:
        raise ValueError("it is of another layout")
    if head["digest"] != _digest(held):
        raise ValueError("it is damaged")
    if head["snapshot"] != snapshot.hash or head["entries"] != len(snapshot.entries):
        raise ValueError("it is of another snapshot")
    if head["model"] != model_hash():
        raise ValueError("it is of another model")
    plain = json.loads(held["plain"].tobytes())
    canaries = tuple(Canary(*fields) for fields in plain["canaries"])
    index = _index(held, head["entries"], tuple(plain["address_only"]))
    return laid_out(snapshot, index, _identifiers(held), canaries)


def _index(held: _Arrays, entries: int, address_only: tuple[int, ...]) -> Index:
    vocabulary = build_vocabulary(
        _texts(held["words"]), names_lexicon(), (held["hashes"], held["hash_owners"]),
        _texts(held["sounds"]),
    )  # fmt: skip
    owners = Ragged(held["owner_starts"], held["owners"])
    words = Ragged(held["word_starts"], held["word_values"])
    return assemble(_texts(held["forms"]), owners, vocabulary, entries, address_only, words)


def _identifiers(held: _Arrays) -> dict[str, tuple[tuple[int, str], ...]]:
    found: dict[str, list[tuple[int, str]]] = {}
    kinds = _texts(held["number_kinds"])
    memo = {text: json.loads(text) for text in set(kinds)}
    for key, number, kind in zip(
        _texts(held["number_keys"]), held["number_entries"].tolist(), kinds, strict=True
    ):
        found.setdefault(key, []).append((number, memo[kind]))
    return {key: tuple(bearers) for key, bearers in found.items()}


def _bytes(text: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)


def _text(lines: Sequence[str]) -> npt.NDArray[np.uint8]:
    """Texts without line ends, one to a line."""
    return _bytes("".join(line + "\n" for line in lines))


def _texts(array: npt.NDArray[Any]) -> tuple[str, ...]:
    return tuple(array.tobytes().decode().split("\n")[:-1])


def _digest(arrays: _Arrays) -> str:
    digest = hashlib.sha256()
    for name, array in sorted(arrays.items()):
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _read(path: Path) -> _Arrays:
    with np.load(path, allow_pickle=False) as held:
        return {name: held[name] for name in held.files}


def _write(path: Path, arrays: _Arrays) -> None:
    """Write aside, then rename: it is there whole, or not at all."""
    handle, aside = tempfile.mkstemp(prefix=".index-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            np.savez(stream, **arrays)  # type: ignore[arg-type]
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(aside, 0o644)
        os.replace(aside, path)
    finally:
        Path(aside).unlink(missing_ok=True)
