"""Answers of the GLEIF API, version 1, kept as files: records, relationships, exceptions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from klartecken.errors import InputError
from klartecken.parties.ownership.readers.common import Cell, Read, quoted, rows_or_reject
from klartecken.parties.ownership.readers.gleif import (
    Entity,
    Relationship,
    from_entity,
    from_exception,
    from_relationship,
)  # fmt: skip
from klartecken.parties.ownership.readers.plain import items, load, obj, text


def read_gleif_api(path: Path) -> Iterator[Read]:
    """The records of one answer.

    Raises:
        InputError: no such answer, or only one page of several.
    """
    answer = load(path)
    if not isinstance(answer, dict) or "data" not in answer:
        raise InputError("is no answer of the GLEIF API", where=str(path))
    try:
        meta = obj(answer.get("meta"), "meta")
        day = text(obj(meta.get("goldenCopy"), "goldenCopy").get("publishDate"), "publishDate")
        pages = obj(meta.get("pagination"), "pagination").get("lastPage") or 1
        held = answer["data"]
        records = [obj(held, "data")] if isinstance(held, dict) else items(held, "data")
    except Cell as bad:
        raise InputError(bad.what, where=f"{path}, field {bad.column}") from None
    if pages != 1:
        raise InputError(
            f"is one page of {pages}", where=str(path),
            next_step="Ask with page[size]=200, or join the pages, so that no owner is missing",
        )  # fmt: skip
    source = f"GLEIF API of {day[:10]}"
    for number, record in enumerate(records, 1):
        where = f"{path.name}, record {number}"
        yield from rows_or_reject(_record(record, source, where), where)


def _record(record: dict[str, Any], source: str, where: str) -> Iterator[Read]:
    kind = record.get("type")
    said = obj(record.get("attributes"), "attributes")
    if kind == "lei-records":
        yield from from_entity(_entity(said), source, where)
    elif kind == "relationship-records":
        yield from from_relationship(_relationship(said), source, where)
    elif kind == "reporting-exceptions":
        lei, category = text(said.get("lei"), "lei"), text(said.get("category"), "category")
        reason = text(said.get("reason"), "reason")
        yield from from_exception(lei, category, reason, source, where)
    else:
        raise Cell("type", f"{quoted(str(kind))} is no record of ownership")


def _entity(said: dict[str, Any]) -> Entity:
    entity, registration = obj(said.get("entity"), "entity"), _registration(said)
    return Entity(
        text(said.get("lei"), "lei"),
        text(obj(entity.get("legalName"), "legalName").get("name"), "legalName"),
        text(entity.get("jurisdiction"), "jurisdiction"),
        text(obj(entity.get("legalAddress"), "legalAddress").get("country"), "country"),
        text(obj(entity.get("headquartersAddress"), "headquartersAddress").get("country"), "hq"),
        text(registration.get("lastUpdateDate"), "lastUpdateDate"),
        text(registration.get("status"), "status"),
    )


def _registration(said: dict[str, Any]) -> dict[str, Any]:
    return obj(said.get("registration"), "registration")


def _relationship(said: dict[str, Any]) -> Relationship:
    inner = obj(said.get("relationship"), "relationship")
    return Relationship(
        text(obj(inner.get("startNode"), "startNode").get("id"), "startNode"),
        text(obj(inner.get("endNode"), "endNode").get("id"), "endNode"),
        text(inner.get("type"), "type"),
        text(inner.get("status"), "status"),
        text(_registration(said).get("status"), "registration"),
        tuple(
            (text(p.get("type"), "type"), text(p.get("startDate"), "startDate"),
             text(p.get("endDate"), "endDate"))
            for p in items(inner.get("periods"), "periods")
        ),
        tuple(
            (str(q.get("amount", "")), text(q.get("units"), "units"))
            for q in items(inner.get("quantifiers"), "quantifiers")
        ),
    )  # fmt: skip
