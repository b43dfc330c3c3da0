"""The balances against a model of a few lines: any sequence of moves and edits."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from klartecken.desk.desk import open_desk
from klartecken.desk.errors import IllegalEvent, Refused
from klartecken.desk.licences.balance import consume, give_back, reserve, unreserve
from klartecken.desk.licences.change import edit
from klartecken.desk.licences.licence import value_limit
from klartecken.desk.people.accounts import person
from klartecken.desk.people.roles import DESK
from klartecken.desk.storage.tables.licences import LICENCE_LINES, LICENCES, MOVEMENTS
from klartecken.desk.storage.tables.orders import LINES
from klartecken.desk.work import find, get
from tests.desk.clock import Clock
from tests.desk.licences.world import add_licence, change_line, licence_line, put_line
from tests.desk.world import HERE, STAFF, nobody_listed, staff

NUMBERS = st.integers(0, 5)
QUANTITIES = st.decimals(Decimal("0.001"), 12, places=3)
PRICES = st.decimals(0, 30, places=1)


class Balances(RuleBasedStateMachine):
    """Six order lines and one licence line, which is edited too."""

    url: str

    def __init__(self) -> None:
        super().__init__()
        self.desk = open_desk(self.url, clock=Clock(), context=nobody_listed)
        with self.desk.read() as connection:
            self.liv = person(connection, [*STAFF].index("Liv") + 1)
            number = len(find(connection, LICENCES)) + 1
            first = len(find(connection, LINES)) + 1
            people = {name: person(connection, n + 1) for n, name in enumerate(STAFF)}
        ident, (self.held,) = add_licence(
            self.desk, people, number=f"D{number}",
            lines=[licence_line(quantity="20", value="200")],
        )  # fmt: skip
        self.licence = ident
        self.limits = (Decimal(20), Decimal(220))
        with self.desk.work(DESK, HERE) as work:
            self.lines = [put_line(work, first + n, quantity="5", unit_price="10")
                          for n in range(6)]  # fmt: skip
        self.reserved: dict[int, tuple[Decimal, Decimal]] = {}
        self.shipped: dict[int, tuple[Decimal, Decimal]] = {}

    def used(self, which: int) -> Decimal:
        return sum((held[which] for held in (*self.reserved.values(), *self.shipped.values())),
                   Decimal(0))  # fmt: skip

    def attempt(self, should: bool, act: Any) -> None:
        """It is done, or refused, as the model says."""
        try:
            with self.desk.work(self.liv, HERE) as work:
                act(work)
        except (Refused, IllegalEvent):
            assert not should
        else:
            assert should

    @rule(number=NUMBERS)
    def reserves(self, number: int) -> None:
        line = self.lines[number]
        want = (line["quantity"], line["quantity"] * line["unit_price"])
        gone = sum((held[0] for held in self.shipped.values()), Decimal(0))
        fits = (
            number not in self.reserved and number not in self.shipped
            and all(self.used(n) + want[n] <= self.limits[n] for n in (0, 1))
            and gone < self.limits[0]
        )  # fmt: skip
        self.attempt(fits, lambda work: reserve(work, self.held, line))
        if fits:
            self.reserved[number] = want

    @rule(number=NUMBERS)
    def unreserves(self, number: int) -> None:
        self.attempt(number in self.reserved, lambda work: unreserve(work, self.lines[number]))
        self.reserved.pop(number, None)

    @rule(number=NUMBERS)
    def consumes(self, number: int) -> None:
        self.attempt(number in self.reserved, lambda work: consume(work, self.lines[number]))
        if number in self.reserved:
            self.shipped[number] = self.reserved.pop(number)

    @rule(number=NUMBERS)
    def gives_back(self, number: int) -> None:
        self.attempt(number in self.shipped, lambda work: give_back(work, self.lines[number]))
        self.shipped.pop(number, None)

    @rule(number=NUMBERS, quantity=QUANTITIES, price=PRICES)
    def edits_a_line(self, number: int, quantity: Decimal, price: Decimal) -> None:
        self.lines[number] = change_line(
            self.desk, self.lines[number], quantity=quantity, unit_price=price
        )

    @rule(quantity=st.integers(1, 40), value=st.integers(1, 400), tolerance=st.integers(0, 20))
    def edits_the_limits(self, quantity: int, value: int, tolerance: int) -> None:
        limits = (Decimal(quantity), value_limit(Decimal(value), tolerance))
        fits = all(self.used(n) <= limits[n] for n in (0, 1))
        said = {"id": self.held, "quantity": str(quantity), "value": str(value),
                "tolerance": tolerance}  # fmt: skip
        self.attempt(fits, lambda work: edit(work, self.licence, {"lines": [said]}, "letter"))
        if fits:
            self.limits = limits

    @invariant()
    def balances_are_those_of_the_model(self) -> None:
        with self.desk.read() as connection:
            row = get(connection, LICENCE_LINES, self.held)
            movements = find(connection, MOVEMENTS, licence_line=self.held)
        for n, what in enumerate(("quantity", "value")):
            sums = {k: sum((m[what] for m in movements if m["kind"] == k), Decimal(0))
                    for k in ("reserve", "unreserve", "consume", "return")}  # fmt: skip
            reserved, shipped = row[f"reserved_{what}"], row[f"shipped_{what}"]
            assert reserved == sums["reserve"] - sums["unreserve"] - sums["consume"]
            assert shipped == sums["consume"] - sums["return"]
            assert reserved == sum(held[n] for held in self.reserved.values())
            assert shipped == sum(held[n] for held in self.shipped.values())
            assert reserved >= 0
            assert shipped >= 0
            assert reserved + shipped <= self.limits[n]

    @invariant()
    def exhausted_only_when_it_is(self) -> None:
        with self.desk.read() as connection:
            state = get(connection, LICENCES, self.licence)["state"]
            row = get(connection, LICENCE_LINES, self.held)
        gone = row["shipped_quantity"] >= row["quantity"] or (
            row["shipped_value"] >= row["value_limit"]
        )
        if state == "exhausted":
            assert gone
        elif gone:
            assert row["reserved_quantity"] > 0

    def teardown(self) -> None:
        self.desk.close()


def test_any_sequence_of_moves_and_edits(url: str) -> None:
    desk = open_desk(url, clock=Clock(), context=nobody_listed)
    with desk.work(DESK, HERE) as work:
        staff(work)
    desk.close()
    machine = type("OnThis", (Balances,), {"url": url})
    run_state_machine_as_test(machine, settings=settings(
        max_examples=15, stateful_step_count=14, deadline=None,
        suppress_health_check=list(HealthCheck),
    ))  # fmt: skip
