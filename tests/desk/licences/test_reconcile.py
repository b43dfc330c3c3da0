"""Our balances beside the filing system's report."""

from __future__ import annotations

from typing import Any

import pytest

from klartecken.desk.desk import Desk
from klartecken.desk.licences.balance import consume, give_back, reserve
from klartecken.desk.licences.reconcile import reconcile
from klartecken.desk.people.roles import Person
from klartecken.errors import InputError
from tests.desk.licences.world import add_licence, add_line, change_line, day
from tests.desk.world import HERE

People = dict[str, Person]
HEAD = "licence,itn,quantity,value\n"


@pytest.fixture
def moved(desk: Desk, people: People) -> Desk:
    """Three shipments of 8 at 100,000 on one licence; the third came back."""
    _, (held,) = add_licence(desk, people)
    for number in (1, 2, 3):
        line = add_line(desk, number)
        with desk.work(people["Liv"], HERE) as work:
            reserve(work, held, line)
            consume(work, line)
            if number == 3:
                give_back(work, line)
        change_line(desk, line, itn=f"X{number}", shipped_on=day(f"2025-07-1{number}"))
    return desk


def compared(desk: Desk, text: str, **more: Any) -> list[tuple[str, str, str]]:
    with desk.read() as connection:
        return [(d.licence, d.itn, d.kind) for d in reconcile(connection, text, **more)]


def test_the_same(moved: Desk) -> None:
    text = HEAD + "D1000001,X1,8,100000\nD1000001,X2,5,60000\n\nD1000001,X2,3,40000.00\n"
    assert compared(moved, text) == []
    assert compared(moved, "\ufeff" + text.replace("\n", "\r\n")) == []


def test_every_difference(moved: Desk) -> None:
    text = HEAD + "D1000001,X1,7,100001\nD1000001,X3,8,100000\nD9,X9,1,1\n"
    assert compared(moved, text) == [
        ("D1000001", "X1", "quantity"), ("D1000001", "X1", "value"),
        ("D1000001", "X2", "not_in_report"), ("D1000001", "X3", "not_at_desk"),
        ("D9", "X9", "unknown_licence"),
    ]  # fmt: skip


def test_of_some_days(moved: Desk) -> None:
    text = HEAD + "D1000001,X2,8,100000\n"
    assert compared(moved, text, start=day("2025-07-12"), until=day("2025-07-31")) == []


def test_rounded_money(moved: Desk) -> None:
    text = HEAD + "D1000001,X1,8,100001\nD1000001,X2,8,99998.9999\n"
    assert compared(moved, text, whole_money=True) == [("D1000001", "X2", "value")]


@pytest.mark.parametrize(("text", "where"), [
    ("", "row 1"), ("licence,itn\n", "row 1"), ("licence,itn,quantity,value,value\n", "row 1"),
    (HEAD + "D1,X1,8\n", "row 2"), (HEAD + ",X1,8,1\n", "row 2, licence"),
    (HEAD + "D1,X1,8,1\nD1,X1,eight,1\n", "row 3, quantity"),
    (HEAD + "D1,X1,8,=1+1\n", "row 2, value"), (HEAD + 'D1,"X1,8,1\n', "row"),
    (HEAD + "D1,X1,8,-1\n", "row 2, value"),
])  # fmt: skip
def test_a_report_that_cannot_be_read(text: str, where: str) -> None:
    from klartecken.desk.licences.reconcile import read_report

    with pytest.raises(InputError) as caught:
        read_report(text)
    assert where in caught.value.where
