"""Files of records: sent as they are, and handed out to be saved, never shown."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Query
from sqlalchemy import Connection, Table, select

from klartecken.api.answer import Answer, created
from klartecken.api.models.base import Ident, Line, PageOf
from klartecken.api.models.evidence import AttachmentOut, Detach, OnFile
from klartecken.api.pages import Page, page_of
from klartecken.api.raw import FILE, Bytes
from klartecken.api.subject import Subject
from klartecken.desk import attachments
from klartecken.desk.applications import records as applications
from klartecken.desk.errors import NotFound
from klartecken.desk.storage.tables import METADATA
from klartecken.desk.storage.tables.records import ATTACHMENTS
from klartecken.desk.work import Work, get

ATTACHMENTS_API = Subject(
    "attachments", "Files of applications, lines, licences, conditions and evidence, kept by the "
    f"hash of their bytes; up to {attachments.LARGEST // 1024 // 1024} MB each."
)  # fmt: skip
S = ATTACHMENTS_API
APPLICATIONS = "applications"


def saved(body: bytes, media: str, name: str, **headers: str) -> Answer:
    """A file that a browser saves and never shows."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in name)
    told = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Answer(body, media=media, headers={**headers, "Content-Disposition": told})


def _endpoints(table: Table, permission: str) -> None:
    """The endpoints of the files of one kind of record."""
    name = table.name

    @S.read(f"/{name}/{{ident}}/attachments", "view", PageOf[AttachmentOut])
    def listed(
        connection: Connection, ident: Ident, page: Page,
        removed: Annotated[bool, Query(description="Those too that count no longer")] = False,
    ) -> Answer:  # fmt: skip
        get(connection, table, ident)
        query = select(ATTACHMENTS).where(ATTACHMENTS.c.subject == name,
                                          ATTACHMENTS.c.subject_id == ident)  # fmt: skip
        if not removed:
            query = query.where(ATTACHMENTS.c.removed.is_(False))
        return page_of(connection, query, [ATTACHMENTS.c.id], page)

    @S.act(f"/{name}/{{ident}}/attachments", permission, AttachmentOut, 201, takes=FILE)
    def attach(
        work: Work, ident: Ident, body: Bytes,
        file_name: Annotated[Line, Query(alias="name", description="Without a folder")],
        kind: Annotated[Line, Query(description="What kind of document it is")] = "other",
        on_file: Annotated[OnFile, Query(description="Blocks 6 and 7")] = attachments.ON_FILE,
    ) -> Answer:  # fmt: skip
        said: dict[str, Any] = {"name": file_name, "body": body, "kind": kind, "on_file": on_file}
        if name == APPLICATIONS:
            made = applications.attach(work, ident, **said)
        else:
            made = attachments.add(work, table, ident, **said)
        return created(f"/attachments/{made}", work.get(ATTACHMENTS, made))

    @S.act(f"/{name}/{{ident}}/attachments/{{attachment}}/remove", permission, AttachmentOut)
    def detach(work: Work, ident: Ident, attachment: Ident, body: Detach) -> dict[str, Any]:
        row = work.get(ATTACHMENTS, attachment)
        if (row["subject"], row["subject_id"]) != (name, ident):
            raise NotFound(f"attachment {attachment} is none of this record")
        if name == APPLICATIONS:
            applications.detach(work, ident, attachment, body.why)
        else:
            attachments.remove(work, attachment, body.why)
        return work.get(ATTACHMENTS, attachment)

    for function, doc in (
        (listed, f"Files of a record ({name}), by id."),
        (attach, f"Attach a file to a record ({name}): the body is the file.\n\nThe same bytes of "
         "the same kind a second time are the attachment that is already there."),
        (detach, f"Let a file of a record ({name}) count no longer; its bytes stay."),
    ):  # fmt: skip
        function.__doc__ = doc
        function.__name__ = f"{function.__name__}_{name}"


for held, needed in attachments.PERMISSIONS.items():
    _endpoints(METADATA.tables[held], needed)


@S.read("/attachments/{ident}", "view", AttachmentOut)
def one_attachment(connection: Connection, ident: Ident) -> dict[str, Any]:
    """What is known of a file."""
    return get(connection, ATTACHMENTS, ident)


@S.read("/attachments/{ident}/content", "view", media="application/octet-stream")
def content(connection: Connection, ident: Ident) -> Answer:
    """The bytes of a file, to be saved; of a type that no browser runs."""
    row, body = attachments.read(connection, ident)
    return saved(body, row["media_type"], row["name"])
