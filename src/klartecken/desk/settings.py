"""The desk's settings: numbers that an admin or a rules editor may change, within bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from klartecken.desk.storage.tables.plumbing import SETTINGS
from klartecken.desk.work import Row, Work, find, get
from klartecken.errors import InputError


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: a whole number.

    Attributes:
        title: what it says.
        usual: its value unless somebody changed it.
        least, most: its bounds.
        cite: the rule behind a bound.
    """

    title: str
    usual: int
    least: int
    most: int
    cite: str = ""


#: All settings by name.
NUMBERS: Mapping[str, Setting] = {
    "retention_years": Setting("years for which records are kept", 5, 5, 100, "762.6"),
    "break_glass_hours": Setting("hours for which a break-glass lasts", 24, 1, 168),
    "release_days": Setting("days for which a release holds, at most", 5, 0, 30),
    "private_webhooks": Setting("1: webhooks may go to private addresses", 0, 0, 1),
}


def setting(connection: Connection, name: str) -> int:
    """The value of a setting.

    Raises:
        InputError: there is no such setting.
    """
    known = _known(name)
    rows = find(connection, SETTINGS, name=name)
    return int(rows[0]["value"]) if rows else known.usual


def change_setting(
    work: Work, name: str, value: int, why: str = "", expected: int | None = None
) -> Row:
    """Give a setting another value; its row.

    Raises:
        Forbidden: the person may not.
        InputError: no such setting, or a value out of its bounds.
        Stale: ``expected`` is not its version.
    """
    work.require("settings.edit")
    known = _known(name)
    if type(value) is not int or not known.least <= value <= known.most:
        bound = f" ({known.cite})" if known.cite else ""
        raise InputError(
            f"{name} is a whole number from {known.least} to {known.most}{bound}", where="value"
        )
    rows = find(work.connection, SETTINGS, name=name)
    if rows:
        return work.update(SETTINGS, rows[0]["id"], "settings.set", {"value": value}, why, expected)
    ident = work.insert(SETTINGS, "settings.set", {"name": name, "value": value}, why)
    return get(work.connection, SETTINGS, ident)


def _known(name: str) -> Setting:
    if name not in NUMBERS:
        raise InputError(f"there is no setting {name!r}", next_step="Use " + ", ".join(NUMBERS))
    return NUMBERS[name]
