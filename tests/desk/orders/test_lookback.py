"""What has left and would be answered otherwise today is told, once, and closed by somebody."""

from __future__ import annotations

from typing import Any

import pytest

from klartecken.desk.errors import Forbidden, Refused
from klartecken.desk.orders import lookback
from klartecken.desk.storage.tables.orders import LOOK_BACKS
from klartecken.desk.work import find
from klartecken.errors import InputError
from tests.desk.orders.hand import Hand
from tests.desk.orders.rows import listing


def look_backs(hand: Hand) -> list[dict[str, Any]]:
    with hand.desk.read() as connection:
        return find(connection, LOOK_BACKS)


def test_what_has_left_is_looked_at_once_for_each_finding(hand: Hand) -> None:
    ident = hand.shipped(1)["id"]
    hand.shipped(2, consignee="Andere AG", end_user="Andere AG")
    assert hand.evaluate().look_backs == 0
    hand.clock.go("2025-08-01")
    hand.lists(listing())
    before = hand.now(ident)
    assert hand.evaluate().look_backs == 1
    assert hand.evaluate().look_backs == 0
    (one,) = look_backs(hand)
    assert (one["line"], one["state"]) == (ident, "open")
    assert one["was"] == {
        "case_id": before["case_id"], "outcome": "no_licence_required",
        "under": hand.release_of(ident)["under"], "authorised_by": "NLR", "on": "2025-07-15",
    }  # fmt: skip
    assert one["found"]["holds"][0]["code"] == "party_hit"
    assert hand.now(ident) == before  # what has left stays as it was written down
    hand.lists(listing("match"))
    assert hand.evaluate().look_backs == 1
    assert look_backs(hand)[1]["found"]["outcome"] == "licence_required"


def test_what_came_back_or_is_open_is_not_looked_back_at(hand: Hand) -> None:
    hand.take_back(hand.shipped(1)["id"])
    hand.released(2)
    hand.lists(listing())
    assert hand.evaluate().look_backs == 0
    assert hand.evaluate("Rut", 1, 2).look_backs == 0


def test_a_look_back_is_closed_with_a_reason(hand: Hand) -> None:
    hand.shipped(1)
    hand.lists(listing())
    hand.evaluate()
    for name, why in (("Pia", "seen"), ("Ann", " ")):
        with pytest.raises((Forbidden, InputError)):
            hand.do(name, lambda work, why=why: lookback.close(work, 1, why))  # type: ignore[misc]
    closed = hand.do("Ann", lambda work: lookback.close(work, 1, "another firm of that name"))
    assert (closed["state"], closed["closed_by"]) == ("closed", hand.people["Ann"].id)
    with pytest.raises(Refused, match="already closed"):
        hand.do("Ann", lambda work: lookback.close(work, 1, "again"))
    assert hand.evaluate().look_backs == 0
