"""Finding entries and records: by any one of the three keys (15 CFR 762.5(c)), or by subject,
person and period.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, Subquery, and_, func, select

from klartecken.desk.ledger.fold import shown
from klartecken.desk.ledger.keys import (
    COUNTRY,
    KINDS,
    LONGEST,
    PARTY,
    REFERENCE,
    fold,
    letters,
    place_code,
    sought,
)
from klartecken.desk.ledger.transaction import CHUNK, records_of, roots_of
from klartecken.desk.storage.columns import storable
from klartecken.desk.storage.tables.ledger import LEDGER, LEDGER_KEYS
from klartecken.desk.work import Row
from klartecken.errors import InputError

PAGE, LARGEST_PAGE = 100, 1000
Ref = tuple[str, int]  # table and id


@dataclass(frozen=True, slots=True)
class Page:
    """Some of what was found.

    Attributes:
        rows: entries, or records.
        next: what to give as ``after`` for the next page, or None where this was the last.
    """

    rows: Sequence[Any]
    next: int | None


def entries(
    connection: Connection, *, subject: str | None = None, subject_id: int | None = None,
    person: int | None = None, action: str | None = None, since: datetime | None = None,
    until: datetime | None = None, after: int = 0, limit: int = PAGE,
) -> Page:  # fmt: skip
    """Entries by the record that they are about, by who made them, and by when.

    Args:
        since, until: moments; ``until`` itself is not within.
        after: number of the entry after which to go on.

    Raises:
        InputError: a limit that is none.
    """
    tests = [
        LEDGER.c[name] == value
        for name, value in (("subject", subject), ("subject_id", subject_id), ("person", person),
                            ("action", action)) if value is not None
    ]  # fmt: skip
    if since is not None:
        tests.append(LEDGER.c.at >= since)
    if until is not None:
        tests.append(LEDGER.c.at < until)
    query = select(LEDGER).where(LEDGER.c.seq > after, *tests).order_by(LEDGER.c.seq)
    return _page(connection, query, limit)


def transactions(
    connection: Connection, *, party: str | None = None, country: str | None = None,
    reference: str | None = None, after: int = 0, limit: int = PAGE,
) -> Page:  # fmt: skip
    """The records that name a party, a country or a reference, now or at any time before.

    Each row is a table and an id; :func:`transaction` gives all records that belong to it.

    Args:
        party: its name; case, signs and accents do not count.
        country: ISO code or name.
        reference: number of an order, a line, a licence, an application, a filing.
        after: ``next`` of the page before.

    Raises:
        InputError: not exactly one of the three keys.
    """
    first = _firsts(*sought_keys(party, country, reference))
    limit = read_limit(limit)
    query = select(first).where(first.c.seq > after).order_by(first.c.seq).limit(limit + 1)
    rows = connection.execute(query).all()
    found = [(row.subject, row.subject_id) for row in rows[:limit]]
    return Page(found, rows[limit - 1].seq if len(rows) > limit else None)


def _firsts(kind: str, keys: list[str]) -> Subquery:
    """Records with a key; the first entry that has it stands for the record in all pages."""
    return (
        select(func.min(LEDGER.c.seq).label("seq"), LEDGER.c.subject, LEDGER.c.subject_id)
        .join(LEDGER_KEYS, LEDGER.c.seq == LEDGER_KEYS.c.seq)
        .where(LEDGER_KEYS.c.kind == kind, LEDGER_KEYS.c.key.in_(keys))
        .group_by(LEDGER.c.subject, LEDGER.c.subject_id).subquery()
    )  # fmt: skip


def transaction(connection: Connection, records: Iterable[Ref]) -> list[Ref]:
    """All records of the transactions to which records belong, and these themselves."""
    asked = list(records)
    return sorted({*asked, *records_of(connection, roots_of(connection, asked))})


def entries_of(
    connection: Connection, records: Iterable[Ref], after: int = 0, limit: int = PAGE
) -> Page:
    """All entries about records, in the order in which they were made."""
    by_table: dict[str, list[int]] = {}
    for name, ident in records:
        by_table.setdefault(name, []).append(ident)
    limit = read_limit(limit)
    seqs: list[int] = []
    for name, held in by_table.items():
        for start in range(0, len(held), CHUNK):
            query = select(LEDGER.c.seq).where(_about(name, held[start : start + CHUNK]),
                                               LEDGER.c.seq > after)  # fmt: skip
            seqs += connection.execute(query.order_by(LEDGER.c.seq).limit(limit + 1)).scalars()
    seqs = sorted(seqs)[: limit + 1]
    page = select(LEDGER).where(LEDGER.c.seq.in_(seqs[:limit])).order_by(LEDGER.c.seq)
    rows = [entry_shown(row) for row in connection.execute(page).mappings()]
    return Page(rows, seqs[limit - 1] if len(seqs) > limit else None)


def search(
    connection: Connection, *, party: str | None = None, country: str | None = None,
    reference: str | None = None, after: int = 0, limit: int = PAGE,
) -> tuple[list[Ref], Page]:  # fmt: skip
    """All records of all transactions that name one of the keys, and a page of their entries.

    Raises:
        InputError: not exactly one of the three keys.
    """
    first = _firsts(*sought_keys(party, country, reference))
    rows = connection.execute(select(first.c.subject, first.c.subject_id))
    asked = [(subject, ident) for subject, ident in rows]
    records = transaction(connection, asked)
    return records, entries_of(connection, records, after, limit)


def spellings(connection: Connection, kind: str, part: str, limit: int = PAGE) -> list[str]:
    """The keys of a kind that hold a text, to find how a name was written.

    Raises:
        InputError: no such kind, or no text.
    """
    if kind not in KINDS:
        raise InputError(f"{kind!r} is no key", next_step="Use " + ", ".join(KINDS))
    text = storable(letters(part) if kind == PARTY else fold(part))
    if not text:
        raise InputError("is empty", where=kind)
    holds = LEDGER_KEYS.c.key.contains(text, autoescape=True)
    query = select(LEDGER_KEYS.c.key).where(LEDGER_KEYS.c.kind == kind, holds).distinct()
    return sorted(connection.execute(query.limit(read_limit(limit))).scalars())


def sought_keys(
    party: str | None, country: str | None, reference: str | None
) -> tuple[str, list[str]]:
    """The kind of a key, and the texts under which it may be kept.

    Raises:
        InputError: not exactly one is given, or it is empty.
    """
    texts = {PARTY: party, COUNTRY: country, REFERENCE: reference}
    given = [(kind, text) for kind, text in texts.items() if text is not None]
    if len(given) != 1:
        raise InputError("give one of party, country and reference")
    kind, text = given[0]
    keys = {key[:LONGEST] for key in sought(kind, storable(text))}
    if kind == COUNTRY and (code := place_code(text)):
        keys.add(code.casefold())
    if not keys:
        raise InputError("is empty", where=kind)
    return kind, sorted(keys)


def entry_shown(row: RowMapping | Mapping[str, Any]) -> Row:
    """An entry as it is shown: without secrets."""
    entry: Row = dict(row)
    return {**entry, "old": shown(entry["subject"], entry["old"]),
            "new": shown(entry["subject"], entry["new"])}  # fmt: skip


def read_limit(limit: int) -> int:
    """The length of a page; raises InputError where it is none."""
    if not 1 <= limit <= LARGEST_PAGE:
        raise InputError(f"a page has 1 to {LARGEST_PAGE} rows, not {limit}", where="limit")
    return limit


def _about(name: str, held: list[int]) -> ColumnElement[bool]:
    return and_(LEDGER.c.subject == name, LEDGER.c.subject_id.in_(held))


def _page(connection: Connection, query: Select[Any], limit: int) -> Page:
    limit = read_limit(limit)
    rows = [entry_shown(row) for row in connection.execute(query.limit(limit + 1)).mappings()]
    return Page(rows[:limit], rows[limit - 1]["seq"] if len(rows) > limit else None)
