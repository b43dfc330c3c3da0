"""The ledger, to be read; by record, person, action, or one of the three search keys."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import Connection, Select, select

from klartecken.api.answer import Answer
from klartecken.api.models.base import Ident, Line, Moment, PageOf
from klartecken.api.models.ledger import EntryOut
from klartecken.api.pages import Page, page_of
from klartecken.api.subject import Subject
from klartecken.desk.errors import NotFound
from klartecken.desk.ledger.keys import COUNTRY, PARTY, REFERENCE
from klartecken.desk.ledger.search import entry_shown, sought_keys
from klartecken.desk.storage.tables.ledger import LEDGER, LEDGER_KEYS

LEDGER_API = Subject("ledger", "Every change of every record, chained by hashes.")
S = LEDGER_API
Text = Annotated[Line | None, Query()]


def by_key(query: Select[Any], kind: str, text: str) -> Select[Any]:
    """Only entries with a search key (15 CFR 762.5(c))."""
    said: dict[str, str | None] = {PARTY: None, COUNTRY: None, REFERENCE: None, kind: text}
    _, keys = sought_keys(said[PARTY], said[COUNTRY], said[REFERENCE])
    held = select(LEDGER_KEYS.c.seq).where(LEDGER_KEYS.c.kind == kind, LEDGER_KEYS.c.key.in_(keys))
    return query.where(LEDGER.c.seq.in_(held))


@S.read("/ledger", "audit.read", PageOf[EntryOut])
def list_entries(
    connection: Connection, page: Page, subject: Text = None,
    subject_id: Annotated[Ident | None, Query()] = None,
    person: Annotated[Ident | None, Query()] = None, action: Text = None, party: Text = None,
    country: Text = None, reference: Text = None,
    since: Annotated[Moment | None, Query()] = None,
    until: Annotated[Moment | None, Query(description="Itself not within")] = None,
    newest_first: Annotated[bool, Query()] = False,
) -> Answer:  # fmt: skip
    """Entries by number.

    `party`, `country` and `reference` find the entries that first say them; all of their
    transactions are found by `/records/search`.
    """
    query = select(LEDGER)
    for column, wanted in ((LEDGER.c.subject, subject), (LEDGER.c.subject_id, subject_id),
                           (LEDGER.c.person, person), (LEDGER.c.action, action)):  # fmt: skip
        if wanted is not None:
            query = query.where(column == wanted)
    if since is not None:
        query = query.where(LEDGER.c.at >= since)
    if until is not None:
        query = query.where(LEDGER.c.at < until)
    for kind, text in ((PARTY, party), (COUNTRY, country), (REFERENCE, reference)):
        if text is not None:
            query = by_key(query, kind, text)
    return page_of(connection, query, [LEDGER.c.seq], page, entry_shown, newest_first)


@S.read("/ledger/{seq}", "audit.read", EntryOut)
def one_entry(connection: Connection, seq: Ident) -> Answer:
    """An entry."""
    rows = connection.execute(select(LEDGER).where(LEDGER.c.seq == seq)).mappings().all()
    if not rows:
        raise NotFound(f"there is no entry {seq}")
    return Answer(entry_shown(rows[0]))
