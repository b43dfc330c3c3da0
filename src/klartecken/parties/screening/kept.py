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
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from klartecken.parties.lists.snapshot import Snapshot
from klartecken.parties.lists.store import SnapshotHead, load_snapshot, read_head
from klartecken.parties.names.addresses import address_lexicon
from klartecken.parties.names.normal import readings
from klartecken.parties.names.words import Lexicon, names_lexicon, skeleton
from klartecken.parties.screening.address import Addresses
from klartecken.parties.screening.canaries import Canary
from klartecken.parties.screening.index import NAMES, Index, Ragged, assemble, is_address_only
from klartecken.parties.screening.listed import Listed, laid_out, prepare
from klartecken.parties.screening.model import model_hash
from klartecken.parties.screening.vocabulary import build_vocabulary
from klartecken.version import ENGINE

LAYOUT = 1
SPOTS = 64  # words and names that are worked out anew whenever an index is read
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
    numbers = [(key, *one) for key, held in listed.identifiers.items() for one in held]
    plain = {
        "address_only": list(listed.index.address_only),
        "canaries": [list(astuple(canary)) for canary in listed.canaries],
        "only": [sorted(groups) for groups in listed.addresses.only],
        "left_out": listed.addresses.left_out,
    }
    arrays: _Arrays = {
        **_packed_index("names", listed.index),
        **_packed_index("addresses", listed.addresses.index),
        "number_keys": _text([key for key, _, _ in numbers]),
        "number_bearers": np.array([one[1:] for one in numbers], np.int64).reshape(-1, 2),
        "plain": _bytes(json.dumps(plain)),
    }
    head = {
        "layout": LAYOUT, "snapshot": listed.about["hash"], "model": model_hash(),
        "tool": ENGINE,
        "entries": listed.index.entries, "digest": _digest(arrays),
    }  # fmt: skip
    return {"head": _bytes(json.dumps(head)), **arrays}


def _packed_index(name: str, index: Index) -> _Arrays:
    words = index.vocabulary
    arrays: _Arrays = {
        "forms": _text(index.forms), "words": _text(words.words),
        "sounds": _text([skeleton(word) for word in words.words]),
        "weights": words.weights, "hashes": words.hashes, "hash_owners": words.owners,
        "owner_starts": index.owners.starts, "owners": index.owners.values,
        "word_starts": index.words.starts, "word_values": index.words.values,
    }  # fmt: skip
    return {f"{name}_{part}": array for part, array in arrays.items()}


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
    if head["model"] != model_hash() or head["tool"] != ENGINE:
        raise ValueError("it is of another model")
    plain, entries = json.loads(held["plain"].tobytes()), head["entries"]
    index = _index("names", held, names_lexicon(), entries, tuple(plain["address_only"]))
    addresses = Addresses(
        _index("addresses", held, address_lexicon(), entries, ()),
        tuple(map(frozenset, plain["only"])), plain["left_out"],
    )  # fmt: skip
    _spot_check(snapshot, index)
    canaries = tuple(Canary(*fields) for fields in plain["canaries"])
    return laid_out(snapshot, index, _identifiers(held), addresses, canaries)


def _index(
    name: str, held: _Arrays, lexicon: Lexicon, entries: int, address_only: tuple[int, ...]
) -> Index:
    kept, sounds = _texts(held[f"{name}_words"]), _texts(held[f"{name}_sounds"])
    weights = held[f"{name}_weights"].tolist()
    for place in range(0, len(kept), len(kept) // SPOTS + 1):
        word = kept[place]
        if lexicon.weight(word) != weights[place] or skeleton(word) != sounds[place]:
            raise ValueError("its words are not those of this version")
    lexicon.remember(dict(zip(kept, weights, strict=True)))
    hashed = held[f"{name}_hashes"], held[f"{name}_hash_owners"]
    vocabulary = build_vocabulary(kept, lexicon, hashed, sounds)
    owners = Ragged(held[f"{name}_owner_starts"], held[f"{name}_owners"])
    words = Ragged(held[f"{name}_word_starts"], held[f"{name}_word_values"])
    forms = _texts(held[f"{name}_forms"])
    return assemble(forms, owners, vocabulary, entries, address_only, words)


def _spot_check(snapshot: Snapshot, index: Index) -> None:
    """Some names read anew: an index by other code, of the same stated version, is not ours.

    Raises:
        ValueError: a name has another normal form here, or another bearer.
    """
    for number in range(0, len(snapshot.entries), len(snapshot.entries) // SPOTS + 1):
        entry = snapshot.entries[number]
        for form in readings(entry.name, entry.kind) if not is_address_only(entry) else ():
            row = bisect_left(index.forms, form)
            bearers = (
                index.owners.take(np.array([row]))[1] if form in index.forms[row : row + 1] else ()
            )
            if number * NAMES not in bearers:
                raise ValueError("its names are not read as by this version")


def _identifiers(held: _Arrays) -> dict[str, tuple[tuple[int, int], ...]]:
    found: dict[str, list[tuple[int, int]]] = {}
    bearers = held["number_bearers"].tolist()
    for key, (number, place) in zip(_texts(held["number_keys"]), bearers, strict=True):
        found.setdefault(key, []).append((number, place))
    return {key: tuple(ones) for key, ones in found.items()}


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
