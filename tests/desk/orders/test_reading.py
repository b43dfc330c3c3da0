"""Reading what is said of a line: everything wrong is told, nothing raises, nothing is rounded."""

from __future__ import annotations

import string
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.decide.ask import shipped_world
from klartecken.desk.orders.content import SAID, content_of
from klartecken.desk.orders.reading import ERRORS, NAMES, OF_PARTIES, read_line, refuse
from klartecken.desk.storage.columns import LARGEST, canonical, plain, storable
from klartecken.errors import InputError
from tests.desk.world import h20, line

WORLD = shipped_world()


def problems(**said: Any) -> dict[str, str]:
    return {p.where: p.what for p in read_line(line(**said), WORLD)[1]}


def value(name: str, raw: Any) -> Any:
    values, found = read_line(line(**{name: raw}), WORLD)
    assert not found, found
    return values[name]


def test_a_plain_line() -> None:
    values, found = read_line(line(7), WORLD)
    assert not found
    assert set(values) == set(NAMES)
    assert values["quantity"] == Decimal(8)
    assert str(values["unit_price"]) == "7200"
    assert values["facts"] == {"consignee_hq": "DE", "parent_hq": "DE"}
    assert values["ship_on"] is None


@pytest.mark.parametrize(
    ("raw", "kept"),
    [("8", "8"), (8, "8"), ("0.001", "0.001"), ("+5", "5"), ("5.", "5"), ("007", "7"), (" 2 ", "2"),
     ("2.500", "2.5"), (Decimal("1.5"), "1.5"), ("999999999999999.999", "999999999999999.999")],
)  # fmt: skip
def test_quantities(raw: Any, kept: str) -> None:
    assert str(value("quantity", raw)) == kept


@pytest.mark.parametrize(
    "raw",
    ["0", "-1", "-0", "0.0001", "NaN", "sNaN", "Infinity", "-inf", "1e5", "1E3", "1_000", "1,000",
     "1.000,5", "٣", "３", "½", "0x10", "1 000", "--1", "8 pieces", "1" * 31,
     "1.0000000000000000000000000001", "1.00000000000000000000000000010", "9" * 20,
     2**63, True, False, 1.5, float("nan"), [], {}, b"1", Decimal("NaN"), Decimal("1E+40"),
     Decimal("0.00001"), "\0", "\ud800"],
)  # fmt: skip
def test_what_is_no_quantity(raw: Any) -> None:
    assert problems(quantity=raw).keys() == {"quantity"}


def test_numbers_that_python_does_not_write_out() -> None:
    vast = 10**5000
    for name in ("quantity", "unit_price", "external_id", "order_number", "item", "consignee"):
        assert problems(**{name: vast}).keys() == {name}
    assert problems(facts={"tpp": vast}).keys() == {"facts.tpp"}


@pytest.mark.parametrize("raw", ["", "  ", None])
@pytest.mark.parametrize("name", ["external_id", "item", "quantity", "currency", "destination"])
def test_what_must_be_said(name: str, raw: Any) -> None:
    assert problems(**{name: raw})[name] == "is missing"


def test_a_price_may_be_zero_and_is_never_negative() -> None:
    assert value("unit_price", "0") == value("unit_price", "-0") == 0
    assert str(value("unit_price", "-0")) == "0"
    assert "unit_price" in problems(unit_price="-0.0001")
    assert "unit_price" in problems(unit_price="0.00001")


@pytest.mark.parametrize("raw", ["US", "USDX", "U S", "12A", "ßD", "ıSD", "€", "usd\n1", 840])
def test_what_is_no_currency(raw: Any) -> None:
    assert problems(currency=raw).keys() == {"currency"}


@pytest.mark.parametrize(
    "raw", ["2025-7-15", "20250715", "2025-W29-2", "2025-196", "2025-02-30", "15.07.2025",
            "２０２５-07-15", "2025-07-15T00:00", 20250715, "tomorrow"],
)  # fmt: skip
def test_what_is_no_day(raw: Any) -> None:
    assert problems(ship_on=raw).keys() == {"ship_on"}


def test_days() -> None:
    assert value("ship_on", " 2025-07-15 ") == date(2025, 7, 15)
    assert value("ship_on", "  ") is None
    assert type(value("ship_on", datetime(2025, 7, 15, 9))) is date


@pytest.mark.parametrize(
    ("raw", "kept"), [("China", "CN"), ("hong kong", "HK"), ("de", "DE"), ("Côte d'Ivoire", "CI")]
)
def test_places_by_name(raw: str, kept: str) -> None:
    assert value("destination", raw) == kept


def test_several_parties() -> None:
    assert value("consignee", " A GmbH |B Ltd ") == "A GmbH|B Ltd"
    assert value("consignee", ["A GmbH", "B Ltd"]) == "A GmbH|B Ltd"
    for raw in ("A||B", "|", ["A", ""], ["A", 1], 5, {"name": "A"}, "A\nB", "A" * 201, "A|" * 1100):
        assert problems(consignee=raw).keys() == {"consignee"}


@pytest.mark.parametrize("name", ["consignee", "item", "end_use", "destination", "unit"])
@pytest.mark.parametrize("raw", sorted(ERRORS))
def test_an_error_of_a_spreadsheet_is_no_value(name: str, raw: str) -> None:
    assert name in problems(**{name: raw.lower()})


# -- facts ----------------------------------------------------------------------------------
def test_facts_by_their_aliases_once() -> None:
    assert value("facts", {"hq": "China", "tpp": 100, "dc": True}) == {
        "consignee_hq": "China", "tpp": "100", "datacenter": "yes",
    }  # fmt: skip
    assert problems(facts={"hq": "DE", "consignee-hq": "DE"}) == {
        "facts.consignee-hq": "is given twice"
    }


@pytest.mark.parametrize("name", [*sorted(OF_PARTIES), "destination", "to", "end_use", "exporter",
                                  "ship_from", "chip", "sdn", "entity_list"])  # fmt: skip
def test_nobody_says_as_a_fact_what_has_its_own_place(name: str) -> None:
    assert problems(facts={name: "no"}).keys() == {f"facts.{name}"}


@pytest.mark.parametrize(
    ("name", "raw"),
    [("nonsense", "1"), ("", "1"), ("tpp", ""), ("tpp", None), ("tpp", 1.5), ("tpp", "many"),
     ("tpp", "-5"), ("tpp", [1]), ("tpp", "#N/A"), ("tpp", "1\n2"), ("consignee_hq", "Atlantis"),
     ("consignee_hq", "DE|"), ("datacenter", "perhaps"), ("datacenter", "\0"),
     ("listed", "none"), ("dd_conditions", "yes"), ("x" * 300, "1"), ("\ud800", "1"), (5, "1"),
     ("tpp", "\ud800")],
)  # fmt: skip
def test_what_is_no_fact(name: Any, raw: Any) -> None:
    assert problems(facts={name: raw})


@pytest.mark.parametrize("raw", ["tpp=1", [("tpp", 1)], 5, {f"f{n}": 1 for n in range(61)}])
def test_facts_are_a_mapping(raw: Any) -> None:
    assert problems(facts=raw).keys() == {"facts"}


# -- items ----------------------------------------------------------------------------------
@pytest.mark.parametrize("raw", ["thing.yaml", "../../etc/x.YML", "A thing nobody knows", "H 20",
                                 "server:0xnvidia-h20", "nvidia-h2O"])  # fmt: skip
def test_what_is_no_item(raw: str) -> None:
    assert problems(item=raw).keys() == {"item"}


def test_an_item_of_ones_own_is_described() -> None:
    assert not problems(item="Vega Nine Accelerator", facts={"tpp": "900"})
    assert problems(item="nvidia-h2o", facts={"tpp": "900"}).keys() == {"item"}  # nearly one


def test_columns_that_are_none() -> None:
    assert problems(colour="red") == {"colour": "there is no such column"}
    assert problems(**{"\ud800": "x"}) == {"\\ud800": "there is no such column"}


def test_part_of_a_line() -> None:
    assert read_line({"quantity": "9"}, WORLD, partly=True) == ({"quantity": Decimal(9)}, [])
    values, found = read_line({"quantity": None, "note": "x"}, WORLD, partly=True)
    assert values == {"note": "x"}
    assert [p.where for p in found] == ["quantity"]


def test_all_that_is_wrong_is_told_at_once() -> None:
    _, found = read_line(line(quantity="x", currency="x", destination="Atlantis"), WORLD)
    with pytest.raises(InputError, match=r"quantity.*currency.*destination"):
        refuse(found)


# -- whatever comes -------------------------------------------------------------------------
NESTED: list[Any] = []
for _ in range(3000):
    NESTED = [NESTED]
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.binary(),
    st.decimals(), st.dates(), st.datetimes(),
    st.sampled_from(["NaN", "1e5", "\0", "\ud800", "’", "|", "=1+1", "DE", "x" * 3000, NESTED,
                     10**5000, -(10**5000), "nvidia-h20", "export", "#REF!"]),
    st.lists(st.text(max_size=4), max_size=3),
    st.dictionaries(st.text(max_size=6), st.text(max_size=6), max_size=3),
)  # fmt: skip
FACTS = st.dictionaries(
    st.sampled_from(["tpp", "hq", "parent_hq", "datacenter", "designer_hq", "use", "chip", "sdn"])
    | st.text(max_size=5) | st.integers(),
    ODD, max_size=3,
)  # fmt: skip


@given(
    st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=4) | st.integers(), ODD, max_size=6),
    FACTS, st.booleans(),
)  # fmt: skip
def test_nothing_raises_and_everything_can_be_kept_and_told(
    said: dict[Any, Any], facts: dict[Any, Any], partly: bool
) -> None:
    for whole in (said, {**line(), **said}, {**line(), **said, "facts": facts}):
        values, found = read_line(whole, WORLD, partly=partly)
        for problem in found:
            told = problem.to_dict()
            assert told["what"]
            canonical(told)
            for text in told.values():
                storable(text)
        if not found and not partly:
            content_of(values)
            canonical(values["facts"])


NAME = st.text(string.ascii_letters + "äöüß -.'&", min_size=1, max_size=30).filter(
    lambda text: text.strip() and not text.strip().startswith("#")
)


@given(
    st.integers(1, LARGEST), st.integers(0, LARGEST), NAME, st.lists(NAME, max_size=3),
    st.dates(), st.text("abc \n\t=", max_size=30),
)  # fmt: skip
def test_what_is_kept_reads_as_itself(
    quantity: int, price: int, name: str, parties: list[str], day: date, note: str
) -> None:
    said = h20(
        quantity=str(Decimal(quantity).scaleb(-3)), unit_price=f"{Decimal(price).scaleb(-4):f}",
        unit=name, consignee="|".join(parties), ship_on=day.isoformat(), note=note,
    )  # fmt: skip
    values, found = read_line(said, WORLD)
    assert not found
    assert values["quantity"] == Decimal(quantity).scaleb(-3)
    assert values["unit_price"] == Decimal(price).scaleb(-4)
    again, found = read_line(values, WORLD)
    assert (again, found) == (values, [])
    assert content_of(again) == content_of(values)
    assert {*SAID} < {*values}


@given(st.integers(-(10**40), 10**40), st.integers(0, 30))
def test_a_number_is_shown_plainly(whole: int, places: int) -> None:
    number = Decimal(whole).scaleb(-places)
    assert Decimal(str(plain(number))) == number
    assert "E" not in str(plain(number)) or abs(number) < Decimal("1e-6")
