"""Settings, and the tables that the desk goes by: holds, state machines, roles."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from klartecken.api.answer import Answer
from klartecken.api.models.reference import (
    HoldKinds,
    Machines,
    Name,
    Roles,
    SettingChange,
    SettingOut,
    SettingsOut,
)
from klartecken.api.subject import Subject, Version
from klartecken.desk.holds import HOLDS
from klartecken.desk.machines.all import MACHINES
from klartecken.desk.machines.breakglass import BREAKGLASS
from klartecken.desk.machines.machine import Machine
from klartecken.desk.people.roles import ROLES
from klartecken.desk.settings import NUMBERS, change_setting
from klartecken.desk.storage.tables.plumbing import SETTINGS
from klartecken.desk.work import Row, Work, expect, find

SETTINGS_API = Subject("settings", "Numbers that an admin or a rules editor may change.")
REFERENCE_API = Subject("reference", "The tables that the desk goes by.")


def setting_out(connection: Connection, name: str) -> Row:
    """A setting; one that nobody changed is at version 1."""
    rows, known = find(connection, SETTINGS, name=name), NUMBERS[name]
    return {"name": name, **asdict(known), "value": rows[0]["value"] if rows else known.usual,
            "version": rows[0]["version"] + 1 if rows else 1}  # fmt: skip


@SETTINGS_API.read("/settings", "view", SettingsOut)
def list_settings(connection: Connection) -> Answer:
    """All settings."""
    return Answer({"items": [setting_out(connection, name) for name in NUMBERS]})


@SETTINGS_API.read("/settings/{name}", "view", SettingOut)
def one_setting(connection: Connection, name: Name) -> Row:  # type: ignore[valid-type]
    """A setting."""
    return setting_out(connection, name)


@SETTINGS_API.edit("/settings/{name}", "settings.edit", SettingOut)
def change_one_setting(
    work: Work, name: Name, body: SettingChange, version: Version  # type: ignore[valid-type]
) -> Row:  # fmt: skip
    """Give a setting another value, within its bounds."""
    expect({"id": name, **setting_out(work.connection, name)}, version, SETTINGS.name)
    change_setting(work, name, body.value, body.why or "")
    return setting_out(work.connection, name)


@REFERENCE_API.bare("/reference/holds", "view", HoldKinds)
def holds() -> Answer:
    """What can stand against a line: what it is, what cures it, who can, and by which rule."""
    return Answer({"items": [{"code": code, **asdict(kind)} for code, kind in HOLDS.items()]})


@REFERENCE_API.bare("/reference/machines", "view", Machines)
def machines() -> Answer:
    """The state machines: states, and the moves between them."""
    return Answer({"items": [_machine(one) for one in (*MACHINES, BREAKGLASS)]})


def _machine(one: Machine) -> dict[str, Any]:
    return {"name": one.name, "states": dict(one.states), "initial": one.initial,
            "final": one.final, "moves": [asdict(move) for move in one.moves]}  # fmt: skip


@REFERENCE_API.bare("/reference/roles", "view", Roles)
def roles() -> Answer:
    """Who may do what."""
    return Answer({"items": [
        {"role": role, "permissions": sorted(may)} for role, may in ROLES.items()
    ]})  # fmt: skip
