"""Open Ownership BODS 0.4: a JSON array or JSON lines of statements.

A record is told in one or more statements; each holds from its statement date until the next.
Only direct shareholdings are stakes. Indirect ones, and interests whose directness or kind is
not told, make ownership possible and prove none; mere control is no ownership.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from klartecken.errors import InputError
from klartecken.parties.ownership.model import NOBODY_NAMED, Holder, Stake, us_country
from klartecken.parties.ownership.readers.common import (
    Cell,
    Ignored,
    Read,
    Reject,
    period,
    quoted,
    read_day,
    read_lei,
    rows_or_reject,
)  # fmt: skip
from klartecken.parties.ownership.readers.plain import items, load_all, obj, percent, text
from klartecken.parties.ownership.share import ANY, Share

_UNTOLD = ("", "unknownInterest", "unpublishedInterest")  # it may be a shareholding
_NOBODY = ("unknownEntity", "anonymousEntity", "unknownPerson", "anonymousPerson")
_LEI_SCHEMES = ("XI-LEI", "LEI")


@dataclass(frozen=True, slots=True)
class _Statement:
    where: str
    record: str
    type: str
    status: str
    day: date | None
    publisher: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Span:
    """A statement, and the days on which it is the last word on its record."""

    said: _Statement
    since: date | None
    until: date | None


def read_bods(path: Path) -> Iterator[Read]:
    """All statements of a file.

    Raises:
        InputError: no BODS statements, or no JSON.
    """
    statements: list[_Statement] = []
    for where, item in load_all(path):
        try:
            statements.append(_statement(item, where))
        except Cell as bad:
            yield Reject(where, bad.column, bad.what)
    if not statements:
        raise InputError("has no BODS 0.4 statement", where=str(path))
    subjects = {
        s.details["subject"] for s in statements
        if s.type == "relationship" and isinstance(s.details.get("subject"), str)
    }  # fmt: skip
    ids: dict[str, str] = {}
    for said in (s for s in statements if s.type != "relationship"):
        made = list(rows_or_reject(_holder(said, subjects), said.where))
        for record in made:
            if isinstance(record, Holder):
                ids[said.record] = record.id
            elif isinstance(record, Ignored):
                ids[said.record] = NOBODY_NAMED
        yield from made
    for span in _spans([s for s in statements if s.type == "relationship"]):
        yield from rows_or_reject(_relationship(span, ids), span.said.where)


def _statement(item: Any, where: str) -> _Statement:
    said = obj(item, "statement")
    kind = text(said.get("recordType"), "recordType")
    if kind not in ("entity", "person", "relationship"):
        raise Cell("recordType", f"{quoted(kind)} is none of entity, person, relationship")
    record = text(said.get("recordId"), "recordId")
    if not record:
        raise Cell("recordId", "is missing")
    publication = obj(said.get("publicationDetails"), "publicationDetails")
    publisher = text(obj(publication.get("publisher"), "publisher").get("name"), "publisher")
    return _Statement(
        where, record, kind, text(said.get("recordStatus"), "recordStatus"),
        read_day(text(said.get("statementDate"), "statementDate"), "statementDate"),
        f"BODS, {' '.join(publisher.split())}" if publisher else "BODS",
        obj(said.get("recordDetails"), "recordDetails"),
    )  # fmt: skip


def _holder(said: _Statement, subjects: set[str]) -> Iterator[Read]:
    details, person = said.details, said.type == "person"
    told = text(details.get("personType"), "personType")
    if not person:
        told = text(obj(details.get("entityType"), "entityType").get("type"), "entityType")
    if told in _NOBODY and said.record not in subjects:
        yield Ignored(f"{told} (an owner whom nobody names)")
        return
    lei = next(
        (
            read_lei(text(i.get("id"), "identifiers"), "identifiers")
            for i in items(details.get("identifiers"), "identifiers")
            if i.get("scheme") in _LEI_SCHEMES
        ),
        "",
    )
    if person:
        names = items(details.get("names"), "names")
        name = text(names[0].get("fullName"), "names") if names else ""
        places = items(details.get("nationalities"), "nationalities")
        country = text(places[0].get("code"), "nationalities")[:2].upper() if places else ""
    else:
        name = text(details.get("name"), "name")
        jurisdiction = obj(details.get("jurisdiction"), "jurisdiction")
        country = text(jurisdiction.get("code"), "jurisdiction")[:2].upper()
    name = " ".join(name.split()) or said.record
    kind = "person" if person else "organisation"
    is_us = None if person else us_country(country)
    yield Holder(lei or said.record, name, country, is_us, lei, kind, said.publisher, said.where)


def _spans(statements: list[_Statement]) -> Iterator[_Span]:
    """For each record its statements in the order of their days."""
    by_record: dict[str, list[_Statement]] = {}
    for said in statements:
        by_record.setdefault(said.record, []).append(said)
    for told in by_record.values():
        told.sort(key=lambda said: said.day or date.min)
        for place, said in enumerate(told):
            later = told[place + 1].day if place + 1 < len(told) else None
            if said.status == "closed":
                later = said.day + timedelta(days=1) if said.day else None
            until = later - timedelta(days=1) if later else None
            yield _Span(said, said.day if place else None, until)


def _relationship(span: _Span, ids: dict[str, str]) -> Iterator[Read]:
    details = span.said.details
    subject, party = details.get("subject"), details.get("interestedParty")
    if not isinstance(subject, str):
        yield Ignored("relationship without a named subject")
        return
    owned = ids.get(subject, subject)
    if owned == NOBODY_NAMED:
        raise Cell("subject", "is an unknown entity")
    if isinstance(party, str) and party:
        owner = ids.get(party, party)
        interests = items(details.get("interests"), "interests")
        if not interests:
            interests = [{}]
        for interest in interests:
            yield from _interest(span, owner, owned, interest)
        return
    told = obj(party, "interestedParty")
    reason = text(told.get("reason"), "reason") or "no interested party is named"
    yield Stake(
        NOBODY_NAMED, owned, ANY, span.said.publisher, "equity", span.since, span.until,
        f"owner not stated: {reason}", span.said.where,
    )  # fmt: skip


def _interest(span: _Span, owner: str, owned: str, interest: dict[str, Any]) -> Iterator[Read]:
    kind = text(interest.get("type"), "type")
    how = text(interest.get("directOrIndirect"), "directOrIndirect")
    if kind != "shareholding" and kind not in _UNTOLD:
        yield Ignored(f"{kind} (control or benefit, no share of ownership)")
        return
    start = read_day(text(interest.get("startDate"), "startDate"), "startDate")
    end = read_day(text(interest.get("endDate"), "endDate"), "endDate")
    period(start, end, "endDate")
    since = max((d for d in (start, span.since) if d), default=None)
    until = min((d for d in (end, span.until) if d), default=None)
    if since and until and since > until:
        yield Ignored("interest over before its statement")
        return
    direct = how == "direct" and kind == "shareholding"
    share = _share(obj(interest.get("share"), "share"))
    note = " ".join(
        f"{kind or 'interest of no stated type'}, {how or 'directness not told'}".split()
    )
    yield Stake(
        owner, owned, share, span.said.publisher, "equity" if direct else "indirect", since, until,
        note, span.said.where,
    )  # fmt: skip


def _share(said: dict[str, Any]) -> Share:
    told = {
        name: percent(said.get(name), f"share.{name}")
        for name in ("exact", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")
    }
    exact = told["exact"]
    if exact is not None:
        return Share(exact, exact)
    low, low_open = max(
        (told["minimum"] or Fraction(0), False),
        (told["exclusiveMinimum"] or Fraction(0), told["exclusiveMinimum"] is not None),
    )
    ends = [(told["maximum"], True), (told["exclusiveMaximum"], False)]
    high, closed = min(((end, shut) for end, shut in ends if end is not None),
                       default=(Fraction(100), True))  # fmt: skip
    return Share(low, high, low_open, not closed)
