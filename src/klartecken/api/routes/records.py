"""The ledger by transaction, the history of a record, verification, and audit bundles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from threading import Lock
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import Connection, Table, func, select

from klartecken.api.answer import Answer
from klartecken.api.models.base import Ident, Line, Moment, PageOf
from klartecken.api.models.parts import RecordRef
from klartecken.api.models.records import (
    AnchorOut,
    AnsweredOut,
    AsOf,
    ChangeOut,
    Found,
    KeyKind,
    Spellings,
    Verification,
)
from klartecken.api.pages import Page, PageAsked, after_of, paged
from klartecken.api.routes.attachments import saved
from klartecken.api.subject import Subject
from klartecken.desk.errors import Conflict, NotFound, Refused
from klartecken.desk.ledger import history, search, verify
from klartecken.desk.ledger.bundle import bundle, zipped
from klartecken.desk.storage.tables import METADATA
from klartecken.desk.storage.tables.ledger import LEDGER

RECORDS_API = Subject(
    "records", "All records of a transaction by party, country or number (15 CFR 762.5(c)); a "
    "record as it stood at a moment; is the ledger whole; audit bundles."
)  # fmt: skip
S = RECORDS_API
MOST_RECORDS = 1000  # that an answer lists beside its entries
#: Entries that are verified within one request; beyond, `klartecken desk audit verify` does it.
MOST_ENTRIES = 500_000
DIGEST = "Klartecken-Bundle-Digest"
_VERIFYING = Lock()  # one at a time, for each process

Text = Annotated[Line | None, Query()]


def table_of(subject: str) -> Table:
    """The table of records of a name.

    Raises:
        NotFound: there is none.
    """
    table = METADATA.tables.get(subject)
    if table is None or not table.info.get("record"):
        raise NotFound(f"there are no records {subject[:40]!r}")
    return table


def _after(page: PageAsked) -> int:
    (after,) = after_of(page, [int]) or (0,)
    return max(int(after), 0)


def _found(page: PageAsked, records: list[search.Ref], found: search.Page) -> Answer:
    answer = paged(found.rows, None if found.next is None else [found.next], page)
    listed = [{"subject": subject, "id": ident} for subject, ident in records[:MOST_RECORDS]]
    more = max(len(records) - MOST_RECORDS, 0)
    body: Mapping[str, Any] = {**answer.body, "records": listed, "more_records": more}
    return Answer(body, headers=answer.headers)


@S.read("/records/search", "audit.read", Found)
def find_transactions(
    connection: Connection, page: Page, party: Text = None, country: Text = None,
    reference: Text = None,
) -> Answer:  # fmt: skip
    """All records of all transactions that name one of the keys, with their entries.

    Exactly one of `party`, `country` and `reference`; also under a name that a record had
    before. A name's case, signs and accents do not count.
    """
    return _found(page, *search.search(connection, party=party, country=country,
                                       reference=reference, after=_after(page),
                                       limit=page.limit))  # fmt: skip


@S.read("/records/named", "audit.read", PageOf[RecordRef])
def list_named(
    connection: Connection, page: Page, party: Text = None, country: Text = None,
    reference: Text = None,
) -> Answer:  # fmt: skip
    """The records that name one of the keys themselves, page by page."""
    found = search.transactions(connection, party=party, country=country, reference=reference,
                                after=_after(page), limit=page.limit)  # fmt: skip
    rows = [{"subject": subject, "id": ident} for subject, ident in found.rows]
    return paged(rows, None if found.next is None else [found.next], page)


@S.read("/records/spellings", "audit.read", Spellings)
def list_spellings(
    connection: Connection, kind: Annotated[KeyKind, Query()], part: Annotated[Line, Query()]
) -> dict[str, Any]:
    """Keys that hold a text, to find how a name was written."""
    return {"items": search.spellings(connection, kind, part)}


@S.read("/records/anchor", "audit.read", AnchorOut)
def anchor(connection: Connection) -> dict[str, Any]:
    """The end of the ledger now: print it, mail it, keep it where the desk cannot reach."""
    found = verify.anchor(connection)
    return {"seq": found.seq, "hash": found.hash, "text": str(found)}


@S.read("/records/verification", "audit.read", Verification)
def verification(
    connection: Connection,
    head: Annotated[str | None, Query(max_length=100, description="An anchor from before")] = None,
) -> dict[str, Any]:  # fmt: skip
    """Was anything altered, removed or reordered outside the desk?

    It reads everything, so one runs at a time, and a ledger that is too long for a request is
    verified with `klartecken desk audit verify`.
    """
    length = connection.execute(select(func.max(LEDGER.c.seq))).scalar() or 0
    if length > MOST_ENTRIES:
        raise Refused(f"the ledger has {length:,} entries, too many for one request",
                      next_step="Run klartecken desk audit verify")  # fmt: skip
    if not _VERIFYING.acquire(blocking=False):
        raise Conflict("a verification is running", next_step="Wait for it")
    try:
        return verify.verify(connection, head).to_dict()
    finally:
        _VERIFYING.release()


@S.read("/records/lines/{ident}/answered", "audit.read", AnsweredOut)
def answered(connection: Connection, ident: Ident, at: Annotated[Moment, Query()]) -> Answer:
    """What the desk said of an order line at a moment, and on what that rested."""
    found = history.answered(connection, ident, at)
    return Answer({
        "at": at, "line": found.line, "verdict": found.verdict, "release": found.release,
        "receipt": found.receipt, "entry": None if found.by is None else found.by.seq,
    })  # fmt: skip


@S.read("/records/{subject}/{ident}/transaction", "audit.read", Found)
def transaction(connection: Connection, subject: Line, ident: Ident, page: Page) -> Answer:
    """All records of the transaction to which a record belongs, with their entries."""
    table_of(subject)
    records = search.transaction(connection, [(subject, ident)])
    return _found(page, records, search.entries_of(connection, records, _after(page), page.limit))


@S.read("/records/{subject}/{ident}/history", "audit.read", PageOf[ChangeOut])
def list_changes(connection: Connection, subject: Line, ident: Ident, page: Page) -> Answer:
    """Everything that happened to a record, in order."""
    names = ("seq", "at", "person", "channel", "action", "why", "before", "after")
    after = _after(page)
    later = (one for one in history.changes(connection, table_of(subject), ident)
             if one.seq > after)  # fmt: skip
    rows = [{name: getattr(one, name) for name in names}
            for one in islice(later, page.limit + 1)]  # fmt: skip
    shown = rows[: page.limit]
    return paged(shown, [shown[-1]["seq"]] if len(rows) > page.limit else None, page)


@S.read("/records/{subject}/{ident}/as-of", "audit.read", AsOf)
def as_of(
    connection: Connection, subject: Line, ident: Ident, at: Annotated[Moment, Query()]
) -> dict[str, Any]:
    """A record as it stood at a moment, and what changed of it since."""
    table, moment = table_of(subject), at
    assert isinstance(moment, datetime)
    since = history.since(connection, table, ident, moment)
    return {"subject": subject, "id": ident, "at": moment,
            "record": history.as_of(connection, table, ident, moment),
            "since": {name: list(pair) for name, pair in since.items()}}  # fmt: skip


@S.read("/bundle", "audit.read", media="application/zip")
def audit_bundle(
    connection: Connection, order: Text = None,
    application: Annotated[Ident | None, Query()] = None,
) -> Answer:  # fmt: skip
    """Everything about an order (its number) or an application, as a zip file.

    It is checked without the desk; its digest stands in the header `Klartecken-Bundle-Digest`.
    """
    made = bundle(connection, order=order, application=application)
    name = f"order-{order}" if order is not None else f"application-{application}"
    plain = "".join(c if c.isalnum() or c in "-_." else "_" for c in name)[:80]
    return saved(zipped(made), "application/zip", f"{plain}.zip", **{DIGEST: made.digest})
