"""Yes, no and unknown: one small type whose truth-testing raises.

``if answer:`` on an unknown is how a missing fact becomes a silent "no"; so it is an error.
Compare with ``is``: ``answer is YES``.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from klartecken.errors import TruthError


class Tri(Enum):
    """A three-valued answer (strong Kleene logic)."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        raise TruthError(
            f"a three-valued answer ({self.value}) was tested as true or false",
            next_step="Compare it: `answer is YES`",
        )

    def __invert__(self) -> Tri:
        return _NOT[self]

    def __and__(self, other: Tri) -> Tri:
        return all_of((self, other))

    def __or__(self, other: Tri) -> Tri:
        return any_of((self, other))

    def __repr__(self) -> str:
        return self.name


YES, NO, UNKNOWN = Tri.YES, Tri.NO, Tri.UNKNOWN
_NOT = {YES: NO, NO: YES, UNKNOWN: UNKNOWN}


def of(value: bool | None) -> Tri:
    """``True``, ``False`` or ``None`` as a :class:`Tri`.

    >>> of(None)
    UNKNOWN
    """
    return UNKNOWN if value is None else YES if value else NO


def all_of(values: Iterable[Tri]) -> Tri:
    """Conjunction: a NO decides; else an UNKNOWN; else YES (also when empty)."""
    seen = YES
    for value in values:
        if value is NO:
            return NO
        if value is UNKNOWN:
            seen = UNKNOWN
    return seen


def any_of(values: Iterable[Tri]) -> Tri:
    """Disjunction: a YES decides; else an UNKNOWN; else NO (also when empty)."""
    seen = NO
    for value in values:
        if value is YES:
            return YES
        if value is UNKNOWN:
            seen = UNKNOWN
    return seen
