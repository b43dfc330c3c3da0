"""Give the answer of a receipt again, and say precisely what differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from klartecken.decide.ask import World, answer
from klartecken.decide.receipt import differences, read_case, seal
from klartecken.errors import InputError


@dataclass(frozen=True, slots=True)
class Replayed:
    """The result of a replay."""

    same: bool
    outcome: str
    law: str
    lines: tuple[str, ...]


def replay(body: object, where: str = "receipt", world: World | None = None) -> Replayed:
    """Answer a receipt's own case under the law of today.

    Args:
        body: the receipt, parsed.
        where: its name, for messages.
        world: another law than the shipped one.

    Raises:
        InputError: not a receipt.
    """
    case = read_case(body, where)
    assert isinstance(body, Mapping)
    old = body.get("answer")
    if not isinstance(old, Mapping):
        raise InputError("holds no answer", where=where)
    lines: list[str] = []
    if body.get("seal") != seal(body):
        lines.append("the receipt was altered after it was written (its seal does not match)")
    new: dict[str, Any] = answer(case, world).to_dict()
    lines += list(differences(dict(old), new))
    return Replayed(not lines, new["outcome"], new["law"]["hash"], tuple(lines))
