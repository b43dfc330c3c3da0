"""Files that belong to a record, kept by the hash of their bytes."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, Table, insert, select

from klartecken.desk.errors import ChainBroken, IllegalEvent
from klartecken.desk.storage.tables.records import ATTACHMENTS, BLOBS
from klartecken.desk.work import Row, Work, find, get
from klartecken.errors import InputError
from klartecken.facts.text import one_line

LARGEST = 25 * 1024 * 1024  # bytes
SUBMITTED, ON_FILE = "submitted", "on file"
PDF = "application/pdf"
#: Kinds of what is only handed out again, by the ending of the name; everything else is bytes.
MEDIA_TYPES: dict[str, str] = {
    "pdf": PDF, "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg",
    "txt": "text/plain", "csv": "text/csv", "eml": "message/rfc822",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}  # fmt: skip
ANYTHING = "application/octet-stream"
#: table -> who may attach a file to its records
PERMISSIONS: dict[str, str] = {
    "applications": "application.edit", "lines": "line.edit", "licences": "licence.register",
    "conditions": "condition.close", "evidence": "evidence.record",
}  # fmt: skip
_BAD = set('/\\:*?"<>|')


def add(
    work: Work, table: Table, ident: int, *, name: str, body: bytes, kind: str = "other",
    on_file: str = ON_FILE, why: str = "",
) -> int:  # fmt: skip
    """Attach a file to a record; the id of the attachment.

    The same bytes of the same kind a second time are the attachment that is already there.
    Files of an application are attached with :func:`.applications.records.attach`.

    Args:
        table, ident: the record.
        name: a file name, without a folder.
        body: the bytes, at most 25 MB.
        kind: one word: what kind of document it is.
        on_file: ``submitted`` (block 6) or ``on file`` (block 7).

    Raises:
        InputError: empty or too large, a name that is none, no PDF under the name of one.
        Forbidden, NotFound: as usual.
    """
    if table.name not in PERMISSIONS:
        raise InputError(f"nothing can be attached to {table.name}", where="subject")
    work.require(PERMISSIONS[table.name])
    work.get(table, ident)
    name = file_name(name)
    kind = one_line(kind, "kind")
    if on_file not in (SUBMITTED, ON_FILE):
        raise InputError(f"{on_file!r} is unknown", where="on_file",
                         next_step=f"Use {SUBMITTED} or {ON_FILE}")  # fmt: skip
    media_type = media_type_of(name, body)
    sha256 = hashlib.sha256(body).hexdigest()
    held = find(work.connection, ATTACHMENTS, subject=table.name, subject_id=ident,
                sha256=sha256, kind=kind, on_file=on_file, removed=False)  # fmt: skip
    if held:
        return int(held[0]["id"])
    if not work.connection.execute(select(BLOBS.c.sha256).where(BLOBS.c.sha256 == sha256)).first():
        work.connection.execute(insert(BLOBS).values(sha256=sha256, body=body))
    return work.insert(ATTACHMENTS, "attachments.add", {
        "subject": table.name, "subject_id": ident, "name": name, "media_type": media_type,
        "kind": kind, "sha256": sha256, "size": len(body), "on_file": on_file, "removed": False,
    }, why)  # fmt: skip


def remove(work: Work, ident: int, why: str, expected: int | None = None) -> Row:
    """Let an attachment count no longer; its bytes and its entry stay.

    Raises:
        InputError: no reason.
        IllegalEvent: it was removed before.
        Forbidden, NotFound, Stale: as usual.
    """
    row = work.get(ATTACHMENTS, ident)
    work.require(PERMISSIONS[row["subject"]])
    if row["removed"]:
        raise IllegalEvent("it was removed before")
    if not why.strip():
        raise InputError("a reason is needed", where="why")
    return work.update(ATTACHMENTS, ident, "attachments.remove", {"removed": True}, why, expected)


def of(connection: Connection, table: Table, ident: int) -> list[Row]:
    """The attachments of a record that were not removed, in order."""
    return find(connection, ATTACHMENTS, subject=table.name, subject_id=ident, removed=False)


def read(connection: Connection, ident: int) -> tuple[Row, bytes]:
    """An attachment and its bytes.

    Raises:
        NotFound: there is none.
        ChainBroken: the bytes are not those that were attached.
    """
    row = get(connection, ATTACHMENTS, ident)
    body = connection.execute(
        select(BLOBS.c.body).where(BLOBS.c.sha256 == row["sha256"])
    ).scalar_one_or_none()
    if body is None or hashlib.sha256(body).hexdigest() != row["sha256"]:
        raise ChainBroken(f"the bytes of attachment {ident} were altered or removed")
    return row, bytes(body)


def file_name(name: str) -> str:
    """A file name that every system takes, and that leads to no other folder.

    Raises:
        InputError: it is none.
    """
    kept = one_line(name, "name")
    if _BAD & set(kept) or kept.startswith(".") or kept.endswith("."):
        raise InputError(f"{kept!r} is no file name", where="name",
                         next_step='Leave out / \\ : * ? " < > | and dots at the ends')  # fmt: skip
    return kept


def media_type_of(name: str, body: bytes) -> str:
    """What a file is, by its name and, for PDF, by its bytes.

    Raises:
        InputError: empty, too large, or named PDF without being one.
    """
    if not body:
        raise InputError("is empty", where="body")
    if len(body) > LARGEST:
        raise InputError(f"has {len(body)} bytes, more than {LARGEST}", where="body")
    ending = name.rpartition(".")[2].casefold() if "." in name else ""
    kind = MEDIA_TYPES.get(ending, ANYTHING)
    if kind == PDF and not body.startswith(b"%PDF-"):
        raise InputError("is named PDF and is none", where="body")
    return kind
