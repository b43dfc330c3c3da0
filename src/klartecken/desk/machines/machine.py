"""What a state machine is: states, moves between them, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from klartecken.desk.errors import IllegalEvent


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table: in a state, an event leads to a state.

    Attributes:
        event: what happens, as a verb.
        sources: the states in which it may happen.
        target: the state that it leads to.
        permission: who may let it happen (see :mod:`klartecken.desk.people.roles`); empty: it
            follows by itself.
        guard: what must hold, in words; the code beside each machine checks it.
        effect: what else it changes, in words.
        cite: the rule behind it, where there is one.
    """

    event: str
    sources: tuple[str, ...]
    target: str
    permission: str = ""
    guard: str = ""
    effect: str = ""
    cite: str = ""


@dataclass(frozen=True)
class Machine:
    """A table of states and moves.

    Attributes:
        states: each with its meaning; the first one is where a record begins.
        final: states that nothing leads out of.
    """

    name: str
    states: Mapping[str, str]
    moves: tuple[Move, ...]

    def __post_init__(self) -> None:
        seen = set()
        for move in self.moves:
            for source in move.sources:
                assert {source, move.target} <= set(self.states), move
                assert (source, move.event) not in seen, (source, move.event)
                seen.add((source, move.event))

    @property
    def initial(self) -> str:
        """Where a record begins."""
        return next(iter(self.states))

    @property
    def events(self) -> tuple[str, ...]:
        """All events, in the order of the table."""
        return tuple(dict.fromkeys(move.event for move in self.moves))

    @property
    def final(self) -> tuple[str, ...]:
        """States that nothing leads out of."""
        left = {source for move in self.moves for source in move.sources}
        return tuple(state for state in self.states if state not in left)

    def after(self, state: str) -> Iterator[Move]:
        """What may happen in a state."""
        return (move for move in self.moves if state in move.sources)

    def move(self, state: str, event: str) -> Move:
        """The move that an event makes in a state.

        Raises:
            IllegalEvent: there is none.
        """
        for move in self.after(state):
            if move.event == event:
                return move
        may = ", ".join(move.event for move in self.after(state)) or "nothing more"
        raise IllegalEvent(
            f"{self.name} is {state.replace('_', ' ')}: {event!r} cannot happen",
            next_step=f"What can: {may}",
        )
