"""Hands for the tests of order lines."""

from __future__ import annotations

import pytest

from klartecken.desk.desk import Desk
from klartecken.desk.people.roles import Person
from tests.desk.clock import Clock
from tests.desk.orders.hand import Hand


@pytest.fixture
def hand(desk: Desk, people: dict[str, Person], clock: Clock) -> Hand:
    """Does what people do with order lines."""
    return Hand(desk, people, clock)
