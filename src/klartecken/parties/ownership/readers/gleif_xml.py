"""GLEIF golden copy in XML: LEI-CDF, RR-CDF and reporting exceptions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from klartecken.errors import InputError
from klartecken.parties.ownership.readers.common import Read, rows_or_reject
from klartecken.parties.ownership.readers.gleif import (
    Entity,
    Relationship,
    from_entity,
    from_exception,
    from_relationship,
)  # fmt: skip
from klartecken.parties.ownership.readers.records import Element, stream

_LEVELS = {
    "LEIData": "level 1",
    "RelationshipData": "level 2",
    "ReportingExceptionData": "level 2 exceptions",
}
_WANTED = frozenset(
    {"LEIHeader", "Header", "LEIRecord", "RelationshipRecord", "Exception"}
)  # fmt: skip


def read_gleif_xml(path: Path) -> Iterator[Read]:
    """The records of one file, streamed.

    Raises:
        InputError: not one of the three formats, or no well-formed XML.
    """
    source = ""
    found = False
    for root, record in stream(path, _WANTED):
        found = True
        if root not in _LEVELS:
            break
        if record.name in ("LEIHeader", "Header"):
            source = f"GLEIF {_LEVELS[root]} of {record.get('ContentDate')[:10]}"
            continue
        told = source or f"GLEIF {_LEVELS[root]}"
        where = f"{path.name}, line {record.line}"
        yield from rows_or_reject(_record(record, told, where), where)
    else:
        if found:
            return
    raise InputError(
        "is no GLEIF file", where=str(path),
        next_step="Expected LEIData, RelationshipData or ReportingExceptionData",
    )  # fmt: skip


def _record(record: Element, source: str, where: str) -> Iterator[Read]:
    if record.name == "LEIRecord":
        yield from from_entity(_entity(record), source, where)
    elif record.name == "RelationshipRecord":
        yield from from_relationship(_relationship(record), source, where)
    else:
        # the category and the reason have had two names each
        category = record.get("ExceptionCategory") or record.get("Category")
        reasons = record.all("ExceptionReason") or record.all("Reason")
        reason = ", ".join(element.text.strip() for element in reasons)
        yield from from_exception(record.get("LEI"), category, reason, source, where)


def _entity(record: Element) -> Entity:
    return Entity(
        record.get("LEI"),
        record.get("Entity/LegalName"),
        record.get("Entity/LegalJurisdiction"),
        record.get("Entity/LegalAddress/Country"),
        record.get("Entity/HeadquartersAddress/Country"),
        record.get("Registration/LastUpdateDate"),
        record.get("Registration/RegistrationStatus"),
    )


def _relationship(record: Element) -> Relationship:
    inner = "Relationship"
    return Relationship(
        record.get(f"{inner}/StartNode/NodeID"),
        record.get(f"{inner}/EndNode/NodeID"),
        record.get(f"{inner}/RelationshipType"),
        record.get(f"{inner}/RelationshipStatus"),
        record.get("Registration/RegistrationStatus"),
        tuple(
            (period.get("PeriodType"), period.get("StartDate"), period.get("EndDate"))
            for period in record.all(f"{inner}/RelationshipPeriods/RelationshipPeriod")
        ),
        tuple(
            (told.get("QuantifierAmount"), told.get("QuantifierUnits"))
            for told in record.all(f"{inner}/RelationshipQuantifiers/RelationshipQuantifier")
        ),
    )
