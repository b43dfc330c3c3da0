"""What a form is judged with: files, other applications, the order line, the checklist."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from klartecken.desk.machines.application import PENDING
from klartecken.facts.places import Places, load_places

_ACN = re.compile(r"[A-Z][0-9]{6}")


@dataclass(frozen=True, slots=True)
class Other:
    """Another application at this desk."""

    reference: str
    acn: str | None
    state: str
    transaction_key: str

    @property
    def pending(self) -> bool:
        """Is it with BIS and not decided?"""
        return self.state in PENDING


@dataclass(frozen=True, slots=True)
class Around:
    """What a form is judged with.

    Attributes:
        attachments: rows of ATTACHMENTS that were not removed.
        others: all other applications that share its transaction or its numbers.
        line_state: the state of the order line it was made for, or empty.
        checklist: its items.
        review_policy: the policy it is filed under, or empty.
    """

    attachments: Sequence[Mapping[str, Any]] = ()
    others: Sequence[Other] = ()
    line_state: str = ""
    checklist: Sequence[Mapping[str, Any]] = ()
    review_policy: str = ""
    places: Places = field(default_factory=load_places)


def is_acn(text: str) -> bool:
    """Is it an application control number: one letter and six digits (748.6(b))?

    >>> is_acn("Z123456"), is_acn("D1234567")
    (True, False)
    """
    return _ACN.fullmatch(text) is not None


def in_china(places: Places, country: str) -> bool:
    """Does the law treat the place as China?"""
    return bool(country) and places.legal(country) == "CN"


def in_us(places: Places, country: str) -> bool:
    """Does the law treat the place as the United States?"""
    return bool(country) and places.legal(country) == "US"
