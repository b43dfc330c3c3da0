"""All licences, read once, and what they say of many order lines. Pure after reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from klartecken.desk.errors import Refused
from klartecken.desk.holds import Hold
from klartecken.desk.licences.balance import CONSUME, RESERVE, left_of, value_of
from klartecken.desk.licences.conditions import stops
from klartecken.desk.licences.content import VERIFIED, read_wholes
from klartecken.desk.licences.cover import Scope, reasons
from klartecken.desk.people.approvals import APPROVED
from klartecken.desk.storage.tables.licences import CONDITIONS, LICENCES, MOVEMENTS
from klartecken.desk.storage.tables.people import APPROVALS
from klartecken.desk.work import Row, find
from klartecken.errors import InputError
from klartecken.parties.register.record import Register

#: The columns of a line on which it depends whether a licence covers it.
SEEN = (
    "item", "unit", "currency", "destination", "ship_from", "activity", "exporter", "consignee",
    "end_user", "purchaser", "intermediate", "end_use",
)  # fmt: skip
Reserved = Mapping[int, tuple[str, int, Any, Any]]


class LicenceBook:
    """What all licences say of order lines. Build it with :func:`read_licences`.

    Args:
        scopes: the licences, by id.
        of_lines: tasks bound to one order line, by its id.
        reserved: by order line: the kind of its last movement, the licence line, quantity
            and value.
        register: the firm's own parties: an id in a cell stands for its name, and gives the
            country of a new intermediate consignee.
    """

    def __init__(
        self, scopes: Mapping[int, Scope], of_lines: Mapping[int, list[Row]], reserved: Reserved,
        register: Register | None = None,
    ) -> None:  # fmt: skip
        self.scopes, self._of_lines, self._reserved = scopes, of_lines, reserved
        self._register = register
        self._lines = {
            line["id"]: (scope, line) for scope in scopes.values() for line in scope.whole.lines
        }
        self._found: dict[tuple[Any, ...], list[str]] = {}
        self._known: dict[str, tuple[str, str]] = {}

    def holds(self, line: Row, day: date) -> list[Hold]:
        """What stands against a line on the side of its licence, on a day; [] if nothing.

        Args:
            line: as it is now. One without a licence is only held by conditions of its own.
            day: on which it is to leave, or left.
        """
        found = []
        if line["licence_line"] is not None:
            wrong = [*self.reasons(line, day), *self._amounts(line)]
            if wrong:
                found.append(Hold("licence_not_covering", self._titled(line, wrong)))
        unmet = self._unmet(line, day)
        if unmet:
            found.append(Hold("licence_conditions", "; ".join(unmet)))
        return found

    def reasons(self, line: Row, day: date, licence_line: int | None = None) -> list[str]:
        """Why a licence line (by default the assigned one) does not cover a line on a day.

        What is left of it, and whether it is reserved, is not asked here.
        """
        ident = line["licence_line"] if licence_line is None else licence_line
        if ident not in self._lines:
            return [f"there is no licence line {ident}"]
        shipped = line.get("state") == "shipped"
        leaves = day if shipped else max(day, line.get("ship_on") or day)
        key = (ident, leaves, shipped, *(line[name] for name in SEEN))
        if key not in self._found:
            scope, held = self._lines[ident]
            self._found[key] = reasons(scope, held, line, leaves, self._party)
        return self._found[key]

    def candidates(self, line: Row, day: date) -> list[int]:
        """Licence lines that cover a line on a day and have enough left, soonest expiry first."""
        try:
            value = value_of(line)
        except Refused:
            return []
        found = []
        for ident, (scope, held) in self._lines.items():
            left = left_of(held)
            if line["quantity"] <= left.quantity and value <= left.value \
                    and not self.reasons(line, day, ident):  # fmt: skip
                found.append((scope.whole.licence["expires_on"], ident))
        return [ident for _, ident in sorted(found)]

    def _titled(self, line: Row, wrong: list[str]) -> str:
        scope, held = self._lines.get(line["licence_line"], (None, None))
        title = f"{scope.whole.licence['number']} line {held['place']}: " if scope and held else ""
        return title + "; ".join(wrong)

    def _amounts(self, line: Row) -> list[str]:
        """Is exactly what the line is now reserved (or consumed) on the licence line?"""
        kind, licence_line, quantity, value = self._reserved.get(line["id"], ("", 0, 0, 0))
        if kind not in (RESERVE, CONSUME) or licence_line != line["licence_line"]:
            return ["nothing of it is reserved for this line"]
        try:
            wanted = value_of(line)
        except Refused as err:
            return [err.what]
        if (quantity, value) == (line["quantity"], wanted):
            return []
        return [f"{quantity} at {value} are reserved, and the line is {line['quantity']} at "
                f"{wanted}"]  # fmt: skip

    def _unmet(self, line: Row, day: date) -> list[str]:
        held = list(self._of_lines.get(line["id"], ()))
        if line["licence_line"] in self._lines:
            held += self._lines[line["licence_line"]][0].whole.conditions
        return [text for row in held if (text := stops(row, day))]

    def _party(self, name: str) -> tuple[str, str]:
        if name not in self._known:
            self._known[name] = _registered(self._register, name)
        return self._known[name]


def _registered(register: Register | None, name: str) -> tuple[str, str]:
    """The name and country of a party given by its id, or by the name of one record alone."""
    if register is None:
        return name, ""
    try:
        record = register.find(name)
    except InputError:
        return name, ""
    if record is None:
        return name, ""
    by_id = record.party.id == name.strip()
    return record.party.name if by_id else name, record.party.country


def read_licences(
    connection: Connection, register: Register | None = None, only: Sequence[int] | None = None
) -> LicenceBook:
    """The licences, their verifications, conditions and reservations as they are now.

    Args:
        only: some order lines, where no other will be asked about; by default all.
    """
    verified = {
        (row["subject_id"], row["content"])
        for row in find(connection, APPROVALS, subject=LICENCES.name, what=VERIFIED, state=APPROVED)
    }
    scopes = {
        ident: Scope(whole, (ident, whole.content) in verified)
        for ident, whole in read_wholes(connection).items()
    }
    of_lines: dict[int, list[Row]] = {}
    for row in find(connection, CONDITIONS, CONDITIONS.c.line.is_not(None), state="open"):
        of_lines.setdefault(row["line"], []).append(row)
    return LicenceBook(scopes, of_lines, _last_movements(connection, only), register)


def _last_movements(connection: Connection, only: Sequence[int] | None) -> Reserved:
    last = select(func.max(MOVEMENTS.c.id)).group_by(MOVEMENTS.c.line)
    if only is not None:
        last = last.where(MOVEMENTS.c.line.in_(only))
    columns = (MOVEMENTS.c.line, MOVEMENTS.c.kind, MOVEMENTS.c.licence_line,
               MOVEMENTS.c.quantity, MOVEMENTS.c.value)  # fmt: skip
    query = select(*columns).where(MOVEMENTS.c.id.in_(last))
    return {row[0]: tuple(row[1:]) for row in connection.execute(query)}
