"""The worklist: every line on one page and on one only, figures exact, out as it is shown."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from klartecken.desk.holds import HOLDS
from klartecken.desk.orders.sheets import csv_of, read_sheet
from klartecken.desk.orders.worklist import COLUMNS, MOST, Filter, cells, every, page, summary
from klartecken.desk.storage.connect import writing
from klartecken.desk.storage.tables.orders import LINES
from klartecken.errors import InputError
from tests.desk.orders.hand import Hand
from tests.desk.world import h20, line

ALL = ("held", "ready", "released", "shipped", "returned", "cancelled")
NAMES = ("Müller & Co", "MÜLLER KG", "100% Chips", "100 Chips", "A_B Ltd", "AxB Ltd", "C\\D Inc")


def book(hand: Hand) -> None:
    """Forty lines: some held, some free, some gone; all sorts of customers."""
    rows = []
    for n in range(1, 41):
        name = NAMES[n % len(NAMES)]
        rows.append((h20 if n % 3 == 0 else line)(
            n, consignee=name, end_user="" if n % 5 == 0 else name, quantity=str(n),
            unit_of_business="south" if n % 2 else "", currency="EUR" if n % 7 == 0 else "USD",
        ))  # fmt: skip
    hand.book(*rows)
    for n in (1, 2):
        hand.release(n)
    hand.ship(1)
    hand.cancel(4)
    hand.hold(3)


def shown(hand: Hand, **wanted: Any) -> list[dict[str, Any]]:
    with hand.desk.read() as connection:
        return list(every(connection, hand.clock(), Filter(**wanted)))


def ids(hand: Hand, **wanted: Any) -> list[int]:
    return [row["id"] for row in shown(hand, **wanted)]


def test_the_worklist(hand: Hand) -> None:
    book(hand)
    whole = shown(hand, states=ALL)
    assert [row["id"] for row in whole] == list(range(1, 41))
    filters(hand, whole)
    pages(hand)
    figures(hand, whole)
    exports(hand)


def filters(hand: Hand, whole: list[dict[str, Any]]) -> None:
    """Each filter is what it says, asked of every line in Python."""

    def those(test: Any) -> list[int]:
        return [row["id"] for row in whole if test(row)]

    def has(row: dict[str, Any], code: str) -> bool:
        return any(hold["code"] == code for hold in row["holds"])

    open_ = ("held", "ready", "released")
    assert ids(hand) == those(lambda row: row["state"] in open_)
    assert ids(hand, states=()) == []
    assert ids(hand, states=("shipped",)) == [1]
    for code in HOLDS:
        assert ids(hand, states=ALL, hold=code) == those(lambda row, c=code: has(row, c))
        assert ids(hand, states=ALL, first_hold=code) == those(
            lambda row, c=code: row["first_hold"] == c
        )
    assert len(ids(hand, hold="party_unnamed")) == 8
    assert len(ids(hand, hold="manual")) == 1
    for name, value in (("outcome", "licence_required"), ("destination", "CN"),
                        ("item", "nvidia-h20"), ("order_number", "SO-00002"),
                        ("external_id", "E-000007"), ("unit_of_business", "south")):  # fmt: skip
        found = ids(hand, states=ALL, **{name: value})
        assert found == those(lambda row, n=name, v=value: row[n] == v)
        assert 0 < len(found) < 40
    assert ids(hand, hold="licence_required", unit_of_business="south", destination="CN") == those(
        lambda row: has(row, "licence_required") and row["unit_of_business"] == "south"
        and row["state"] in open_
    )  # fmt: skip
    for text, names in (("müller", {0, 1}), ("MÜLLER", {0, 1}), ("100%", {2}), ("0 c", {3}),
                        ("a_b", {4}), ("c\\d", {6}), ("%", {2}), ("_", {4}), ("LTD", {4, 5}),
                        ("nobody", set())):  # fmt: skip
        wanted = {NAMES[n] for n in names}
        assert ids(hand, states=ALL, party=text) == those(
            lambda row, w=wanted: row["consignee"] in w
        )


def pages(hand: Hand) -> None:
    """By pages of any size: each line once, in order."""
    whole = ids(hand)
    with hand.desk.read() as connection:

        @settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
        @given(st.integers(1, 41), st.sampled_from([Filter(), Filter(hold="licence_required")]))
        def by(limit: int, wanted: Filter) -> None:
            found, after = [], 0
            while True:
                one = page(connection, hand.clock(), wanted, after=after, limit=limit)
                assert len(one.rows) <= limit
                found += [row["id"] for row in one.rows]
                if one.after is None:
                    break
                assert len(one.rows) == limit
                after = one.after
            assert found == (whole if wanted == Filter() else ids(hand, hold=wanted.hold))

        by()


def figures(hand: Hand, whole: list[dict[str, Any]]) -> None:
    with hand.desk.read() as connection:
        told = summary(connection)
    states = ("held", "ready", "released", "shipped", "cancelled")
    assert told["states"] == {
        state: sum(row["state"] == state for row in whole) for state in states
    }
    firsts = {code: sum(row["first_hold"] == code for row in whole) for code in HOLDS}
    assert told["first_holds"] == {code: count for code, count in firsts.items() if count}
    assert list(told["first_holds"]) == [code for code in HOLDS if firsts[code]]
    assert told["held_value"] == {
        currency: str(sum(row["value"] for row in whole
                          if row["state"] == "held" and row["currency"] == currency))
        for currency in ("EUR", "USD")
    }  # fmt: skip


def exports(hand: Hand) -> None:
    """Out comes what is shown, in the columns that are shown."""
    rows = shown(hand)
    heads, table = read_sheet("a.csv", csv_of(COLUMNS, [cells(row) for row in rows]))
    assert tuple(heads) == COLUMNS
    assert [row["id"] for _, row in table] == [str(row["id"]) for row in rows]
    for (_, told), row in zip(table, rows, strict=True):
        assert told["holds"] == "; ".join(hold["code"] for hold in row["holds"])
        assert told["consignee"] == row["consignee"]
        assert Decimal(told["value"]) == row["quantity"] * row["unit_price"]
    assert cells(rows[0], ("item", "id")) == [rows[0]["item"], rows[0]["id"]]


def test_a_row_says_what_to_do_next(hand: Hand) -> None:
    hand.h20(1)
    hand.enter(2)
    hand.released(3)
    hand.clock.pass_days(2)
    held, ready, released = shown(hand)
    assert (held["first_hold"], held["hold"]) == ("licence_required", "a licence is required")
    assert (held["detail"], held["who"]) == ("letter.nvidia.2025-04-09", "licence_manager")
    assert held["next_action"].startswith("Assign a licence")
    assert (ready["next_action"], ready["who"], ready["hold"]) == ("Release it", "approver", "")
    assert released["next_action"].startswith("Ship it")
    assert str(released["until"]) == "2025-07-20"
    assert held["age_days"] == 2
    assert set(held) == {*COLUMNS}


def test_large_figures_are_exact(hand: Hand) -> None:
    quantity, price = Decimal("1234567890123456.789"), Decimal("98765432109876.5432")
    hand.h20(1, quantity=str(quantity), unit_price=str(price))
    hand.h20(2, quantity="0.001", unit_price="0.0001")
    scaled = 1234567890123456789 * 987654321098765432
    with hand.desk.read() as connection:
        told = summary(connection)["held_value"]["USD"]
    assert told == plain_of(scaled + 1)
    assert str(shown(hand)[0]["value"]) == plain_of(scaled)


def plain_of(whole: int) -> str:
    """A whole number of ten-millionths, written out."""
    text = str(whole)
    return f"{text[:-7]}.{text[-7:]}".rstrip("0").rstrip(".")


@pytest.mark.parametrize(
    "wanted",
    [{"hold": "nothing"}, {"first_hold": "nothing"}, {"states": ("gone",)}, {"outcome": "fine"},
     {"outcome": "\0"}, {"party": "\0"}, {"item": "\ud800"}, {"external_id": "\0"}],
)  # fmt: skip
def test_what_is_no_filter(wanted: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        Filter(**wanted)


def test_what_is_no_page(hand: Hand) -> None:
    with hand.desk.read() as connection:
        for more in ({"limit": 0}, {"limit": MOST + 1}, {"after": -1}, {"after": 2**80}):
            with pytest.raises(InputError):
                page(connection, hand.clock(), **more)
        assert page(connection, hand.clock(), after=2**60).rows == ()


def test_a_filter_asks_an_index_for_states(hand: Hand) -> None:
    """Lines that another state hides are not on the page, whatever their holds say."""
    hand.h20(1)
    with writing(hand.desk.engine) as connection:
        connection.execute(update(LINES).values(state="cancelled"))
    assert ids(hand, hold="licence_required") == []
