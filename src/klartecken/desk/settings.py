"""What a firm sets for its desk: few things, each with a default and bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from klartecken.desk.storage.tables.plumbing import SETTINGS
from klartecken.desk.work import Work, find
from klartecken.errors import InputError, UnknownName


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: a whole number between two bounds, or yes and no."""

    what: str
    default: int
    least: int
    most: int


SETTINGS_KNOWN: dict[str, Setting] = {
    "release_days": Setting("days that a release holds, at most", 5, 0, 30),
    "retention_years": Setting("years that records are kept (762.6: at least five)", 5, 5, 100),
    "break_glass_hours": Setting("hours that an override holds", 24, 1, 168),
    "private_webhooks": Setting("1: webhooks may go to private addresses", 0, 0, 1),
}


def read_setting(connection: Connection, name: str) -> int:
    """A setting, or its default.

    Raises:
        UnknownName: there is none of this name.
    """
    known = _known(name)
    rows = find(connection, SETTINGS, name=name)
    return int(rows[0]["value"]) if rows else known.default


def change_setting(work: Work, name: str, value: Any, why: str = "") -> int:
    """Set something.

    Raises:
        Forbidden: as usual.
        InputError: no such setting, or a value outside its bounds.
    """
    work.require("settings.edit")
    known = _known(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(f"{value!r} is not a whole number", where=name)
    if not known.least <= value <= known.most:
        raise InputError(f"must be from {known.least} to {known.most}", where=name)
    rows = work.find(SETTINGS, name=name)
    if rows:
        work.update(SETTINGS, rows[0]["id"], "settings.change", {"value": value}, why)
    else:
        work.insert(SETTINGS, "settings.change", {"name": name, "value": value}, why)
    return value


def _known(name: str) -> Setting:
    if name not in SETTINGS_KNOWN:
        raise UnknownName(f"there is no setting {name!r}", nearest=tuple(SETTINGS_KNOWN))
    return SETTINGS_KNOWN[name]
