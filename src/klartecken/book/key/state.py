"""States: what is left of a law once some blocks of a line are known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from klartecken.law.timeline import InForce
from klartecken.logic.nodes import Atom, Node, Result


class Left(NamedTuple):
    """One rule that still stands.

    ``face`` numbers what an answer shows of the rule. ``parts`` are the trees of its
    condition, then of its bars, then of its conditions; ``assumed`` says of each condition
    whether a fact that it looks at was only assumed.
    """

    face: int
    parts: tuple[Result, ...]
    assumed: tuple[bool, ...]


class State(NamedTuple):
    """Rules that still stand (by number), and the known blocks that they still look at."""

    left: tuple[int, ...]
    open: tuple[tuple[int, int], ...]  # (block, signature)


@dataclass(frozen=True, slots=True)
class Face:
    """What an answer can show of a rule, and one rule in force that shows it."""

    rule: InForce
    bars: int
    looks: tuple[frozenset[str], ...]  # the facts of each condition

    @property
    def stage(self) -> str:
        """The rule's stage."""
        return self.rule.provision.stage


@dataclass(frozen=True, slots=True)
class Role:
    """What a rule that stands does to the others, and which blocks it looks at."""

    stage: str
    id: str
    met: bool  # its condition is yes
    failed: bool  # its condition is no
    symbols: frozenset[str]  # a requirement: what can overcome it; an exception: its own
    policy_for: tuple[str, ...]
    blocks: frozenset[int]
    facts: frozenset[str]  # also those of conditions that are settled: who said them counts
    atoms: frozenset[Atom]


@dataclass(frozen=True, slots=True)
class Known:
    """What one signature of a block settles: its atoms, and every tree and rule met so far."""

    assumed: frozenset[str]
    trees: dict[Node, Result]
    rules: dict[int, int] = field(default_factory=dict)
