"""Settings, and the tables that the desk goes by."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from klartecken.api.models.base import Prose, Said, Told
from klartecken.api.models.lines import Code
from klartecken.desk.settings import NUMBERS

Name = Literal[tuple(NUMBERS)]  # type: ignore[valid-type]


class SettingOut(Told):
    """A setting of the desk: a whole number."""

    name: Name  # type: ignore[valid-type]
    title: str
    value: int
    usual: int
    least: int
    most: int
    cite: Annotated[str, Field(description="The rule behind a bound")]
    version: int


class SettingChange(Said):
    """Another value."""

    value: Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
    why: Prose | None = None


class SettingsOut(Told):
    """All settings."""

    items: list[SettingOut]


class HoldKindOut(Told):
    """What can stand against a line."""

    code: Code  # type: ignore[valid-type]
    title: str
    cure: str
    who: str
    cite: str
    overridable: Annotated[bool, Field(description="May two people set it aside?")]


class HoldKinds(Told):
    """All holds; the one to look at first in front."""

    items: list[HoldKindOut]


class MoveOut(Told):
    """In these states, an event leads to that state."""

    event: str
    sources: list[str]
    target: str
    permission: Annotated[str, Field(description="Empty: it follows by itself")]
    guard: str
    effect: str
    cite: str


class MachineOut(Told):
    """A state machine; records begin in `initial`, and nothing leads out of `final`."""

    name: str
    states: dict[str, str]
    initial: str
    final: list[str]
    moves: list[MoveOut]


class Machines(Told):
    """All state machines."""

    items: list[MachineOut]


class RoleOut(Told):
    """What a role may do."""

    role: str
    permissions: list[str]


class Roles(Told):
    """All roles."""

    items: list[RoleOut]
