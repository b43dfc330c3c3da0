"""A licence as a whole: the document, its lines, parties and conditions, and their hash."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection, Table

from klartecken.desk.people.approvals import approved
from klartecken.desk.storage.tables.licences import (
    CONDITIONS,
    LICENCE_LINES,
    LICENCE_PARTIES,
    LICENCES,
)
from klartecken.desk.work import Row, content_hash, find, get

VERIFIED = "licence"  # what an approval of a licence is called
SAID = (
    "number", "regime", "application", "acn", "holder", "exporter", "activity", "ship_from",
    "destination", "end_use", "issued_on", "expires_on", "in_hand_on", "document_name",
    "document_sha256", "letters", "scope", "riders", "replaces",
)  # fmt: skip
LINE_SAID = (
    "place", "item", "eccn", "quantity", "unit", "value", "currency", "tolerance", "value_limit",
    "struck",
)  # fmt: skip
PARTY_SAID = ("role", "name", "country", "address", "struck")
CONDITION_SAID = (
    "kind", "text", "binds", "before_shipment", "stops_when_overdue", "due_on", "recurs",
    "ends_on",
)  # fmt: skip
NOTIFY = "notify_bis"  # a task, and no condition of the licence


@dataclass(frozen=True)
class Whole:
    """A licence with all that belongs to it (scope = licence + application + letters).

    Attributes:
        licence: its row.
        lines, parties, conditions: their rows, by id; conditions with the tasks that follow.
    """

    licence: Row
    lines: tuple[Row, ...]
    parties: tuple[Row, ...]
    conditions: tuple[Row, ...]

    @cached_property
    def content(self) -> str:
        """Hash of all that a second person verifies. Balances and met tasks are no part."""
        stated = (c for c in self.conditions if c["follows"] is None and c["kind"] != NOTIFY)
        return content_hash([
            [self.licence[name] for name in SAID],
            _columns(self.lines, LINE_SAID), _columns(self.parties, PARTY_SAID),
            _columns(stated, CONDITION_SAID),
        ])  # fmt: skip


def _columns(rows: Iterable[Row], names: tuple[str, ...]) -> list[list[object]]:
    return [[row[name] for name in names] for row in rows]


def read_whole(connection: Connection, ident: int) -> Whole:
    """A licence with all that belongs to it; raises NotFound."""
    licence = get(connection, LICENCES, ident)
    rest = (
        tuple(find(connection, t, licence=ident))
        for t in (LICENCE_LINES, LICENCE_PARTIES, CONDITIONS)
    )
    return Whole(licence, *rest)


def read_wholes(connection: Connection) -> dict[int, Whole]:
    """All licences, by id, in four queries."""
    lines, parties, conditions = (
        _by_licence(connection, t) for t in (LICENCE_LINES, LICENCE_PARTIES, CONDITIONS)
    )
    return {
        row["id"]: Whole(
            row, tuple(lines.get(row["id"], ())), tuple(parties.get(row["id"], ())),
            tuple(conditions.get(row["id"], ())),
        )
        for row in find(connection, LICENCES)
    }  # fmt: skip


def _by_licence(connection: Connection, table: Table) -> Mapping[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in find(connection, table, table.c.licence.is_not(None)):
        found.setdefault(row["licence"], []).append(row)
    return found


def verified(connection: Connection, whole: Whole) -> Row | None:
    """The verification that counts for the licence as it is now, or None."""
    return approved(connection, LICENCES, whole.licence["id"], VERIFIED, whole.content)
