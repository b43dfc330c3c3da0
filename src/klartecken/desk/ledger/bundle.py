"""The audit bundle: everything about an order or an application, to be read without the desk.

``bundle.json`` holds records, entries with their hashes, answers and versions; ``index.html`` is
the same as a page that prints; ``receipts/`` can be replayed; ``attachments/`` are the files'
bytes; ``manifest.sha256`` is as ``sha256sum -c`` reads it. The same state of the desk gives the
same bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select

from klartecken.desk.errors import NotFound
from klartecken.desk.ledger.bundlepage import page
from klartecken.desk.ledger.search import LARGEST_PAGE, Ref, entries_of
from klartecken.desk.ledger.transaction import CHUNK, records_of, roots_of
from klartecken.desk.ledger.verify import anchor
from klartecken.desk.storage.columns import canonical
from klartecken.desk.storage.tables import METADATA
from klartecken.desk.storage.tables.applications import APPLICATIONS
from klartecken.desk.storage.tables.orders import LINES, VERDICTS
from klartecken.desk.storage.tables.people import PEOPLE
from klartecken.desk.storage.tables.records import BLOBS, RECEIPTS
from klartecken.desk.work import Row, find, get
from klartecken.errors import InputError

FORMAT = "klartecken-bundle-1"
MANIFEST = "manifest.sha256"
#: Columns that hold the hash of a file.
FILES = ("sha256", "document_sha256", "evidence_sha256")
#: Columns that hold a person.
_PEOPLE = re.compile(r"(^|_)(by|person|owner)$")
_ENDING = re.compile(r"\.[a-z0-9]{1,8}$")


@dataclass(frozen=True)
class Bundle:
    """A bundle in memory.

    Attributes:
        files: path -> bytes, in order.
        digest: SHA-256 of the manifest, which stands for all of it.
    """

    files: Mapping[str, bytes]
    digest: str


def bundle(
    connection: Connection, *, order: str | None = None, application: int | None = None
) -> Bundle:
    """The bundle of an order (all its lines) or of an application.

    Raises:
        InputError: not exactly one of both.
        NotFound: there is no such order or application.
    """
    if (order is None) == (application is None):
        raise InputError("give an order or an application")
    if application is not None:
        asked: list[Ref] = [("applications", get(connection, APPLICATIONS, application)["id"])]
        what: dict[str, Any] = {"application": application}
    else:
        lines = find(connection, LINES, order_number=order) if order else []
        if not lines:
            raise NotFound(f"there is no order {order!r}")
        asked = [("lines", row["id"]) for row in lines]
        what = {"order": order}
    body, receipts, attachments = _collect(connection, what, asked)
    files = {
        "bundle.json": json.dumps(body, indent=1, sort_keys=True, ensure_ascii=False).encode(),
        "index.html": page(body, receipts).encode(),
        **{f"receipts/{seal}.json": json.dumps(held, indent=1, sort_keys=True,
                                               ensure_ascii=False).encode()
           for seal, held in sorted(receipts.items())},
        **attachments,
    }  # fmt: skip
    manifest = "".join(
        f"{hashlib.sha256(held).hexdigest()}  {path}\n" for path, held in sorted(files.items())
    ).encode()
    return Bundle({**files, MANIFEST: manifest}, hashlib.sha256(manifest).hexdigest())


def write_folder(made: Bundle, folder: Path) -> None:
    """Write a bundle into a folder that is empty or not there.

    Raises:
        InputError: it holds something.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError("is not empty", where=str(folder), next_step="Give another folder")
    for path, held in made.files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(held)


def zipped(made: Bundle) -> bytes:
    """A bundle as a zip file; without compression, so that the bytes are the same everywhere."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path, held in sorted(made.files.items()):
            info = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, held)
    return out.getvalue()


def _collect(
    connection: Connection, what: dict[str, Any], asked: Iterable[Ref]
) -> tuple[dict[str, Any], dict[str, Any], dict[str, bytes]]:
    """The content of ``bundle.json``, the receipts, and the attachments."""
    refs = records_of(connection, roots_of(connection, asked))
    records = {name: _plain_rows(connection, METADATA.tables[name], held)
               for name, held in _by_table(refs).items()}  # fmt: skip
    entries = [_plain(entry) for entry in _all_entries(connection, refs)]
    seals = {row["receipt"] for row in records.get("releases", ())} - {""}
    receipts = _kept(connection, RECEIPTS, "seal", seals)
    cases = {row["case_id"] for row in records.get("lines", ())} - {"", None}
    attachments = _attachments(connection, records)
    body = {
        "format": FORMAT, "what": what, "anchor": str(anchor(connection)),
        "people": _names(connection, records, entries), "records": records, "entries": entries,
        "verdicts": _kept(connection, VERDICTS, "case_id", cases),
        "receipts": sorted(receipts), "versions": _versions(records, receipts),
        "attachments": sorted(attachments),
    }  # fmt: skip
    return body, receipts, attachments


def _by_table(refs: Iterable[Ref]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for name, ident in refs:
        found.setdefault(name, []).append(ident)
    return found


def _plain_rows(connection: Connection, table: Table, held: list[int]) -> list[Row]:
    rows: list[Row] = []
    for start in range(0, len(held), CHUNK):
        query = select(table).where(table.c.id.in_(held[start : start + CHUNK]))
        rows += [_plain(dict(row)) for row in connection.execute(query).mappings()]
    return sorted(rows, key=lambda row: int(row["id"]))


def _plain(row: Mapping[str, Any]) -> Row:
    """A row as plain data, as entries hold it."""
    found: Row = json.loads(canonical(dict(row)))
    return found


def _all_entries(connection: Connection, refs: list[Ref]) -> Iterator[Row]:
    after: int | None = 0
    while after is not None:
        found = entries_of(connection, refs, after, LARGEST_PAGE)
        yield from found.rows
        after = found.next


def _kept(connection: Connection, table: Table, key: str, keys: Iterable[str]) -> dict[str, Any]:
    """Key -> body of what is kept under keys."""
    wanted, found = sorted(keys), {}
    for start in range(0, len(wanted), CHUNK):
        query = select(table.c[key], table.c.body)
        for name, body in connection.execute(
            query.where(table.c[key].in_(wanted[start : start + CHUNK]))
        ):
            found[name] = body
    return found


def _attachments(connection: Connection, records: Mapping[str, list[Row]]) -> dict[str, bytes]:
    """The bytes of all files that records name and the desk holds."""
    endings: dict[str, str] = {}
    for rows in records.values():
        for row in rows:
            for name in FILES:
                if row.get(name):
                    endings.setdefault(row[name], "")
            for letter in row.get("letters") or ():
                if isinstance(letter, Mapping) and letter.get("sha256"):
                    endings.setdefault(str(letter["sha256"]), "")
            said = str(row.get("name") or row.get("document_name") or "").lower()
            if (found := _ENDING.search(said)) and (held := row.get("sha256")
                                                    or row.get("document_sha256")):  # fmt: skip
                endings[held] = found[0]
    held_files = _kept(connection, BLOBS, "sha256", endings)
    return {f"attachments/{sha256}{endings[sha256]}": bytes(held)
            for sha256, held in sorted(held_files.items())}  # fmt: skip


def _names(
    connection: Connection, records: Mapping[str, list[Row]], entries: Iterable[Row]
) -> dict[str, str]:
    """The names of all people who had a hand in it, by id."""
    wanted = {entry["person"] for entry in entries}
    for rows in records.values():
        wanted |= {value for row in rows for name, value in row.items()
                   if _PEOPLE.search(name) and isinstance(value, int)}  # fmt: skip
    query = select(PEOPLE.c.id, PEOPLE.c.name).where(PEOPLE.c.id.in_(sorted(wanted)))
    return {"0": "the desk", **{str(n): name for n, name in connection.execute(query)}}


def _versions(
    records: Mapping[str, list[Row]], receipts: Mapping[str, Any]
) -> dict[str, list[Any]]:
    """Law, engine and lists of every answer, and what each line was last evaluated under."""
    found: dict[str, set[str]] = {"law": set(), "engine": set(), "lists": set(), "under": set()}
    for held in receipts.values():
        found["law"].add(canonical(held["law"]))
        found["engine"].add(canonical(held["engine"]))
        if snapshot := ((held["case"].get("parties") or {}).get("snapshot")):
            found["lists"].add(canonical(snapshot))
    for row in records.get("lines", ()):
        if row["under"]:
            found["under"].add(canonical(row["under"]))
    return {name: [json.loads(text) for text in sorted(held)] for name, held in found.items()}
