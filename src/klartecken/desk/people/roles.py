"""Who may do what: a table of roles and permissions."""

from __future__ import annotations

from dataclasses import dataclass

VIEWER = frozenset({"view"})
PREPARER = VIEWER | {
    "ask", "line.enter", "line.edit", "line.cancel", "line.reevaluate", "hold.place",
    "authorisation.assign", "application.edit", "application.ask_approval", "evidence.record",
    "breakglass.ask",
}  # fmt: skip
APPROVER = VIEWER | {
    "ask", "approve", "line.release", "line.reevaluate", "hold.place", "hold.lift",
    "evidence.verify", "licence.verify", "breakglass.ask", "breakglass.second",
    "lookback.close",
}  # fmt: skip
LICENCE_MANAGER = PREPARER | {
    "application.file", "licence.register", "licence.change", "condition.close", "cap.edit",
    "line.ship",
}  # fmt: skip
RULES_EDITOR = VIEWER | {"ask", "line.reevaluate", "settings.edit"}
AUDITOR = VIEWER | {"audit.read", "legal_hold.set", "ask"}
ADMIN = VIEWER | {"people.manage", "webhook.manage", "settings.edit", "audit.read"}
SERVICE = VIEWER | {"ask", "line.enter", "line.edit", "line.cancel", "line.reevaluate", "line.ship"}

#: role -> what it may do. An admin decides nothing; an auditor changes nothing but a legal hold.
ROLES: dict[str, frozenset[str]] = {
    "viewer": VIEWER, "preparer": PREPARER, "approver": APPROVER,
    "licence_manager": LICENCE_MANAGER, "rules_editor": RULES_EDITOR, "auditor": AUDITOR,
    "admin": ADMIN, "service": SERVICE,
}  # fmt: skip
PERMISSIONS = frozenset().union(*ROLES.values())


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, or a program, that acts at the desk."""

    id: int
    name: str
    roles: frozenset[str]

    @property
    def permissions(self) -> frozenset[str]:
        """Everything that any of the roles may do."""
        return frozenset().union(*(ROLES.get(role, frozenset()) for role in self.roles))

    def may(self, permission: str) -> bool:
        """Does any role allow it?"""
        assert permission in PERMISSIONS, permission
        return permission in self.permissions


#: Does what follows by itself from what people did: a lapse, a re-evaluation.
DESK = Person(0, "the desk", frozenset())
