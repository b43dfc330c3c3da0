"""Give the answer of a receipt again, and say precisely what differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from klartecken.decide.ask import World, answer, shipped_world
from klartecken.decide.receipt import differences, read_case, seal
from klartecken.errors import InputError, KlarteckenError
from klartecken.law.overlay import read_reform


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
        world: another law than the shipped one. Without it a receipt given under reforms is
            answered under these, when they are shipped and still the same.

    Raises:
        InputError: not a receipt, or one given under reforms that are not at hand: a
            hypothetical answer is never compared with the law itself unasked.
    """
    case = read_case(body, where)
    assert isinstance(body, Mapping)
    old = body.get("answer")
    if not isinstance(old, Mapping):
        raise InputError("holds no answer", where=where)
    world = world or _world_of(old, where)
    lines: list[str] = []
    if body.get("seal") != seal(body):
        lines.append("the receipt was altered after it was written (its seal does not match)")
    new: dict[str, Any] = answer(case, world).to_dict()
    lines += list(differences(dict(old), new))
    return Replayed(not lines, new["outcome"], new["law"]["hash"], tuple(lines))


def _world_of(old: Mapping[str, Any], where: str) -> World:
    """The shipped world under the reforms that a receipt's answer was given under.

    Raises:
        InputError: a reform is not shipped, or is no longer what it was.
    """
    law = old.get("law")
    said = law if isinstance(law, Mapping) else {}
    names = str(said.get("regime", "")).split("+")[1:]
    world = shipped_world()
    if not names:
        return world
    told = f"was given under a hypothetical reform ({', '.join(names)})"
    step = "Give the world it was given in: replay(body, world=world.under(reform))"
    for name in names:
        try:
            world = world.under(read_reform(name))
        except KlarteckenError as err:
            raise InputError(f"{told} that is not shipped", where=where, next_step=step) from err
    if world.hash != said.get("hash"):
        raise InputError(f"{told}, over another law or of another wording than the shipped",
                         where=where, next_step=step)  # fmt: skip
    return world
