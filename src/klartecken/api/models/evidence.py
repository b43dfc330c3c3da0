"""Evidence, the events of the ledger of events, and attachments."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from klartecken.api.models.base import Day, Ident, Line, Prose, Said, Told
from klartecken.api.models.parts import Long, MaybeSha256, OneOf, Short
from klartecken.desk.attachments import ON_FILE, SUBMITTED
from klartecken.desk.evidence.ladder import GENERAL, PAPERS, RUNG, SUBJECTS

About = Annotated[str, OneOf(SUBJECTS)]
AnyAbout = Annotated[str, OneOf((*SUBJECTS, GENERAL))]
Kind = Annotated[str, OneOf((RUNG, *PAPERS))]
OnFile = Annotated[str, OneOf((SUBMITTED, ON_FILE))]


class NewEvidence(Said):
    """A step of the ladder (with its rung), or a paper (with its kind)."""

    subject: AnyAbout
    subject_id: Annotated[int, Field(ge=0, le=2**53 - 1, description="0 for `general`")]
    source: Annotated[Line, Field(description="Where it is known from")]
    on: Annotated[Day, Field(description="When it happened")]
    known_from: Annotated[Day | None, Field(description="When we knew; by default the same day")
                          ] = None  # fmt: skip
    kind: Kind = RUNG
    rung: Annotated[int | None, Field(ge=0, le=6, description="0 to 5; the sixth is a licence in "
                                      "hand, and never a record of evidence")] = None  # fmt: skip
    text: Long = ""
    event: Annotated[Short, Field(description="Id in the ledger of events")] = ""
    party: Annotated[Short, Field(description="Whose statement it is")] = ""
    sha256: MaybeSha256 = ""


class EvidenceOut(Told):
    """A step of the ladder, or a paper. None of them releases a shipment."""

    id: Ident
    version: int
    subject: str
    subject_id: int
    kind: str
    rung: int | None
    on: Day
    known_from: Day
    text: str
    source: str
    event: str
    party: str
    sha256: str
    recorded_by: int
    verified_by: int | None
    withdrawn: bool


class BestOut(Told):
    """The highest rung that a record has reached; only the sixth may release anything."""

    rung: int | None
    title: str
    verified: bool
    evidence: EvidenceOut | None
    licence: str


class EventOut(Told):
    """An event of the ledger of events."""

    id: str
    day: Day
    public_from: Day
    summary: str
    rung: int | None
    direction: str
    source: str
    attached: Annotated[bool, Field(description="Is it recorded as evidence of the record?")]


class Events(Told):
    """The events that a record concerns, in order."""

    items: list[EventOut]


class Attach(Said):
    """Of which record."""

    subject: About
    subject_id: Ident


class Attached(Told):
    """Ids of the new records of evidence; none, when all were there."""

    evidence: list[Ident]


class AttachmentOut(Told):
    """A file that belongs to a record."""

    id: Ident
    version: int
    subject: str
    subject_id: Ident
    name: str
    media_type: str
    kind: str
    sha256: str
    size: int
    on_file: OnFile
    removed: bool


class Detach(Said):
    """Why a file counts no longer."""

    why: Prose
