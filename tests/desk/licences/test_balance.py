"""Balances: reserved at order, consumed at export, given back; never more than there is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from klartecken.desk.desk import Desk
from klartecken.desk.errors import NotFound, Refused
from klartecken.desk.licences.balance import (
    MOVEMENTS,
    consume,
    give_back,
    left_of,
    reserve,
    unreserve,
)
from klartecken.desk.licences.events import fire
from klartecken.desk.people.roles import Person
from klartecken.desk.storage.tables.ledger import LEDGER
from klartecken.desk.storage.tables.licences import LICENCE_LINES, LICENCES
from klartecken.desk.work import Row, find, get
from tests.desk.licences.world import (
    LETTER,
    add_licence,
    add_line,
    change_line,
    licence_line,
    licence_line_now,
)
from tests.desk.world import HERE

People = dict[str, Person]


def balances(desk: Desk, ident: int) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    row = licence_line_now(desk, ident)
    return tuple(row[f"{state}_{what}"] for state in ("reserved", "shipped")
                 for what in ("quantity", "value"))  # type: ignore[return-value]  # fmt: skip


def state_of(desk: Desk, ident: int) -> str:
    with desk.read() as connection:
        return str(get(connection, LICENCES, ident)["state"])


def count(desk: Desk) -> tuple[int, int]:
    with desk.read() as connection:
        return len(find(connection, MOVEMENTS)), connection.execute(
            text("SELECT count(*) FROM ledger")
        ).scalar_one()


def test_the_way_of_a_line(desk: Desk, people: People) -> None:
    _, (held,) = add_licence(desk, people)
    line = add_line(desk)
    with desk.work(people["Liv"], HERE) as work:
        reserve(work, held, line, "order")
    assert balances(desk, held) == (8, 100_000, 0, 0)
    with desk.work(people["Liv"], HERE) as work:
        consume(work, line)
    assert balances(desk, held) == (0, 0, 8, 100_000)
    with desk.work(people["Liv"], HERE) as work:
        give_back(work, line, "not delivered")
    assert balances(desk, held) == (0, 0, 0, 0)
    with desk.read() as connection:
        kinds = [row["kind"] for row in find(connection, MOVEMENTS, licence_line=held)]
        noted = [row.action for row in connection.execute(LEDGER.select().order_by(LEDGER.c.seq))]
    assert kinds == ["reserve", "consume", "return"]
    assert [a for a in noted if a.startswith("movements")] == [f"movements.{k}" for k in kinds]


TWICE: tuple[tuple[tuple[Any, ...], Any], ...] = (
    ((reserve,), reserve), ((), unreserve), ((), consume), ((), give_back),
    ((reserve, unreserve), unreserve), ((reserve, unreserve), consume),
    ((reserve, consume), consume), ((reserve, consume), unreserve),
    ((reserve, consume), reserve), ((reserve, consume, give_back), give_back),
    ((reserve,), give_back),
)  # fmt: skip


def test_what_was_done_is_not_done_twice(desk: Desk, people: People) -> None:
    _, (held,) = add_licence(desk, people)
    for number, (first, then) in enumerate(TWICE, 1):
        line = add_line(desk, number, quantity="1")

        def do(move: Any, line: Row = line) -> None:
            with desk.work(people["Liv"], HERE) as work:
                move(work, held, line) if move is reserve else move(work, line)

        for move in first:
            do(move)
        before = balances(desk, held), count(desk)
        with pytest.raises(Refused):
            do(then)
        assert (balances(desk, held), count(desk)) == before


def test_what_came_back_may_go_again_758_4_c(desk: Desk, people: People) -> None:
    ident, (held,) = add_licence(desk, people, lines=[licence_line(quantity="8", value="100000")])
    line = add_line(desk)
    with desk.work(people["Liv"], HERE) as work:
        reserve(work, held, line)
        consume(work, line)
    assert state_of(desk, ident) == "exhausted"
    again = add_line(desk, 2)
    with desk.work(people["Liv"], HERE) as work:
        give_back(work, line, "not delivered")
        reserve(work, held, again)
    assert state_of(desk, ident) == "issued"


def test_both_quantity_and_value_bind_750_7_f(desk: Desk, people: People) -> None:
    _, (held,) = add_licence(desk, people, lines=[licence_line(tolerance=0)])
    cheap = add_line(desk, 1, quantity="101", unit_price="1")
    dear = add_line(desk, 2, quantity="1", unit_price="1250000.0001")
    for line in (cheap, dear):
        with pytest.raises(Refused, match="100 number and 1250000 USD are left"), \
                desk.work(people["Liv"], HERE) as work:  # fmt: skip
            reserve(work, held, line)
    assert balances(desk, held) == (0, 0, 0, 0)


def test_the_value_may_pass_by_ten_percent_750_11(desk: Desk, people: People) -> None:
    _, (held,) = add_licence(desk, people, lines=[licence_line(quantity="10", value="1000.05")])
    assert licence_line_now(desk, held)["value_limit"] == Decimal("1100.055")
    first = add_line(desk, 1, quantity="9", unit_price="122.2283")  # 1100.0547
    with desk.work(people["Liv"], HERE) as work:
        reserve(work, held, first)
    for price, fits in (("0.0004", False), ("0.0003", True)):
        line = add_line(desk, 3 if fits else 2, quantity="1", unit_price=price)
        if fits:
            with desk.work(people["Liv"], HERE) as work:
                reserve(work, held, line)
        else:
            with pytest.raises(Refused), desk.work(people["Liv"], HERE) as work:
                reserve(work, held, line)
    assert left_of(licence_line_now(desk, held)).value == 0


def test_no_tolerance_in_quantity_750_11(desk: Desk, people: People) -> None:
    _, (held,) = add_licence(desk, people, lines=[licence_line(quantity="8")])
    line = add_line(desk, 1, quantity="8.001", unit_price="1")
    with pytest.raises(Refused), desk.work(people["Liv"], HERE) as work:
        reserve(work, held, line)


def test_after_the_full_quantity_nothing_leaves_750_11(desk: Desk, people: People) -> None:
    """Value is left, within the licence and its tolerance; the quantity is gone."""
    lines = [licence_line(quantity="8"), licence_line(item="nvidia-l40s")]
    _, (held, _) = add_licence(desk, people, lines=lines)
    line = add_line(desk)
    with desk.work(people["Liv"], HERE) as work:
        reserve(work, held, line)
        consume(work, line)
    free = add_line(desk, 2, quantity="0.001", unit_price="0")
    with pytest.raises(Refused, match="full quantity"), desk.work(people["Liv"], HERE) as work:
        reserve(work, held, free)


def test_a_licence_may_set_its_own_tolerance_750_11(desk: Desk, people: People) -> None:
    cases = ((0, "1000"), (5, "1050"), (25, "1250"))
    _, ids = add_licence(
        desk, people, lines=[licence_line(value="1000", tolerance=percent) for percent, _ in cases]
    )
    for held, (percent, limit) in zip(ids, cases, strict=True):
        good = add_line(desk, percent + 1, quantity="1", unit_price=limit)
        bad = add_line(desk, percent + 2, quantity="1", unit_price=f"{limit}.0001")
        with pytest.raises(Refused), desk.work(people["Liv"], HERE) as work:
            reserve(work, held, bad)
        with desk.work(people["Liv"], HERE) as work:
            reserve(work, held, good)


def test_what_cannot_be_counted_is_refused(desk: Desk, people: People) -> None:
    _, (held,) = add_licence(desk, people)
    cases: tuple[tuple[dict[str, str], str], ...] = (
        ({"currency": "EUR"}, "in EUR"), ({"unit": "kg"}, "counts kg"),
        ({"quantity": "0.001", "unit_price": "0.0001"}, "decimal places"),
    )  # fmt: skip
    for number, (said, words) in enumerate(cases, 1):
        line = add_line(desk, number, **said)
        with pytest.raises(Refused, match=words), desk.work(people["Liv"], HERE) as work:
            reserve(work, held, line)


def test_no_such_line(desk: Desk, people: People) -> None:
    line = add_line(desk)
    with pytest.raises(NotFound), desk.work(people["Liv"], HERE) as work:
        reserve(work, 99, line)


def test_nothing_is_reserved_on_what_is_over(desk: Desk, people: People) -> None:
    for number, event in enumerate(("revoke", "surrender", "void"), 1):
        ident, (held,) = add_licence(desk, people, number=f"D{number}")
        line, other = add_line(desk, 2 * number), add_line(desk, 2 * number + 1)
        with desk.work(people["Liv"], HERE) as work:
            reserve(work, held, line)
            fire(work, ident, event, "BIS's letter", letter=LETTER)
        with pytest.raises(Refused, match="is "), desk.work(people["Liv"], HERE) as work:
            reserve(work, held, other)
        with desk.work(people["Liv"], HERE) as work:  # but it may be freed
            unreserve(work, line)
        assert balances(desk, held) == (0, 0, 0, 0)


def test_an_edited_line_frees_what_it_reserved(desk: Desk, people: People) -> None:
    _, (held,) = add_licence(desk, people)
    line = add_line(desk)
    with desk.work(people["Liv"], HERE) as work:
        reserve(work, held, line)
    edited = change_line(desk, line, quantity=Decimal(90), unit_price=Decimal(1))
    with desk.work(people["Liv"], HERE) as work:
        consume(work, edited)
    assert balances(desk, held) == (0, 0, 8, 100_000)


def test_the_database_keeps_the_bounds_too(desk: Desk, people: People) -> None:
    _, (held,) = add_licence(desk, people)
    for wrong in ({"reserved_quantity": 101}, {"shipped_value": 1_375_001},
                  {"reserved_value": -1}, {"shipped_quantity": -1}):  # fmt: skip
        with pytest.raises(IntegrityError), desk.work(people["Liv"], HERE) as work:
            work.connection.execute(
                update(LICENCE_LINES).where(LICENCE_LINES.c.id == held).values(**wrong)
            )
