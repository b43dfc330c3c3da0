"""Every state machine: a table without contradiction, drawn as it is."""

from __future__ import annotations

import itertools

import desk_docs
import pytest

from klartecken.desk.errors import IllegalEvent
from klartecken.desk.machines.all import MACHINES
from klartecken.desk.machines.machine import Machine, Move
from klartecken.desk.people.roles import PERMISSIONS

PAIRS = [
    pytest.param(machine, state, event, id=f"{machine.name}-{state}-{event}")
    for machine in MACHINES
    for state, event in itertools.product(machine.states, machine.events)
]


@pytest.mark.parametrize(("machine", "state", "event"), PAIRS)
def test_an_event_is_in_the_table_or_illegal(machine: Machine, state: str, event: str) -> None:
    rows = [m for m in machine.moves if m.event == event and state in m.sources]
    if rows:
        (row,) = rows
        assert machine.move(state, event) is row
        assert row.target in machine.states
    else:
        with pytest.raises(IllegalEvent) as err:
            machine.move(state, event)
        assert state.replace("_", " ") in err.value.what


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_every_state_is_reached_and_every_move_is_somebodys(machine: Machine) -> None:
    reached = {machine.initial}
    while more := {m.target for m in machine.moves if reached & {*m.sources}} - reached:
        reached |= more
    assert reached == set(machine.states)
    for move in machine.moves:
        assert not move.permission or move.permission in PERMISSIONS


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_the_diagram_shows_every_move(machine: Machine) -> None:
    drawn = "\n".join(desk_docs.diagram(machine))
    for move in machine.moves:
        for source in move.sources:
            assert f"{source} --> {move.target}: {desk_docs.words(move.event)}" in drawn


def test_a_table_that_contradicts_itself_is_no_machine() -> None:
    move = Move("go", ("a",), "b")
    with pytest.raises(AssertionError):
        Machine("x", {"a": "", "b": ""}, (move, Move("go", ("a",), "a")))
    with pytest.raises(AssertionError):
        Machine("x", {"a": ""}, (move,))
