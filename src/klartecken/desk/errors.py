"""What the desk refuses, and why; each maps to one answer of the API."""

from __future__ import annotations

from klartecken.errors import InputError, KlarteckenError


class DeskError(KlarteckenError):
    """Root of what the desk refuses; nothing was changed."""


class NotFound(DeskError):
    """There is no such record."""


class Forbidden(DeskError):
    """This person may not do that."""


class Unauthenticated(DeskError):
    """Nobody known: no token, or one that is wrong, revoked or expired."""


class Conflict(DeskError):
    """The record is no longer what the caller saw, or such a one is already there."""


class Stale(Conflict):
    """The caller's version of the record is old (If-Match)."""


class IllegalEvent(Conflict):
    """The state machine knows no such event in this state."""


class Refused(DeskError):
    """A rule of the desk stands against it: too few left, not approved, a hold is open."""


class ChainBroken(DeskError):
    """The ledger or a record was altered, removed or reordered outside the desk."""


class StorageError(DeskError):
    """The database cannot be used: unreachable, of another version, or not set up."""


__all__ = [
    "ChainBroken", "Conflict", "DeskError", "Forbidden", "IllegalEvent", "InputError",
    "NotFound", "Refused", "Stale", "StorageError", "Unauthenticated",
]  # fmt: skip
