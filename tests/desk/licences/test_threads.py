"""Many at once, each with a connection of its own: nobody gets what is not there."""

from __future__ import annotations

import random
import threading
from collections import Counter
from decimal import Decimal

from klartecken.desk.desk import Desk
from klartecken.desk.errors import Refused
from klartecken.desk.licences.balance import consume, give_back, reserve, unreserve
from klartecken.desk.people.roles import DESK, Person
from klartecken.desk.storage.tables.licences import MOVEMENTS
from klartecken.desk.work import find
from tests.desk.licences.world import (
    add_licence,
    licence_line,
    licence_line_now,
    put_line,
)
from tests.desk.world import HERE

People = dict[str, Person]
THREADS = 12


def together(count: int, each) -> list[BaseException]:  # type: ignore[no-untyped-def]
    """Run in so many threads, all let go at one moment; what they raised beyond Refused."""
    gate, wrong = threading.Barrier(count), []

    def run(number: int) -> None:
        gate.wait()
        try:
            each(number)
        except BaseException as err:
            wrong.append(err)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def test_many_releases_never_oversubscribe(desk: Desk, people: People) -> None:
    """36 lines of 8 for 100 pieces: 12 fit, whoever comes first."""
    _, (held,) = add_licence(desk, people)
    with desk.work(DESK, HERE) as work:
        lines = [put_line(work, n) for n in range(1, 3 * THREADS + 1)]
    done: Counter[str] = Counter()

    def each(number: int) -> None:
        for line in lines[number::THREADS]:
            try:
                with desk.work(people["Liv"], HERE) as work:
                    reserve(work, held, line)
                done["reserved"] += 1
            except Refused:
                done["refused"] += 1

    assert together(THREADS, each) == []
    assert done == {"reserved": 12, "refused": 24}
    assert licence_line_now(desk, held)["reserved_quantity"] == 96


def test_the_last_dollar_goes_once(desk: Desk, people: People) -> None:
    _, (held,) = add_licence(
        desk, people, lines=[licence_line(quantity="1000", value="50000", tolerance=0)]
    )
    with desk.work(DESK, HERE) as work:
        lines = [put_line(work, n, unit_price="3125") for n in range(1, THREADS + 1)]  # 25,000 each
    done: list[int] = []

    def each(number: int) -> None:
        try:
            with desk.work(people["Liv"], HERE) as work:
                reserve(work, held, lines[number])
                consume(work, lines[number])
            done.append(number)
        except Refused:
            pass

    assert together(THREADS, each) == []
    assert len(done) == 2
    assert licence_line_now(desk, held)["shipped_value"] == 50_000


def test_all_moves_at_once_leave_the_sum_of_the_movements(desk: Desk, people: People) -> None:
    _, (held,) = add_licence(desk, people, lines=[licence_line(quantity="40")])
    with desk.work(DESK, HERE) as work:
        lines = [put_line(work, n) for n in range(1, 9)]

    def each(number: int) -> None:
        chance = random.Random(number)
        for _ in range(10):
            line, move = (
                chance.choice(lines),
                chance.choice([reserve, unreserve, consume, give_back]),
            )
            try:
                with desk.work(people["Liv"], HERE) as work:
                    move(work, held, line) if move is reserve else move(work, line)  # type: ignore[operator]
            except Refused:
                pass

    assert together(8, each) == []
    row = licence_line_now(desk, held)
    with desk.read() as connection:
        movements = find(connection, MOVEMENTS, licence_line=held)
    sums: Counter[str] = Counter()
    for move in movements:
        sums[move["kind"]] += move["quantity"]
    assert row["reserved_quantity"] == sums["reserve"] - sums["unreserve"] - sums["consume"]
    assert row["shipped_quantity"] == sums["consume"] - sums["return"]
    assert 0 <= row["reserved_quantity"] + row["shipped_quantity"] <= Decimal(40)
    assert movements
