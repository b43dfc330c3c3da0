"""All states x all events through the real functions: the table is what happens, and no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from klartecken.desk.errors import Forbidden, IllegalEvent, Refused
from klartecken.desk.machines.line import LINE, OPEN
from klartecken.desk.work import Row
from klartecken.errors import InputError
from tests.desk.orders.hand import Hand

#: what people do -> the event of the table; what follows from it, at most
EVENTS: dict[str, Callable[[Hand, int], Any]] = {
    "edit": lambda hand, ident: hand.edit(ident, quantity="9"),
    "release": lambda hand, ident: hand.release(ident),
    "ship": lambda hand, ident: hand.ship(ident),
    "take_back": lambda hand, ident: hand.take_back(ident),
    "cancel": lambda hand, ident: hand.cancel(ident),
}
#: what changes a line beside, only while it is open
BESIDE: dict[str, Callable[[Hand, int], Any]] = {
    "assign an exception": lambda hand, ident: hand.exception(ident),
    "assign a licence": lambda hand, ident: hand.licence(ident, 1),
    "unassign": lambda hand, ident: hand.unassign(ident),
    "hold": lambda hand, ident: hand.hold(ident),
}


MAKE: dict[str, Callable[[Hand], Row]] = {
    "held": lambda hand: hand.h20(1),
    "ready": lambda hand: hand.enter(2),
    "released": lambda hand: hand.released(3),
    "shipped": lambda hand: hand.shipped(4),
    "returned": lambda hand: hand.take_back(hand.shipped(5)["id"]),
    "cancelled": lambda hand: hand.cancel(hand.enter(6)["id"]),
}


def lines(hand: Hand) -> dict[str, Row]:
    """A line in each state."""
    made = {state: make(hand) for state, make in MAKE.items()}
    assert [row["state"] for row in made.values()] == list(made) == list(LINE.states)
    return made


def test_what_the_table_does_not_know_changes_nothing(hand: Hand) -> None:
    hand.new_licence()
    made = lines(hand)
    before = hand.everything()
    tried = 0
    for state, row in made.items():
        known = {move.event for move in LINE.after(state)}
        for event, do in EVENTS.items():
            if event not in known:
                with pytest.raises(IllegalEvent):
                    do(hand, row["id"])
                tried += 1
        for do in BESIDE.values() if state not in OPEN else ():
            with pytest.raises(Refused):
                do(hand, row["id"])
            tried += 1
    assert tried == 6 * 5 - 9 + 3 * 4
    assert hand.everything() == before


@pytest.mark.parametrize("event", EVENTS)
def test_what_the_table_knows_happens(hand: Hand, event: str) -> None:
    (move,) = (move for move in LINE.moves if move.event == event)
    for state in move.sources:
        ident = MAKE[state](hand)["id"]
        EVENTS[event](hand, ident)
        # an edit leads to held; what is found then may make it ready at once
        free = event == "edit" and state != "held"
        assert hand.now(ident)["state"] == ("ready" if free else move.target)
        if event == "edit":
            assert hand.entries(ident)[-2:] == ["line.edit", "line.evaluate"]


def test_what_follows_by_itself(hand: Hand) -> None:
    row = hand.enter()
    assert hand.entries(row["id"]) == ["line.enter", "line.evaluate"]  # find_ready
    assert hand.hold(row["id"])["state"] == "held"  # hold
    assert hand.lift(1)["state"] == "ready"
    hand.release(row["id"], days=0)
    hand.clock.pass_days(1)
    assert hand.evaluate().lapsed == 1  # lapse
    assert hand.now(row["id"])["state"] == "ready"
    hand.release(row["id"])
    assert hand.hold(row["id"])["state"] == "held"  # hold_again
    assert {move.event for move in LINE.moves} == {
        *EVENTS, "find_ready", "hold", "hold_again", "lapse",
    }  # fmt: skip


def test_who_may(hand: Hand) -> None:
    made = lines(hand)
    may = {"edit": {"Pia", "Per", "Liv", "Sam"}, "release": {"Ann", "Ari"}, "ship": {"Liv", "Sam"},
           "take_back": {"Liv", "Sam"}, "cancel": {"Pia", "Per", "Liv", "Sam"}}  # fmt: skip
    before = hand.everything()
    for name in hand.people:
        for event in EVENTS:
            if name not in may[event]:
                for row in made.values():
                    with pytest.raises(Forbidden):
                        by(hand, event, row["id"], name)
    assert hand.everything() == before


def by(hand: Hand, event: str, ident: int, name: str) -> None:
    said = {"quantity": "9"} if event == "edit" else {}
    getattr(hand, event)(ident, by=name, **said)


def test_reasons_must_be_given(hand: Hand) -> None:
    ident = hand.enter()["id"]
    shipped = hand.shipped(2)["id"]
    hand.hold(ident)
    before = hand.everything()
    for why in ("", "  ", "x" * 1001, "\0", "\ud800"):
        for do in (lambda why: hand.cancel(ident, why=why), lambda why: hand.lift(1, why=why),
                   lambda why: hand.take_back(shipped, why=why),
                   lambda why: hand.hold(ident, reason=why)):  # fmt: skip
            with pytest.raises(InputError):
                do(why)
    assert hand.everything() == before
