"""The bytes of a list file: read whole, unpacked within a cap, hashed, decoded."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from klartecken.errors import InputError

LARGEST = 600_000_000  # bytes, unpacked; the whole CSL as JSON is well below a tenth of it


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file as given.

    Attributes:
        name: without its folder, for messages and records.
        data: unpacked bytes.
        sha256: of the file as given (packed, if it was).
        size: bytes of the file as given.
    """

    name: str
    data: bytes = field(repr=False)
    sha256: str
    size: int


def read_raw(path: Path, cap: int = LARGEST) -> RawFile:
    """Read a file, plain or gzip.

    Raises:
        InputError: it cannot be read, is empty, or unpacks to more than ``cap`` bytes.
    """
    try:
        if path.stat().st_size > cap:
            raise InputError(f"is larger than {cap:,} bytes", where=path.name)
        data = path.read_bytes()
    except OSError as err:
        raise InputError(f"cannot be read ({err.strerror})", where=str(path)) from err
    return raw_file(path.name, data, cap)


def raw_file(name: str, data: bytes, cap: int = LARGEST) -> RawFile:
    """The bytes of a file, unpacked if they are gzip.

    Raises:
        InputError: empty, broken, or unpacking to more than ``cap`` bytes.
    """
    plain = _unpack(name, data, cap) if data[:2] == b"\x1f\x8b" else data
    if not plain.strip():
        raise InputError("is empty", where=name, next_step="Download the list again")
    return RawFile(name, plain, hashlib.sha256(data).hexdigest(), len(data))


def _unpack(name: str, data: bytes, cap: int) -> bytes:
    parts = []
    left = cap
    while data:
        unpacker = zlib.decompressobj(wbits=31)
        try:
            part = unpacker.decompress(data, left + 1)
        except zlib.error as err:
            raise InputError(f"is a broken gzip file ({err})", where=name) from err
        if len(part) > left:
            raise InputError(f"unpacks to more than {cap:,} bytes", where=name)
        if not unpacker.eof:
            raise InputError("is a gzip file that was cut short", where=name)
        parts.append(part)
        left -= len(part)
        data = unpacker.unused_data
        if data and not data.strip(b"\0"):
            break  # padding
    return b"".join(parts)


def decoded(raw: RawFile) -> str:
    """The text, without a byte-order mark.

    Raises:
        InputError: not UTF-8, or binary.
    """
    if b"\0" in raw.data[:4096]:
        raise InputError("is not text", where=raw.name, next_step=KNOWN)
    try:
        return raw.data.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        raise InputError(
            f"is not UTF-8 text (byte {err.start:,})", where=raw.name,
            next_step="Save it as UTF-8",
        ) from err  # fmt: skip


KNOWN = (
    "Known: Consolidated Screening List (CSV or JSON, also the reduced JSON), OFAC delimited "
    "(the prim, alt, add and comments files of SDN or CONS together), Denied Persons List (tab), "
    "own list (CSV with a column called name)"
)
