"""The cumulative cap: exact, in TPP and not in units (supplement 2 to part 748, (dd))."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from klartecken.desk.desk import Desk
from klartecken.desk.errors import Conflict, Forbidden
from klartecken.desk.licences.caps import CapBook, read_caps, set_cap
from klartecken.desk.licences.performance import performance_of
from klartecken.desk.people.roles import DESK, Person
from klartecken.desk.work import Row
from klartecken.errors import InputError
from tests.desk.licences.world import day, put_line
from tests.desk.world import HERE

People = dict[str, Person]
SHIPPED = date(2026, 2, 1)
CAP = {"name": "half", "item": "nvidia-h20", "cite": "748 supplement 2, (dd)", "percent": 50,
       "destinations": ["CN", "MO"], "reference": ["US"], "starts_on": "2026-01-15"}  # fmt: skip
TODAY = day("2026-03-01")


def cap(desk: Desk, people: People, **more: Any) -> int:
    with desk.work(people["Liv"], HERE) as work:
        return set_cap(work, {**CAP, **more}, "the rule of January 2026")


def put(desk: Desk, *lines: dict[str, Any]) -> list[Row]:
    with desk.work(DESK, HERE) as work:
        return [put_line(work, n, **said) for n, said in enumerate(lines, 1)]


def book(desk: Desk) -> CapBook:
    with desk.read() as connection:
        return read_caps(connection)


def shipped(to: str, quantity: str = "100", **more: Any) -> dict[str, Any]:
    return {"destination": to, "quantity": quantity, "state": "shipped", "shipped_on": SHIPPED,
            **more}  # fmt: skip


def test_half_and_not_one_tpp_more(desk: Desk, people: People) -> None:
    cap(desk, people)
    *_, fits, above = put(desk, shipped("US"), shipped("CN", "40"), {"quantity": "10"},
                          {"quantity": "10.001"})  # fmt: skip
    held = book(desk)
    assert held.holds(fits, TODAY) == []
    (hold,) = held.holds(above, TODAY)
    assert hold.code == "cap"
    assert hold.detail == (
        "half: 118,402.368 TPP with this line, and 118,400 are allowed (50 % of 236,800)"
    )


def test_tpp_counts_and_not_units(desk: Desk, people: People) -> None:
    """One server of eight counts eight times against us; a server is not the product for us."""
    assert performance_of("nvidia-hgx-h20") == performance_of("nvidia-h20").scaled(Fraction(8))  # type: ignore[union-attr]
    cap(desk, people)
    *_, six, seven = put(desk, shipped("US"), shipped("US", item="nvidia-hgx-h20"),
                         {"item": "nvidia-hgx-h20", "quantity": "6"},
                         {"item": "nvidia-hgx-h20", "quantity": "7"})  # fmt: skip
    assert book(desk).holds(six, TODAY) == []
    assert [hold.code for hold in book(desk).holds(seven, TODAY)] == ["cap"]


def test_what_is_released_counts_and_the_line_itself_once(desk: Desk, people: People) -> None:
    cap(desk, people)
    _, first, second = put(desk, shipped("US"), {"quantity": "30", "state": "released"},
                           {"quantity": "21"})  # fmt: skip
    held = book(desk)
    assert held.holds(first, TODAY) == []
    assert held.holds(second, TODAY) != []
    assert held.holds({**second, "quantity": 20}, TODAY) == []
    held.take({**second, "quantity": 20})  # released within the same work
    assert held.holds({**second, "id": 99, "quantity": 1}, TODAY) != []


def test_hong_kong_is_counted_as_china_and_us_territories_are_not_customers(
    desk: Desk, people: People
) -> None:
    cap(desk, people)
    *_, line = put(desk, shipped("PR"), {"destination": "HK"})
    assert book(desk).holds(line, TODAY) != []


def test_only_what_has_left_is_a_reference(desk: Desk, people: People) -> None:
    cap(desk, people)
    others = ("held", "ready", "released", "cancelled", "returned")
    *_, line = put(desk, *(
        {"destination": "US", "quantity": "100", "state": state} for state in others
    ), {})  # fmt: skip
    assert book(desk).holds(line, TODAY) != []


def test_other_items_and_places_are_free_of_it(desk: Desk, people: People) -> None:
    cap(desk, people)
    lines = put(desk, {"item": "nvidia-h200-sxm"}, {"destination": "DE"}, {"item": "nvidia-l40s"})
    assert [book(desk).holds(line, TODAY) for line in lines] == [[], [], []]


def test_from_its_first_day(desk: Desk, people: People) -> None:
    cap(desk, people)
    (line,) = put(desk, {})
    assert book(desk).holds(line, day("2026-01-14")) == []
    assert book(desk).holds(line, day("2026-01-15")) != []


def test_what_is_unknown_fails_closed(desk: Desk, people: People) -> None:
    cap(desk, people, item="Chip X", outside_reference="1000000", source="ledger of sales")
    *_, line = put(desk, {"item": "chip x"})
    assert "is not known" in book(desk).holds(line, TODAY)[0].detail


def test_an_unsaid_number_of_chips_fails_closed(desk: Desk, people: People) -> None:
    cap(desk, people, outside_reference="1000000", source="ledger of sales")
    server, weight, known = put(desk, {"item": "server:h20"}, {"unit": "kg"}, {})
    held = book(desk)
    assert "is not known" in held.holds(server, TODAY)[0].detail
    assert "is not known" in held.holds(weight, TODAY)[0].detail
    assert held.holds(known, TODAY) == []
    with desk.work(DESK, HERE) as work:
        left = put_line(work, 4, **shipped("CN"), unit="kg")
    assert "unknown performance" in book(desk).holds(known, TODAY)[0].detail
    assert book(desk).holds(left, SHIPPED) != []
    assert book(desk).holds(known, day("2026-01-31")) == []  # before it left


def test_a_released_line_of_unknown_performance_fails_closed(desk: Desk, people: People) -> None:
    cap(desk, people, outside_reference="1000000", source="ledger of sales")
    released, line = put(desk, {"item": "server:h20", "state": "released"}, {})
    assert "unknown performance" in book(desk).holds(line, TODAY)[0].detail
    assert "is not known" in book(desk).holds(released, TODAY)[0].detail


def test_outside_shipments_count_on_both_sides(desk: Desk, people: People) -> None:
    (line,) = put(desk, {"quantity": "10"})  # 23,680
    for capped, reference, fits in (("0", "47360", True), ("0", "47359.999", False),
                                    ("0.001", "47360", False)):  # fmt: skip
        cap(desk, people, outside_capped=capped, outside_reference=reference, source="sales")
        assert (book(desk).holds(line, TODAY) == []) == fits


def test_a_shipped_line_is_seen_as_of_its_day(desk: Desk, people: People) -> None:
    cap(desk, people)
    _, first, later = put(
        desk, shipped("US"), shipped("CN", "50"),
        shipped("CN", "1", shipped_on=date(2026, 2, 2)),
    )  # fmt: skip
    held = book(desk)
    assert held.holds(first, SHIPPED) == []
    assert held.holds(later, date(2026, 2, 2)) != []


def test_who_sets_a_cap_and_how(desk: Desk, people: People) -> None:
    ident = cap(desk, people)
    assert cap(desk, people, percent=40) == ident
    for name in ("Pia", "Ann", "Ada"):
        with pytest.raises(Forbidden), desk.work(people[name], HERE) as work:
            set_cap(work, CAP, "why")
    for wrong in ({"percent": 101}, {"destinations": []}, {"reference": ["CN"]}, {"name": ""},
                  {"outside_capped": "1"}, {"outside_capped": 1.5}, {"destinations": ["Atlantis"]},
                  {"units": 3}):  # fmt: skip
        with pytest.raises(InputError):
            cap(desk, people, **wrong)
    with pytest.raises(Conflict), desk.work(people["Liv"], HERE) as work:
        set_cap(work, {**CAP, "name": "other"}, "why", expected=1)
