"""The ledger by transaction, history, retention, legal holds, verification."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from klartecken.api.models.base import Day, Ident, Line, Moment, Prose, Said, Told
from klartecken.api.models.ledger import EntryOut
from klartecken.api.models.parts import OneOf, RecordRef
from klartecken.desk.ledger.legalhold import SUBJECTS
from klartecken.desk.ledger.report import KINDS
from klartecken.desk.ledger.retention import OVER

HeldSubject = Annotated[str, OneOf(SUBJECTS)]
KeptSubject = Annotated[str, OneOf(OVER)]
KeyKind = Literal["party", "country", "reference"]


class Found(Told):
    """All records of the transactions that were asked for, and a page of their entries."""

    records: list[RecordRef]
    more_records: Annotated[int, Field(description="How many further records are not listed")]
    items: list[EntryOut]
    next: Annotated[str | None, Field(description="Address of the next page of entries")]


class Spellings(Told):
    """Keys as they are kept."""

    items: list[str]


class ChangeOut(Told):
    """An entry of a record, and the columns that it changed."""

    seq: Ident
    at: Moment
    person: int
    channel: str
    action: str
    why: str
    before: dict[str, Any]
    after: dict[str, Any]


class AsOf(Told):
    """A record as it stood at a moment."""

    subject: Line
    id: Ident
    at: Moment
    record: dict[str, Any]
    since: Annotated[dict[str, list[Any]], Field(description="What changed of it since then: "
                                                 "column, value then and now")]  # fmt: skip


class AnsweredOut(Told):
    """What the desk said of an order line at a moment."""

    at: Moment
    line: dict[str, Any]
    verdict: dict[str, Any] | None
    release: dict[str, Any] | None
    receipt: dict[str, Any] | None
    entry: Annotated[int | None, Field(description="The entry that gave this answer")]


class AnchorOut(Told):
    """The end of the ledger: kept elsewhere, it proves all that was before it."""

    seq: int
    hash: str
    text: Annotated[str, Field(description="As the verification takes it")]


class LedgerFinding(Told):
    """One thing that is wrong."""

    kind: Annotated[str, OneOf(KINDS)]
    what: str
    table: str
    id: int | str
    column: str
    ledger: str
    held: str


class Verification(Told):
    """What was checked, and what was found."""

    ok: bool
    entries: int
    records: int
    head: str
    findings: list[LedgerFinding]
    more: Annotated[int, Field(description="Further findings that are not listed")]


class KeepingOut(Told):
    """How long a record and all that hangs on it are kept (15 CFR 762.6)."""

    subject: KeptSubject
    id: Ident
    since: Day | None
    because: str
    until: Annotated[Day | None, Field(description="Last day; null as long as it is not known")]
    legal_holds: list[int]
    may_go: Annotated[bool, Field(description="No longer required to be kept; the desk destroys "
                                  "nothing")]  # fmt: skip


class NewLegalHold(Said):
    """A legal hold on a record, or on everything (`general`)."""

    subject: HeldSubject
    subject_id: Annotated[int, Field(ge=0, le=2**53 - 1, description="0 for everything")] = 0
    reason: Prose


class LegalHoldOut(Told):
    """A legal hold: nothing of the subject may be destroyed."""

    id: Ident
    version: int
    subject: HeldSubject
    subject_id: int
    reason: str
    placed_at: Moment
    placed_by: int
    lifted_at: Moment | None
    lifted_by: int | None
    lifted_why: str
