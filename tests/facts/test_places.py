"""Places: names, what the law makes of them, and the dated groups."""

from datetime import date

import pytest

from klartecken.errors import UnknownName
from klartecken.facts.places import load_places

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def places():
    return load_places()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("CN", "CN"), ("cn", "CN"), ("chn", "CN"), ("China", "CN"), ("PRC", "CN"),
        ("Korea", "KR"), ("south KOREA", "KR"), ("Russia", "RU"), ("Taiwan", "TW"),
        ("Viet Nam", "VN"), ("uae", "AE"), ("UK", "GB"), ("Macau", "MO"), ("Macao", "MO"),
        ("Turkey", "TR"), ("turkiye", "TR"), ("Türkiye", "TR"), ("Burma", "MM"),
        ("cote d'ivoire", "CI"), ("Côte d’Ivoire", "CI"), ("Hong  Kong", "HK"), ("US", "US"),
        ("North Korea", "KP"), ("Tanzania", "TZ"), ("Laos", "LA"), ("Moldova", "MD"),
    ],
)  # fmt: skip
def test_resolve_takes_codes_and_names(places, text, code):
    assert places.resolve(text) == code


def test_congo_alone_is_either_of_two_and_refused(places):
    """One of them is in D:5 and the other is not."""
    with pytest.raises(UnknownName) as caught:
        places.resolve("Congo")
    assert {places.resolve(name) for name in caught.value.nearest[:2]} == {"CD", "CG"}
    assert places.resolve("Congo (Kinshasa)") == "CD"
    assert places.resolve("Congo (Brazzaville)") == "CG"


def test_an_unknown_place_offers_the_nearest(places):
    with pytest.raises(UnknownName) as caught:
        places.resolve("Singapur")
    assert caught.value.nearest[0] == "Singapore"
    with pytest.raises(UnknownName, match="no country group called 'D:9'"):
        places.members("D:9", TODAY)


def test_every_place_resolves_by_each_of_its_names(places):
    assert len(places.places) == 250
    for place in places.places.values():
        for text in (place.iso2, place.iso3, place.name, place.name.upper(), *place.also):
            assert places.resolve(text) == place.iso2


def test_hong_kong_is_china_and_the_territories_are_the_united_states(places):
    assert places.legal("HK") == "CN"
    assert places.name("HK") == "Hong Kong"
    assert places.groups("HK", TODAY) == places.groups("CN", TODAY)
    assert {places.legal(c) for c in ("PR", "GU", "VI", "AS", "MP", "UM")} == {"US"}
    assert places.legal("MO") == "MO"
    assert "HK" not in places.codes
    assert "PR" not in places.codes
    assert "CN" in places.members("D:5", TODAY)[0]
    assert not {"HK", "MO"} & places.members("D:5", TODAY)[0]


EDGES = [  # place, group, day, in the group?
    ("KH", "D:5", "2021-12-08", False), ("KH", "D:5", "2021-12-09", True),
    ("KH", "D:5", "2025-11-06", True), ("KH", "D:5", "2025-11-07", False),
    ("KH", "D:1", "2026-11-22", True),
    ("CY", "D:5", "2023-09-30", True), ("CY", "D:5", "2023-10-01", False),
    ("CY", "A:6", "2020-12-27", False), ("CY", "A:6", "2020-12-28", True),
    ("MX", "A:6", "2022-10-07", True),
    ("NI", "D:5", "2024-03-14", False), ("NI", "D:5", "2024-03-15", True),
    ("NI", "D:1", "2024-03-14", False), ("NI", "D:1", "2024-03-15", True),
    ("NI", "B", "2024-03-14", True), ("NI", "B", "2024-03-15", False),
    ("AE", "D:4", "2026-07-09", True), ("AE", "D:4", "2026-07-10", False),
    ("AE", "D:3", "2026-07-09", True), ("AE", "D:3", "2026-07-10", False),
    ("AE", "A:5", "2026-07-09", False), ("AE", "A:5", "2026-07-10", True),
    ("AU", "NS:1", "2024-04-18", True), ("AU", "NS:1", "2024-04-19", False),
    ("GB", "RS:1", "2024-04-18", True), ("GB", "MT:1", "2024-04-19", False),
    ("JP", "Supp5a", "2025-01-12", False), ("JP", "Supp5a", "2025-01-13", True),
]  # fmt: skip


@pytest.mark.parametrize(("code", "group", "day", "expected"), EDGES)
def test_memberships_turn_on_their_day(places, code, group, day, expected):
    on = date.fromisoformat(day)
    yes, unknown = places.members(group, on)
    assert (code in yes) is expected
    assert code not in unknown
    assert (group in places.groups(code, on)) is expected


def test_todays_groups_are_those_of_the_tables(places):
    d5 = "AF,BY,MM,CF,CN,CD,CU,ER,HT,IR,IQ,KP,LB,LY,NI,RU,SO,SS,SD,SY,VE,ZW"
    assert places.members("D:5", TODAY)[0] == set(d5.split(","))
    assert places.members("A:6", TODAY)[0] == {"AL", "CY", "IL", "MT", "MX", "SG", "ZA", "TW"}
    assert places.members("E:1", TODAY)[0] == frozenset(["IR", "KP", "SY"])
    assert places.members("E:2", TODAY)[0] == frozenset({"CU"})
    assert len(places.members("Supp5a", TODAY)[0]) == 19


def test_a_place_with_no_entry_is_unknown_not_outside(places):
    for group in ("D:5", "A:5", "NS:1"):
        yes, unknown = places.members(group, TODAY)
        assert {"AQ", "CK", "NU", "PS"} <= unknown
        assert not yes & unknown


def test_chart_rows_that_point_to_part_746_are_unknown(places):
    yes, unknown = places.members("NS:1", TODAY)
    assert {"CU", "IR", "KP", "SY"} <= unknown
    assert not {"CU", "IR", "KP", "SY"} & yes
    assert not {"CU", "IR", "KP", "SY"} & places.members("D:5", TODAY)[1]


def test_territories_of_partners_are_unverified_in_supplement_5(places):
    yes, unknown = places.members("Supp5a", TODAY)
    assert "GL" in unknown
    assert "GL" not in yes
    assert "SG" not in yes | unknown


def test_change_days_are_first_days_in_and_first_days_out(places):
    assert places.change_days(["D:5"]) == [
        date(2021, 12, 9), date(2023, 10, 1), date(2024, 3, 15), date(2025, 11, 7),
    ]  # fmt: skip
    assert places.change_days(["A:5"]) == [date(2026, 7, 10)]
    every = places.change_days()
    assert every == sorted(set(every))
    for day in every:
        before = date.fromordinal(day.toordinal() - 1)
        assert any(places.members(g, day) != places.members(g, before) for g in places.group_names)


@pytest.mark.parametrize(
    ("code", "day", "lags"),
    [
        ("KH", "2025-11-06", False), ("KH", "2025-11-07", True), ("KH", "2026-02-02", True),
        ("KH", "2026-02-03", False), ("CY", "2024-05-29", True), ("CY", "2024-05-30", False),
        ("CN", "2025-12-01", False),
    ],
)  # fmt: skip
def test_the_printed_table_lags_behind(places, code, day, lags):
    found = places.lagging(code, date.fromisoformat(day))
    assert [m.group for m in found] == (["D:5"] if lags else [])
